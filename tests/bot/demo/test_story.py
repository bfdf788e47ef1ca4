"""Harbor Notes: prices that a price library confirms, and the shape of the story."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from genai_prices import Usage, calc_price

from bot.demo.harbor import ANTHROPIC_MODELS, OPENAI_MODELS
from bot.demo.story import END, Story, harbor_notes
from bot.demo.vendors.account import Model
from bot.demo.vendors.billing import anthropic_charges, openai_charges
from bot.demo.vendors.freshness import ANTHROPIC_LAG, OPENAI_LAG
from bot.demo.vendors.ledger import SEARCH_NANOS, Ledger

DOLLAR = 1_000_000_000


@pytest.fixture(scope="module")
def story() -> Story:
    return harbor_notes()


@pytest.fixture(scope="module")
def books(story: Story) -> tuple[Ledger, Ledger]:
    return (
        Ledger(story.openai, openai_charges, OPENAI_LAG),
        Ledger(story.anthropic, anthropic_charges, ANTHROPIC_LAG),
    )


def _worth(
    books: tuple[Ledger, Ledger], start: datetime, end: datetime, field: str
) -> dict[str | None, Decimal]:
    totals = [totals for ledger in books for totals in ledger.used_by(start, end, field).items()]
    return {name[0]: Decimal(nanos) / DOLLAR for name, nanos in totals}


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        *(("openai", model) for model in OPENAI_MODELS.values()),
        *(("anthropic", model) for model in ANTHROPIC_MODELS.values()),
    ],
    ids=lambda value: value.name if isinstance(value, Model) else value,
)
@pytest.mark.parametrize("day", [datetime(2026, 9, 21, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC)])
def test_list_prices_are_those_of_the_price_library(provider: str, model: Model, day: datetime) -> None:
    price = model.price
    asked = {"input_tokens": 1000, "output_tokens": 100 if price.out else None}
    nanos = 1000 * price.uncached_in + 100 * price.out
    if price.cache_read:
        asked["cache_read_tokens"] = 300
        nanos += 300 * (price.cache_read - price.uncached_in)
    if price.cache_write_5m:
        asked |= {"cache_write_tokens": 70, "cache_write_5m_tokens": 50, "cache_write_1h_tokens": 20}
        asked["web_searches"] = 3
        nanos += (
            50 * price.cache_write_5m + 20 * price.cache_write_1h - 70 * price.uncached_in + 3 * SEARCH_NANOS
        )

    found = calc_price(Usage(**asked), model.name, provider_id=provider, genai_request_timestamp=day)

    assert found.total_price == Decimal(nanos) / DOLLAR


def test_a_batch_pays_half_in_the_price_library_too() -> None:
    usage = Usage(input_tokens=2000, output_tokens=1000)

    found = calc_price(usage, "gpt-5-mini", provider_id="openai", price_context={"processing": "batch"})

    assert found.total_price == Decimal("0.00125")


def test_november_comes_to_what_the_company_spends(story: Story, books: tuple[Ledger, Ledger]) -> None:
    november = datetime(2026, 11, 1, tzinfo=story.zone)

    by_model = _worth(books, november, story.end, "model")

    assert Decimal(2150) < sum(by_model.values()) < Decimal(2350)
    assert sorted(by_model, key=lambda name: -by_model[name]) == [
        "claude-sonnet-5",
        "gpt-5.2",
        "claude-opus-5",
        "gpt-5-mini",
        "claude-haiku-4-5",
        "text-embedding-3-small",
    ]


def test_weekends_are_quieter_and_the_launch_is_seen(story: Story, books: tuple[Ledger, Ledger]) -> None:
    def day(day_of_november: int, field: str = "kind") -> dict[str | None, Decimal]:
        start = datetime(2026, 11, day_of_november, tzinfo=story.zone)
        return _worth(books, start, start + timedelta(days=1), field)

    support = "wrkspc_01HnSupportQvzr7rXLA5AGx"
    assert story.launch_on == date(2026, 11, 3)
    assert sum(day(15).values()) < sum(day(12).values()) / 2
    assert day(3, "project")[support] > day(2, "project")[support] * Decimal("1.4")


def test_the_new_key_works_three_nights_and_then_runs_away(
    story: Story, books: tuple[Ledger, Ledger]
) -> None:
    _, anthropic = books
    key = story.anthropic.keys[3]

    def spent(start: datetime, end: datetime) -> Decimal:
        return Decimal(anthropic.used_by(start, end, "key").get((key.id,), 0)) / DOLLAR

    day = timedelta(days=1)
    assert key.name == "agents-nightly"
    assert story.nightly_since == datetime(2026, 11, 16, 3, tzinfo=story.zone)
    assert spent(story.start, story.nightly_since) == 0
    assert [
        round(spent(story.nightly_since + i * day, story.nightly_since + i * day + timedelta(hours=4)), 1)
        for i in range(4)
    ] == [Decimal("4.6")] * 4
    assert round(spent(story.runaway_since, story.runaway_until)) == 135
    assert spent(story.runaway_until.replace(hour=17, minute=0), story.end + timedelta(hours=9)) == 0


def test_estimates_equal_the_bill_but_for_fees_and_the_correction(
    story: Story, books: tuple[Ledger, Ledger]
) -> None:
    first, last = date(2026, 9, 22), date(2026, 11, 18)
    start = datetime(2026, 9, 22, tzinfo=UTC)
    for account, ledger in zip((story.openai, story.anthropic), books, strict=True):
        used = sum(ledger.used_by(start, start + (last - first + timedelta(days=1)), "model").values())
        days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
        fees = sum(fee.nanos for day in days for fee in account.meter.fees_on(day))

        assert ledger.billed_nanos(first, last) == used + fees
        assert 0 < fees < used // 50


def test_a_settled_day_is_restated_long_after(story: Story, books: tuple[Ledger, Ledger]) -> None:
    openai, _ = books
    settled = datetime(2026, 11, 12, tzinfo=UTC)

    assert story.corrected_on == date(2026, 11, 10)
    before = openai.billed_nanos(story.corrected_on, now=settled)
    after = openai.billed_nanos(story.corrected_on, now=story.end)
    assert after - before == 1_200_000_000


def test_the_same_seed_tells_the_same_story() -> None:
    hour = int(END.timestamp()) // 3600 * 3600

    def rows(seed: int) -> list[object]:
        return list(harbor_notes(seed=seed, days=5).openai.meter.rows_at(hour))

    assert rows(1) == rows(1) != rows(2)


def test_a_shorter_story_has_the_same_last_days(story: Story) -> None:
    short = harbor_notes(days=5)
    hour = int(END.timestamp()) // 3600 * 3600

    assert short.openai.meter.rows_at(hour) == story.openai.meter.rows_at(hour)
    assert short.openai.meter.rows_at(hour - 86400 * 10) == ()


def test_the_story_can_end_another_day() -> None:
    story = harbor_notes(days=10, end=datetime(2026, 8, 5, 10, 0, tzinfo=UTC))

    assert (story.start.date(), story.launch_on) == (date(2026, 7, 27), date(2026, 7, 20))
    assert story.runaway_since == datetime(2026, 8, 5, 10, tzinfo=story.zone)


def test_too_short_a_story_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 4 days"):
        harbor_notes(days=3)


def test_some_usage_comes_late_is_restated_or_withdrawn(story: Story) -> None:
    start = int(story.start.timestamp())
    rows = [
        row for hour in range(start, start + 50 * 86400, 3600) for row in story.openai.meter.rows_at(hour)
    ]

    assert 20 < sum(row.is_late for row in rows) < len(rows) // 20
    assert 10 < sum(row.is_restated for row in rows) < len(rows) // 40
    assert 3 < sum(row.is_withdrawn for row in rows) < len(rows) // 200
