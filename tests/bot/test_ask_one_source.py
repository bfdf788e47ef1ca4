"""A source that is not read: what it has no part in is compared and forecast all the same, what it may have is not."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.watch_budgets import BudgetWatch
from bot.reports.frame import load_frame
from bot.reports.outlook import month_outlook
from bot.reports.scope import readable_providers, scoped
from spend.money import NANOS_PER_UNIT
from spend.notify import IncidentKind
from storage import ConnectionState, Filter
from tests.bot.open_desk import NOON, Desk, asked_claude, metered, open_desk, used

# $14 a day at OpenAI, to Nov 29; $25 a day at Anthropic, whose figures end on Nov 19 at noon.
OPENAI = [used(day, 9, month) for month in (10, 11) for day in range(1, 30)]
ANTHROPIC = [
    asked_claude(day, 8, month, key="apikey_c", project="wrkspc_c")
    for month in (10, 11)
    for day in range(1, 20)
]
GAP = "Figures of Shop Anthropic end on Thu Nov 19, 12:00, 10 days ago"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A bot that reads OpenAI, and has not read Anthropic for ten days."""
    async with open_desk(tmp_path, metered(OPENAI, ANTHROPIC)) as desk:
        openai = await desk.connect("openai", "Shop OpenAI")
        await desk.connect("anthropic", "Shop Anthropic")
        for budget in ("415 monthly for provider:openai", "880 monthly", "450 monthly for model:gpt*"):
            await desk.ask(f"budget set {budget}")
        desk.clock.now = NOON + timedelta(days=10)
        await desk.poll(openai)
        yield desk


async def test_what_a_source_has_no_part_in_is_compared_and_forecast_without_it(desk: Desk) -> None:
    """$14 on each of 30 days make $420."""
    for words in ("provider:openai", "model:gpt*", "key:key_a", "project:proj_a", 'connection:"Shop OpenAI"'):
        data = await desk.ask(f"spend month {words}")

        assert data["lead"] == "November so far: $406.00, all gpt-5.2 on key a."
        assert data["facts"][0] == "Today: $14.00, about the same as last Sunday by 12:00."
        assert data["facts"][1].startswith("On course for about $42")
        assert [each["connection"] for each in data["freshness"]] == ["Shop OpenAI"] * len(data["freshness"])
        assert data["warnings"] == ["Shop Anthropic was not read since 2026-11-19T12:00:00Z"]
    today = await desk.ask("spend today provider:openai")
    assert today["facts"] == [
        "Burn: $4.67 an hour over the last 3 h, usually $4.67; $0.58 over 24 h; $14.00 per active day."
    ]
    assert await desk.lead("spend why week provider:openai") == (
        "Only provider openai: $98.00, the same as last week to Sunday 12:00."
    )


async def test_what_it_may_have_a_part_in_is_not_forecast_and_says_where_the_rest_stands(desk: Desk) -> None:
    """A wildcard may match what was made since: nobody read it."""
    for only in (
        "",
        "provider:anthropic",
        "model:claude*",
        "key:apikey_c",
        "model:*5*",
        "project:*",
        "key:*a*",
    ):
        facts = (await desk.ask(f"spend month {only}"))["facts"]

        assert facts[0] == "Shop Anthropic was not read since. /spend status shows what is read."
        assert not [fact for fact in facts if "On course" in fact or " as last " in fact]
    for words, what in (("spend forecast", "forecast"), ("spend burn", "burn rate")):
        data = await desk.ask(words)

        assert data["lead"] == f"{GAP}: no {what}, as days not read would be taken for saving."
        assert data["facts"][-1] == "Without the gap: /spend month provider:openai."
    openai = next(each for each in await desk.store.connections() if each.provider == "openai")
    frame = await load_frame(desk.house, desk.store, desk.clock.now)
    assert readable_providers(frame) == ("openai",)
    assert readable_providers(replace(frame, connections=(openai,))) == ()


async def test_a_budget_is_forecast_where_the_gap_is_not_its_own_and_the_others_name_it(desk: Desk) -> None:
    made = await desk.lead("budget set 3300 monthly for connection:Shop*Anthropic")
    table = (await desk.view("budget list")).table

    assert made == (
        "Budget set: $3,300 a month for Shop Anthropic. So far $475.00 (14%), "
        "and no forecast as Shop Anthropic is not read."
    )
    assert table is not None
    assert [(row[0], row[4]) for row in table.rows] == [
        ("Everything", "over"),
        ("OpenAI", "about $421, over on Nov 30"),
        ("gpt*", "about $421, fits"),
        ("Shop Anthropic", "Shop Anthropic not read"),
    ]
    for other in ("everything", "connection:Shop*Anthropic", "provider:openai"):
        await desk.ask(f"budget remove {other}")
    data = await desk.ask("budget list")
    assert data["lead"] == "The budget will last."
    assert data["facts"] == ["gpt*, $406.00, of $450 a month, 90%, about $421, fits"]


async def test_a_budget_alert_says_what_its_own_total_lacks(desk: Desk) -> None:
    """97 % of $415 for OpenAI, on course to pass it; $881 of $880 for everything, less what was not read."""
    await BudgetWatch().look(await load_frame(desk.house, desk.store, desk.clock.now))
    told = {
        incident.evidence["scope"]["label"]: incident.evidence
        for incident in await desk.store.incidents(kinds=(IncidentKind.BUDGET,))
    }

    assert told["OpenAI"]["forecast"]["mid_nanos"] > 415 * NANOS_PER_UNIT
    assert told["OpenAI"]["basis"] == "billed to Nov 27, estimated since"
    assert told["Everything"]["forecast"] is None
    assert told["Everything"]["basis"] == (
        "billed to Nov 17, estimated since · Anthropic only to Nov 19 12:00"
    )


async def test_a_broken_or_paused_connection_is_a_gap_of_its_own_only(desk: Desk) -> None:
    """Minutes after it broke too: its hours since are not read."""
    (anthropic,) = [c for c in await desk.store.connections() if c.provider == "anthropic"]
    await desk.poll(anthropic)
    assert not (await load_frame(desk.house, desk.store, desk.clock.now)).has_gap
    for state in (ConnectionState.BROKEN, ConnectionState.PAUSED):
        await desk.store.set_state(anthropic.id, state, "its key is refused", desk.clock.now)
        frame = await load_frame(desk.house, desk.store, desk.clock.now)
        mine, others = ((Filter("provider", (name,)),) for name in ("anthropic", "openai"))

        assert (await month_outlook(scoped(frame, mine, ()), mine, "USD"))[0] is None
        assert (await month_outlook(scoped(frame, others, ()), others, "USD"))[0] is not None
    for only in (  # what nobody reported, or anybody may have, leaves everyone in
        Filter("model", ("never-seen",)),
        Filter("project", ("(default)",)),
        Filter("user", ("user_a",)),
        Filter("connection_id", ("gone",)),
    ):
        assert scoped(frame, (only,), ()).connections == frame.connections
