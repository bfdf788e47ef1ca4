"""How long each kind of data is kept. SECURITY.md repeats this table; `SPENDBOT_KEEP_<KIND>_DAYS` changes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Date, Table, delete
from sqlmodel import SQLModel

from spend.notify import DeliveryState
from storage._scope import Scope
from storage.errors import StorageError
from storage.tables._types import table_of
from storage.tables.audit import ActRow, AuditRow
from storage.tables.cells import AsSeenRow, RestatementRow, spend_cell, spend_day
from storage.tables.deliveries import ConsoleMessageRow, DeliveryRow
from storage.tables.feedback import FeedbackRow
from storage.tables.incidents import DecisionRow
from storage.tables.memory import ShownForecastRow
from storage.tables.notes import NoteRow
from storage.tables.records import cost_record, usage_record
from storage.tables.streams import PollAttemptRow

FOR_EVER = timedelta(0)
_ENDED = tuple(state.value for state in (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SUPERSEDED))


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data: its tables, the column that tells its age, and for how long it is kept by default.

    `at_least` bounds what a setting can ask for: younger data are still worked with.
    """

    tables: tuple[Table | type[SQLModel], ...]
    age: str
    keep: timedelta = FOR_EVER
    at_least: timedelta = FOR_EVER


_READ_AGAIN = timedelta(
    days=100
)  # bills of the last months may still be restated, and need the records below them

KINDS: Mapping[str, Kind] = {
    "usage_records": Kind((usage_record,), "day", at_least=_READ_AGAIN),
    "cost_records": Kind((cost_record,), "day", at_least=_READ_AGAIN),
    "cells": Kind((spend_cell, spend_day), "day", at_least=_READ_AGAIN),
    "restatements": Kind((RestatementRow,), "seen_at"),
    "forecasts": Kind((ShownForecastRow,), "day"),
    "as_seen": Kind((AsSeenRow,), "seen_at", timedelta(days=35)),
    "poll_attempts": Kind((PollAttemptRow,), "at", timedelta(days=90)),
    "decisions": Kind((DecisionRow,), "last_at", timedelta(days=400)),
    "deliveries": Kind((DeliveryRow,), "created_at", timedelta(days=400)),
    "console_messages": Kind((ConsoleMessageRow,), "at", timedelta(days=400)),
    "acts": Kind((ActRow,), "at", timedelta(hours=24), at_least=timedelta(hours=24)),
    "notes": Kind((NoteRow,), "at", timedelta(days=90)),
    "feedback": Kind((FeedbackRow,), "said_at", timedelta(days=400), at_least=timedelta(days=60)),
    "audit": Kind((AuditRow,), "at"),
}


class Keeping(Scope):
    """Delete what has been kept long enough."""

    async def clean(self, now: datetime, keep: Mapping[str, timedelta] | None = None) -> dict[str, int]:
        """Delete what is older than its kind is kept, and return the rows deleted per kind.

        `keep` changes the defaults; zero = for ever. Deliveries that have not ended stay. Raises StorageError for a
        kind that there is not.
        """
        times = {name: kind.keep for name, kind in KINDS.items()}
        for name, wanted in (keep or {}).items():
            if name not in KINDS:
                raise StorageError(f"there is no kind of data named {name}")
            times[name] = max(wanted, KINDS[name].at_least) if wanted else FOR_EVER
        return {name: await self._clean(KINDS[name], now - time) for name, time in times.items() if time}

    async def _clean(self, kind: Kind, before: datetime) -> int:
        gone = 0
        async with self._write() as tx:
            for each in kind.tables:
                table = each if isinstance(each, Table) else table_of(each)
                old = table.c[kind.age] < _edge(table.c[kind.age], before)
                ours = table.c.workspace_id == self.workspace_id
                gone += (await tx.execute(delete(table).where(ours, old, *_ended(table)))).rowcount
        return gone


def _edge(column: Column[Any], before: datetime) -> datetime | date:
    return before.date() if isinstance(column.type, Date) else before


def _ended(table: Table) -> list[ColumnElement[bool]]:
    return [table.c.state.in_(_ENDED)] if table is table_of(DeliveryRow) else []
