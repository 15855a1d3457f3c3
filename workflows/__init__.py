"""Time: Temporal workflows that wait for the law's clocks. The log is the truth; what is here can be rebuilt from it."""
