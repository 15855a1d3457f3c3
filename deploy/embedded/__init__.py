"""PostgreSQL, Temporal and our processes on one machine, under one supervisor (单机部署)."""
