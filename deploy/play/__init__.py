"""The case simulator (案例推演): the real API of a throw-away system, time skipped."""
