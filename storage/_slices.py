"""The statements behind slices: sums of cells, or of their rollup by day, grouped by any columns.

Statements are built once per (columns, filters) and kept; values are bound.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from spend.usage import AMOUNT_CLASSES, DIMENSION_COLUMNS, TOKEN_CLASSES
from storage._rollup import measures
from storage.errors import StorageError
from storage.tables._types import UtcDateTime
from storage.tables._wide import AMOUNT_COLUMNS, TOKEN_COLUMNS
from storage.tables.cells import spend_cell, spend_day
from storage.values import Filter, Slice

WORD_COLUMNS = ("provider", "connection_id", *DIMENSION_COLUMNS, "line_item")
_MEASURES = tuple(measures())
_NOT_ASKED = [None] * (len(TOKEN_COLUMNS) + 1 + len(AMOUNT_COLUMNS))
_DAY_S = 86_400
_HOUR_MICROS = 3_600_000_000


def key_columns(by: Sequence[str], *, times: Sequence[str]) -> tuple[str, ...]:
    """Return the asked columns; raises StorageError for one that spend cannot be cut by here."""
    for name in by:
        if name not in (*WORD_COLUMNS, *times):
            raise StorageError(f"spend cannot be cut by {name} here")
    return tuple(by)


def filter_columns(filters: Sequence[Filter]) -> tuple[str, ...]:
    """Return the filtered columns; raises StorageError for one that is not a column of words."""
    return key_columns([each.column for each in filters], times=())


def filter_values(filters: Sequence[Filter]) -> dict[str, list[str]]:
    """Return what to bind for the filters, by position."""
    return {f"filter_{number}": list(each.values) for number, each in enumerate(filters)}


def matches(columns: Any, filtered: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return the conditions of filters on a table's columns."""
    return [
        columns[name].in_(bindparam(f"filter_{number}", expanding=True))
        for number, name in enumerate(filtered)
    ]


@lru_cache(maxsize=512)
def of_cells(by: tuple[str, ...], filtered: tuple[str, ...]) -> Select[Any]:
    """Return the sums over cells of a window: hours in it, and day cells of UTC days wholly inside it."""
    cells = spend_cell.c
    starts_in_it = and_(
        cells.width_s < _DAY_S,
        cells.start >= bindparam("hours_from", type_=UtcDateTime),
        cells.start < bindparam("hours_to", type_=UtcDateTime),
    )
    whole = and_(
        cells.width_s >= _DAY_S, cells.day >= bindparam("whole_from"), cells.day <= bindparam("whole_to")
    )
    sums = [cast(func.sum(cells[name]), BigInteger) for name in (*TOKEN_COLUMNS, "requests", *AMOUNT_COLUMNS)]
    keys = [_cell_key(name) for name in by]
    return (
        select(*keys, cells.currency, *measures().values(), *sums)
        .where(
            cells.workspace_id == bindparam("of_workspace"),
            cells.day.between(bindparam("day_from"), bindparam("day_to")),
            or_(starts_in_it, whole),
            *matches(cells, filtered),
        )
        .group_by(*keys, cells.currency)
    )


def _cell_key(name: str) -> ColumnElement[Any]:
    if name == "hour":  # NULL, hence '', for what belongs to a day and to no hour of it (R8)
        has_hour = spend_cell.c.width_s < _DAY_S
        return case((has_hour, floor_hour_of(spend_cell.c.start))).label("hour")
    return spend_cell.c[name]


def floor_hour_of(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the UTC hour a stored instant lies in, as SQL."""
    micros = type_coerce(column, BigInteger)
    hour = literal(_HOUR_MICROS, BigInteger)
    return type_coerce(micros - micros % hour, UtcDateTime)


@lru_cache(maxsize=512)
def of_days(by: tuple[str, ...], filtered: tuple[str, ...], *, is_money_only: bool) -> Select[Any]:
    """Return the sums over the rollup of some local days; of money alone they take half the time."""
    days = spend_day.c
    names = _MEASURES if is_money_only else (*_MEASURES, *TOKEN_COLUMNS, "requests", *AMOUNT_COLUMNS)
    keys = [days[name] for name in by]
    return (
        select(*keys, days.currency, *(cast(func.sum(days[name]), BigInteger) for name in names))
        .where(
            days.workspace_id == bindparam("of_workspace"),
            days.day.between(bindparam("day_from"), bindparam("day_to")),
            *matches(days, filtered),
        )
        .group_by(*keys, days.currency)
    )


def slice_of(row: Row[Any] | Sequence[Any], width: int) -> Slice:
    """Return the slice of a row of one of these statements; `width` is how many columns its key has."""
    values = list(row[width + 1 :])
    measured, rest = values[: len(_MEASURES)], values[len(_MEASURES) :] or _NOT_ASKED
    tokens, requests, parts = (
        rest[: len(TOKEN_CLASSES)],
        rest[len(TOKEN_CLASSES)],
        rest[len(TOKEN_CLASSES) + 1 :],
    )
    return Slice(
        key=tuple(_word(value) for value in row[:width]),
        currency=row[width],
        **dict(zip(_MEASURES, measured, strict=True)),
        tokens=_present(TOKEN_CLASSES, tokens),
        parts=_present(AMOUNT_CLASSES, parts),
        requests=requests,
    )


def _present(names: Sequence[str], values: Sequence[int | None]) -> dict[str, int]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _word(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%Y-%m-%dT%H:%MZ}"
        case date():
            return value.isoformat()
    return str(value)
