"""One module per released shape."""
