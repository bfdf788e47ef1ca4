"""Reads of a vendor, made by hand: usage at a cent per million tokens of input, bills line by line."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from spend.ledger import LedgerRules
from spend.usage import CostRecord, Dimensions, Estimate, PricedUsage, Role, TokenCounts, UsageRecord
from spend.window import DAY, HOUR, Window, utc_midnight
from storage.store import Store, WorkspaceStore
from storage.values import WindowRead
from tests.storage.cast import NOW, by_mira, harbor_openai

MONDAY = date(2026, 11, 16)
TUESDAY = date(2026, 11, 17)
USAGE = "usage.completions"
EMBEDDINGS = "usage.embeddings"
COSTS = "costs"
RULES = LedgerRules(
    settles_after=timedelta(hours=24), estimated_kinds=frozenset({"completions", "embeddings"})
)
LATE = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)  # every bill up to Tuesday is final
EARLY = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)  # none of Monday's or Tuesday's is


async def connect(store: Store, **changes: Any) -> tuple[WorkspaceStore, str]:
    """Connect Harbor Notes' OpenAI account in the home workspace; returns the workspace and the connection's id."""
    workspace = store.workspace("home")
    streams = [(USAGE, Role.USAGE), (EMBEDDINGS, Role.USAGE), (COSTS, Role.COST)]
    kept = await workspace.add_connection(harbor_openai(streams=streams, **changes), NOW, by_mira())
    return workspace, kept.id


def at(day: date, hour: int) -> datetime:
    """An hour of a UTC day."""
    return utc_midnight(day) + hour * HOUR


def used(
    start: datetime, tokens: int = 1_000_000, nanos: int | None = 10_000_000, **dims: str
) -> PricedUsage:
    """Usage of one hour: some tokens of input and what they are estimated to cost; None = unpriced."""
    given = {"project": "search", "api_key": "key-1", "model": "gpt-5", "kind": "completions"} | dims
    record = UsageRecord(
        start=start, dims=Dimensions(**given), tokens=TokenCounts(uncached_in=tokens), requests=3
    )
    if nanos is None:
        return PricedUsage(record, None)
    return PricedUsage(record, Estimate(nanos, (("uncached_in", nanos),), "book:1"))


def billed(day: date, nanos: int, **words: Any) -> CostRecord:
    """A line of a bill for a model's tokens."""
    given = {"project": "search", "model": "gpt-5", "kind": "tokens", "line_item": "gpt-5, input"} | words
    return CostRecord(day=day, nanos=nanos, **given)


def read_usage(
    connection_id: str,
    usage: Iterable[PricedUsage],
    *,
    window: Window | None = None,
    read_at: datetime = EARLY,
    stream: str = USAGE,
    is_history: bool = False,
) -> WindowRead:
    """One whole read of a usage stream; without a window, of Monday and Tuesday."""
    return WindowRead(
        connection_id=connection_id,
        stream=stream,
        window=window or days(MONDAY, TUESDAY),
        read_at=read_at,
        as_of=read_at,
        rules=RULES,
        usage=tuple(usage),
        is_history=is_history,
    )


def read_bill(
    connection_id: str,
    bill: Sequence[CostRecord],
    *,
    window: Window | None = None,
    read_at: datetime = LATE,
) -> WindowRead:
    """One whole read of the cost stream; without a window, of Monday and Tuesday, when both are final."""
    return WindowRead(
        connection_id=connection_id,
        stream=COSTS,
        window=window or days(MONDAY, TUESDAY),
        read_at=read_at,
        as_of=read_at,
        rules=RULES,
        bill=tuple(bill),
    )


def days(first: date, last: date) -> Window:
    """The window of some UTC days, both included."""
    return Window(utc_midnight(first), utc_midnight(last + DAY))
