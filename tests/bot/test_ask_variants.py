"""Every state in which money is shown (messages.md 3.3), over real storage and the simulated vendors."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.demo.vendors.account import Counts, Fee, Model, Price
from bot.demo.vendors.billing import openai_charges
from bot.demo.vendors.customers import Customer
from bot.demo.vendors.freshness import OPENAI_LAG
from bot.demo.vendors.ledger import Ledger
from bot.errors import CommandError
from storage import ConnectionState
from tests.bot.demo.shop import Shop
from tests.bot.open_desk import NOON, amounts, asked_claude, dollars, metered, open_desk, used

TWO_KEYS = [*(used(day, 9) for day in range(1, 20)), *(used(day, 8, key="key_b") for day in range(1, 20))]


def _fee(nanos: int, day: int, **changes: object) -> Fee:
    at = datetime(2026, 11, day, tzinfo=UTC)
    fee = Fee(
        day=at.date(),
        text="Web search tool calls",
        cost_type="web_search",
        nanos=nanos,
        appears_at=int(at.timestamp()),
    )
    return replace(fee, **changes)  # type: ignore[arg-type]


async def test_before_the_first_connection_there_is_no_amount(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered()) as desk:
        data = await desk.ask("spend")

        assert data["lead"] == "Nothing is connected yet, so there is nothing to count."
        assert data["total"] is None
        assert data["totals"] == []
        assert data["table"] == {"columns": [], "rows": []}
        assert data["chart"] is None
        assert "$0" not in str(data)
        made = await desk.ask("budget set 500 monthly")
        assert made["lead"] == (
            "Budget set: $500 a month for Everything. Nothing is connected yet, so there is nothing to count."
        )
        for words in ("spend forecast", "spend burn", "spend today by model", "budget list", "spend status"):
            assert (await desk.ask(words))["lead"] == data["lead"]
        budgets, status = (await desk.view("budget list")).table, await desk.view("spend status")
        assert budgets is not None
        assert budgets.rows == (("Everything", "$500 a month"),)
        assert str(status.body[0]).startswith("Alerts in console, summary there at 09:00 UTC. 1 budget.")


async def test_a_connection_never_read_is_loading_and_shows_no_spend_as_certain(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered(TWO_KEYS)) as desk:
        await desk.connect("openai", "Shop OpenAI", poll=False)
        data = await desk.ask("spend")

        assert {row["state"] for row in data["freshness"]} == {"loading"}
        assert {row["as_of"] for row in data["freshness"]} == {None}
        assert data["warnings"] == ["Shop OpenAI is still loading its history"]
        assert data["lead"] == "Nothing spent in November. No source answers so far; last spend: never."


async def test_no_spend_yet_says_that_the_source_answers_and_when_it_last_cost(tmp_path: Path) -> None:
    rows = [used(28, 9, month=10), used(28, 10, month=10, key="key_b")]
    async with open_desk(tmp_path, metered(rows)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        view = await desk.view("spend")

        assert (
            str(view.lead) == "Nothing spent in November. The source answers; last spend: $28.00 on Oct 28."
        )
        assert view.table is None
        assert view.chart is None
        assert view.data is not None
        assert view.data["total"]["amount"] == "0"
        assert view.data["table"]["rows"] == []


async def test_never_any_spend_says_never(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered()) as desk:
        await desk.connect("openai", "Shop OpenAI")

        assert await desk.lead("spend today") == "Nothing spent today. The source answers; last spend: never."


async def test_one_key_and_one_model_are_named_instead_of_a_table(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered([used(day, 9) for day in range(1, 20)])) as desk:
        await desk.connect("openai", "Shop OpenAI")
        view = await desk.view("spend")

        assert str(view.lead) == "November so far: $266.00, all gpt-5.2 on key a."
        assert view.table is None
        assert view.data is not None
        assert [row[:2] for row in view.data["table"]["rows"]] == [["openai", "266"]]


async def test_a_stale_source_is_named_and_past_two_hours_the_lead_says_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered(TWO_KEYS, [asked_claude(19, 9)])) as desk:
        await desk.connect("openai", "Shop OpenAI")
        await desk.connect("anthropic", "Shop Anthropic")
        desk.clock.now = NOON + timedelta(minutes=45)
        early = await desk.view("spend today")
        desk.clock.now = NOON + timedelta(hours=3)
        late = await desk.view("spend today")

        assert early.data is not None
        assert {row["state"] for row in early.data["freshness"]} == {"stale", "ok"}
        assert early.data["as_of"] == "2026-11-19T12:00:00Z"
        assert "OpenAI only to 12:00" in early.footer
        assert "only to" not in str(early.lead)
        assert "OpenAI only to 12:00" in str(late.lead)


async def test_a_broken_connection_hides_nothing_of_the_others(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered(TWO_KEYS, [asked_claude(19, 9), asked_claude(2, 9)])) as desk:
        await desk.connect("openai", "Shop OpenAI")
        other = await desk.connect("anthropic", "Shop Anthropic")
        whole = await desk.ask("spend")
        await desk.store.set_state(
            other.id, ConnectionState.BROKEN, "its key is refused (401)", desk.clock.now
        )
        data = await desk.ask("spend")

        assert data["total"] == whole["total"]
        assert data["warnings"] == ["Shop Anthropic is broken: its key is refused (401)"]
        assert {r["state"] for r in data["freshness"] if r["connection"] == "Shop Anthropic"} == {"broken"}
        assert "without Anthropic since 12:00" in (await desk.view("spend")).footer
        assert "more" not in data["lead"]
        assert not [fact for fact in data["facts"] if "On course" in fact]
        settled = await desk.ask("spend 2026-11-02..2026-11-08")
        assert settled["warnings"] == []


async def test_a_broken_connection_without_figures_stands_in_the_lead(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered(TWO_KEYS)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        other = await desk.connect("anthropic", "Shop Anthropic")
        await desk.store.set_state(
            other.id, ConnectionState.BROKEN, "its key is refused (401)", desk.clock.now
        )

        assert await desk.lead("spend") == "November so far: $532.00 without Anthropic (its key is refused)."


async def test_a_paused_connection_is_named(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered(TWO_KEYS)) as desk:
        connection = await desk.connect("openai", "Shop OpenAI")
        await desk.store.set_state(connection.id, ConnectionState.PAUSED, "", desk.clock.now)
        data = await desk.ask("spend")

        assert data["warnings"] == ["Shop OpenAI is paused"]
        assert {row["state"] for row in data["freshness"]} == {"paused"}


async def test_a_model_without_a_price_is_named_counted_and_in_no_total(tmp_path: Path) -> None:
    house_model = Model("ft:gpt-99:shop", "ft:gpt-99:shop", Price(1, 1, 0, 0, 1))
    rows = [*TWO_KEYS, used(19, 9, model="ft:gpt-99:shop", counts=Counts(uncached_in=12_400_000, requests=3))]
    accounts = metered(rows)
    models = {**accounts.openai.models, house_model.name: house_model}
    async with open_desk(tmp_path, Shop(replace(accounts.openai, models=models), accounts.anthropic)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        data = await desk.ask("spend today by model")
        view = await desk.view("spend today by model")

        assert data["unpriced"] == [{"model": "ft:gpt-99:shop", "kind": "completions", "tokens": 12_400_000}]
        assert data["total"]["amount"] == "28"
        row = next(row for row in data["table"]["rows"] if row[0] == "ft:gpt-99:shop")
        assert row[1:5] == [None, "USD", "unpriced", 12_400_000]
        assert "12.4M tokens not priced" in data["lead"]
        assert view.table is not None
        assert any("not priced" in cells for cells in view.table.rows)
        only = await desk.ask("spend today model:ft*")
        assert only["basis"] == "unpriced"


async def test_a_price_of_ones_own_prices_the_past_too_and_ends(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered(TWO_KEYS)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        await desk.ask("spend price set gpt-5.2 3 in 7 out from 2026-11-19")
        halved = await desk.ask("spend today")
        listed = await desk.view("spend price list")
        await desk.ask("spend price end gpt-5.2")
        ended = await desk.ask("spend today")

        assert halved["total"]["amount"] == "14"
        assert halved["price_version"] != ended["price_version"] or halved["price_version"]
        assert "gpt-5.2" in str(listed)
        assert ended["total"]["amount"] == "28"


async def test_a_discount_lowers_estimates_and_the_footer_says_so(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered(TWO_KEYS, discount=15)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        before = await desk.ask("spend month")
        await desk.ask("spend price discount 15% on Shop OpenAI from 2026-11-01")
        view = await desk.view("spend month")

        assert view.data is not None
        assert Decimal(before["total"]["billed"]) == Decimal(view.data["total"]["billed"])
        assert Decimal(before["total"]["estimated"]) == 56  # yesterday and today at list price
        assert Decimal(view.data["total"]["estimated"]) == Decimal("47.6")
        assert "prices less 15% (OpenAI contract)" in view.footer


async def test_a_negative_day_shows_a_credit_and_no_shares(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered([used(10, 9)], fees=[_fee(-26_000_000_000, 10)])) as desk:
        await desk.connect("openai", "Shop OpenAI")
        data = await desk.ask("spend 2026-11-10 by model")
        view = await desk.view("spend 2026-11-10 by model")

        assert data["total"]["amount"] == "-12"
        assert amounts(data) == {"gpt-5.2": Decimal(14), "(not attributed)": Decimal(-26)}
        assert [row[-1] for row in data["table"]["rows"]] == [None, None]
        assert view.table is not None
        assert any("-$26.00 credit" in cell for row in view.table.rows for cell in row)


async def test_yesterday_with_a_fee_on_its_open_bill_says_when_the_bill_is_due(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered(TWO_KEYS, fees=[_fee(500_000_000, 18)])) as desk:
        await desk.connect("openai", "Shop OpenAI")
        view = await desk.view("spend yesterday")

        assert view.data is not None
        assert view.data["total"]["amount"] == "28.5"
        assert view.data["basis"] == "mixed"
        assert view.footer == "As of 12:00 UTC · partly estimated, bill due Fri 00:00"


async def test_too_little_history_is_an_answer_and_not_a_guess(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered([used(day, 9) for day in (17, 18, 19)])) as desk:
        await desk.connect("openai", "Shop OpenAI")
        data = await desk.ask("spend forecast")

        assert data["lead"] == "A forecast needs 3 complete days; there are 2. From Fri Nov 20."


async def test_the_day_of_connecting_is_like_any_other_once_history_is_there(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered(TWO_KEYS)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        view = await desk.view("spend today by hour")

        assert "counted since midnight" not in str(view.lead)
        assert (
            await desk.lead("spend today")
            == "Today so far: $28.00, about the same as last Thursday by 12:00."
        )


async def test_a_disconnected_connection_keeps_its_figures(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered(TWO_KEYS)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        before = await desk.ask("spend 2026-11-02..2026-11-08")
        asks = await desk.view("spend disconnect Shop OpenAI")
        assert [c.label for c in await desk.store.connections()] == ["Shop OpenAI"]
        await desk.view("spend disconnect Shop OpenAI now")
        after = await desk.ask("spend 2026-11-02..2026-11-08")

        assert "Disconnect Shop OpenAI?" in str(asks.lead)
        assert await desk.store.connections() == []
        assert after["total"] == before["total"]
        assert after["freshness"] == []
        assert amounts(await desk.ask("spend 2026-11-02..2026-11-08 by connection")) == {
            "Shop OpenAI": Decimal(196)
        }


async def test_two_connections_of_one_provider_are_one_provider_and_two_connections(tmp_path: Path) -> None:
    async with open_desk(tmp_path / "a", metered(TWO_KEYS)) as desk:
        other = replace(
            metered([used(5, 9, project="proj_z", key="key_z")]).openai, id="org_other", projects=(), keys=()
        )
        key = "sk-admin-" + "zY9xW8vU7tS6" * 4
        desk.vendors.openai.customers.add(key, Customer(other, Ledger(other, openai_charges, OPENAI_LAG)))
        await desk.connect("openai", "Shop OpenAI")
        await desk.connect("openai", "Other OpenAI", key=key)
        window = "spend 2026-11-02..2026-11-08"

        assert amounts(await desk.ask(window)) == {"openai": Decimal(210)}
        assert amounts(await desk.ask(f"{window} by connection")) == {
            "Shop OpenAI": Decimal(196),
            "Other OpenAI": Decimal(14),
        }


@pytest.mark.parametrize(
    ("zone", "offset_hours", "label"),
    [("Europe/Berlin", 1, "CET"), ("America/New_York", -5, "EST"), ("Asia/Kathmandu", 5.75, "UTC+5:45")],
)
async def test_days_are_cut_in_the_zone_and_tile_in_it(
    tmp_path: Path, zone: str, offset_hours: float, label: str
) -> None:
    rows = [used(day, hour) for day in range(10, 16) for hour in (0, 4, 5, 18, 19, 22, 23)]
    async with open_desk(tmp_path, metered(rows), zone=zone) as desk:
        await desk.connect("openai", "Shop OpenAI")
        data = await desk.ask("spend 2026-11-11..2026-11-14 by day")
        whole = await desk.ask("spend 2026-11-09..2026-11-16")

        shift = timedelta(hours=offset_hours)
        expected = {f"2026-11-{day}": Decimal(0) for day in range(11, 15)}
        for row in rows:
            local = str((datetime.fromtimestamp(row.start, UTC) + shift).date())
            if local in expected:
                expected[local] += 14
        assert amounts(data) == expected
        assert Decimal(whole["total"]["amount"]) == dollars(
            desk.vendors.openai.ledger.billed_nanos(date(2026, 11, 10), date(2026, 11, 15))
        )
        assert label in (await desk.view("spend today")).footer or "Nothing" in await desk.lead("spend today")
        if zone == "Asia/Kathmandu":
            assert "days cut at :15 past the UTC hour" in (await desk.view("spend week")).footer


async def test_quiet_days_settle_too_so_that_an_old_window_is_billed(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered([used(9, 9), used(13, 9)])) as desk:
        await desk.connect("openai", "Shop OpenAI")
        data = await desk.ask("spend 2026-11-08..2026-11-14")

        assert data["basis"] == "billed"
        assert data["total"] == {"amount": "28", "currency": "USD", "billed": "28", "estimated": "0"}


async def test_comparisons_end_where_each_connection_ends(tmp_path: Path) -> None:
    claude = [asked_claude(day, hour) for day in (12, 19) for hour in (8, 13)]
    openai = [used(day, hour) for day in (12, 19) for hour in (8, 13)]
    async with open_desk(tmp_path, metered(openai, claude)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        connection = await desk.connect("anthropic", "Shop Anthropic")
        desk.clock.now = NOON + timedelta(hours=3)
        await desk.poll(connection)
        data = await desk.ask("spend today vs 2026-11-12 by provider")

        rows = {row[0]: row for row in data["table"]["rows"]}
        assert rows["anthropic"][-2:] == ["50", "0"]  # read at 15:00: both hours on both days
        assert rows["openai"][-2:] == ["14", "0"]  # read at 12:00: the hour at 13:00 is not held against it


async def test_budgets_count_forecast_and_are_removed(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered(TWO_KEYS)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        made = await desk.view("budget set 1,200 monthly for project:Alpha")
        again = await desk.view("budget set 1,500 monthly for project:Alpha")
        listed = await desk.ask("budget list")

        assert str(made.lead).startswith("Budget set: $1,200 a month for Alpha. So far $532.00 (44%)")
        assert str(again.lead).startswith("Budget set: $1,500 a month for Alpha.")
        assert len(await desk.store.budgets()) == 1
        assert listed["table"]["rows"][0][:6] == ["Alpha", "532", "USD", "mixed", "1500", "month"]
        await desk.view("budget remove project:Alpha")
        assert await desk.store.budgets() == []
        with pytest.raises(CommandError, match="There is no such budget"):
            await desk.view("budget remove project:Alpha")


async def test_a_settled_question_is_answered_alike_after_another_pass(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered(TWO_KEYS)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        before = await desk.ask("spend 2026-11-02..2026-11-08 by model by key")
        await desk.poll()
        after = await desk.ask("spend 2026-11-02..2026-11-08 by model by key")

        assert after == before
