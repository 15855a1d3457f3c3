"""One module per projection: its tables, and what each event does to them."""
