"""List prices: per average request, on the bucket's date, by the way it was called; never a guess, never a float."""

from datetime import UTC, datetime
from decimal import Decimal

import genai_prices
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers._prices import GenaiPriceBook, default_prices
from spend.usage import Dimensions, TokenCounts, UsageRecord

BOOK = GenaiPriceBook()
DAY = datetime(2026, 11, 17, tzinfo=UTC)
MILLION = 1_000_000


def record(
    model: str,
    *,
    tier: str = "",
    variant: str = "",
    requests: int | None = None,
    start: datetime = DAY,
    **tokens: int,
) -> UsageRecord:
    return UsageRecord(
        start=start,
        dims=Dimensions(model=model, kind="completions", service_tier=tier, variant=variant),
        tokens=TokenCounts(**tokens),
        requests=requests,
    )


def dollars(provider: str, priced: UsageRecord) -> Decimal | None:
    estimate = BOOK.estimate(provider, priced)
    return None if estimate is None else Decimal(estimate.nanos) / 10**9


@pytest.mark.parametrize(
    ("model", "requests", "expected"),
    [("gpt-5.6-sol", 1000, "40"), ("gpt-5.6-sol", 30, "80"), ("gpt-5.6-sol", None, "40")],
)
def test_a_long_context_price_is_taken_by_the_average_request(
    model: str, requests: int, expected: str
) -> None:
    """10 million tokens: in 1,000 calls 4 dollars a million, in 30 calls (333k each, above 272k) 8 dollars."""
    assert dollars("openai", record(model, requests=requests, uncached_in=10 * MILLION)) == Decimal(expected)


def test_the_context_window_of_anthropic_says_which_step() -> None:
    short = record("claude-sonnet-4-5", variant="context_window=0-200k", uncached_in=10 * MILLION)
    long = record("claude-sonnet-4-5", variant="context_window=200k-1M", uncached_in=10 * MILLION)

    assert dollars("anthropic", short) == 30
    assert dollars("anthropic", long) == 60


def test_a_price_step_is_passed_not_reached() -> None:
    at = record("gpt-5.6-sol", requests=1, uncached_in=272_000)
    above = record("gpt-5.6-sol", requests=1, uncached_in=272_001)

    assert dollars("openai", at) == Decimal("1.088")
    assert dollars("openai", above) == Decimal("2.176008")


@pytest.mark.parametrize(
    ("day", "expected"),
    [((2025, 6, 1), "10"), ((2025, 6, 15), "2"), ((2026, 8, 19), None), ((2026, 9, 1), None)],
)
def test_prices_are_those_of_the_day(day: tuple[int, int, int], expected: str | None) -> None:
    start = datetime(*day, tzinfo=UTC)
    if expected is not None:
        assert dollars("openai", record("o3", start=start, requests=1000, uncached_in=MILLION)) == Decimal(
            expected
        )
    else:
        was = {19: 5, 1: 4}[day[2]]
        assert (
            dollars("openai", record("gpt-5.6-sol", start=start, requests=1000, uncached_in=MILLION)) == was
        )


@pytest.mark.parametrize(
    ("tier", "expected"),
    [
        ("", "1.25"),
        ("default", "1.25"),
        ("batch", "0.625"),
        ("flex", "0.625"),
        ("priority", "2.5"),
        ("scale", None),
    ],
)
def test_tiers_of_openai_have_their_own_prices_or_none(tier: str, expected: str | None) -> None:
    priced = dollars("openai", record("gpt-5", tier=tier, requests=1000, uncached_in=MILLION))

    assert priced == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("tier", "expected"),
    [("standard", "5"), ("batch", "2.5"), ("priority", "5"), ("priority_on_demand", "5"), ("flex", None)],
)
def test_tiers_of_anthropic_have_their_own_prices_or_none(tier: str, expected: str | None) -> None:
    priced = dollars("anthropic", record("claude-opus-5", tier=tier, uncached_in=MILLION))

    assert priced == (None if expected is None else Decimal(expected))


def test_batch_is_half_price_on_days_the_package_does_not_know_it_for() -> None:
    start = datetime(2026, 9, 1, tzinfo=UTC)

    assert dollars("anthropic", record("claude-opus-5", tier="batch", start=start, out=MILLION)) == Decimal(
        "12.5"
    )
    assert dollars("openai", record("gpt-5", tier="priority", start=start, requests=9, out=MILLION)) == 20


@pytest.mark.parametrize(
    ("model", "expected"),
    [("claude-opus-4-6", "5.5"), ("claude-sonnet-5", "2.2"), ("claude-haiku-4-5-20251001", "1")],
)
def test_us_inference_costs_a_tenth_more_from_4_6_on(model: str, expected: str) -> None:
    assert dollars("anthropic", record(model, variant="inference_geo=us", uncached_in=MILLION)) == Decimal(
        expected
    )


def test_fast_mode_has_its_price() -> None:
    assert dollars("anthropic", record("claude-opus-5", variant="speed=fast", out=MILLION)) == 50


def test_web_searches_cost_a_cent() -> None:
    searches = UsageRecord(
        start=DAY,
        dims=Dimensions(model="claude-sonnet-5", kind="web_search"),
        units=Decimal(14),
        unit="searches",
    )
    estimate = BOOK.estimate("anthropic", searches)

    assert estimate is not None
    assert estimate.parts == (("units", 140_000_000),)


@pytest.mark.parametrize("model", ["", "never-seen-9", "dall-e-3", "whisper-1"])
def test_what_has_no_price_is_unpriced_not_zero(model: str) -> None:
    assert BOOK.estimate("openai", record(model, requests=1, uncached_in=MILLION)) is None


def test_a_vendor_the_package_has_never_heard_of_is_unpriced() -> None:
    assert BOOK.estimate("acme", record("acme-large-1", requests=1, uncached_in=MILLION)) is None


def test_units_without_a_price_are_unpriced() -> None:
    sessions = UsageRecord(start=DAY, dims=Dimensions(model="gpt-5"), units=Decimal(3), unit="sessions")

    assert BOOK.estimate("openai", sessions) is None


def test_nothing_used_is_zero() -> None:
    estimate = BOOK.estimate("openai", record("gpt-5", requests=0, uncached_in=0, out=0))

    assert estimate is not None
    assert (estimate.nanos, estimate.parts) == (0, ())


def test_the_version_names_the_package() -> None:
    assert default_prices().version == "genai-prices " + genai_prices.__version__


CLASSES = ("uncached_in", "cache_read", "cache_write_5m", "cache_write_1h", "out")


@settings(max_examples=60)
@given(
    st.sampled_from(["claude-sonnet-4-5", "claude-opus-5", "claude-haiku-4-5"]),
    st.lists(st.integers(0, 5 * MILLION), min_size=5, max_size=5),
)
def test_the_estimate_is_what_the_package_says_for_the_average_call(model: str, counts: list[int]) -> None:
    """Unit prices are kept, but the sum is the package's own for one call of the same size."""
    tokens = dict(zip(CLASSES, counts, strict=True))
    fresh, read, five, hour, out = counts
    expected = genai_prices.calc_price(
        genai_prices.Usage(
            input_tokens=fresh + read + five + hour,
            cache_read_tokens=read,
            cache_write_tokens=five + hour,
            cache_write_5m_tokens=five,
            cache_write_1h_tokens=hour,
            output_tokens=out,
        ),
        model,
        provider_id="anthropic",
        genai_request_timestamp=DAY,
    ).total_price

    estimate = BOOK.estimate("anthropic", record(model, requests=1, **tokens))

    assert estimate is not None
    assert abs(Decimal(estimate.nanos) / 10**9 - expected) <= Decimal("1e-9")
    assert sum(part for _, part in estimate.parts) == estimate.nanos
