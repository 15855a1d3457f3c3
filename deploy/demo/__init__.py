"""The demonstration (演示): the city's units, invented people, scenarios to play."""
