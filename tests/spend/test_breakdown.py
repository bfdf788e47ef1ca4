from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spend.breakdown import breakdown, compare, shares, shown_parts
from spend.errors import SpendError

CENT = 10_000_000


@dataclass(frozen=True)
class Piece:
    key: tuple[str, ...]
    nanos: int
    currency: str = "USD"


def piece(*key: str, nanos: int, currency: str = "USD") -> Piece:
    return Piece(key, nanos, currency)


def test_groups_go_by_amount_then_by_name() -> None:
    pieces = [piece("b", nanos=5), piece("a", nanos=5), piece("c", nanos=9), piece("d", nanos=-1)]

    (dollars,) = breakdown(pieces).currencies

    assert [(group.key, group.nanos) for group in dollars.groups] == [
        (("c",), 9),
        (("a",), 5),
        (("b",), 5),
        (("d",), -1),
    ]
    assert (dollars.nanos, dollars.other) == (18, None)


def test_parts_of_the_same_key_are_one_group_that_remembers_them() -> None:
    pieces = [piece("a", nanos=5), piece("a", nanos=7)]

    (dollars,) = breakdown(pieces).currencies

    assert [(group.nanos, group.parts) for group in dollars.groups] == [(12, tuple(pieces))]


def test_top_keeps_the_largest_and_sums_the_rest_exactly() -> None:
    pieces = [piece(name, nanos=nanos) for name, nanos in [("a", 1), ("b", 20), ("c", 300), ("d", 4)]]

    (dollars,) = breakdown(pieces, top=2).currencies

    assert [group.key for group in dollars.groups] == [("c",), ("b",)]
    assert dollars.other is not None
    assert (dollars.other.count, dollars.other.nanos) == (2, 5)
    assert {part.key for part in dollars.other.parts} == {("a",), ("d",)}
    assert dollars.nanos == 325


@pytest.mark.parametrize("top", [2, 3])
def test_there_is_no_other_when_top_reaches_all(top: int) -> None:
    (dollars,) = breakdown([piece("a", nanos=1), piece("b", nanos=2)], top=top).currencies

    assert (len(dollars.groups), dollars.other) == (2, None)


def test_top_counts_from_one() -> None:
    with pytest.raises(SpendError):
        breakdown([piece("a", nanos=1)], top=0)


def test_two_dimensions_make_groups_with_children_and_top_counts_groups() -> None:
    pieces = [
        piece("search", "gpt-5", nanos=10),
        piece("support", "sonnet", nanos=70),
        piece("support", "haiku", nanos=20),
        piece("search", "mini", nanos=30),
        piece("evals", "gpt-5", nanos=5),
    ]

    (dollars,) = breakdown(pieces, top=2).currencies

    assert [(group.key, group.nanos) for group in dollars.groups] == [(("support",), 90), (("search",), 40)]
    assert [[(child.key, child.nanos) for child in group.children] for group in dollars.groups] == [
        [(("support", "sonnet"), 70), (("support", "haiku"), 20)],
        [(("search", "mini"), 30), (("search", "gpt-5"), 10)],
    ]
    assert dollars.other is not None
    assert (dollars.other.count, dollars.other.nanos) == (1, 5)


def test_currencies_stand_side_by_side_dollars_first_then_by_code() -> None:
    pieces = [piece("a", nanos=1, currency=code) for code in ("GBP", "USD", "EUR")]

    assert [entry.currency for entry in breakdown(pieces).currencies] == ["USD", "EUR", "GBP"]


def test_nothing_spent_is_no_currency_at_all() -> None:
    assert breakdown(list[Piece]()).currencies == ()


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
    now = [
        piece("agents", nanos=162),
        piece("evals", nanos=21),
        piece("new", nanos=5),
        piece("same", nanos=3),
    ]
    then = [
        piece("agents", nanos=62),
        piece("evals", nanos=25),
        piece("gone", nanos=9),
        piece("same", nanos=3),
    ]

    changes = compare(now, then)

    assert [(change.key, change.now_nanos, change.then_nanos, change.delta) for change in changes] == [
        (("agents",), 162, 62, 100),
        (("new",), 5, 0, 5),
        (("gone",), 0, 9, -9),
        (("evals",), 21, 25, -4),
        (("same",), 3, 3, 0),
    ]


def test_changes_of_two_currencies_are_never_mixed() -> None:
    changes = compare([piece("a", nanos=5, currency="EUR"), piece("b", nanos=1)], [piece("a", nanos=2)])

    assert [(change.currency, change.key, change.delta) for change in changes] == [
        ("USD", ("b",), 1),
        ("USD", ("a",), -2),
        ("EUR", ("a",), 5),
    ]


pieces = st.lists(
    st.builds(
        Piece,
        st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")),
        st.integers(-(10**12), 10**12),
        st.sampled_from(["USD", "EUR"]),
    ),
    max_size=30,
)


def total_of(parts: list[Piece], currency: str) -> int:
    return sum(part.nanos for part in parts if part.currency == currency)


@given(pieces, st.none() | st.integers(1, 4))
def test_slices_sum_exactly_to_the_total(parts: list[Piece], top: int | None) -> None:
    for entry in breakdown(parts, top=top).currencies:
        groups = sum(group.nanos for group in entry.groups)
        assert groups + (entry.other.nanos if entry.other else 0) == entry.nanos
        assert entry.nanos == total_of(parts, entry.currency)
        for group in entry.groups:
            assert sum(child.nanos for child in group.children) == group.nanos


@given(pieces, pieces)
def test_changes_sum_exactly_to_the_change_of_the_totals(now: list[Piece], then: list[Piece]) -> None:
    changes = compare(now, then)

    for currency in ("USD", "EUR"):
        moved = sum(change.delta for change in changes if change.currency == currency)
        assert moved == total_of(now, currency) - total_of(then, currency)
