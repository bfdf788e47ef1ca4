"""What follows from a window's new records: cells, restatements, as-seen totals, first and last uses."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from spend.ledger import DayLedger
from spend.usage import Role
from spend.window import utc_day, utc_days, utc_midnight
from storage._contents import Bucket
from storage._days import Owner, day_state, remake
from storage._names import note_use
from storage._replace import Difference, replace_buckets
from storage._seen import hour_totals, note_as_seen
from storage._sql import upsert
from storage.tables._types import table_of
from storage.tables.cells import RestatementRow
from storage.tables.records import cost_record
from storage.values import Restatement, WindowRead, WindowSaved

type_buckets = Mapping[datetime, Bucket]

_restatement = table_of(RestatementRow)


async def save_usage(
    tx: AsyncConnection,
    owner: Owner,
    read: WindowRead,
    buckets: type_buckets,
    difference: Difference,
) -> WindowSaved:
    """Keep what differs of a usage read and make again what follows from it; returns what changed."""
    before = await hour_totals(tx, owner, difference.starts)
    rows = await replace_buckets(tx, owner, read, Role.USAGE, difference.starts, buckets)
    changed_hours = await note_as_seen(tx, owner, read.read_at, before, difference.starts)
    await note_use(tx, owner, rows)
    settled = await _settled_days(tx, owner, difference.days)
    ledgers = await remake(tx, owner, difference.days)
    return WindowSaved(
        rows=len(read.usage),
        changed=bool(difference.starts),
        changed_hours=changed_hours,
        settled_days=_newly_settled(difference.days, ledgers, settled),
        needs_second_read=bool(difference.doubtful),
    )


async def save_bill(
    tx: AsyncConnection,
    owner: Owner,
    read: WindowRead,
    buckets: type_buckets,
    difference: Difference,
) -> WindowSaved:
    """Keep what differs of a bill, and when each day was read; returns what changed, days now settled included."""
    settled = await _settled_days(tx, owner, utc_days(read.window))
    restatable = [day for day in difference.days if day in settled]
    before = {day: await _bill_totals(tx, owner, day) for day in restatable}
    lines = await replace_buckets(tx, owner, read, Role.COST, difference.starts, buckets)
    if not owner.rules.has_usage:
        await note_use(tx, owner, [{**line, "start": utc_midnight(line["day"])} for line in lines])
    late = await _note_bill_read(tx, owner, read, difference)
    days = sorted({*difference.days, *late})
    ledgers = await remake(tx, owner, days)
    after = {day: ledger.billed_nanos for day, ledger in zip(days, ledgers, strict=True)}
    restated = [change for day in restatable for change in _restated(read, day, before[day], after[day])]
    await _keep_restatements(tx, owner, restated)
    return WindowSaved(
        rows=len(read.bill),
        changed=bool(difference.starts),
        settled_days=_newly_settled(days, ledgers, settled),
        restated=tuple(restated),
        needs_second_read=bool(difference.doubtful),
    )


async def _settled_days(tx: AsyncConnection, owner: Owner, days: Sequence[date]) -> set[date]:
    question = select(day_state.c.day).where(
        owner.owns(day_state), day_state.c.day.in_(days), day_state.c.is_settled
    )
    return set((await tx.execute(question)).scalars())


def _newly_settled(days: Iterable[date], ledgers: Iterable[DayLedger], before: set[date]) -> tuple[date, ...]:
    made = zip(days, ledgers, strict=True)
    return tuple(day for day, ledger in made if ledger.is_settled and day not in before)


async def _note_bill_read(
    tx: AsyncConnection, owner: Owner, read: WindowRead, difference: Difference
) -> list[date]:
    """Keep when the bill of each day wholly inside the window was read; returns the days now read late enough.

    The newest time stays, so that a clock set back never makes a settled day open again.
    """
    known = await _bill_reads(tx, owner, utc_days(read.window))
    whole = [
        day
        for day in utc_days(read.window)
        if read.window.start <= utc_day(day).start
        and utc_day(day).end <= read.window.end
        and day not in difference.doubtful
    ]
    newer = [day for day in whole if (known.get(day) or read.read_at) <= read.read_at]
    row = {**owner.keys, "bill_read_at": read.read_at, "is_settled": False, "is_bill_missing": False}
    if newer:
        await tx.execute(upsert(tx, day_state, ["bill_read_at"]), [{**row, "day": day} for day in newer])
    return [
        day for day in newer if _is_late(read, day, read.read_at) and not _is_late(read, day, known.get(day))
    ]


async def _bill_reads(tx: AsyncConnection, owner: Owner, days: Sequence[date]) -> dict[date, datetime | None]:
    question = select(day_state.c.day, day_state.c.bill_read_at)
    found = await tx.execute(question.where(owner.owns(day_state), day_state.c.day.in_(days)))
    return {row.day: row.bill_read_at for row in found}


def _is_late(read: WindowRead, day: date, read_at: datetime | None) -> bool:
    return read_at is not None and read_at >= utc_day(day).end + read.rules.settles_after


async def _bill_totals(tx: AsyncConnection, owner: Owner, day: date) -> dict[str, int]:
    cost = cost_record.c
    question = select(cost.currency, func.sum(cost.nanos)).where(owner.owns(cost_record), cost.day == day)
    found = await tx.execute(question.group_by(cost.currency))
    return {currency: int(nanos) for currency, nanos in found.all()}


def _restated(
    read: WindowRead, day: date, before: Mapping[str, int], after: Mapping[str, int]
) -> list[Restatement]:
    return [
        Restatement(
            connection_id=read.connection_id,
            day=day,
            currency=currency,
            before_nanos=before.get(currency, 0),
            after_nanos=after.get(currency, 0),
            seen_at=read.read_at,
        )
        for currency in sorted({*before, *after})
        if before.get(currency, 0) != after.get(currency, 0)
    ]


async def _keep_restatements(tx: AsyncConnection, owner: Owner, restated: Sequence[Restatement]) -> None:
    rows = [
        {
            **owner.keys,
            "day": change.day,
            "currency": change.currency,
            "seen_at": change.seen_at,
            "before_nanos": change.before_nanos,
            "after_nanos": change.after_nanos,
            "told": False,
        }
        for change in restated
    ]
    if rows:
        await tx.execute(upsert(tx, _restatement, ["after_nanos"]), rows)
