"""Saving what was read: one window of one stream in one transaction (design.md section 3, step 3)."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from spend.ledger import LedgerRules
from spend.usage import PricedUsage, Role, UsageRecord
from spend.window import Window, utc_day, utc_days
from storage._contents import buckets_of
from storage._days import Owner, find_owner, remake, usage_of_day
from storage._replace import compare
from storage._rows import USAGE_SELECTION, estimate_values, usage_of
from storage._saving import save_bill, save_usage
from storage._scope import Scope
from storage._sql import batches
from storage.cursors import move_cursors, role_of
from storage.tables.records import cost_record, usage_record
from storage.values import WindowRead, WindowSaved

_MOST_RECORDS = 200_000  # of one answer: more would hold up the event loop for a second


class Records(Scope):
    """Usage and cost records of the workspace."""

    async def save_window(self, read: WindowRead) -> WindowSaved:
        """Replace what a window of a stream held and make everything that follows from it again.

        Same content as before and no day newly settled: only the cursor moves. A day that comes back empty where
        there was money is kept until a second, later read agrees (R11). Raises StorageError, and saves nothing, when
        a record lies outside of the window or cells would not add up to the bill; NotFoundError for an unknown
        connection or stream.
        """
        buckets = buckets_of(read)
        async with self._write() as tx:
            await self._lock_workspace(tx)
            owner = await find_owner(tx, self.workspace_id, read.connection_id, read.rules)
            role = await role_of(tx, owner, read.stream)
            difference = await compare(tx, owner, read, buckets)
            if role is Role.COST:
                saved = await save_bill(tx, owner, read, buckets, difference)
            else:
                saved = await save_usage(tx, owner, read, buckets, difference)
            if not difference.doubtful:
                await move_cursors(tx, owner, read)
        return saved

    async def usage_records(self, connection_id: str, window: Window) -> list[UsageRecord]:
        """Return the usage records of a connection that start in a window, by start; at most 200,000 of them."""
        usage = usage_record.c
        question = (
            select(*USAGE_SELECTION)
            .where(
                usage.workspace_id == self.workspace_id,
                usage.day.in_(utc_days(window)),
                usage.connection_id == connection_id,
                usage.start >= window.start,
                usage.start < window.end,
            )
            .order_by(usage.day, usage.stream, usage.start, usage.number)
            .limit(_MOST_RECORDS)
        )
        async with self._read() as tx:
            return [priced.record for priced in usage_of((await tx.execute(question)).all())]

    async def reprice(
        self,
        connection_id: str,
        day: date,
        price: Callable[[Sequence[UsageRecord]], Sequence[PricedUsage]],
        rules: LedgerRules,
    ) -> bool:
        """Estimate one UTC day of a connection again and make its cells again; returns whether anything changed.

        `price` is pure and answers one PricedUsage per record, in order. As-seen totals and bills stay as they are.
        """
        async with self._write() as tx:
            await self._lock_workspace(tx)
            owner = await find_owner(tx, self.workspace_id, connection_id, rules)
            before = await usage_of_day(tx, owner, day)
            after = price([priced.record for priced in before])
            changed = [
                number
                for number, (old, new) in enumerate(zip(before, after, strict=True))
                if old.estimate != new.estimate
            ]
            if changed:
                await _keep_estimates(tx, owner, day, [(number, after[number]) for number in changed])
                await remake(tx, owner, [day])
        return bool(changed)

    async def first_record_at(self) -> datetime | None:
        """Return the start of the oldest usage record, or the oldest billed day; None = nothing is stored."""
        usage, cost = usage_record.c, cost_record.c
        async with self._read() as tx:
            first_used: date | None = (
                await tx.execute(select(func.min(usage.day)).where(usage.workspace_id == self.workspace_id))
            ).scalar()
            first_billed: date | None = (
                await tx.execute(select(func.min(cost.day)).where(cost.workspace_id == self.workspace_id))
            ).scalar()
            days = [day for day in (first_used, first_billed) if day is not None]
            if not days:
                return None
            if min(days) != first_used:
                return utc_day(min(days)).start
            first = select(func.min(usage.start)).where(
                usage.workspace_id == self.workspace_id, usage.day == first_used
            )
            started: datetime = (await tx.execute(first)).scalar_one()
            return started


async def _keep_estimates(
    tx: AsyncConnection, owner: Owner, day: date, changed: Sequence[tuple[int, PricedUsage]]
) -> None:
    usage = usage_record.c
    place = select(usage.stream, usage.start, usage.number).where(owner.owns(usage_record), usage.day == day)
    places = (await tx.execute(place.order_by(usage.stream, usage.start, usage.number))).all()
    rows = [
        {
            "of_stream": places[number].stream,
            "of_start": places[number].start,
            "of_number": places[number].number,
            **estimate_values(priced.estimate),
        }
        for number, priced in changed
    ]
    statement = update(usage_record).where(
        owner.owns(usage_record),
        usage.day == day,
        usage.stream == bindparam("of_stream"),
        usage.start == bindparam("of_start"),
        usage.number == bindparam("of_number"),
    )
    for batch in batches(rows):
        await tx.execute(statement, batch)
