"""Money, shares, changes, tokens and counts in words: docs/messages.md section 2, and what always holds."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views import text
from spend.money import NANOS_PER_UNIT
from tests.bot.views.harbor import nanos


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("2253.554", "$2,253.55"),
        ("12345.67", "$12,346"),
        ("1234567", "$1.23 million"),
        ("1234567890", "$1.23 billion"),
        ("9999.99", "$9,999.99"),
        ("9999.996", "$10,000"),
        ("999999.7", "$1.00 million"),
        ("0.004", "<$0.01"),
        ("0.005", "<$0.01"),
        ("-0.001", "-<$0.01"),
        ("0", "$0"),
        ("0.015", "$0.02"),
        ("-2.18", "-$2.18"),
    ],
)
def test_an_amount_has_cents_up_to_ten_thousand(amount: str, words: str) -> None:
    assert text.money(nanos(amount)) == words


def test_symbols_stand_alone_and_codes_beside_another_currency() -> None:
    assert text.money(nanos("41.20"), "EUR") == "€41.20"
    assert text.money(nanos("12"), "CAD") == "CAD 12.00"
    assert text.money(nanos("4120"), "JPY") == "¥4,120"
    assert text.money(nanos("1.2345"), "KWD") == "KWD 1.234"
    assert (
        text.currencies([(nanos("2253.55"), "USD"), (nanos("41.20"), "EUR")]) == "USD 2,253.55 and EUR 41.20"
    )


def test_limits_stand_as_they_were_typed() -> None:
    assert [text.limit(Decimal(typed)) for typed in ("3300.00", "49.90", "12345.5")] == [
        "$3,300", "$49.90", "$12,345.50",
    ]  # fmt: skip


def test_changes_carry_their_sign_and_pictures_a_real_minus() -> None:
    assert text.signed(nanos("2.18")) == "+$2.18"
    assert text.in_picture(text.signed(nanos("-2.18"))) == "−$2.18"


def test_a_forecast_has_three_digits_and_its_range_the_same_step() -> None:
    shown = text.forecast(nanos("3528.61"), nanos("3449"), nanos("3621"))

    assert str(shown) == "about $3,530 (3,450 to 3,620)"
    assert shown.in_answer == "about $3,530 (80% range 3,450 to 3,620)"
    assert text.against_limit(shown.nanos, Decimal(3300)) == "$230 over"
    assert text.against_limit(shown.nanos, Decimal(3530)) == ""
    assert str(text.forecast(nanos("4.561"), nanos("3.9"), nanos("5.2"))) == "about $4.56 (3.90 to 5.20)"
    assert str(text.forecast(nanos("1234567"), nanos("1200000"), nanos("1300000"))) == (
        "about $1.23 million (1.20 million to 1.30 million)"
    )


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ("142.66", "137.33", "$5.33 more (+4%)"),
        ("48.15", "49.16", "$1.01 less (-2%)"),
        ("100.4", "100", "about the same"),
        ("5", "0", "new"),
        ("0.90", "0.40", "$0.50 more"),
        ("38", "100", "$62.00 less (-62%)"),
    ],
)
def test_a_change_says_money_first_and_percent_only_of_a_real_base(now: str, before: str, words: str) -> None:
    assert text.more_or_less(nanos(now), nanos(before)) == words


def test_from_twice_up_it_is_times_never_infinite() -> None:
    ratios = [
        ("166.59", "80.98"),
        ("143", "10"),
        ("2400", "10"),
        ("19.9", "10"),
        ("5", "0"),
        ("5", "0.9"),
        ("99.6", "10"),
    ]

    assert [text.times(nanos(now), nanos(before)) for now, before in ratios] == [
        "2.1x", "14x", "over 100x", "", "", "", "10x",
    ]  # fmt: skip


def test_percents_never_reach_a_threshold_that_was_not_reached() -> None:
    ratios = ("0.796", "0.997", "0.499", "0.004", "0", "1", "1.336")

    assert [text.percent_of(Decimal(ratio)) for ratio in ratios] == [
        "79%",
        "99%",
        "49%",
        "<1%",
        "0%",
        "100%",
        "134%",
    ]


def test_prices_keep_two_significant_digits() -> None:
    pairs = [("5.60", 1_000_000), ("4.08", 204_000_000), ("0.0042", 1_000_000), ("10.07", 24_560_975)]

    assert [text.per_million(nanos(amount), number) for amount, number in pairs] == [
        "$5.60",
        "$0.02",
        "$0.0042",
        "$0.41",
    ]
    assert text.per_million(nanos("1"), 0) == ""


def test_tokens_have_three_digits_and_counts_their_noun() -> None:
    assert [text.tokens(n) for n in (0, 950, 1000, 999_950, 17_037_500, 204_000_000, 1_240_000_000)] == [
        "0", "950", "1.00K", "1.00M", "17.0M", "204M", "1.24B",
    ]  # fmt: skip
    assert [text.count(n, "key") for n in (0, 1, 1204)] == ["no keys", "1 key", "1,204 keys"]


def test_what_is_left_out_is_counted() -> None:
    assert [text.more(number, "row") for number in (1, 14, 1400)] == [
        "and 1 more row",
        "and 14 more rows",
        "and 1,400 more rows",
    ]


def test_a_column_takes_the_precision_of_its_total() -> None:
    assert text.column([nanos("1.005")] * 3) == (("$1.01", "$1.01", "$1.00"), "$3.02")
    assert text.column([nanos("12000"), nanos("345.67"), nanos("0.004")]) == (
        ("$12,000", "$346", "<$1"),
        "$12,346",
    )


AMOUNTS = st.integers(min_value=-(10**15), max_value=10**15)


def in_cents(words: str) -> int:
    """Read shown money back, in cents; `<$0.01` is nothing."""
    if "<" in words:
        return 0
    return int(Decimal(words.replace("$", "").replace(",", "")) * 100)


@given(st.lists(st.integers(min_value=-(10**12), max_value=10**12), min_size=1, max_size=30))
def test_shown_parts_make_the_shown_total(parts: list[int]) -> None:
    cells, total = text.column(parts)

    if abs(sum(parts)) < 9_999 * NANOS_PER_UNIT:
        assert sum(in_cents(cell) for cell in cells) == in_cents(total)


@given(st.lists(st.integers(min_value=0, max_value=10**15), min_size=1, max_size=30))
def test_shown_shares_make_a_hundred(parts: list[int]) -> None:
    shown = text.shares(parts)

    if sum(parts) == 0:
        assert shown is None
        return
    assert shown is not None
    known = sum(int(share[:-1]) for share in shown if share != "<1%")
    hidden = shown.count("<1%")
    assert 100 - hidden <= known <= 100


@given(AMOUNTS)
def test_every_amount_is_short_and_nothing_but_zero_is_zero(amount: int) -> None:
    words = text.money(amount)

    assert len(words) <= 16
    assert (words == "$0") == (amount == 0)


@given(AMOUNTS, AMOUNTS)
def test_comparisons_never_fail(now: int, before: int) -> None:
    assert text.more_or_less(now, before)
    assert text.times(now, before) is not None
