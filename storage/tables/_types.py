"""Column types that mean the same on SQLite and on PostgreSQL, and how to get at a model's table."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import BigInteger, Dialect, Table
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant, kept as integer microseconds since 1970: exact, comparable and alike on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Turn an aware datetime into microseconds; naive ones are refused."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Turn microseconds into an aware UTC datetime."""
        return None if value is None else from_micros(value)


NanoUnits = BigInteger  # integer nano-units of a currency: see spend/money.py


def to_micros(moment: datetime) -> int:
    """Return microseconds since 1970 of an aware datetime."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return the aware UTC datetime of microseconds since 1970."""
    return _EPOCH + micros * _MICROSECOND


def table_of(model: type[SQLModel]) -> Table:
    """Return the Core table of a table model: statements here are Core, models only declare columns."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


SQLITE_CLUSTERED = {
    "sqlite_with_rowid": False
}  # rows lie in the order of the primary key: one range read per question
