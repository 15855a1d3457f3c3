"""Time: Temporal workflows wait for the law's clocks. The log is the truth and rebuilds them."""
