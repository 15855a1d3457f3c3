"""What people read, computed from the log: it can be dropped and made again to the same bytes."""
