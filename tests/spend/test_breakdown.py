from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spend.breakdown import by_amount, by_change, currency_order, shares, shown_parts, split_top

CENT = 10_000_000


@dataclass(frozen=True)
class Piece:
    labels: tuple[str, ...]
    nanos: int
    currency: str = "USD"
    before_nanos: int | None = None


def piece(*labels: str, nanos: int, currency: str = "USD", before: int | None = None) -> Piece:
    return Piece(labels, nanos, currency, before)


def test_groups_go_by_amount_then_by_name() -> None:
    pieces = [piece("b", nanos=5), piece("a", nanos=5), piece("c", nanos=9), piece("d", nanos=-1)]

    assert [part.labels for part in by_amount(pieces)] == [("c",), ("a",), ("b",), ("d",)]


def test_of_two_dimensions_the_groups_of_the_first_stay_together() -> None:
    pieces = [
        piece("search", "gpt-5", nanos=10),
        piece("support", "sonnet", nanos=70),
        piece("support", "haiku", nanos=20),
        piece("search", "mini", nanos=75),
        piece("evals", "gpt-5", nanos=5),
    ]

    assert [part.labels for part in by_amount(pieces)] == [
        ("support", "sonnet"),
        ("support", "haiku"),
        ("search", "mini"),
        ("search", "gpt-5"),
        ("evals", "gpt-5"),
    ]


def test_currencies_stand_one_after_the_other_dollars_first_then_by_code() -> None:
    pieces = [
        piece("a", nanos=3, currency="GBP"),
        piece("a", nanos=1),
        piece("a", nanos=2, currency="EUR"),
        piece("b", nanos=9, currency="GBP"),
    ]

    assert [(part.currency, part.labels[0]) for part in by_amount(pieces)] == [
        ("USD", "a"),
        ("EUR", "a"),
        ("GBP", "b"),
        ("GBP", "a"),
    ]


def test_the_first_groups_are_kept_and_the_others_counted() -> None:
    pieces = [
        piece("support", "sonnet", nanos=70),
        piece("support", "haiku", nanos=20),
        piece("search", "mini", nanos=30),
        piece("evals", "gpt-5", nanos=5),
        piece("evals", "mini", nanos=4),
    ]

    (dollars,) = split_top(pieces, 2)

    assert dollars.top == tuple(pieces[:3])
    assert dollars.rest == tuple(pieces[3:])
    assert dollars.left_out == 1


@pytest.mark.parametrize("most", [2, 3])
def test_nothing_is_left_out_when_there_are_no_more_groups(most: int) -> None:
    pieces = (piece("a", nanos=2), piece("b", nanos=1))

    (dollars,) = split_top(pieces, most)

    assert (dollars.top, dollars.rest, dollars.left_out) == (pieces, (), 0)


def test_each_currency_keeps_groups_of_its_own() -> None:
    pieces = [piece("a", nanos=2), piece("b", nanos=1), piece("b", nanos=9, currency="EUR")]

    dollars, euros = split_top(pieces, 1)

    assert (dollars.left_out, euros.left_out) == (1, 0)
    assert euros.top == (pieces[2],)


def test_nothing_spent_is_no_section_at_all() -> None:
    assert by_amount(list[Piece]()) == []
    assert split_top(list[Piece](), 3) == []


@pytest.mark.parametrize(
    ("nanos", "percents"),
    [
        ([9541, 2685, 2513, 1007, 505, 408], [57, 16, 15, 6, 3, 3]),
        ([1, 1, 1], [34, 33, 33]),
        ([5], [100]),
        ([5, 0], [100, 0]),
        ([997, 3], [99, 1]),
        ([3, 997], [1, 99]),
        ([9990, 5, 5], [99, 1, 0]),
        ([996, 4, 0], [99, 1, 0]),
        ([99, 1], [99, 1]),
        ([1, 2, 2], [20, 40, 40]),
        ([1, 2, 5], [12, 25, 63]),  # equal remainders: the larger amount gets the percent
    ],
)
def test_shares_make_a_hundred_and_only_the_whole_reaches_it(nanos: list[int], percents: list[int]) -> None:
    assert shares(nanos) == percents


@pytest.mark.parametrize("nanos", [[], [0], [0, 0], [5, -1], [-5]])
def test_there_are_no_shares_of_nothing_or_of_something_negative(nanos: list[int]) -> None:
    assert shares(nanos) is None


amounts = st.lists(st.integers(0, 10**12), min_size=1, max_size=40)


@given(amounts)
def test_shares_always_make_a_hundred_and_stay_within_a_percent(nanos: list[int]) -> None:
    percents = shares(nanos)

    if percents is None:
        assert sum(nanos) == 0
        return
    assert sum(percents) == 100
    for amount, percent in zip(nanos, percents, strict=True):
        assert abs(amount * 100 - percent * sum(nanos)) < sum(nanos)
        assert (percent == 100) == (amount == sum(nanos))


def test_three_parts_of_a_half_cent_show_the_rounded_total() -> None:
    shown = shown_parts([1_005_000_000] * 3, CENT)

    assert shown == [1_010_000_000, 1_010_000_000, 1_000_000_000]
    assert sum(shown) == 3_020_000_000


@pytest.mark.parametrize(
    ("nanos", "step", "shown"),
    [
        ([4, 4, 4], 10, [10, 0, 0]),
        ([14, 4, 4], 10, [20, 0, 0]),  # equal remainders: the larger amount gets the step
        ([4, 14, 4], 10, [0, 20, 0]),
        ([2, 3], 10, [0, 0]),  # half a step goes to the even neighbour
        ([7, 8], 10, [10, 10]),
        ([-4, -4, -4], 10, [0, 0, -10]),
        ([-5, 25], 10, [-10, 30]),
        ([0, 0], 10, [0, 0]),
        ([], 10, []),
    ],
)
def test_parts_are_cut_down_and_missing_steps_go_to_the_largest_remainders(
    nanos: list[int], step: int, shown: list[int]
) -> None:
    assert shown_parts(nanos, step) == shown


@given(st.lists(st.integers(-(10**12), 10**12), max_size=40), st.sampled_from([1, 7, CENT, 10**9]))
def test_shown_parts_sum_to_the_shown_total_and_move_less_than_a_step(nanos: list[int], step: int) -> None:
    shown = shown_parts(nanos, step)

    assert abs(sum(shown) - sum(nanos)) * 2 <= step
    for exact, part in zip(nanos, shown, strict=True):
        assert part % step == 0
        assert abs(part - exact) < step


def test_changes_are_rises_then_falls_each_by_size_then_what_stayed() -> None:
    pieces = [
        piece("same", nanos=3, before=3),
        piece("gone", nanos=0, before=9),
        piece("evals", nanos=21, before=25),
        piece("new", nanos=5, before=None),
        piece("agents", nanos=162, before=62),
    ]

    assert [part.labels[0] for part in by_change(pieces)] == ["agents", "new", "gone", "evals", "same"]


def test_changes_of_two_currencies_are_never_mixed() -> None:
    """The same name in two currencies changes twice."""
    pieces = [
        piece("a", nanos=5, currency="EUR", before=0),
        piece("a", nanos=0, before=2),
        piece("b", nanos=1, before=0),
        piece("b", nanos=0, currency="EUR", before=7),
    ]

    assert [(part.currency, part.labels[0]) for part in by_change(pieces)] == [
        ("USD", "b"),
        ("USD", "a"),
        ("EUR", "a"),
        ("EUR", "b"),
    ]


pieces = st.lists(
    st.builds(
        Piece,
        st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")),
        st.integers(-(10**12), 10**12),
        st.sampled_from(["USD", "EUR"]),
        st.none() | st.integers(0, 10**12),
    ),
    max_size=30,
)


@given(pieces, st.sampled_from([by_amount, by_change]), st.integers(1, 4))
def test_the_top_groups_and_the_rest_sum_exactly_to_the_total(
    parts: list[Piece], order: Callable[[list[Piece]], list[Piece]], most: int
) -> None:
    sections = split_top(order(parts), most)

    assert [section.top[0].currency for section in sections] == sorted(
        {part.currency for part in parts}, key=currency_order
    )
    for section in sections:
        currency = section.top[0].currency
        together = sum(part.nanos for part in [*section.top, *section.rest])
        assert together == sum(part.nanos for part in parts if part.currency == currency)
        assert len({part.labels[0] for part in section.top}) <= most
        assert len({part.labels[0] for part in section.rest}) == section.left_out
