"""Builders for ledger tests: hand-made atoms and bill lines of one UTC day, Tuesday 2026-11-17."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from spend.ledger import DayInput, LedgerRules, SpendCell
from spend.usage import (
    UNITS_CLASS,
    CostRecord,
    Dimensions,
    Estimate,
    PricedUsage,
    TokenCounts,
    UsageRecord,
)

DAY = date(2026, 11, 17)
SETTLED = datetime(2026, 11, 19, tzinfo=UTC)  # exactly 24 hours after the day's end
OPEN = datetime(2026, 11, 18, 23, 59, 59, tzinfo=UTC)  # one second earlier
RULES = LedgerRules(
    settles_after=timedelta(hours=24), estimated_kinds=frozenset({"completions", "embeddings", "web_search"})
)


def atom(
    estimate: int | None,
    *,
    hour: int = 0,
    project: str = "search",
    key: str = "key-1",
    model: str = "gpt-5",
    kind: str = "completions",
    tokens: TokenCounts | None = None,
    parts: tuple[tuple[str, int], ...] | None = None,
    currency: str = "USD",
    tier: str = "",
    is_ever_billed: bool = True,
) -> PricedUsage:
    """Make a token atom; its estimate in nano-units stands wholly in `uncached_in` unless parts are given."""
    record = UsageRecord(
        start=datetime(2026, 11, 17, hour, tzinfo=UTC),
        dims=Dimensions(project=project, api_key=key, model=model, kind=kind, service_tier=tier),
        tokens=TokenCounts(uncached_in=100, out=10) if tokens is None else tokens,
        requests=2,
        is_ever_billed=is_ever_billed,
    )
    if estimate is None:
        return PricedUsage(record, None)
    split = parts if parts is not None else (("uncached_in", estimate),)
    return PricedUsage(record, Estimate(estimate, split, "book-1", currency))


def searches(
    estimate: int | None, *, count: int | None = 5, hour: int = 0, project: str = "search", key: str = "key-1"
) -> PricedUsage:
    """Make a web-search atom: counted in units, not in tokens."""
    record = UsageRecord(
        start=datetime(2026, 11, 17, hour, tzinfo=UTC),
        dims=Dimensions(project=project, api_key=key, model="gpt-5", kind="web_search"),
        units=None if count is None else Decimal(count),
        unit="searches",
    )
    if estimate is None:
        return PricedUsage(record, None)
    return PricedUsage(record, Estimate(estimate, ((UNITS_CLASS, estimate),), "book-1"))


def line(
    nanos: int,
    *,
    project: str = "search",
    key: str = "key-1",
    model: str = "gpt-5",
    kind: str = "tokens",
    words: str = "",
    token_class: str = "",
    currency: str = "USD",
) -> CostRecord:
    """Make a bill line that names everything unless told otherwise."""
    return CostRecord(
        day=DAY,
        project=project,
        api_key=key,
        model=model,
        kind=kind,
        line_item=words,
        token_class=token_class,
        nanos=nanos,
        currency=currency,
    )


def day_of(
    usage: Sequence[PricedUsage] = (),
    bill: Sequence[CostRecord] = (),
    *,
    read_at: datetime | None = SETTLED,
    rules: LedgerRules = RULES,
) -> DayInput:
    """Put a day together; settled unless told otherwise."""
    return DayInput(day=DAY, usage=usage, bill=bill, bill_read_at=read_at, rules=rules)


def placed(cells: Sequence[SpendCell]) -> list[SpendCell]:
    """Pick the cells of usage atoms (one hour wide)."""
    return [cell for cell in cells if cell.width_s == 3600]


def unplaced(cells: Sequence[SpendCell]) -> list[SpendCell]:
    """Pick the cells that stand for a whole day."""
    return [cell for cell in cells if cell.width_s == 86400]
