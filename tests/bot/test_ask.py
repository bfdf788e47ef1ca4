"""`ask --json` over real storage and the simulated vendors: to the nano-dollar what their own books say."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from bot.demo.vendors.account import Counts, Fee, UsageRow
from bot.errors import CommandError
from tests.bot.open_desk import Desk, amounts, asked_claude, dollars, metered, open_desk, used

FEE = Fee(
    day=date(2026, 11, 10),
    text="Web search tool calls",
    cost_type="web_search",
    nanos=500_000_001,
    appears_at=int(datetime(2026, 11, 10, tzinfo=UTC).timestamp()),
)
SETTLED = "2026-11-02..2026-11-16"
FIRST, LAST = date(2026, 11, 2), date(2026, 11, 16)


pytestmark = pytest.mark.asyncio(
    loop_scope="module"
)  # one desk answers all of these: nothing is changed by asking


def _openai_rows() -> list[UsageRow]:
    vectors: dict[str, Any] = {"model": "text-embedding-3-small", "kind": "embeddings"}
    days = range(1, 20)
    return [
        *(used(day, hour) for day in days if day % 7 for hour in (2, 9, 10)),
        *(used(day, 8, project="proj_b", key="key_b", model="gpt-5-mini") for day in days if day % 3),
        *(used(day, 10, counts=Counts(uncached_in=3_000_007, requests=2), **vectors) for day in days),
        *(used(day, 9, month=10) for day in range(1, 32)),
    ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """Both vendors connected, with a discount of 15 % on OpenAI's bill."""
    claude = [
        *(asked_claude(day, 9) for day in range(1, 20)),
        *(asked_claude(day, 10, project=None, key=None, model="claude-haiku-4-5") for day in range(1, 20, 2)),
        *(asked_claude(day, 9, month=10) for day in range(1, 32)),
    ]
    accounts = metered(_openai_rows(), claude, fees=[FEE], discount=15)
    async with open_desk(tmp_path_factory.mktemp("desk"), accounts) as desk:
        await desk.connect("openai", "Shop OpenAI")
        await desk.connect("anthropic", "Shop Anthropic")
        yield desk


async def test_a_settled_window_equals_both_bills_to_the_nano_dollar(desk: Desk) -> None:
    data = await desk.ask(f"spend {SETTLED}")

    openai = dollars(desk.vendors.openai.ledger.billed_nanos(FIRST, LAST))
    anthropic = dollars(desk.vendors.anthropic.ledger.billed_nanos(FIRST, LAST))
    assert amounts(data) == {"openai": openai, "anthropic": anthropic}
    assert Decimal(data["total"]["amount"]) == openai + anthropic
    assert data["total"] == data["totals"][0]
    assert data["total"]["billed"] == data["total"]["amount"]
    assert data["total"]["estimated"] == "0"
    assert data["total"]["currency"] == "USD"
    assert data["basis"] == "billed"
    assert data["warnings"] == []
    assert data["unpriced"] == []
    assert data["window"] == {
        "start": "2026-11-02T00:00:00Z",
        "end": "2026-11-17T00:00:00Z",
        "label": "range",
    }


async def test_the_object_has_the_promised_fields_and_columns(desk: Desk) -> None:
    data = await desk.ask(f"spend {SETTLED} by model")

    assert list(data) == [
        "title", "lead", "facts", "table", "total", "totals", "unpriced", "freshness", "basis", "as_of", "window",
        "price_version", "chart", "warnings",
    ]  # fmt: skip
    assert data["table"]["columns"] == [
        "model", "amount", "currency", "basis", "tokens", "requests", "per_million", "share",
    ]  # fmt: skip
    assert data["price_version"].startswith("genai-prices ")
    assert data["chart"]["kind"] == "breakdown"
    assert data["chart"]["alt"]
    assert {(row["connection"], row["stream"], row["state"]) for row in data["freshness"]} == {
        ("Shop OpenAI", "usage/completions", "ok"),
        ("Shop OpenAI", "usage/embeddings", "ok"),
        ("Shop OpenAI", "costs", "ok"),
        ("Shop Anthropic", "usage_report/messages", "ok"),
        ("Shop Anthropic", "cost_report", "ok"),
    }
    assert {row["as_of"] for row in data["freshness"]} == {"2026-11-19T12:00:00Z"}


async def test_models_carry_the_money_of_their_bill_lines(desk: Desk) -> None:
    data = await desk.ask(f"spend {SETTLED} by model")

    expected: dict[str, Decimal] = {}
    for vendor in (desk.vendors.openai, desk.vendors.anthropic):
        for (model,), nanos in vendor.ledger.billed_by(FIRST, LAST, "model").items():
            name = model or "(not attributed)"
            expected[name] = expected.get(name, Decimal(0)) + dollars(nanos)
    assert amounts(data) == expected


async def test_rows_are_ordered_by_amount_then_by_name(desk: Desk) -> None:
    found = list(amounts(await desk.ask(f"spend {SETTLED} by model")).items())

    assert found == sorted(found, key=lambda item: (-item[1], item[0]))


async def test_tokens_requests_price_and_share_are_exact(desk: Desk) -> None:
    data = await desk.ask(f"spend {SETTLED} by model provider:anthropic")

    rows = {row[0]: row for row in data["table"]["rows"]}
    opus = rows["claude-opus-5"]
    assert opus == ["claude-opus-5", "375", "USD", "billed", 15_000_000, None, "25", "0.914634146"]
    assert sum(Decimal(row[-1]) for row in data["table"]["rows"]) == pytest.approx(
        Decimal(1), abs=Decimal("1e-8")
    )


async def test_projects_of_equal_names_are_told_apart(desk: Desk) -> None:
    data = await desk.ask(f"spend {SETTLED} by project")

    openai = desk.vendors.openai.ledger.billed_by(FIRST, LAST, "project")
    anthropic = desk.vendors.anthropic.ledger.billed_by(FIRST, LAST, "project")
    assert amounts(data) == {
        "Alpha (proj_a)": dollars(openai["proj_a",]),
        "Beta": dollars(openai["proj_b",]),
        "(not attributed)": dollars(openai[None,]),
        "Alpha (wrkspc_a)": dollars(anthropic["wrkspc_a",]),
        "Default workspace": dollars(anthropic[None,]),
    }


async def test_keys_carry_their_bill_and_what_has_none_is_said(desk: Desk) -> None:
    data = await desk.ask(f"spend {SETTLED} by key provider:openai")

    by_key = desk.vendors.openai.ledger.billed_by(FIRST, LAST, "key")
    assert amounts(data) == {
        "a": dollars(by_key["key_a",]),
        "b": dollars(by_key["key_b",]),
        "(not attributed)": dollars(by_key[None,]),
    }


async def test_days_are_in_order_with_their_zero_days(desk: Desk) -> None:
    data = await desk.ask(f"spend {SETTLED} by day provider:openai key:b")

    by_day = desk.vendors.openai.ledger.billed_by(FIRST, LAST, "day", "key")
    found = amounts(data)
    assert list(found) == [f"2026-11-{day:02}" for day in range(2, 17)]
    assert found == {
        f"2026-11-{day:02}": dollars(by_day.get((f"2026-11-{day:02}", "key_b"), 0)) for day in range(2, 17)
    }
    assert found["2026-11-03"] == 0


async def test_two_dimensions_sum_exactly_to_the_total(desk: Desk) -> None:
    data = await desk.ask("spend month by project by model")

    assert sum(amounts(data, "project", "model").values()) == Decimal(data["total"]["amount"])
    groups = [row[0] for row in data["table"]["rows"]]
    assert groups == [name for name in dict.fromkeys(groups) for _ in range(groups.count(name))]


async def test_a_second_dimension_of_days_runs_in_time_inside_the_largest_groups(desk: Desk) -> None:
    data = await desk.ask("spend last 3 days by provider by day")

    rows = [(row[0], row[1]) for row in data["table"]["rows"]]
    days = ["2026-11-17", "2026-11-18", "2026-11-19"]
    assert rows == [*(("openai", day) for day in days), *(("anthropic", day) for day in days)]


async def test_hours_are_written_in_utc_up_to_now_and_zero_hours_stand_there(desk: Desk) -> None:
    data = await desk.ask("spend today by hour")

    found = amounts(data)
    assert list(found) == [f"2026-11-19T{hour:02}:00Z" for hour in range(13)]
    assert found["2026-11-19T02:00Z"] == 14
    assert found["2026-11-19T03:00Z"] == 0


async def test_only_top_n_makes_other_and_other_holds_the_rest(desk: Desk) -> None:
    whole = await desk.ask(f"spend {SETTLED} by model")
    top = await desk.ask(f"spend {SETTLED} by model top 2")

    assert "other" not in amounts(whole)
    rows = top["table"]["rows"]
    assert [row[0] for row in rows] == ["gpt-5.2", "claude-opus-5", "other"]
    assert sum(amounts(top).values()) == Decimal(whole["total"]["amount"])


async def test_an_open_window_is_mixed_and_says_what_is_billed(desk: Desk) -> None:
    data = await desk.ask("spend month")

    total = data["total"]
    assert data["basis"] == "mixed"
    assert Decimal(total["billed"]) + Decimal(total["estimated"]) == Decimal(total["amount"])
    openai = desk.vendors.openai.ledger.billed_nanos(date(2026, 11, 1), date(2026, 11, 17))
    anthropic = desk.vendors.anthropic.ledger.billed_nanos(date(2026, 11, 1), date(2026, 11, 17))
    assert Decimal(total["billed"]) == dollars(openai + anthropic)
    assert "billed to Nov 17, estimated since" in (await desk.view("spend month")).footer


async def test_today_is_estimated_at_list_prices(desk: Desk) -> None:
    data = await desk.ask("spend today by model provider:openai")

    assert data["basis"] == "estimated"
    assert amounts(data)["gpt-5.2"] == 42  # three hours of a million tokens at $14
    assert data["window"]["label"] == "today"


async def test_filters_narrow_by_name_by_id_and_by_wildcard(desk: Desk) -> None:
    assert set(amounts(await desk.ask(f"spend {SETTLED} by model model:gpt-5*"))) == {"gpt-5.2", "gpt-5-mini"}
    by_name = await desk.ask(f"spend {SETTLED} by provider project:beta")
    by_id = await desk.ask(f"spend {SETTLED} by provider project:proj_b")
    assert by_name["total"] == by_id["total"]
    assert set(amounts(by_name)) == {"openai"}
    both = await desk.ask(f"spend {SETTLED} by model model:gpt-5.2 model:claude-opus-5")
    assert set(amounts(both)) == {"gpt-5.2", "claude-opus-5"}


async def test_a_filter_that_matches_nothing_names_the_nearest(desk: Desk) -> None:
    with pytest.raises(CommandError) as caught:
        await desk.ask("spend model:gpt5*")

    assert caught.value.sentence.startswith("No model matches gpt5* in the last 90 days. Nearest: gpt-5")


async def test_a_comparison_ends_at_the_same_minute(desk: Desk) -> None:
    data = await desk.ask("spend today vs yesterday provider:openai by model")

    rows = {row[0]: row for row in data["table"]["rows"]}
    before = data["table"]["columns"].index("before")
    assert data["table"]["columns"][-2:] == ["before", "change"]
    assert rows["gpt-5.2"][before] == "42"  # all three hours of yesterday lie before noon
    assert rows["gpt-5.2"][before + 1] == "0"


async def test_a_month_is_compared_to_the_same_point(desk: Desk) -> None:
    lead = await desk.lead("spend month provider:anthropic")

    assert lead == "November so far: $525.00, $50.00 more (+11%) than by this time in October."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("spend 2026-12-01", "2026-12-01 is still to come. History runs from Aug 21 to today."),
        ("spend since 2027-01-01", "2027-01-01 is still to come. History runs from Aug 21 to today."),
        (
            "spend week vs 2026-12-01..2026-12-07",
            "2026-12-01 is still to come. History runs from Aug 21 to today.",
        ),
        ("spend 2026-05-01..2026-05-31", "History starts on Aug 21; May 1 to May 31 lies before it."),
    ],
)
async def test_windows_outside_the_history_are_refused(desk: Desk, words: str, sentence: str) -> None:
    with pytest.raises(CommandError) as caught:
        await desk.ask(words)

    assert caught.value.sentence == sentence


async def test_by_user_while_names_are_off_says_how_to_turn_them_on(desk: Desk) -> None:
    with pytest.raises(CommandError) as caught:
        await desk.ask("spend by user")

    assert "names on" in caught.value.sentence


async def test_the_answer_says_the_window_again_in_words_that_can_be_asked(desk: Desk) -> None:
    data = await desk.ask('spend last 7 days by project then by model top 3 project:"Alpha"')

    again = await desk.ask(data["title"])
    assert data["title"] == "spend last 7 days by project by model top 3 project:Alpha"
    assert again == data


async def test_what_is_shown_adds_up_to_what_is_shown(desk: Desk) -> None:
    table = (await desk.view("spend month by project")).table

    assert table is not None
    assert table.total is not None
    shown = [Decimal(row[1].lstrip("$<").replace(",", "")) for row in table.rows]
    assert sum(shown) == Decimal(table.total[1].lstrip("$").replace(",", ""))


async def test_every_dimension_answers_and_sums_to_the_total(desk: Desk) -> None:
    for dimension in (
        "provider",
        "connection",
        "model",
        "project",
        "key",
        "tier",
        "kind",
        "token class",
        "day",
        "hour",
    ):
        data = await desk.ask(f"spend last 5 days by {dimension}")

        assert sum(amounts(data, dimension).values()) == Decimal(data["total"]["amount"]), dimension


async def test_days_are_compared_place_by_place(desk: Desk) -> None:
    data = await desk.ask("spend last 3 days vs 2026-11-10..2026-11-12 by day provider:anthropic")

    rows = {row[0]: row[-2:] for row in data["table"]["rows"]}
    assert rows == {
        "2026-11-17": ["25", "5"],  # haiku runs on odd days
        "2026-11-18": ["30", "-5"],
        "2026-11-19": ["25", "5"],
    }


async def test_hours_are_compared_place_by_place(desk: Desk) -> None:
    data = await desk.ask("spend 2026-11-17 vs 2026-11-15 by hour key:b")

    rows = [row for row in data["table"]["rows"] if row[1] != "0" or row[-2] != "0"]
    assert [row[0] for row in rows] == ["2026-11-17T08:00Z"]


async def test_a_window_by_day_is_compared_too(desk: Desk) -> None:
    lead = await desk.lead("spend last 7 days by day provider:anthropic")

    assert lead == "Last 7 days: $195.00, $5.00 more (+3%) than the 7 days before."


async def test_the_console_has_no_channels_to_tell_a_budget_in(desk: Desk) -> None:
    with pytest.raises(CommandError) as refused:
        await desk.view("budget set 77 monthly in #ai-spend")

    assert str(refused.value) == (
        "The console has no channel #ai-spend. Set this budget in the chat where it is."
    )
    assert 77 not in [budget.limit for budget in await desk.store.budgets()]
