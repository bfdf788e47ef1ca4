from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spend.errors import CurrencyMismatchError, SpendError
from spend.money import Money, from_nanos, split_exactly, to_nanos


@pytest.mark.parametrize(
    ("amount", "nanos"),
    [
        ("11.342125", 11_342_125_000),
        ("0.0000000005", 0),  # half a nano-unit goes to the even neighbour
        ("0.0000000015", 2),
        ("-0.0000000015", -2),
        ("0.00000000050000000000000000000000000000000000000000000000000000000000001", 1),
        ("0E-6176", 0),
        ("0E+30", 0),
        ("1E-400", 0),
        ("9223372036.854775807", 2**63 - 1),
        ("-9223372036.854775807", -(2**63 - 1)),
    ],
)
def test_amounts_round_once_half_even_to_nano_units(amount: str, nanos: int) -> None:
    assert to_nanos(Decimal(amount)) == nanos


@pytest.mark.parametrize(
    "amount", ["NaN", "sNaN", "Infinity", "-Infinity", "9223372036.854775808", "1E13", "1E+999999"]
)
def test_what_is_no_amount_or_fits_no_column_is_refused(amount: str) -> None:
    with pytest.raises(SpendError):
        to_nanos(Decimal(amount))


@pytest.mark.parametrize("amount", [0.1, True])
def test_floats_and_booleans_are_never_money(amount: object) -> None:
    with pytest.raises(SpendError, match="float"):
        to_nanos(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("nanos", "text"),
    [(11_342_125_000, "11.342125"), (0, "0"), (5_000_000_000, "5"), (100 * 10**9, "100"), (-1, "-1E-9")],
)
def test_nano_units_come_back_exact_without_trailing_zeros(nanos: int, text: str) -> None:
    assert str(from_nanos(nanos)) == text


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_nano_units_survive_the_way_through_decimals(nanos: int) -> None:
    assert to_nanos(from_nanos(nanos)) == nanos


def test_money_adds_subtracts_and_compares_within_a_currency() -> None:
    large, small = Money.of("1.25"), Money.of("0.75")

    assert large + small == Money.of(2)
    assert large - small == Money.of("0.5")
    assert -small == Money.of("-0.75")
    assert small < large
    assert small <= small
    assert large > small
    assert large >= large
    assert large.amount == Decimal("1.25")


@pytest.mark.parametrize("act", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_two_currencies_never_meet(act: str) -> None:
    with pytest.raises(CurrencyMismatchError):
        getattr(Money.of(1), act)(Money.of(1, "EUR"))


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (-10, [1, 1, 1], [-4, -3, -3]),
        (0, [1, 2], [0, 0]),
        (7, [0, 5, 0], [0, 7, 0]),
        (10, [Decimal("0.5"), Decimal("0.25"), Decimal("0.25")], [5, 3, 2]),
        (9, [Fraction(1, 3), Fraction(2, 3)], [3, 6]),
        (3, [1, Decimal("0.5")], [2, 1]),
        (100, [333, 333, 334], [33, 33, 34]),
    ],
)
def test_a_split_is_exact_by_largest_remainder_and_ties_go_to_the_earlier(
    total: int, weights: list[int | Decimal | Fraction], parts: list[int]
) -> None:
    assert split_exactly(total, weights) == parts


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [3, -1]])
def test_weights_that_cannot_be_split_by_are_refused(weights: list[int]) -> None:
    with pytest.raises(SpendError):
        split_exactly(5, weights)
