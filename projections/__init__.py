"""What people read, computed from the log: every row can be dropped and made again to the same bytes."""
