"""What a provider file says about itself and does: the interface between `providers/<name>.py` and everyone else.

A provider file is found by its name (`providers/_registry.py`) and holds one `PROVIDER`. It reads; it never stores,
sleeps or logs, and never sees a database.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from spend.usage import CostRecord, Role, UsageRecord
from spend.window import Window

type_json = Any  # what `json.loads(..., parse_float=Decimal)` gives


class Secret:
    """A key in memory. Its repr and str hide it; `reveal()` is called only where a header is built."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the plain text."""
        return self._value

    @property
    def hint(self) -> str:
        """The last four characters, for people: `…q7Xw`."""
        return "…" + self._value[-4:]

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError("a secret is never pickled")


@dataclass(frozen=True, slots=True)
class Reread:
    """Every `every`, read the trailing `span` again (records inside are replaced)."""

    every: timedelta
    span: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One endpoint with one grouping. `name` is stable: it keys cursors and records in the database.

    `bucket` is the width of its rows; windows asked for are floored to it. `settles_after` is for cost streams.
    """

    name: str
    role: Role
    bucket: timedelta
    rereads: tuple[Reread, ...]
    settles_after: timedelta = timedelta(hours=24)
    longest_window: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderInfo:
    """What people and the shell need to know. `key_hint` is one sentence on how to make the key.

    `key_pattern`: a regex the right kind of key matches. `default_base_url`: what the vendor's SDK calls base URL.
    `min_interval`: least time between two polls of one connection. `estimated_kinds`: see LedgerRules.
    `console_url`: the vendor's page where a key can be limited or revoked.
    `no_right_hint`: one sentence on what to do when the key is accepted but may not read usage.
    """

    key: str
    name: str
    default_base_url: str
    key_hint: str
    key_pattern: str
    console_url: str
    streams: tuple[Stream, ...]
    estimated_kinds: frozenset[str]
    min_interval: timedelta = timedelta(seconds=60)
    reports_users: bool = False
    no_right_hint: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a stream, parsed. Records of one fetch never collide on their key columns.

    `refreshed_at` is the vendor's own time of refresh, where it gives one.
    """

    records: Sequence[UsageRecord | CostRecord]
    refreshed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name for an id. `what` is "project", "key" or "user". `maker` is a user id; `project` where a key lives."""

    what: str
    id: str
    name: str
    maker: str = ""
    project: str = ""
    hint: str = ""
    created_at: datetime | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What `check` learned. `can_read` streams by name; `lacks` and `powers` are finished sentences, '' if none.

    `sentence` says in one sentence what the key can read, what it lacks and what cannot be known from outside.
    `account_id`/`account_name`: '' where the vendor does not name the account.
    """

    can_read: frozenset[str]
    sentence: str
    lacks: str = ""
    powers: str = ""
    account_id: str = ""
    account_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """What the workspace allows: `user_names` off = no user is asked for, grouped by or named."""

    user_names: bool = False


class ReadClient(Protocol):
    """Sends GET to one connection's host, along documented paths only. Made by `providers/_http.py`."""

    async def get_json(self, path: str, params: Mapping[str, Any] | None = None) -> type_json:
        """Return the decoded body of one GET, decimals as Decimal. Retries what may be retried.

        Raises a ProviderError of the right kind; no error text holds the key or the query.
        """


class Provider(Protocol):
    """One vendor. Implementations are stateless; everything they need is in the arguments."""

    info: ProviderInfo

    def recognise(self, key: str) -> str:
        """Return '' for the right kind of key, else one sentence that says what kind this is and what is needed."""

    def headers(self, key: Secret) -> Mapping[str, str]:
        """Return the request headers that carry the key (the only place a key goes)."""

    def allowed_paths(self) -> Sequence[str]:
        """Return the regexes of the documented read paths, relative to the base URL; nothing else can be asked."""

    async def check(self, client: ReadClient, *, now: datetime) -> CheckResult:
        """Climb the ladder of cheapest calls; raise ProviderAuthError (with a sentence) when nothing can be read."""

    def fetch(
        self, client: ReadClient, stream: Stream, window: Window, options: FetchOptions
    ) -> AsyncIterator[Page]:
        """Yield every page of the window. Raises ProviderError; a caller must throw away all pages then."""

    async def names(self, client: ReadClient, options: FetchOptions) -> Sequence[Name]:
        """Return every name the key may read; an empty list where it may read none."""
