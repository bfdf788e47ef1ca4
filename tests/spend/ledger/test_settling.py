"""R1, R3, R7, R8, R12: when a day is settled, and what shows until then."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from spend.ledger import DayInput, reconcile_day
from spend.ledger_check import check_day
from spend.usage import Basis, Dimensions, PricedUsage
from tests.spend.build import OPEN, RULES, SETTLED, atom, day_of, line, placed, searches, unplaced


def test_r3_a_day_is_settled_from_exactly_settles_after_its_end_and_not_a_second_before() -> None:
    usage, bill = [atom(100)], [line(90)]

    settled = reconcile_day(day_of(usage, bill, read_at=SETTLED))
    still_open = reconcile_day(day_of(usage, bill, read_at=OPEN))

    assert (settled.is_settled, still_open.is_settled) == (True, False)
    assert [(cell.basis, cell.nanos) for cell in settled.cells] == [(Basis.BILLED, 90)]
    assert [(cell.basis, cell.nanos) for cell in still_open.cells] == [(Basis.ESTIMATED, 100)]


def test_r3_a_bill_never_read_leaves_the_day_estimated() -> None:
    ledger = reconcile_day(day_of([atom(100)], read_at=None))

    assert not ledger.is_settled
    assert not ledger.is_bill_missing
    assert [(cell.basis, cell.nanos, cell.estimate_nanos) for cell in ledger.cells] == [
        (Basis.ESTIMATED, 100, 100)
    ]


def test_r2_an_atom_without_a_price_is_unpriced_and_in_no_total() -> None:
    (cell,) = reconcile_day(day_of([atom(None)], read_at=None)).cells

    assert (cell.basis, cell.nanos, cell.parts, cell.estimate_nanos) == (Basis.UNPRICED, 0, (), None)
    assert cell.tokens.total == 110
    assert cell.requests == 2


def test_r3_the_open_bill_shows_only_what_no_usage_stream_estimates() -> None:
    bill = [
        line(1, kind="tokens"),
        line(2, kind="completions"),
        line(4, kind="web_search", model=""),
        line(8, kind="", model="", words="Mystery surcharge"),
        line(16, kind="storage", model="", words="vector storage"),
        line(32, kind="session", model="", key="", words="Session"),
    ]

    ledger = reconcile_day(day_of([atom(100)], bill, read_at=OPEN))

    early = unplaced(ledger.cells)
    assert [(cell.dims.kind, cell.nanos, cell.basis, cell.is_provisional) for cell in early] == [
        ("session", 32, Basis.BILLED, True),
        ("storage", 16, Basis.BILLED, True),
    ]
    assert ledger.billed_nanos == {"USD": 63}


def test_r3_lines_of_zero_of_an_open_bill_make_no_cell() -> None:
    assert reconcile_day(day_of([], [line(0, kind="storage", model="")], read_at=OPEN)).cells == ()


def test_r3_once_settled_nothing_is_provisional() -> None:
    ledger = reconcile_day(day_of([], [line(16, kind="storage", model="")]))

    assert [cell.is_provisional for cell in ledger.cells] == [False]


def test_r3_a_connection_without_usage_shows_its_whole_bill_at_once_as_provisional() -> None:
    rules = replace(RULES, has_usage=False)
    bill = [line(5), line(7, kind="", model="", words="Mystery surcharge")]

    ledger = reconcile_day(day_of([], bill, read_at=OPEN, rules=rules))

    assert not ledger.is_settled
    assert sorted(cell.nanos for cell in ledger.cells) == [5, 7]
    assert all(cell.is_provisional and cell.basis is Basis.BILLED for cell in ledger.cells)


def test_r3_usage_kept_from_before_is_not_counted_again_by_an_open_bill() -> None:
    """A key that may no longer read usage leaves records behind; their day stays estimated until its bill is in."""
    rules = replace(RULES, has_usage=False)

    ledger = reconcile_day(day_of([atom(100)], [line(90)], read_at=OPEN, rules=rules))

    assert [cell.nanos for cell in ledger.cells] == [100]


def test_r3_a_connection_without_a_bill_stays_estimated_for_ever() -> None:
    rules = replace(RULES, has_cost=False)

    ledger = reconcile_day(day_of([atom(100)], read_at=datetime(2027, 1, 1, tzinfo=UTC), rules=rules))

    assert not ledger.is_settled
    assert not ledger.is_bill_missing
    assert [cell.basis for cell in ledger.cells] == [Basis.ESTIMATED]


def test_r3_a_day_whose_bill_was_read_stays_settled_when_the_key_loses_the_right_to_bills() -> None:
    rules = replace(RULES, has_cost=False)

    ledger = reconcile_day(day_of([atom(100)], [line(90)], rules=rules))

    assert ledger.is_settled
    assert [cell.nanos for cell in ledger.cells] == [90]


def test_r7_no_line_at_all_where_money_is_estimated_means_the_bill_is_missing() -> None:
    ledger = reconcile_day(day_of([atom(100), atom(None, hour=1)], []))

    assert (ledger.is_settled, ledger.is_bill_missing) == (False, True)
    assert [cell.basis for cell in ledger.cells] == [Basis.ESTIMATED, Basis.UNPRICED]


@pytest.mark.parametrize(
    "usage",
    [[], [atom(0)], [atom(None)], [atom(100, is_ever_billed=False)]],
    ids=["nothing", "zero", "unpriced", "billed elsewhere"],
)
def test_r7_no_line_where_nothing_billable_is_estimated_is_a_settled_day(usage: list[PricedUsage]) -> None:
    ledger = reconcile_day(day_of(usage, []))

    assert (ledger.is_settled, ledger.is_bill_missing) == (True, False)


def test_r7_a_line_of_zero_is_a_line() -> None:
    ledger = reconcile_day(day_of([atom(100)], [line(0)]))

    assert (ledger.is_settled, ledger.is_bill_missing) == (True, False)
    assert [(cell.nanos, cell.estimate_nanos) for cell in ledger.cells] == [(0, 100)]


def test_r7_what_no_line_pays_for_is_billed_as_zero_and_keeps_its_estimate() -> None:
    usage = [atom(100, model="gpt-5"), atom(40, model="gpt-5-mini")]

    ledger = reconcile_day(day_of(usage, [line(90, model="gpt-5")]))

    assert [(c.dims.model, c.basis, c.nanos, c.estimate_nanos, c.parts) for c in ledger.cells] == [
        ("gpt-5", Basis.BILLED, 90, 100, (("uncached_in", 90),)),
        ("gpt-5-mini", Basis.BILLED, 0, 40, ()),
    ]


def test_r2_what_is_billed_elsewhere_stays_estimated_and_takes_nothing_of_the_bill() -> None:
    usage = [atom(100), atom(300, tier="priority", is_ever_billed=False)]

    ledger = reconcile_day(day_of(usage, [line(90)]))

    assert ledger.is_settled
    assert [(c.dims.service_tier, c.basis, c.nanos) for c in ledger.cells] == [
        ("", Basis.BILLED, 90),
        ("priority", Basis.ESTIMATED, 300),
    ]


def test_r8_an_unplaced_cell_stands_at_utc_midnight_a_day_wide_and_keeps_what_the_bill_names() -> None:
    bill = [
        line(3, model="", kind="code_execution", words="Code B"),
        line(4, model="", kind="code_execution", words="Code A"),
        line(5, model="", kind="code_execution", words="Code A"),
    ]

    (cell,) = reconcile_day(day_of([], bill)).cells

    assert cell.start == datetime(2026, 11, 17, tzinfo=UTC)
    assert cell.width_s == 86400
    assert cell.dims == Dimensions(project="search", api_key="key-1", kind="code_execution")
    assert (cell.nanos, cell.line_item) == (12, "Code A; Code B")
    assert (cell.tokens.total, cell.requests, cell.estimate_nanos) == (0, None, None)


def test_r12_currencies_are_billed_side_by_side_and_never_added() -> None:
    bill = [line(90, model="gpt-5"), line(70, model="gpt-5-mini", currency="EUR")]
    usage = [atom(100, model="gpt-5"), atom(80, model="gpt-5-mini")]

    ledger = reconcile_day(day_of(usage, bill))

    assert list(ledger.billed_nanos.items()) == [("EUR", 70), ("USD", 90)]
    assert [(c.dims.model, c.currency, c.nanos) for c in ledger.cells] == [
        ("gpt-5", "USD", 90),
        ("gpt-5-mini", "EUR", 70),
    ]


def test_r12_what_no_line_pays_for_stays_in_the_currency_of_its_estimate() -> None:
    (cell,) = reconcile_day(day_of([atom(100, currency="EUR")], [line(0, model="other")])).cells

    assert (cell.currency, cell.nanos, cell.estimate_nanos) == ("EUR", 0, 100)


def test_r12_one_thing_billed_in_two_currencies_is_placed_once_dollars_first() -> None:
    ledger = reconcile_day(day_of([atom(100)], [line(70, currency="EUR"), line(90)]))

    assert [(c.currency, c.nanos) for c in placed(ledger.cells)] == [("USD", 90)]
    assert [(c.currency, c.nanos) for c in unplaced(ledger.cells)] == [("EUR", 70)]


def test_r1_the_cells_do_not_depend_on_the_order_of_what_was_read() -> None:
    usage = [atom(100), searches(50), atom(None, hour=3), atom(30, model="gpt-5-mini", hour=3)]
    bill = [line(90), line(45, kind="web_search"), line(2, kind="", model="", words="x"), line(1, model="")]

    forwards, backwards = day_of(usage, bill), day_of(usage[::-1], bill[::-1])

    assert reconcile_day(forwards) == reconcile_day(backwards)


def test_r1_twins_of_the_same_hour_and_dimensions_stay_apart() -> None:
    usage = [atom(100), atom(300)]

    ledger = reconcile_day(day_of(usage, [line(200)]))

    assert [(c.nanos, c.estimate_nanos) for c in ledger.cells] == [(50, 100), (150, 300)]
    assert reconcile_day(day_of(usage[::-1], [line(200)])) == ledger


def test_r11_a_restated_bill_replaces_what_it_said_before() -> None:
    usage = [atom(100), atom(100, hour=1)]

    before = reconcile_day(day_of(usage, [line(180)]))
    after = reconcile_day(day_of(usage, [line(150)]))

    assert [cell.nanos for cell in before.cells] == [90, 90]
    assert [cell.nanos for cell in after.cells] == [75, 75]
    assert after.billed_nanos == {"USD": 150}


def test_an_empty_day_read_late_enough_is_settled_with_nothing() -> None:
    ledger = reconcile_day(day_of())

    assert (ledger.cells, ledger.is_settled, ledger.billed_nanos) == ((), True, {})


def test_the_check_finds_a_lost_nano_unit_a_broken_split_and_a_lost_estimate() -> None:
    day: DayInput = day_of([atom(100), atom(50, hour=1)], [line(90)])
    ledger = reconcile_day(day)
    first, second = ledger.cells

    lost = replace(ledger, cells=(replace(first, nanos=first.nanos - 1), second))
    forgotten = replace(ledger, cells=(replace(first, estimate_nanos=None), second))
    dropped = replace(ledger, cells=(first,))

    assert check_day(day, ledger) == []
    assert check_day(day, lost) == [
        "2026-11-17: cells sum to 89 (USD), what was read to 90",
        "2026-11-17: a cell's parts do not sum to its amount",
    ]
    assert check_day(day, forgotten) == [
        "2026-11-17: kept estimates sum to 50 (all currencies), estimates of the usage to 150"
    ]
    assert "2026-11-17: cells hold 110 tokens, the usage 220" in check_day(day, dropped)


def test_the_check_finds_a_negative_cell_a_foreign_day_and_an_amount_without_parts() -> None:
    day = day_of([atom(100), atom(50, hour=1)], [line(90)])
    ledger = reconcile_day(day)
    first, second = ledger.cells
    moved = replace(first, start=datetime(2026, 11, 18, tzinfo=UTC))
    negative = replace(first, nanos=-60, parts=(("out", -60),))

    assert check_day(day, replace(ledger, cells=(moved, second))) == [
        "2026-11-17: a cell starts on another day"
    ]
    assert check_day(day, replace(ledger, cells=(replace(first, parts=()), second))) == [
        "2026-11-17: a cell has an amount and no parts"
    ]
    assert "2026-11-17: a cell is negative and no line of the bill is" in check_day(
        day, replace(ledger, cells=(negative, second))
    )
