"""Field readers: exact, and loud where a default would hide money."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import ProviderReplyError
from providers import _fields as read


@pytest.mark.parametrize("value", [0, 5, Decimal("2152000.0"), Decimal("1E3")])
def test_counts_may_be_written_as_whole_decimals(value: Any) -> None:
    assert read.count({"n": value}, "n") == int(value)


@pytest.mark.parametrize(
    "value", [None, -1, True, "5", Decimal("1.5"), Decimal("NaN"), Decimal("1e400"), 2**60, []]
)
def test_what_is_no_count_is_refused_by_its_field(value: Any) -> None:
    with pytest.raises(ProviderReplyError) as caught:
        read.count({"n": value}, "n")
    assert caught.value.where == "n"


def test_a_count_that_older_answers_lack_is_none_not_zero() -> None:
    assert read.optional_count({}, "n") is None
    assert read.optional_count({"n": None}, "n") is None
    assert read.optional_count({"n": 0}, "n") == 0


@pytest.mark.parametrize(
    ("value", "nanos"),
    [
        ("12.50", 12_500_000_000),
        ("0E-6176", 0),
        (Decimal("0.538"), 538_000_000),
        (-3, -3_000_000_000),
        ("0.0000000005", 0),
        ("0.0000000015", 2),
    ],
)
def test_dollars_come_as_numbers_or_text(value: Any, nanos: int) -> None:
    assert read.nanos(read.decimal({"v": value}, "v"), "v") == nanos


@pytest.mark.parametrize(
    ("cents", "nanos"),
    [("54.00", 540_000_000), ("123.78912", 1_237_891_200), ("1234.567890123", 12_345_678_901)],
)
def test_cents_are_converted_once(cents: str, nanos: int) -> None:
    assert read.nanos(read.decimal({"v": cents}, "v"), "v", cents=True) == nanos


@pytest.mark.parametrize("code", ["", "US", "US1", "dollars", "ÄÖÜ"])
def test_a_currency_is_three_letters(code: str) -> None:
    assert read.currency({"c": "usd"}, "c") == "USD"
    with pytest.raises(ProviderReplyError):
        read.currency({"c": code}, "c")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(), st.lists, max_leaves=3
)


@given(ANYTHING)
def test_readers_take_anything_and_raise_nothing_else(value: Any) -> None:
    readers = (read.text, read.count, read.flag, read.decimal, read.currency, read.unix_time, read.iso_time)
    for reader in readers:
        with suppress(ProviderReplyError):
            reader({"x": value}, "x")


@given(st.decimals(allow_nan=True, allow_infinity=True), st.booleans())
def test_any_number_is_nanos_or_refused(value: Decimal, cents: bool) -> None:
    with suppress(ProviderReplyError):
        assert isinstance(read.nanos(read.decimal({"x": value}, "x"), "x", cents=cents), int)
