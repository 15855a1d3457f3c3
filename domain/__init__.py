"""The law and the cases: pure decisions, no clock, no network."""
