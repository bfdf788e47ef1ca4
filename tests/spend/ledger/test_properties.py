"""The invariants of the ledger, for any day that hypothesis can think of."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from spend.ledger import DayInput, reconcile_day
from spend.ledger_check import check_day
from spend.money import split_exactly
from spend.usage import CostRecord, PricedUsage, TokenCounts
from tests.spend.build import OPEN, SETTLED, atom, day_of, line, placed, searches

MODELS = ["gpt-5", "gpt-5-2025-08-07", "openai/gpt-5", "gpt-5-mini", ""]
PROJECTS = ["search", "ingest", ""]
KEYS = ["key-1", "key-2", ""]
few = settings(max_examples=150)


@st.composite
def atoms(draw: st.DrawFn) -> PricedUsage:
    """Draw a token or search atom: priced, free or unpriced; billed here or elsewhere."""
    estimate = draw(st.none() | st.integers(0, 10**9))
    where = {"project": draw(st.sampled_from(PROJECTS)), "key": draw(st.sampled_from(KEYS))}
    hour = draw(st.integers(0, 23))
    if draw(st.booleans()):
        return searches(estimate, count=draw(st.none() | st.integers(0, 9)), hour=hour, **where)
    cached = 0 if estimate is None else draw(st.integers(0, estimate))
    return atom(
        estimate,
        hour=hour,
        model=draw(st.sampled_from(MODELS)),
        kind=draw(st.sampled_from(["completions", "embeddings"])),
        tokens=TokenCounts(uncached_in=draw(st.integers(0, 99)), cache_read=draw(st.integers(0, 99))),
        parts=None if estimate is None else (("uncached_in", estimate - cached), ("cache_read", cached)),
        currency=draw(st.sampled_from(["USD", "USD", "EUR"])),
        is_ever_billed=draw(st.sampled_from([True, True, False])),
        **where,
    )


def lines(nanos: st.SearchStrategy[int]) -> st.SearchStrategy[CostRecord]:
    """Draw bill lines that name anything or nothing."""
    return st.builds(
        line,
        nanos,
        project=st.sampled_from(PROJECTS),
        key=st.sampled_from(KEYS),
        model=st.sampled_from([*MODELS, "unheard-of"]),
        kind=st.sampled_from(["tokens", "completions", "web_search", "storage", ""]),
        words=st.sampled_from(["", "Text tokens", "Mystery surcharge"]),
        token_class=st.sampled_from(["", "uncached_in", "out"]),
        currency=st.sampled_from(["USD", "USD", "EUR"]),
    )


def days(amounts: st.SearchStrategy[int]) -> st.SearchStrategy[DayInput]:
    """Draw a day, settled or open."""
    return st.builds(
        day_of,
        st.lists(atoms(), max_size=12),
        st.lists(lines(amounts), max_size=12),
        read_at=st.sampled_from([SETTLED, OPEN, None]),
    )


any_amount = st.integers(-(10**9), 10**9)
charges = st.integers(0, 10**9)


@few
@given(days(any_amount))
def test_every_invariant_holds_on_every_day(day: DayInput) -> None:
    assert check_day(day, reconcile_day(day)) == []


@few
@given(days(any_amount))
def test_cells_of_a_settled_day_are_its_bill_plus_what_is_billed_elsewhere(day: DayInput) -> None:
    ledger = reconcile_day(day)
    if not ledger.is_settled:
        return
    expected: Counter[str] = Counter()
    for bill_line in day.bill:
        expected[bill_line.currency] += bill_line.nanos
    for priced in day.usage:
        if priced.estimate and not priced.record.is_ever_billed:
            expected[priced.estimate.currency] += priced.estimate.nanos

    totals: Counter[str] = Counter()
    for cell in ledger.cells:
        totals[cell.currency] += cell.nanos

    assert {code: nanos for code, nanos in totals.items() if nanos} == {
        code: nanos for code, nanos in expected.items() if nanos
    }


@few
@given(days(any_amount))
def test_every_atom_has_one_cell_and_keeps_its_tokens_and_estimate(day: DayInput) -> None:
    cells = placed(reconcile_day(day).cells)

    assert Counter((c.start, c.dims, c.tokens, c.estimate_nanos) for c in cells) == Counter(
        (p.record.start, p.record.dims, p.record.tokens, p.estimate.nanos if p.estimate else None)
        for p in day.usage
    )


@few
@given(days(charges))
def test_nothing_is_negative_unless_the_bill_is(day: DayInput) -> None:
    for cell in reconcile_day(day).cells:
        assert cell.nanos >= 0
        assert all(nanos > 0 for _, nanos in cell.parts)


@few
@given(days(any_amount), st.data())
def test_the_ledger_does_not_depend_on_the_order_of_what_was_read(day: DayInput, data: st.DataObject) -> None:
    shuffled = day_of(
        data.draw(st.permutations(day.usage)),
        data.draw(st.permutations(day.bill)),
        read_at=day.bill_read_at,
    )

    assert reconcile_day(shuffled) == reconcile_day(day)


@few
@given(days(any_amount))
def test_making_a_day_twice_is_making_it_once(day: DayInput) -> None:
    assert reconcile_day(day) == reconcile_day(day)


@few
@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=20), st.integers(1, 99))
def test_a_discount_moves_no_cell_by_more_than_a_nano_unit_from_its_exact_share(
    estimates: list[int], percent: int
) -> None:
    usage = [atom(estimate, hour=i) for i, estimate in enumerate(estimates)]
    bill = sum(estimates) * percent // 100

    cells = reconcile_day(day_of(usage, [line(bill)])).cells

    for cell, estimate in zip(cells, estimates, strict=True):
        assert abs(cell.nanos * sum(estimates) - bill * estimate) < sum(estimates)


weights = st.lists(
    st.integers(0, 10**15) | st.decimals(0, 10**9, places=6) | st.fractions(0, 10**6, max_denominator=997),
    min_size=1,
    max_size=30,
).filter(any)


@few
@given(st.integers(-(10**18), 10**18), weights)
def test_every_split_is_exact_and_close_and_gives_nothing_to_a_zero_weight(
    total: int, shares: list[int | Decimal | Fraction]
) -> None:
    parts = split_exactly(total, shares)

    assert sum(parts) == total
    assert split_exactly(-total, shares) == [-part for part in parts]
    assert all(part == 0 for part, share in zip(parts, shares, strict=True) if not share)
    assert all(part * total >= 0 for part in parts)
