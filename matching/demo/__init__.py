"""An invented careers office for `manage.py seed_demo`: texts in TOML files, modules that make rows of them."""
