"""What storage hands out and takes in: plain frozen values. Rows never leave this package."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from spend.budgets import Budget
from spend.ledger import LedgerRules
from spend.notify import IncidentKind, Step
from spend.usage import CostRecord, PricedUsage, Role
from spend.window import Window


class ConnectionState(StrEnum):
    """active: polled. paused: someone stopped it. broken: the provider refuses its key. disconnected: key destroyed."""

    ACTIVE = "active"
    PAUSED = "paused"
    BROKEN = "broken"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a workspace has set. `first_weekday` counts from Monday = 0. `pictures` is "light", "dark" or "".

    `summary_at` is "HH:MM" or "" (off), in `summary_zone` ('' = the workspace's zone).
    `admins` are `platform:user id`.
    """

    name: str
    zone: str = "UTC"
    first_weekday: int = 0
    user_names: bool = False
    pictures: str = ""
    summary_at: str = "09:00"
    summary_zone: str = ""
    admins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One place the bot was added to. platform: "console", "slack", "discord". `external_id`: team or guild id."""

    id: str
    workspace_id: str
    platform: str
    external_id: str
    name: str = ""
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where alerts (`alerts`) or the summary (`summary`) go."""

    installation_id: str
    platform: str
    channel: str
    purpose: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamState:
    """One stream of one connection, as stored. `as_of`: start of its last whole read (or the vendor's own refresh).

    `history_from`: backfill has read everything from here on; `history_goal`: where it ends (the older edge).
    `backfill_done`: the goal is reached, or the vendor gave no older data. `failing_since`: of the present trouble.
    `settings`: what the provider learned to do differently (`{"group_by": "project"}` after a 400).
    """

    connection_id: str
    stream: str
    role: Role
    as_of: datetime | None
    last_success_at: datetime | None
    next_due_at: datetime
    history_from: datetime | None
    history_goal: datetime | None
    backfill_done: bool
    failures: int = 0
    failing_since: datetime | None = None
    last_error: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One account at one provider. `key_hint` is its last four characters. Never the key itself."""

    id: str
    workspace_id: str
    provider: str
    label: str
    state: ConnectionState
    key_hint: str
    base_url: str
    allow_private: bool
    connected_at: datetime
    connected_by: str
    state_since: datetime
    state_reason: str = ""
    account_id: str = ""
    account_name: str = ""
    powers: str = ""
    counts_money: bool = True
    streams: tuple[StreamState, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConnection:
    """What `add_connection` keeps. `streams` are (name, role) the key may read; `key` plain text, sealed at once."""

    provider: str
    label: str
    key: str
    base_url: str
    allow_private: bool
    connected_by: str
    streams: Sequence[tuple[str, Role]]
    history_goal: datetime
    account_id: str = ""
    account_name: str = ""
    powers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRead:
    """One window of one stream, read whole. Everything inside `window` is replaced by `usage` or `bill` (not both).

    `read_at`: when the read started. `as_of`: the vendor's own time of refresh, else `read_at`.
    `window` is aligned to the stream's bucket. `is_history`: backfill; nothing learned from it may ever speak.
    `rules`: for making the cells again. R11's second read is told by its later `read_at`.
    """

    connection_id: str
    stream: str
    window: Window
    read_at: datetime
    as_of: datetime
    rules: LedgerRules
    usage: Sequence[PricedUsage] = ()
    bill: Sequence[CostRecord] = ()
    is_history: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSaved:
    """What saving did. `changed_hours`: hours whose estimate changed; `restated`: settled days whose total changed.

    `needs_second_read`: the window came back empty where there was money, nothing was replaced (R11).
    """

    rows: int
    changed: bool
    changed_hours: tuple[datetime, ...] = ()
    settled_days: tuple[date, ...] = ()
    restated: tuple["Restatement", ...] = ()
    needs_second_read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Restatement:
    """R11: a settled day whose billed total changed."""

    connection_id: str
    day: date
    currency: str
    before_nanos: int
    after_nanos: int
    seen_at: datetime
    told: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """Keep rows whose `column` (provider, connection_id, or one of DIMENSION_COLUMNS) is one of `values`, exactly."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Spend of one group and currency. `key` holds the values of the asked columns, in order.

    `nanos` = billed + estimated (unpriced is in neither). `settled` tells that no non-zero part is estimated.
    `tokens` by class (unpriced included); `unpriced_tokens` those of rows without a price. `requests` None = unknown.
    `estimate_nanos`: what tokens x price said, whatever the bill says. `provisional_nanos`: part of billed still open.
    """

    key: tuple[str, ...]
    currency: str
    billed_nanos: int
    estimated_nanos: int
    provisional_nanos: int = 0
    estimate_nanos: int = 0
    unpriced_tokens: int = 0
    unpriced_rows: int = 0
    tokens: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, int] = field(default_factory=dict)
    requests: int | None = None

    @property
    def nanos(self) -> int:
        """Billed plus estimated."""
        return self.billed_nanos + self.estimated_nanos


@dataclass(frozen=True, slots=True, kw_only=True)
class DayState:
    """One UTC day of one connection as the ledger left it."""

    connection_id: str
    day: date
    is_settled: bool
    is_bill_missing: bool
    bill_read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HourEstimate:
    """Estimate of one hour of one (connection, project, key, model): what alarms read (R10)."""

    connection_id: str
    hour: datetime
    project: str
    api_key: str
    model: str
    nanos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownName:
    """A name for an id, kept after deletion. `first_used_at`/`last_used_at`: from records, not from lists."""

    connection_id: str
    what: str
    id: str
    name: str
    maker: str = ""
    project: str = ""
    created_at: datetime | None = None
    first_used_at: datetime | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One row of the append-only audit table: who did what where. Never a key."""

    at: datetime
    who: str
    where: str
    what: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DueStream:
    """A stream whose time has come, of any workspace."""

    workspace_id: str
    connection_id: str
    provider: str
    stream: str
    role: Role


@dataclass(frozen=True, slots=True)
class PollAttempt:
    """One attempt to read a stream. `error` is a finished sentence, '' = it went well."""

    stream: str
    at: datetime
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyState:
    """What may be shown of a stored key. `kek_id`: fingerprint of the master key that seals it, '' = destroyed."""

    workspace: str
    provider: str
    label: str
    state: ConnectionState
    hint: str
    fingerprint: str
    kek_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDecision:
    """A decision as kept. The same quiet decision again raises `times` and `last_at`."""

    at: datetime
    last_at: datetime
    times: int
    kind: IncidentKind
    dedup_key: str
    incident_id: str
    step: Step
    reason: str
    size_nanos: int


@dataclass(frozen=True, slots=True)
class ConsoleMessage:
    """A message posted on the console. Ids grow; they have gaps."""

    id: int
    at: datetime
    text: str
    chart_path: str = ""


@dataclass(frozen=True, slots=True)
class DailyTotal:
    """Spend of one local day in one currency. `nanos` = billed + `estimated_nanos`; unpriced tokens are in neither."""

    nanos: int
    estimated_nanos: int
    unpriced_tokens: int


@dataclass(frozen=True, slots=True)
class AsSeen:
    """What an hour of a connection was estimated to cost, from `seen_at` until the next of these."""

    hour: datetime
    seen_at: datetime
    nanos: int
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class SeenHour:
    """An hour of a connection whose estimate changed, when that was seen, and what it has been since."""

    connection_id: str
    hour: datetime
    seen_at: datetime
    nanos: int
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class ShownForecast:
    """A forecast as it was first shown on a day; `evidence` is what the one who kept it put there."""

    day: date
    scope: str
    evidence: Mapping[str, Any]


__all__ = [
    "AsSeen",
    "AuditEntry",
    "Budget",
    "Channel",
    "Connection",
    "ConnectionState",
    "ConsoleMessage",
    "DailyTotal",
    "DayState",
    "DueStream",
    "Filter",
    "HourEstimate",
    "Installation",
    "KeptDecision",
    "KeyState",
    "KnownName",
    "NewConnection",
    "PollAttempt",
    "Restatement",
    "SeenHour",
    "Settings",
    "ShownForecast",
    "Slice",
    "StreamState",
    "WindowRead",
    "WindowSaved",
]
