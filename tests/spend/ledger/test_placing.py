"""R2, R4, R5, R6: how a settled bill is placed on the usage it pays for."""

from spend.ledger import reconcile_day
from spend.usage import NOT_ATTRIBUTED, CostRecord, PricedUsage, TokenCounts
from tests.spend.build import atom, day_of, line, placed, searches, unplaced


def amounts(usage: list[PricedUsage], bill: list[CostRecord]) -> tuple[list[int], list[int]]:
    """Return the amounts of placed and of unplaced cells, in the ledger's order."""
    cells = reconcile_day(day_of(usage, bill)).cells
    return [cell.nanos for cell in placed(cells)], [cell.nanos for cell in unplaced(cells)]


def test_r4_lines_that_name_the_same_things_are_one_target() -> None:
    bill = [line(40, token_class="uncached_in"), line(60, token_class="out"), line(-10, words="credit")]

    assert amounts([atom(100)], bill) == ([90], [])


def test_r4_what_the_bill_does_not_name_matches_anything() -> None:
    usage = [atom(30, project="search", key="a"), atom(10, project="ingest", key="b")]

    assert amounts(usage, [line(80, project="", key="")]) == ([20, 60], [])


def test_r5_a_discount_on_the_bill_is_placed_in_proportion_to_the_estimates() -> None:
    usage = [atom(1000), atom(3000, hour=1), atom(6000, hour=2)]

    assert amounts(usage, [line(8500)]) == ([850, 2550, 5100], [])


def test_r5_the_last_nano_units_go_to_the_largest_remainders_and_ties_to_the_earlier_hour() -> None:
    usage = [atom(1, hour=2), atom(1, hour=0), atom(1, hour=1)]

    assert amounts(usage, [line(11)]) == ([4, 4, 3], [])


def test_r5_ties_go_by_hour_across_all_that_a_target_covers() -> None:
    usage = [atom(1, hour=0, key="a"), atom(1, hour=1, key="b"), atom(1, hour=2, key="a")]

    assert amounts(usage, [line(5, key="")]) == ([2, 2, 1], [])


def test_r5_ties_within_an_hour_go_by_dimensions() -> None:
    usage = [atom(1, key="b"), atom(1, key="a")]

    cells = reconcile_day(day_of(usage, [line(3, key="")])).cells

    assert [(cell.dims.api_key, cell.nanos) for cell in cells] == [("a", 2), ("b", 1)]


def test_r5_without_estimates_tokens_weigh() -> None:
    usage = [
        atom(None, tokens=TokenCounts(uncached_in=30)),
        atom(0, hour=1, tokens=TokenCounts(uncached_in=5, out=5)),
    ]

    assert amounts(usage, [line(80)]) == ([60, 20], [])


def test_r5_without_tokens_units_weigh() -> None:
    usage = [searches(None, count=1), searches(None, count=4, hour=1)]

    assert amounts(usage, [line(50, kind="web_search")]) == ([10, 40], [])


def test_r5_without_anything_to_weigh_all_get_the_same() -> None:
    usage = [searches(None, count=None), searches(None, count=0, hour=1)]

    assert amounts(usage, [line(50, kind="web_search")]) == ([25, 25], [])


def test_r5_an_unpriced_atom_beside_priced_ones_weighs_nothing() -> None:
    assert amounts([atom(None), atom(10, hour=1)], [line(50)]) == ([0, 50], [])


def test_r5_estimates_of_two_currencies_are_not_weighed_against_each_other() -> None:
    usage = [atom(1, currency="EUR"), atom(99, hour=1)]

    assert amounts(usage, [line(50)]) == ([25, 25], [])


def test_r5_the_most_specific_target_takes_its_atoms_first() -> None:
    usage = [atom(10, key="a"), atom(10, key="b")]
    bill = [line(30, key=""), line(7, key="b")]

    assert amounts(usage, bill) == ([30, 7], [])


def test_r5_an_atom_is_covered_by_one_target_only() -> None:
    bill = [line(30), line(7, key="")]

    assert amounts([atom(10)], bill) == ([30], [7])


def test_r5_a_kind_matches_exactly_and_tokens_matches_whatever_is_counted_in_tokens() -> None:
    usage = [
        atom(10, model="gpt-5", kind="completions"),
        atom(20, model="embed", kind="embeddings", tokens=TokenCounts(uncached_in=7)),
        searches(40, hour=1),
    ]

    assert amounts(usage, [line(60, model="", kind="tokens")]) == ([40, 20, 0], [])
    assert amounts(usage, [line(60, model="", kind="embeddings")]) == ([60, 0, 0], [])
    assert amounts(usage, [line(60, model="", kind="web_search")]) == ([0, 0, 60], [])
    assert amounts(usage, [line(60, model="gpt-5", kind="")]) == ([0, 12, 48], [])


def test_r5_atoms_counted_as_zero_tokens_are_still_counted_in_tokens() -> None:
    assert amounts([atom(0, tokens=TokenCounts(uncached_in=0))], [line(5, model="")]) == ([5], [])


def test_r5_a_model_is_found_by_its_raw_name_before_its_family() -> None:
    usage = [atom(10, model="gpt-5"), atom(10, model="gpt-5-2025-08-07")]

    cells = reconcile_day(day_of(usage, [line(9, model="gpt-5-2025-08-07")])).cells

    assert [(c.dims.model, c.nanos) for c in cells] == [("gpt-5", 0), ("gpt-5-2025-08-07", 9)]


def test_r5_a_model_is_found_by_its_family_where_no_raw_name_is_left() -> None:
    usage = [atom(10, model="gpt-5-2025-08-07"), atom(30, model="openai/GPT-5-2025-10-01", hour=1)]

    cells = reconcile_day(day_of(usage, [line(80, model="gpt-5")])).cells

    assert [(c.dims.model, c.nanos) for c in cells] == [
        ("gpt-5-2025-08-07", 20),
        ("openai/GPT-5-2025-10-01", 60),
    ]


def test_r5_a_name_that_is_only_alike_never_takes_what_another_line_names_exactly() -> None:
    usage = [atom(10, model="gpt-5-2025-08-07")]
    bill = [line(1, model="gpt-5"), line(9, model="gpt-5-2025-08-07")]

    assert amounts(usage, bill) == ([9], [1])


def test_r5_another_model_of_the_same_project_is_never_touched() -> None:
    assert amounts([atom(10, model="gpt-5-mini")], [line(9, model="gpt-5")]) == ([0], [9])


def test_r5_a_fine_tuned_model_is_not_its_base_model() -> None:
    assert amounts([atom(10, model="ft:gpt-5:acme::x1")], [line(9, model="gpt-5")]) == ([0], [9])


def test_r5_a_target_without_candidates_is_one_unplaced_cell() -> None:
    assert amounts([atom(10)], [line(9, project="elsewhere"), line(1)]) == ([1], [9])


def test_r5_an_atom_without_a_key_is_not_what_a_line_with_a_key_names() -> None:
    assert amounts([atom(10, key="")], [line(9, key="key-1")]) == ([0], [9])


def test_r5_a_target_that_names_neither_model_nor_kind_is_never_guessed() -> None:
    bill = [line(9, model="", kind="", words="Mystery surcharge"), line(8)]

    assert amounts([atom(10)], bill) == ([8], [9])
    assert amounts([atom(10)], bill[:1]) == ([0], [9])


def test_r5_lines_of_zero_that_explain_nothing_make_no_cell() -> None:
    assert amounts([], [line(0, words="nothing used")]) == ([], [])


def test_r5_a_charge_and_its_refund_stand_as_an_unplaced_zero() -> None:
    bill = [line(5, words="charge", token_class="out"), line(-5, words="refund")]

    (cell,) = reconcile_day(day_of([], bill)).cells

    assert (cell.nanos, cell.parts, cell.line_item) == (
        0,
        ((NOT_ATTRIBUTED, -5), ("out", 5)),
        "charge; refund",
    )


def test_r6_a_target_with_a_negative_net_is_unplaced_and_leaves_its_atoms_to_others() -> None:
    bill = [line(-5, words="credit"), line(8, key="")]

    assert amounts([atom(10)], bill) == ([8], [-5])


def test_r2_a_share_is_split_by_the_parts_of_the_estimate() -> None:
    usage = [atom(100, parts=(("uncached_in", 25), ("cache_read", 0), ("out", 75)))]

    (cell,) = reconcile_day(day_of(usage, [line(10, token_class="out")])).cells

    assert cell.parts == (("uncached_in", 3), ("out", 7))
    assert cell.nanos == 10


def test_r2_without_an_estimate_a_share_is_split_by_the_classes_of_the_bill() -> None:
    bill = [line(30, token_class="out"), line(10, token_class="uncached_in")]

    for usage in ([atom(None)], [atom(0)]):
        (cell,) = reconcile_day(day_of(usage, bill)).cells
        assert cell.parts == (("out", 30), ("uncached_in", 10))


def test_r2_without_an_estimate_and_without_classes_a_share_is_not_attributed() -> None:
    for bill in ([line(30)], [line(40, token_class="out"), line(-10, token_class="uncached_in")]):
        (cell,) = reconcile_day(day_of([atom(None)], bill)).cells
        assert cell.parts == ((NOT_ATTRIBUTED, 30),)


def test_r2_an_unplaced_cell_keeps_the_classes_its_lines_name() -> None:
    bill = [line(30, token_class="out"), line(10, token_class="uncached_in"), line(2)]

    (cell,) = reconcile_day(day_of([], bill)).cells

    assert cell.parts == ((NOT_ATTRIBUTED, 2), ("out", 30), ("uncached_in", 10))


def test_r2_a_billed_cell_keeps_its_tokens_requests_estimate_and_price_version() -> None:
    (cell,) = reconcile_day(day_of([atom(100)], [line(90)])).cells

    assert (cell.tokens.total, cell.requests, cell.estimate_nanos, cell.price_version) == (
        110,
        2,
        100,
        "book-1",
    )


def test_r12_a_bill_in_another_currency_moves_the_cell_and_not_its_estimate() -> None:
    (cell,) = reconcile_day(day_of([atom(100)], [line(90, currency="EUR")])).cells

    assert (cell.currency, cell.nanos, cell.estimate_nanos) == ("EUR", 90, 100)
