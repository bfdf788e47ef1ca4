"""Small pieces of SQL that both databases need: upserts and inserts in bounded batches."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Dialect, Table
from sqlalchemy.ext.asyncio import AsyncConnection

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

ROWS_A_BATCH = 1_000  # converting more wide rows at once would hold up the event loop


def insert_into(tx: AsyncConnection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """Return the dialect's INSERT, which knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if tx.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # loaded only where it is used: a tenth of a start's time

    return postgresql.insert(table)


def upsert(tx: AsyncConnection, table: Table, changes: Sequence[str]) -> "sqlite.Insert | postgresql.Insert":
    """Return an INSERT that, where the primary key is there already, sets the columns `changes` instead."""
    statement = insert_into(tx, table)
    keys = [column.name for column in table.primary_key]
    return statement.on_conflict_do_update(
        index_elements=keys, set_={name: statement.excluded[name] for name in changes}
    )


async def insert_rows(tx: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, all with the same columns, with one constant statement, in batches.

    The driver is handed finished tuples: the parameters of a wide row cost more in SQLAlchemy than in the database.
    """
    if not rows:
        return
    insertion = _insertion(tx.dialect, table, tuple(rows[0]))
    for batch in batches(rows):
        await tx.exec_driver_sql(insertion.text, [insertion.values(row) for row in batch])


@dataclass(frozen=True, slots=True)
class _Insertion:
    """An INSERT in a driver's own words. `convert`: which of its values the driver does not take as they are."""

    text: str
    pick: Callable[[dict[str, Any]], tuple[Any, ...]]
    convert: tuple[tuple[int, Callable[[Any], Any]], ...]

    def values(self, row: dict[str, Any]) -> tuple[Any, ...]:
        """Return a row's values in the order and form the driver takes them."""
        values = list(self.pick(row))
        for position, convert in self.convert:
            values[position] = convert(values[position])
        return tuple(values)


@lru_cache(maxsize=64)
def _insertion(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> _Insertion:
    compiled = table.insert().compile(dialect=dialect, column_keys=list(columns))
    order = compiled.positiontup or []
    types = [table.c[name].type.dialect_impl(dialect) for name in order]
    converters = enumerate(each.bind_processor(dialect) for each in types)
    return _Insertion(
        text=str(compiled),
        pick=itemgetter(*order),
        convert=tuple((position, convert) for position, convert in converters if convert is not None),
    )


def batches(rows: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Cut rows into lists of at most ROWS_A_BATCH; none for no rows."""
    for start in range(0, len(rows), ROWS_A_BATCH):
        yield list(rows[start : start + ROWS_A_BATCH])
