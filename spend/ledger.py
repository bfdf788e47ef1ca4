"""The ledger: one connection's UTC day, its usage estimates and its bill, made into spend cells (rules R1 to R13).

Pure: the cells of a day are a function of what was read and when. Amounts are integer nano-units. The invariant to
remember: on a settled day the cells sum, per currency, to the bill plus what is billed elsewhere, to the nano-unit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from operator import attrgetter

from spend._place import Share, place_targets
from spend._targets import Target, sum_targets
from spend.money import split_exactly
from spend.usage import (
    DIMENSION_COLUMNS,
    TOKENS,
    Basis,
    CostRecord,
    Dimensions,
    PricedUsage,
    TokenCounts,
)
from spend.window import DAY, utc_day, utc_midnight

_DAY_S = int(DAY.total_seconds())
_names_of = attrgetter(*DIMENSION_COLUMNS)  # plain tuples sort several times faster than dataclasses


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendCell:
    """Money of one hour (or, unplaced, of one UTC day) and one set of dimensions, after reconciling the two streams.

    `parts` splits `nanos` by AMOUNT_CLASSES, zero parts left out. `estimate_nanos` is what tokens x price said (None =
    unpriced), in the price book's currency whatever currency the bill has; it is kept for alarms and for "estimated,
    not billed". An unpriced cell has `nanos` 0 and basis UNPRICED and is in no total.
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
    """Make the spend cells of one UTC day of one connection by rules R1 to R12 of the design, all currencies at once.

    The same records give the same cells, whatever order they come in (R1). A settled day shows its bill, placed on
    the usage it pays for (R5); any other day shows estimates and, of the partial bill, only what no usage stream of
    the connection can estimate (R3).
    """
    atoms = sorted(day.usage, key=_atom_order)
    is_missing = _is_bill_missing(day)
    is_settled = _is_read_late_enough(day) and not is_missing
    cells = _settled_cells(day, atoms) if is_settled else _open_cells(day, atoms)
    return DayLedger(
        cells=tuple(sorted(cells, key=_cell_order)),
        is_settled=is_settled,
        is_bill_missing=is_missing,
        billed_nanos=bill_totals(day.bill),
    )


def bill_totals(bill: Iterable[CostRecord]) -> dict[str, int]:
    """Sum bill lines per currency (R12), currencies in alphabetical order."""
    totals: dict[str, int] = {}
    for line in bill:
        totals[line.currency] = totals.get(line.currency, 0) + line.nanos
    return dict(sorted(totals.items()))


def lines_shown_early(day: DayInput) -> list[CostRecord]:
    """Pick the lines of an open bill that show before the day is settled (R3).

    A connection without usage shows all of them. Else those of a named kind that its usage streams cannot estimate;
    lines in unknown words wait, because they may pay for usage that is estimated already.
    """
    if not day.rules.has_usage and not day.usage:
        return list(day.bill)
    waiting = day.rules.estimated_kinds | {TOKENS, ""}
    return [line for line in day.bill if line.kind not in waiting]


def _is_read_late_enough(day: DayInput) -> bool:
    """R3: the bill was read whole at least `settles_after` after the day's end.

    Lines that are there were read by a cost stream, also if the connection's present key can read none.
    """
    if day.bill_read_at is None or not (day.rules.has_cost or day.bill):
        return False
    return day.bill_read_at >= utc_day(day.day).end + day.rules.settles_after


def _is_bill_missing(day: DayInput) -> bool:
    """R7: read late enough, no line at all, and an estimate that should have been billed."""
    return not day.bill and _is_read_late_enough(day) and _billable_nanos(day) > 0


def _billable_nanos(day: DayInput) -> int:
    return sum(
        atom.estimate.nanos for atom in day.usage if atom.record.is_ever_billed and atom.estimate is not None
    )


def _open_cells(day: DayInput, atoms: Sequence[PricedUsage]) -> list[SpendCell]:
    """Show estimates, and what the partial bill alone can tell (R3)."""
    early = [target for target in sum_targets(lines_shown_early(day)) if not target.is_zero]
    return [
        *(_estimated_cell(atom) for atom in atoms),
        *(replace(_unplaced_cell(day, target), is_provisional=True) for target in early),
    ]


def _settled_cells(day: DayInput, atoms: Sequence[PricedUsage]) -> list[SpendCell]:
    """Show the bill, placed or not (R5, R6), 0 where no line pays (R7), and estimates of what it never has (R2)."""
    billable = [atom for atom in atoms if atom.record.is_ever_billed]
    placement = place_targets(sum_targets(day.bill), billable)
    return [
        *(_billed_cell(atom, placement.shares.get(position)) for position, atom in enumerate(billable)),
        *(_estimated_cell(atom) for atom in atoms if not atom.record.is_ever_billed),
        *(_unplaced_cell(day, target) for target in placement.unplaced if not target.is_zero),
    ]


def _estimated_cell(atom: PricedUsage) -> SpendCell:
    """Show tokens x price, or that no price is known: never zero (R2)."""
    if atom.estimate is None:
        return _cell(atom, basis=Basis.UNPRICED)
    estimate = atom.estimate
    return _cell(
        atom,
        basis=Basis.ESTIMATED,
        currency=estimate.currency,
        nanos=estimate.nanos,
        parts=_without_zeros(estimate.parts),
    )


def _billed_cell(atom: PricedUsage, share: Share | None) -> SpendCell:
    """Show the atom's share of the bill in the bill's currency; 0 if no line pays for it (R7)."""
    if share is None:
        return _cell(atom, basis=Basis.BILLED, currency=atom.estimate.currency if atom.estimate else "USD")
    return _cell(
        atom,
        basis=Basis.BILLED,
        currency=share.target.currency,
        nanos=share.nanos,
        parts=_split_by_class(atom, share),
    )


def _cell(
    atom: PricedUsage,
    *,
    basis: Basis,
    currency: str = "USD",
    nanos: int = 0,
    parts: tuple[tuple[str, int], ...] = (),
) -> SpendCell:
    record, estimate = atom.record, atom.estimate
    return SpendCell(
        start=record.start,
        width_s=record.width_s,
        dims=record.dims,
        currency=currency,
        basis=basis,
        nanos=nanos,
        parts=parts,
        estimate_nanos=estimate.nanos if estimate else None,
        tokens=record.tokens,
        requests=record.requests,
        price_version=estimate.price_version if estimate else "",
    )


def _unplaced_cell(day: DayInput, target: Target) -> SpendCell:
    """Keep what the bill names and its own words, on the whole UTC day (R5, R8)."""
    return SpendCell(
        start=utc_midnight(day.day),
        width_s=_DAY_S,
        dims=Dimensions(project=target.project, api_key=target.api_key, model=target.model, kind=target.kind),
        currency=target.currency,
        basis=Basis.BILLED,
        nanos=target.nanos,
        parts=_without_zeros(target.classes),
        line_item=target.words,
    )


def _split_by_class(atom: PricedUsage, share: Share) -> tuple[tuple[str, int], ...]:
    """Split a share by the parts of the estimate, without one by the classes of the bill's lines (R2)."""
    estimated = atom.estimate.parts if atom.estimate and atom.estimate.nanos > 0 else ()
    weights = estimated or share.target.class_weights
    split = split_exactly(share.nanos, [weight for _, weight in weights])
    return _without_zeros((name, nanos) for (name, _), nanos in zip(weights, split, strict=True))


def _without_zeros(parts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple([part for part in parts if part[1]])


def _atom_order(atom: PricedUsage) -> tuple[object, ...]:
    """Order by (hour, dimensions) (R5); what follows only keeps twins in the same order whatever order they come in."""
    record, estimate = atom.record, atom.estimate
    return (
        record.start,
        _names_of(record.dims),
        record.width_s,
        record.is_ever_billed,
        (estimate.nanos, estimate.currency, estimate.price_version, estimate.parts) if estimate else (-1,),
        tuple(record.tokens.items()),
        -1 if record.requests is None else record.requests,
        -1 if record.units is None else record.units,
    )


def _cell_order(cell: SpendCell) -> tuple[object, ...]:
    return (cell.start, cell.width_s, _names_of(cell.dims), cell.currency, cell.line_item)
