"""As-seen totals: what each hour of a connection was estimated to cost, appended whenever it changes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from spend.window import HOUR, Window, floor_hour, utc_days
from storage._days import Owner
from storage._sql import upsert
from storage.tables._types import table_of
from storage.tables.cells import AsSeenRow
from storage.tables.records import usage_record

type_totals = Mapping[tuple[datetime, str], int]  # nano-units by (hour, currency)

_as_seen = table_of(AsSeenRow)


async def hour_totals(tx: AsyncConnection, owner: Owner, starts: Sequence[datetime]) -> type_totals:
    """Return the estimated nano-units of the hours around some bucket starts, over every usage stream."""
    if not starts:
        return {}
    window = Window(floor_hour(min(starts)), floor_hour(max(starts)) + HOUR)
    usage = usage_record.c
    question = (
        select(usage.start, usage.currency, func.sum(usage.estimate_nanos))
        .where(
            owner.owns(usage_record),
            usage.day.in_(utc_days(window)),
            usage.start >= window.start,
            usage.start < window.end,
            usage.estimate_nanos.is_not(None),
        )
        .group_by(usage.start, usage.currency)
    )
    totals: Counter[tuple[datetime, str]] = Counter()
    for start, currency, nanos in (await tx.execute(question)).all():
        totals[floor_hour(start), currency] += int(nanos)
    return totals


async def note_as_seen(
    tx: AsyncConnection, owner: Owner, seen_at: datetime, before: type_totals, starts: Sequence[datetime]
) -> tuple[datetime, ...]:
    """Append the totals that are no longer as before; returns the hours they belong to, in order."""
    after = await hour_totals(tx, owner, starts)
    changed = sorted(key for key in {*before, *after} if before.get(key, 0) != after.get(key, 0))
    rows = [
        {
            **owner.keys,
            "hour": hour,
            "currency": currency,
            "seen_at": seen_at,
            "nanos": after.get((hour, currency), 0),
        }
        for hour, currency in changed
    ]
    if rows:
        await tx.execute(upsert(tx, _as_seen, ["nanos"]), rows)
    return tuple(sorted({hour for hour, _ in changed}))
