"""What a read holds, bucket by bucket, so that only what differs from the last read is written.

A usage stream's buckets start where its records start; a cost stream's are UTC days.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from spend.usage import CostRecord, PricedUsage
from spend.window import utc_midnight
from storage._rows import cost_identity, cost_row, type_row, usage_identity, usage_row
from storage.errors import StorageError
from storage.values import WindowRead


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket as read. `rows` are numbered in a stable order; equal contents have equal hashes."""

    content_hash: str
    has_money: bool
    rows: tuple[type_row, ...]


def buckets_of(read: WindowRead) -> dict[datetime, Bucket]:
    """Return the buckets of a read that have records, by start.

    Raises StorageError when a record lies outside of the window: it would be added, not replaced.
    """
    buckets = _bill_buckets(read.bill) if read.bill else _usage_buckets(read.usage)
    for start in buckets:
        if not read.window.covers(start):
            raise StorageError(f"a record of {start:%Y-%m-%d %H:%M} lies outside of the window that was read")
    return buckets


def _usage_buckets(usage: Iterable[PricedUsage]) -> dict[datetime, Bucket]:
    by_start: dict[datetime, list[PricedUsage]] = defaultdict(list)
    for priced in usage:
        by_start[priced.record.start].append(priced)
    return {start: _bucket(_ordered_usage(group)) for start, group in by_start.items()}


def _ordered_usage(group: list[PricedUsage]) -> list[tuple[str, type_row, bool]]:
    return sorted(
        ((repr(usage_identity(priced)), usage_row(priced), _has_money(priced)) for priced in group), key=_text
    )


def _has_money(priced: PricedUsage) -> bool:
    return priced.record.tokens.total > 0 if priced.estimate is None else priced.estimate.nanos != 0


def _bill_buckets(bill: Iterable[CostRecord]) -> dict[datetime, Bucket]:
    by_day: dict[date, list[CostRecord]] = defaultdict(list)
    for record in bill:
        by_day[record.day].append(record)
    return {utc_midnight(day): _bucket(_ordered_bill(group)) for day, group in by_day.items()}


def _ordered_bill(group: list[CostRecord]) -> list[tuple[str, type_row, bool]]:
    return sorted(
        ((repr(cost_identity(record)), cost_row(record), record.nanos != 0) for record in group), key=_text
    )


def _text(entry: tuple[str, type_row, bool]) -> str:
    return entry[0]


def _bucket(ordered: list[tuple[str, type_row, bool]]) -> Bucket:
    digest = blake2b(digest_size=16)
    rows: list[dict[str, Any]] = []
    for number, (identity, row, _) in enumerate(ordered):
        digest.update(identity.encode() + b"\n")
        rows.append({**row, "number": number})
    return Bucket(digest.hexdigest(), any(entry[2] for entry in ordered), tuple(rows))
