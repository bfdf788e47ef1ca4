from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from spend.pricing import Discount, PriceOverride, PriceRules, price_usage
from spend.usage import Dimensions, Estimate, TokenCounts, UsageRecord

NANOS = {"uncached_in": 1250, "cache_read": 125, "cache_write": 0, "out": 10_000, "audio_out": 20_000}


@dataclass
class Book:
    """A price list of one model: nano-units per token by class, and per search."""

    prices: Mapping[str, int] = field(default_factory=lambda: NANOS)
    model: str = "gpt-5"
    version: str = "book-7"
    asked: list[UsageRecord] = field(default_factory=list)

    def estimate(self, provider: str, record: UsageRecord) -> Estimate | None:
        self.asked.append(record)
        if provider != "openai" or record.dims.model != self.model:
            return None
        if record.units is not None:
            nanos = int(record.units) * 10_000_000
            return Estimate(nanos, (("units", nanos),), self.version)
        counted = list(record.tokens.items())
        if any(name not in self.prices for name, _ in counted):
            return None
        parts = tuple((name, count * self.prices[name]) for name, count in counted)
        return Estimate(sum(nanos for _, nanos in parts), parts, self.version)


def record(model: str = "gpt-5", *, day: int = 17, hour: int = 0, **tokens: int) -> UsageRecord:
    return UsageRecord(
        start=datetime(2026, 11, day, hour, tzinfo=UTC),
        dims=Dimensions(model=model, kind="completions"),
        tokens=TokenCounts(**tokens),
        requests=10,
    )


def override(
    model: str, price_in: str, price_out: str, *, start: int = 1, end: int | None = None
) -> PriceOverride:
    ends_on = None if end is None else date(2026, 11, end)
    return PriceOverride(model, Decimal(price_in), Decimal(price_out), date(2026, 11, start), ends_on)


def discount(percent: str, *, start: int = 1, end: int | None = None, connection: str = "c1") -> Discount:
    ends_on = None if end is None else date(2026, 11, end)
    return Discount(connection, Decimal(percent), date(2026, 11, start), ends_on)


def estimate(
    usage: UsageRecord,
    *,
    overrides: tuple[PriceOverride, ...] = (),
    discounts: tuple[Discount, ...] = (),
    book: Book | None = None,
) -> Estimate | None:
    (priced,) = price_usage(
        [usage],
        provider="openai",
        connection_id="c1",
        book=book or Book(),
        rules=PriceRules(overrides, discounts),
    )
    assert priced.record is usage
    return priced.estimate


def test_without_rules_the_book_is_taken_at_its_word() -> None:
    assert estimate(record(uncached_in=100, out=10)) == Estimate(
        225_000, (("uncached_in", 125_000), ("out", 100_000)), "book-7"
    )


def test_a_model_the_book_does_not_know_is_unpriced_also_under_a_discount() -> None:
    assert estimate(record("unheard-of", out=10)) is None
    assert estimate(record("unheard-of", out=10), discounts=(discount("15"),)) is None


def test_every_record_gets_its_estimate_in_order() -> None:
    records = [record(out=1), record("unheard-of", out=1), record(out=3)]

    priced = price_usage(records, provider="openai", connection_id="c1", book=Book(), rules=PriceRules())

    assert [item.record for item in priced] == records
    assert [item.estimate.nanos if item.estimate else None for item in priced] == [10_000, None, 30_000]


def test_an_override_prices_plain_input_and_output_as_it_says() -> None:
    rules = (override("gpt-5", "3", "15", start=3),)

    assert estimate(record(uncached_in=100, out=10), overrides=rules) == Estimate(
        450_000, (("uncached_in", 300_000), ("out", 150_000)), "override:2026-11-03"
    )


def test_an_override_scales_other_classes_by_the_ratio_the_book_knows() -> None:
    """In the book cached input is a tenth of input, a cache write is free, and audio is twice the output."""
    usage = record(uncached_in=10, cache_read=100, cache_write=50, out=1, audio_out=1)

    priced = estimate(usage, overrides=(override("gpt-5", "3", "15"),))

    assert priced is not None
    assert dict(priced.parts) == {
        "uncached_in": 30_000,
        "cache_read": 30_000,
        "cache_write": 0,
        "out": 15_000,
        "audio_out": 30_000,
    }


def test_an_override_of_a_model_the_book_does_not_know_prices_cached_input_like_input() -> None:
    priced = estimate(
        record("in-house", cache_read=100, audio_out=2), overrides=(override("in-*", "3", "15"),)
    )

    assert priced is not None
    assert priced.parts == (("cache_read", 300_000), ("audio_out", 30_000))


def test_the_ratio_is_asked_for_once_a_day_and_below_every_long_context_step() -> None:
    book = Book()
    records = [record(hour=hour, cache_read=10) for hour in range(24)]

    price_usage(
        records,
        provider="openai",
        connection_id="c1",
        book=book,
        rules=PriceRules((override("gpt-5", "3", "15"),)),
    )

    assert [probe.tokens for probe in book.asked] == [
        TokenCounts(cache_read=1_000_000),
        TokenCounts(uncached_in=1_000_000),
    ]
    assert {probe.requests for probe in book.asked} == {1_000}


def test_an_override_leaves_what_is_not_counted_in_tokens_to_the_book() -> None:
    usage = UsageRecord(
        start=datetime(2026, 11, 17, tzinfo=UTC),
        dims=Dimensions(model="gpt-5", kind="web_search"),
        units=Decimal(3),
        unit="searches",
    )

    assert estimate(usage, overrides=(override("*", "3", "15"),)) == Estimate(
        30_000_000, (("units", 30_000_000),), "book-7"
    )


@pytest.mark.parametrize(
    ("pattern", "is_meant"),
    [
        ("gpt-5", True),
        ("GPT-5", True),
        ("gpt-*", True),
        ("*", True),
        ("gpt", False),
        ("gpt-5-mini", False),
        ("gpt-[5]", False),
    ],
)
def test_an_override_names_a_model_whole_or_with_wildcards(pattern: str, is_meant: bool) -> None:
    priced = estimate(record(out=1), overrides=(override(pattern, "3", "15"),))

    assert priced is not None
    assert priced.nanos == (15_000 if is_meant else 10_000)


@pytest.mark.parametrize(
    ("day", "nanos"), [(9, 10_000), (10, 1_000), (14, 1_000), (15, 2_000), (19, 2_000), (20, 1_000)]
)
def test_the_newest_override_that_covers_the_utc_date_wins(day: int, nanos: int) -> None:
    rules = (override("gpt-5", "1", "2", start=15, end=20), override("gpt-5", "1", "1", start=10))

    for hour in (0, 23):
        priced = estimate(record(day=day, hour=hour, out=1), overrides=rules)
        assert priced is not None
        assert priced.nanos == nanos


def test_of_overrides_with_one_start_the_one_that_says_more_of_the_name_wins() -> None:
    rules = (override("gpt-5", "1", "1"), override("gpt*", "1", "2"), override("*", "1", "3"))

    for ordered in (rules, rules[::-1]):
        priced = estimate(record(out=1), overrides=ordered)
        assert priced is not None
        assert priced.nanos == 1_000


def test_an_override_of_nothing_is_free_and_not_unpriced() -> None:
    priced = estimate(record(uncached_in=5, out=5), overrides=(override("gpt-5", "0", "0"),))

    assert priced == Estimate(0, (("uncached_in", 0), ("out", 0)), "override:2026-11-01")


def test_fractions_of_a_nano_unit_are_rounded_once_and_the_parts_follow() -> None:
    priced = estimate(record(uncached_in=1, out=1), overrides=(override("gpt-5", "0.0005", "0.001"),))

    assert priced is not None
    assert (priced.nanos, priced.parts) == (2, (("uncached_in", 1), ("out", 1)))


def test_a_discount_multiplies_the_books_price_and_says_so() -> None:
    priced = estimate(record(uncached_in=100, out=10), discounts=(discount("15"),))

    assert priced == Estimate(191_250, (("uncached_in", 106_250), ("out", 85_000)), "book-7-15%")


def test_a_discount_multiplies_an_override_too() -> None:
    priced = estimate(
        record(out=10), overrides=(override("gpt-5", "3", "15"),), discounts=(discount("12.50"),)
    )

    assert priced == Estimate(131_250, (("out", 131_250),), "override:2026-11-01-12.5%")


def test_a_discount_of_everything_is_free_and_not_unpriced() -> None:
    assert estimate(record(out=10), discounts=(discount("100"),)) == Estimate(0, (("out", 0),), "book-7-100%")


@pytest.mark.parametrize(("day", "nanos"), [(9, 10_000), (10, 9_000), (14, 9_000), (15, 8_000), (20, 9_000)])
def test_the_newest_discount_that_covers_the_utc_date_wins(day: int, nanos: int) -> None:
    rules = (discount("20", start=15, end=20), discount("10", start=10))

    priced = estimate(record(day=day, out=1), discounts=rules)

    assert priced is not None
    assert priced.nanos == nanos


def test_a_discount_of_another_connection_changes_nothing() -> None:
    priced = estimate(record(out=1), discounts=(discount("50", connection="c2"),))

    assert priced is not None
    assert (priced.nanos, priced.price_version) == (10_000, "book-7")
