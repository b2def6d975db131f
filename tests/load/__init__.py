"""How much production carries: `make load`, one JSON line for each figure with its goal."""
