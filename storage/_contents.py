"""What a read holds, bucket by bucket, so that only what differs from the last read is written.

A usage stream's buckets start where its records start; a cost stream's are UTC days.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from operator import itemgetter
from typing import Any, TypeVar

from spend.usage import CostRecord, PricedUsage
from spend.window import utc_midnight
from storage._rows import cost_identity, cost_row, type_row, usage_identity, usage_row
from storage.errors import StorageError
from storage.values import WindowRead

_Record = TypeVar("_Record", PricedUsage, CostRecord)


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket as read, its records in a stable order; equal contents have equal hashes."""

    content_hash: str
    has_money: bool
    usage: tuple[PricedUsage, ...] = ()
    bill: tuple[CostRecord, ...] = ()

    def rows(self) -> list[type_row]:
        """Return the columns of the records, numbered; made only when asked for, as most reads bring nothing new."""
        made = [usage_row(priced) for priced in self.usage] + [cost_row(line) for line in self.bill]
        return [row | {"number": number} for number, row in enumerate(made)]


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
    return {start: _usage_bucket(group) for start, group in by_start.items()}


def _usage_bucket(group: list[PricedUsage]) -> Bucket:
    digest, ordered = _in_order(group, usage_identity)
    return Bucket(digest, any(map(_has_money, group)), usage=ordered)


def _has_money(priced: PricedUsage) -> bool:
    return priced.record.tokens.total > 0 if priced.estimate is None else priced.estimate.nanos != 0


def _bill_buckets(bill: Iterable[CostRecord]) -> dict[datetime, Bucket]:
    by_day: dict[date, list[CostRecord]] = defaultdict(list)
    for record in bill:
        by_day[record.day].append(record)
    return {utc_midnight(day): _bill_bucket(group) for day, group in by_day.items()}


def _bill_bucket(group: list[CostRecord]) -> Bucket:
    digest, ordered = _in_order(group, cost_identity)
    return Bucket(digest, any(line.nanos for line in group), bill=ordered)


def _in_order(
    group: Iterable[_Record], identity: Callable[[_Record], tuple[Any, ...]]
) -> tuple[str, tuple[_Record, ...]]:
    """Return a hash of everything the records say, and the records in the order of it."""
    said = sorted(((repr(identity(record)), record) for record in group), key=itemgetter(0))
    digest = blake2b("\n".join(text for text, _ in said).encode(), digest_size=16)
    return digest.hexdigest(), tuple(record for _, record in said)
