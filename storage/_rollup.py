"""The rollup of cells by local day (R9): an hour belongs to the local day it starts in, a day cell to its own date.

Made in SQL, a whole (connection, local day) at a time: deleted and inserted again, never incremented.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Insert,
    Integer,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from spend.usage import DIMENSION_COLUMNS, Basis
from spend.window import HOUR, dates, day_of, hours_of_day, utc_day
from storage.tables._types import UtcDateTime
from storage.tables._wide import AMOUNT_COLUMNS, TOKEN_COLUMNS
from storage.tables.cells import spend_cell, spend_day

_DAY_S = 86_400
_GROUP = ("provider", *DIMENSION_COLUMNS, "line_item", "currency", "price_version")


def local_days(days: Iterable[date], zone: ZoneInfo) -> list[date]:
    """Return every local date that holds an hour or a day cell of these UTC dates, in order."""
    touched: set[date] = set()
    for day in days:
        window = utc_day(day)
        touched.update(dates(day_of(window.start, zone), day_of(window.end - HOUR, zone)))
        touched.add(day)
    return sorted(touched)


async def roll_up(
    tx: AsyncConnection, workspace_id: str, connection_id: str, days: Iterable[date], zone: ZoneInfo
) -> None:
    """Make the rollup of some local dates of one connection again."""
    binds = [{**_binds(workspace_id, day, zone), "of_connection": connection_id} for day in days]
    if not binds:
        return
    gone = delete(spend_day).where(
        spend_day.c.workspace_id == bindparam("of_workspace"),
        spend_day.c.day == bindparam("of_day"),
        spend_day.c.connection_id == bindparam("of_connection"),
    )
    keys = ("of_workspace", "of_day", "of_connection")
    await tx.execute(gone, [{key: bind[key] for key in keys} for bind in binds])
    for bind in binds:
        await tx.execute(_insertion(of_one=True), bind)


async def remake_days(tx: AsyncConnection, workspace_id: str, zone: ZoneInfo) -> None:
    """Make the whole rollup of a workspace again, after its zone changed."""
    await tx.execute(delete(spend_day).where(spend_day.c.workspace_id == workspace_id))
    edges = select(func.min(spend_cell.c.day), func.max(spend_cell.c.day))
    first, last = (await tx.execute(edges.where(spend_cell.c.workspace_id == workspace_id))).one()
    if first is None:
        return
    for day in local_days(dates(first, last), zone):
        await tx.execute(_insertion(of_one=False), _binds(workspace_id, day, zone))


def _binds(workspace_id: str, day: date, zone: ZoneInfo) -> dict[str, Any]:
    hours = hours_of_day(day, zone)
    return {
        "of_workspace": workspace_id,
        "of_day": day,
        "day_before": day - timedelta(days=1),
        "day_after": day + timedelta(days=1),
        "hours_from": hours.start,
        "hours_to": hours.end,
    }


@cache
def _insertion(*, of_one: bool) -> Insert:
    cells = spend_cell.c
    group = [cells[name] for name in _GROUP]
    numbered = func.row_number().over(partition_by=cells.connection_id, order_by=group)
    source = (
        select(
            cells.workspace_id,
            bindparam("of_day", type_=spend_day.c.day.type),
            cells.connection_id,
            numbered,
            *group,
            *(total.label(name) for name, total in _totals().items()),
        )
        .where(cells.workspace_id == bindparam("of_workspace"), _belongs_to_day())
        .group_by(cells.workspace_id, cells.connection_id, *group)
    )
    if of_one:
        source = source.where(cells.connection_id == bindparam("of_connection"))
    columns = ["workspace_id", "day", "connection_id", "number", *_GROUP, *_totals()]
    return spend_day.insert().from_select(columns, source)


def _belongs_to_day() -> ColumnElement[bool]:
    cells = spend_cell.c
    starts_in_it = and_(
        cells.width_s < _DAY_S,
        cells.start >= bindparam("hours_from", type_=UtcDateTime),
        cells.start < bindparam("hours_to", type_=UtcDateTime),
    )
    near = cells.day.between(
        bindparam("day_before"), bindparam("day_after")
    )  # what the primary key can narrow
    return and_(near, or_(starts_in_it, and_(cells.width_s >= _DAY_S, cells.day == bindparam("of_day"))))


def _totals() -> dict[str, ColumnElement[Any]]:
    return measures() | {
        name: cast(func.sum(spend_cell.c[name]), BigInteger)
        for name in (*TOKEN_COLUMNS, "requests", *AMOUNT_COLUMNS)
    }


def measures() -> dict[str, ColumnElement[Any]]:
    """Return the sums over cells that a slice is made of, by the name of the rollup's column."""
    cells = spend_cell.c
    tokens: ColumnElement[Any] = literal(0, Integer)
    for name in TOKEN_COLUMNS:
        tokens = tokens + func.coalesce(cells[name], 0)
    is_billed = cells.basis == Basis.BILLED.value
    is_unpriced = cells.basis == Basis.UNPRICED.value
    return {
        "billed_nanos": _sum_if(is_billed, cells.nanos),
        "estimated_nanos": _sum_if(~or_(is_billed, is_unpriced), cells.nanos),
        "provisional_nanos": _sum_if(and_(is_billed, cells.is_provisional), cells.nanos),
        "estimate_nanos": cast(func.coalesce(func.sum(cells.estimate_nanos), 0), BigInteger),
        "unpriced_tokens": _sum_if(is_unpriced, tokens),
        "unpriced_rows": _sum_if(is_unpriced, literal(1, Integer)),
    }


def _sum_if(condition: ColumnElement[bool], value: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(func.coalesce(func.sum(case((condition, value), else_=0)), 0), BigInteger)
