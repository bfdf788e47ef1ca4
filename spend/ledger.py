"""The ledger: one connection's UTC day, its usage estimates and its bill, made into spend cells (rules R1 to R13).

Pure: the cells of a day are a function of what was read and when. Amounts are integer nano-units. The invariant to
remember: on a settled day the cells sum, per currency, to the bill plus what is billed elsewhere, to the nano-unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from spend.usage import Basis, CostRecord, Dimensions, PricedUsage, TokenCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendCell:
    """Money of one hour (or, unplaced, of one UTC day) and one set of dimensions, after reconciling the two streams.

    `parts` splits `nanos` by AMOUNT_CLASSES. `estimate_nanos` is what tokens x price said (None = unpriced), kept for
    alarms and for "estimated, not billed". An unpriced cell has `nanos` 0 and basis UNPRICED and is in no total.
    `line_item` holds the bill's own words, on unplaced cells only; `is_provisional` marks money from a bill that is
    still open.
    """

    start: datetime
    width_s: int
    dims: Dimensions
    currency: str
    basis: Basis
    nanos: int
    parts: tuple[tuple[str, int], ...] = ()
    estimate_nanos: int | None = None
    tokens: TokenCounts = field(default_factory=TokenCounts)
    requests: int | None = None
    line_item: str = ""
    price_version: str = ""
    is_provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRules:
    """What the ledger must know of a connection's provider.

    `settles_after`: how long after a UTC day's end a whole read of the bill counts as final (R3).
    `estimated_kinds`: kinds its usage streams can estimate; bill lines of any other kind show before settling.
    `has_usage` / `has_cost`: whether the connection has such a stream at all (a key may be allowed to read only one).
    """

    settles_after: timedelta
    estimated_kinds: frozenset[str]
    has_usage: bool = True
    has_cost: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DayInput:
    """Everything the cells of one (connection, UTC day) are made from, all currencies at once.

    `bill_read_at`: start of the last whole read of the cost stream that contained this day; None = never.
    """

    day: date
    usage: Sequence[PricedUsage]
    bill: Sequence[CostRecord]
    bill_read_at: datetime | None
    rules: LedgerRules


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLedger:
    """The result: cells in a stable order, and what there is to say about the day.

    `is_settled`: every non-estimated-for-ever amount is the bill's. `is_bill_missing`: R7, read late enough, no bill
    line, estimate > 0. `billed_nanos`: the bill's total per currency, settled or not.
    """

    cells: tuple[SpendCell, ...]
    is_settled: bool
    is_bill_missing: bool
    billed_nanos: dict[str, int]


def reconcile_day(day: DayInput) -> DayLedger:
    """Make the spend cells of one UTC day of one connection by rules R1 to R12."""
    raise NotImplementedError
