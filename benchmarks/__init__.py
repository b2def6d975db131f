"""How fast Moirai is: one module per benchmark, one JSON line each; `make bench` runs all."""
