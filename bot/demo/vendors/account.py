"""What a simulated vendor knows of one customer: projects, keys, people, prices and metered usage.

Both vendors share these types: Anthropic calls a project a workspace. None as project or key is the vendor's own
null (default workspace, console use). Prices are the story's own, in nano-dollars per token: bills are integers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Protocol

HOUR_S = 3600
DAY_S = 86400


class Counts(NamedTuple):
    """What a row or a bucket counts. The token counts are disjoint."""

    uncached_in: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    out: int = 0
    requests: int = 0
    web_searches: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Return the sums, count by count."""
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))

    def minus(self, other: "Counts") -> "Counts":
        """Return the differences, count by count."""
        return Counts(*(a - b for a, b in zip(self, other, strict=True)))

    def share(self, numerator: int, denominator: int) -> "Counts":
        """Return that share of every count, rounded down."""
        return Counts(*(count * numerator // denominator for count in self))


class Price(NamedTuple):
    """List price of a model in nano-dollars per token ($1 per million tokens is 1000)."""

    uncached_in: int
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    out: int = 0


@dataclass(frozen=True, slots=True)
class Model:
    """A model on the price list. `label` is how bills spell it, `batch_percent` what a batch pays of the price."""

    name: str
    label: str
    price: Price
    batch_percent: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRow:
    """One hour of one dimension tuple. `start` is Unix seconds, `active_s` how long in this hour there was use.

    `kind` is completions, embeddings or messages. `is_late`: part of it is reported later than usual;
    `is_restated`: it is reported too high at first; `is_withdrawn`: it was never there, reports show it for a while.
    """

    start: int
    project: str | None
    key: str | None
    model: str
    kind: str
    counts: Counts
    user: str | None = None
    tier: str = "default"
    is_batch: bool = False
    context_window: str | None = None
    active_s: int = HOUR_S
    is_late: bool = False
    is_restated: bool = False
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """A bill line that no usage row explains: tool calls, sessions, corrections. `appears_at` is Unix seconds."""

    day: date
    text: str
    cost_type: str
    nanos: int
    appears_at: int
    project: str | None = None
    key: str | None = None


class Meter(Protocol):
    """Everything one customer ever used; the clock decides how much of it is visible."""

    def rows_at(self, hour: int) -> Sequence[UsageRow]:
        """Return the rows of the hour that starts at these Unix seconds."""

    def fees_on(self, day: date) -> Sequence[Fee]:
        """Return the fees of this UTC day."""


class StoredMeter:
    """A meter of rows and fees made beforehand, found by hour and by day."""

    def __init__(self, rows: Sequence[UsageRow], fees: Sequence[Fee] = ()) -> None:
        self._rows: dict[int, list[UsageRow]] = {}
        self._fees: dict[date, list[Fee]] = {}
        for row in rows:
            self._rows.setdefault(row.start, []).append(row)
        for fee in fees:
            self._fees.setdefault(fee.day, []).append(fee)

    def rows_at(self, hour: int) -> Sequence[UsageRow]:
        return self._rows.get(hour, ())

    def fees_on(self, day: date) -> Sequence[Fee]:
        return self._fees.get(day, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of the customer's organization."""

    id: str
    name: str
    email: str
    role: str
    joined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """An OpenAI project or an Anthropic workspace."""

    id: str
    name: str
    created_at: datetime
    archived_at: datetime | None = None

    def exists_at(self, now: int) -> bool:
        """True once it was made (Unix seconds)."""
        return self.created_at.timestamp() <= now

    def is_archived_at(self, now: int) -> bool:
        """True once it was archived."""
        return self.archived_at is not None and self.archived_at.timestamp() <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key that applications use (never one that the bot gets). `owner` None: a service account made it.

    A deleted key leaves the lists of names; what it used stays in the reports.
    """

    id: str
    name: str
    project: str | None
    hint: str
    created_at: datetime
    owner: Person | None = None
    status: str = "active"
    deleted_at: datetime | None = None

    def exists_at(self, now: int) -> bool:
        """True from when it was made until it is deleted (Unix seconds)."""
        is_deleted = self.deleted_at is not None and self.deleted_at.timestamp() <= now
        return self.created_at.timestamp() <= now and not is_deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One customer at one vendor. `discount_percent` is negotiated: it is on the bill and nowhere else."""

    id: str
    name: str
    meter: Meter
    models: Mapping[str, Model]
    discount_percent: int = 0
    projects: Sequence[Project] = ()
    keys: Sequence[ApiKey] = ()
    people: Sequence[Person] = field(default=())
