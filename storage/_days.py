"""Making UTC days again: read what a day holds, let the ledger reconcile it, and put its cells in place."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Table, and_, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from spend.ledger import DayInput, DayLedger, LedgerRules, reconcile_day
from spend.ledger_check import check_day
from spend.usage import CostRecord, PricedUsage
from storage._rollup import local_days, roll_up
from storage._rows import COST_SELECTION, USAGE_SELECTION, bill_of, cell_row, type_row, usage_of
from storage._sql import insert_rows, upsert
from storage.errors import NotFoundError, StorageError
from storage.tables._types import table_of
from storage.tables.cells import DayStateRow, spend_cell
from storage.tables.connections import ConnectionRow
from storage.tables.records import cost_record, usage_record
from storage.tables.workspaces import WorkspaceRow

day_state = table_of(DayStateRow)

_BUSY_DAY = 1_000  # usage records; below, making their cells takes less than 50 ms


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose days are made: one connection of one workspace, what its provider is, and how its ledger works."""

    workspace_id: str
    connection_id: str
    provider: str
    zone: ZoneInfo
    rules: LedgerRules

    def owns(self, table: Table) -> ColumnElement[bool]:
        """Return the condition that rows of a table are this connection's."""
        return and_(table.c.workspace_id == self.workspace_id, table.c.connection_id == self.connection_id)

    @property
    def keys(self) -> dict[str, Any]:
        """The columns that make a row this connection's."""
        return {"workspace_id": self.workspace_id, "connection_id": self.connection_id}


async def find_owner(tx: AsyncConnection, workspace_id: str, connection_id: str, rules: LedgerRules) -> Owner:
    """Look a connection up; raises NotFoundError when the workspace has none of this id."""
    connection, workspace = table_of(ConnectionRow), table_of(WorkspaceRow)
    question = (
        select(connection.c.provider, workspace.c.zone)
        .join_from(connection, workspace, workspace.c.id == connection.c.workspace_id)
        .where(connection.c.workspace_id == workspace_id, connection.c.id == connection_id)
    )
    found = (await tx.execute(question)).one_or_none()
    if found is None:
        raise NotFoundError("there is no such connection")
    return Owner(workspace_id, connection_id, found.provider, ZoneInfo(found.zone), rules)


async def remake(tx: AsyncConnection, owner: Owner, days: Sequence[date]) -> list[DayLedger]:
    """Make the cells, the day states and the rollup of some UTC days again; returns a ledger per day, in order."""
    ledgers = [await _remake_cells(tx, owner, day) for day in days]
    await roll_up(tx, owner.workspace_id, owner.connection_id, local_days(days, owner.zone), owner.zone)
    return ledgers


async def _remake_cells(tx: AsyncConnection, owner: Owner, day: date) -> DayLedger:
    usage = await _usage_rows(tx, owner, day)
    bill = await _bill_of_day(tx, owner, day)
    bill_read_at = await _bill_read_at(tx, owner, day)
    make = partial(_make_cells, owner, day, usage, bill, bill_read_at)
    # A busy day is made in a thread, so that answers are not held up by it.
    ledger, rows = make() if len(usage) < _BUSY_DAY else await asyncio.to_thread(make)
    await tx.execute(delete(spend_cell).where(owner.owns(spend_cell), spend_cell.c.day == day))
    await insert_rows(tx, spend_cell, rows)
    state = {"is_settled": ledger.is_settled, "is_bill_missing": ledger.is_bill_missing}
    await tx.execute(
        upsert(tx, day_state, list(state)), {**owner.keys, "day": day, "bill_read_at": None, **state}
    )
    return ledger


def _make_cells(
    owner: Owner,
    day: date,
    usage: Sequence[Sequence[Any]],
    bill: Sequence[CostRecord],
    bill_read_at: datetime | None,
) -> tuple[DayLedger, list[type_row]]:
    """Return a day's ledger and the rows of its cells; raises StorageError rather than keep cells that are wrong."""
    known = DayInput(day=day, usage=usage_of(usage), bill=bill, bill_read_at=bill_read_at, rules=owner.rules)
    ledger = reconcile_day(known)
    broken = check_day(known, ledger)
    if broken:
        raise StorageError(f"the ledger does not add up, nothing was saved: {'; '.join(broken)}")
    keys = {**owner.keys, "day": day, "provider": owner.provider}
    return ledger, [keys | cell_row(cell) | {"number": number} for number, cell in enumerate(ledger.cells)]


async def usage_of_day(tx: AsyncConnection, owner: Owner, day: date) -> list[PricedUsage]:
    """Return all usage of a UTC day, over every usage stream, in a stable order."""
    return usage_of(await _usage_rows(tx, owner, day))


async def _usage_rows(tx: AsyncConnection, owner: Owner, day: date) -> Sequence[Sequence[Any]]:
    question = (
        select(*USAGE_SELECTION)
        .where(owner.owns(usage_record), usage_record.c.day == day)
        .order_by(usage_record.c.stream, usage_record.c.start, usage_record.c.number)
    )
    return (await tx.execute(question)).all()


async def _bill_of_day(tx: AsyncConnection, owner: Owner, day: date) -> list[CostRecord]:
    question = (
        select(*COST_SELECTION)
        .where(owner.owns(cost_record), cost_record.c.day == day)
        .order_by(cost_record.c.stream, cost_record.c.number)
    )
    return bill_of((await tx.execute(question)).all())


async def _bill_read_at(tx: AsyncConnection, owner: Owner, day: date) -> datetime | None:
    question = select(day_state.c.bill_read_at).where(owner.owns(day_state), day_state.c.day == day)
    read_at: datetime | None = (await tx.execute(question)).scalar_one_or_none()
    return read_at
