"""Migrations: forward only, applied by `storage/schema.py`."""
