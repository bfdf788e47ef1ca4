"""Columns that come from the domain's lists, so that a new token class or dimension is one change in spend/usage.py."""

from typing import Any

from sqlalchemy import BigInteger, Column, String

from spend.usage import AMOUNT_CLASSES, DIMENSION_COLUMNS, TOKEN_CLASSES
from storage.tables._types import NanoUnits

TOKEN_COLUMNS: tuple[str, ...] = tuple(f"tok_{name}" for name in TOKEN_CLASSES)
AMOUNT_COLUMNS: tuple[str, ...] = tuple(f"amt_{name}" for name in AMOUNT_CLASSES)


def dimension_columns() -> list[Column[Any]]:
    """One text column per dimension; '' = not reported, never NULL (a NULL in a key is not equal to itself)."""
    return [Column(name, String, nullable=False) for name in DIMENSION_COLUMNS]


def token_columns() -> list[Column[Any]]:
    """One count per token class; NULL = not reported."""
    return [Column(name, BigInteger) for name in TOKEN_COLUMNS]


def amount_columns() -> list[Column[Any]]:
    """Nano-units per amount class; NULL = nothing of it."""
    return [Column(name, NanoUnits) for name in AMOUNT_COLUMNS]
