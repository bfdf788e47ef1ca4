"""The invariants of the ledger, checked on real days: after every poll, and in the property tests."""

from collections import Counter
from collections.abc import Iterator, Mapping

from spend.ledger import DayInput, DayLedger, SpendCell, bill_totals, lines_shown_early
from spend.usage import Basis
from spend.window import utc_day


def check_day(day: DayInput, ledger: DayLedger) -> list[str]:
    """Return a sentence for every invariant that the cells of a day violate; an empty list when all hold.

    Amounts in the sentences are nano-units. They name no project, key or model, so they may be logged.
    """
    expected = _expected_totals(day, is_settled=ledger.is_settled)
    sentences = [
        *_compare("cells", _totals(ledger.cells), "what was read", expected),
        *_compare("kept estimates", _kept_estimates(ledger.cells), "estimates of the usage", _estimates(day)),
        *_compare("billed totals", ledger.billed_nanos, "bill lines", bill_totals(day.bill)),
        *_compare_tokens(day, ledger.cells),
        *_check_each(day, ledger.cells),
    ]
    return [f"{day.day}: {sentence}" for sentence in sentences]


def _expected_totals(day: DayInput, *, is_settled: bool) -> Counter[str]:
    """A settled day is its bill plus what is billed elsewhere; an open one its estimates plus what only bills know."""
    totals = Counter(bill_totals(day.bill if is_settled else lines_shown_early(day)))
    for atom in day.usage:
        if atom.estimate is not None and not (is_settled and atom.record.is_ever_billed):
            totals[atom.estimate.currency] += atom.estimate.nanos
    return totals


def _totals(cells: tuple[SpendCell, ...]) -> Counter[str]:
    totals: Counter[str] = Counter()
    for cell in cells:
        totals[cell.currency] += cell.nanos
    return totals


def _kept_estimates(cells: tuple[SpendCell, ...]) -> dict[str, int]:
    return {"all currencies": sum(cell.estimate_nanos or 0 for cell in cells)}


def _estimates(day: DayInput) -> dict[str, int]:
    return {"all currencies": sum(atom.estimate.nanos for atom in day.usage if atom.estimate)}


def _compare(name: str, totals: Mapping[str, int], other: str, others: Mapping[str, int]) -> Iterator[str]:
    for unit in sorted({*totals, *others}):
        if totals.get(unit, 0) != others.get(unit, 0):
            yield f"{name} sum to {totals.get(unit, 0)} ({unit}), {other} to {others.get(unit, 0)}"


def _compare_tokens(day: DayInput, cells: tuple[SpendCell, ...]) -> Iterator[str]:
    on_cells = sum(cell.tokens.total for cell in cells)
    read = sum(atom.record.tokens.total for atom in day.usage)
    if on_cells != read:
        yield f"cells hold {on_cells} tokens, the usage {read}"


def _check_each(day: DayInput, cells: tuple[SpendCell, ...]) -> Iterator[str]:
    window = utc_day(day.day)
    has_credit = any(line.nanos < 0 for line in day.bill)
    if any(cell.parts and sum(nanos for _, nanos in cell.parts) != cell.nanos for cell in cells):
        yield "a cell's parts do not sum to its amount"
    if any(cell.nanos and not cell.parts for cell in cells):
        yield "a cell has an amount and no parts"
    if any(not window.covers(cell.start) for cell in cells):
        yield "a cell starts on another day"
    if not has_credit and any(cell.nanos < 0 for cell in cells):
        yield "a cell is negative and no line of the bill is"
    if any(cell.basis is Basis.UNPRICED and cell.nanos for cell in cells):
        yield "a cell without a price has an amount"
