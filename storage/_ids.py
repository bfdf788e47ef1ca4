"""Ids: 128 random bits as 32 hex digits."""

import secrets


def new_id() -> str:
    """Return a fresh id, unique everywhere."""
    return secrets.token_hex(16)
