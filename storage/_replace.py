"""Replacing what a window held: which buckets differ, which days came back empty where there was money (R11)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from spend.usage import Role
from spend.window import utc_days
from storage._contents import Bucket
from storage._days import Owner
from storage._sql import insert_into, insert_rows
from storage.tables._types import table_of
from storage.tables.records import BucketRow, PendingEmptyRow, cost_record, usage_record
from storage.values import WindowRead

_bucket = table_of(BucketRow)
_pending = table_of(PendingEmptyRow)


@dataclass(frozen=True, slots=True)
class Difference:
    """What has to be replaced: starts of buckets that differ, in order; `doubtful` days wait for a second read."""

    starts: tuple[datetime, ...]
    doubtful: frozenset[date]

    @property
    def days(self) -> list[date]:
        """The UTC dates of the buckets that differ, in order."""
        return sorted({start.date() for start in self.starts})


async def compare(
    tx: AsyncConnection, owner: Owner, read: WindowRead, buckets: Mapping[datetime, Bucket]
) -> Difference:
    """Compare a read with what is stored, and keep or clear the marks of days that came back empty."""
    stored = await _stored(tx, owner, read)
    doubtful = await _doubtful_days(tx, owner, read, _emptied_days(stored, buckets))
    starts = sorted(
        start
        for start in stored.keys() | buckets.keys()
        if start.date() not in doubtful and _hash(stored.get(start)) != _hash(buckets.get(start))
    )
    return Difference(tuple(starts), doubtful)


async def replace_buckets(
    tx: AsyncConnection,
    owner: Owner,
    read: WindowRead,
    role: Role,
    starts: Sequence[datetime],
    buckets: Mapping[datetime, Bucket],
) -> list[dict[str, Any]]:
    """Put new records in the place of the old ones, for these buckets; returns the rows that are there now."""
    if not starts:
        return []
    keys = {**owner.keys, "stream": read.stream}
    await _delete_records(tx, owner, read, role, starts)
    gone = _bucket.delete().where(_is_of(_bucket, owner, read), _bucket.c.start == bindparam("of_start"))
    await tx.execute(gone, [{"of_start": start} for start in starts])
    filled = [start for start in starts if start in buckets]
    rows = [keys | row for start in filled for row in buckets[start].rows()]
    await insert_rows(tx, _records(role), rows)
    marks = [
        {
            **keys,
            "start": start,
            "content_hash": buckets[start].content_hash,
            "has_money": buckets[start].has_money,
        }
        for start in filled
    ]
    await insert_rows(tx, _bucket, marks)
    return rows


async def _delete_records(
    tx: AsyncConnection, owner: Owner, read: WindowRead, role: Role, starts: Iterable[datetime]
) -> None:
    table = _records(role)
    condition = and_(_is_of(table, owner, read), table.c.day == bindparam("of_day"))
    if role is Role.COST:
        await tx.execute(delete(table).where(condition), [{"of_day": start.date()} for start in starts])
        return
    bucket = and_(condition, table.c.start == bindparam("of_start"))
    binds = [{"of_day": start.date(), "of_start": start} for start in starts]
    await tx.execute(delete(table).where(bucket), binds)


async def _stored(tx: AsyncConnection, owner: Owner, read: WindowRead) -> dict[datetime, Bucket]:
    window = read.window
    question = select(_bucket.c.start, _bucket.c.content_hash, _bucket.c.has_money).where(
        _is_of(_bucket, owner, read), _bucket.c.start >= window.start, _bucket.c.start < window.end
    )
    found = (await tx.execute(question)).all()
    return {start: Bucket(content_hash, has_money) for start, content_hash, has_money in found}


def _emptied_days(stored: Mapping[datetime, Bucket], read: Mapping[datetime, Bucket]) -> set[date]:
    filled = {start.date() for start in read}
    return {start.date() for start, bucket in stored.items() if bucket.has_money} - filled


async def _doubtful_days(
    tx: AsyncConnection, owner: Owner, read: WindowRead, emptied: set[date]
) -> frozenset[date]:
    is_ours = _is_of(_pending, owner, read)
    days = utc_days(read.window)
    question = select(_pending.c.day, _pending.c.read_at).where(is_ours, _pending.c.day.in_(days))
    marks = {row.day: row.read_at for row in await tx.execute(question)}
    agreed = {day for day in emptied & marks.keys() if marks[day] < read.read_at}
    if over := agreed | (marks.keys() - emptied):
        await tx.execute(delete(_pending).where(is_ours, _pending.c.day.in_(over)))
    doubtful = emptied - agreed
    if doubtful:
        keys = {**owner.keys, "stream": read.stream, "read_at": read.read_at}
        mark = insert_into(tx, _pending).on_conflict_do_nothing()
        await tx.execute(mark, [{**keys, "day": day} for day in sorted(doubtful)])
    return frozenset(doubtful)


def _records(role: Role) -> Table:
    return cost_record if role is Role.COST else usage_record


def _is_of(table: Table, owner: Owner, read: WindowRead) -> ColumnElement[bool]:
    return and_(owner.owns(table), table.c.stream == read.stream)


def _hash(bucket: Bucket | None) -> str:
    return "" if bucket is None else bucket.content_hash
