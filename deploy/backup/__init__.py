"""A whole system in one folder, and back (备份和恢复)."""
