"""Figures that end days ago: what nobody read is not known, and what is not known is never zero, saved or on course."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from charts.spec import Bars, Mark, Trend
from tests.bot.open_desk import NOON, Desk, asked_claude, metered, open_desk, used

EVERY_DAY = [used(day, 9) for day in range(1, 20)]  # $14 a day: 19 days to Nov 19 make $266
SECOND_KEY = [used(day, 8, key="key_b") for day in range(1, 20)]
LATER = NOON + timedelta(days=10)
END = "Figures end on Thu Nov 19, 12:00, 10 days ago"
STEP = "Shop OpenAI was not read since. Is spendbot run running? /spend status shows what is read."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A bot that was read to Thursday noon and then stood still for ten days."""
    async with open_desk(tmp_path, metered([*EVERY_DAY, *SECOND_KEY])) as desk:
        await desk.connect("openai", "Shop OpenAI")
        await desk.ask("budget set 3300 monthly")
        desk.clock.now = LATER
        yield desk


async def test_a_month_says_where_its_figures_end_and_is_not_forecast(desk: Desk) -> None:
    view = await desk.view("spend")

    assert str(view.lead) == f"{END}: $532.00 in November up to then."
    assert [str(item) for item in view.body] == [STEP]
    assert view.data is not None
    assert view.data["warnings"] == ["Shop OpenAI was not read since 2026-11-19T12:00:00Z"]
    chart = view.chart
    assert isinstance(chart, Trend)
    assert chart.now_label == "Nov 19 $532.00"
    assert chart.title == "November to Nov 19: $532.00"
    assert [(point.at, point.mark) for point in chart.spent[-3:]] == [
        (18.0, Mark.ESTIMATED),
        (18.5, Mark.OPEN),
        (29.0, Mark.MISSING),
    ]
    assert chart.fan == ()


async def test_days_nobody_read_have_no_amount(desk: Desk) -> None:
    view = await desk.view("spend by day last 14 days")  # Nov 16 to 29
    assert view.table is not None
    assert view.data is not None

    assert [row[1] for row in view.table.rows] == [*["$28.00"] * 4, *["not read"] * 10]
    assert [row[:4] for row in view.data["table"]["rows"][3:5]] == [
        ["2026-11-19", "28", "USD", "estimated"],
        ["2026-11-20", None, "USD", None],
    ]
    assert view.data["total"]["amount"] == "112"
    assert str(view.lead) == f"{END}: $112.00 in the last 14 days up to then."
    assert isinstance(view.chart, Bars)
    assert [slot.mark for slot in view.chart.slots[3:]] == [Mark.OPEN, *[Mark.MISSING] * 10]


async def test_a_window_nobody_read_has_no_total_and_one_before_is_what_it_was(desk: Desk) -> None:
    for words, name in (
        ("spend today", "today"),
        ("spend yesterday", "yesterday"),
        ("spend week", "this week"),
    ):
        data = await desk.ask(words)

        assert data["lead"] == f"Nothing is known of {name}: {END[0].lower()}{END[1:]}."
        assert data["total"] is None
        assert data["chart"] is None

    data = await desk.ask("spend 2026-11-02..2026-11-08")
    assert data["lead"] == "Nov 2 to Nov 8: $196.00."
    assert data["facts"] == []


async def test_nothing_is_projected_over_days_not_read(desk: Desk) -> None:
    for words, what in (
        ("spend forecast", "forecast"),
        ("spend forecast by model", "forecast"),
        ("spend forecast straight line", "forecast"),
        ("spend burn", "burn rate"),
    ):
        data = await desk.ask(words)

        assert data["lead"] == f"{END}: no {what}, as days not read would be taken for saving."
        assert data["facts"] == [STEP]
        assert data["as_of"] == "2026-11-19T12:00:00Z"
        assert not data["table"]["rows"]


async def test_no_budget_is_said_to_last_and_one_whose_period_was_not_read_has_no_spend(desk: Desk) -> None:
    """$532 of November; the week began on Monday the 23rd, after the end of the figures."""
    await desk.ask("budget set 500 monthly for provider:openai")
    made = await desk.ask("budget set 100 weekly")
    data = await desk.ask("budget list")
    table = (await desk.view("budget list")).table

    assert "Nothing of this week is read yet." in made["lead"]
    assert data["lead"] == f"{END}: 1 of 3 budgets is used up: OpenAI."
    assert data["facts"][0] == STEP
    assert table is not None
    assert sorted(row[1:] for row in table.rows) == [
        ("$532.00", "of $3,300 a month", "16%", "Shop OpenAI not read"),
        ("$532.00", "of $500 a month", "106%", "over"),
        ("not read", "of $100 a week", "", ""),
    ]
    amounts = {row[4]: (row[1], row[3]) for row in data["table"]["rows"]}
    assert amounts["100"] == (None, None)


async def test_the_why_the_status_and_the_summary_say_that_nobody_reads(desk: Desk) -> None:
    for words in ("spend why", "spend why yesterday", "spend why week vs last week"):
        data = await desk.ask(words)

        assert data["lead"] == f"{END}: nothing is compared over days not read. /spend status shows more."
        assert data["total"] is None
    assert (await desk.lead("spend status")).startswith("Shop OpenAI is stale (is spendbot run running?).")
    summary = await desk.view("spend summary now")
    assert str(summary.lead) == "Nothing is known of Saturday: no figures of it were read."
    assert "No figures from Shop OpenAI since Nov 19 12:00." in [str(item) for item in summary.body]


async def test_a_source_that_is_read_says_whose_figures_end(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered(EVERY_DAY)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        anthropic = await desk.connect("anthropic", "Shop Anthropic")
        desk.clock.now = LATER
        await desk.poll(anthropic)

        assert await desk.lead("spend") == (
            "November so far: $266.00, all gpt-5.2 on key a, OpenAI only to Nov 19 12:00."
        )
        assert await desk.lead("spend forecast") == (
            "Figures of Shop OpenAI end on Thu Nov 19, 12:00, 10 days ago: "
            "no forecast, as days not read would be taken for saving."
        )
        days = (await desk.view("spend by day last 14 days")).table
        assert days is not None
        assert [row[1] for row in days.rows][3:] == ["$14.00", *["not read"] * 10]
        assert (await desk.ask("spend"))["facts"] == [
            "Shop OpenAI was not read since. /spend status shows what is read.",
        ]


async def test_hours_after_midnight_a_half_read_day_is_no_complete_one(tmp_path: Path) -> None:
    """$14 at 9:00 and at 15:00 of each day: read to Thursday noon, asked on Friday at 6:00."""
    rows = [*EVERY_DAY, *(used(day, 15, key="key_b") for day in range(1, 20))]
    async with open_desk(tmp_path, metered(rows)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        desk.clock.now = NOON + timedelta(hours=18)
        forecast, burn = await desk.view("spend forecast"), await desk.view("spend burn")

        # 18 complete days of $28; Nov 19 has $14 of its $28, and 11 days follow it: 518 + 14 + 308.
        assert str(forecast.lead).startswith("November is on course for about $840 ")
        assert "$518.00 is spent; about $322 for Nov 19 to 30." in [str(item) for item in forecast.body]
        assert str(burn.lead) == (
            "Burn: $28.00 per active day (7 of the last 7 days), $4.67 an hour over the 3 h to Thu 12:00, "
            "$1.17 over 24 h."
        )
        assert await desk.lead("spend yesterday") == (
            "Yesterday: $14.00, all gpt-5.2 on key a, OpenAI only to Thu 12:00."
        )


async def test_just_after_midnight_today_is_not_zero_but_not_known(tmp_path: Path) -> None:
    midnight = NOON + timedelta(hours=12)
    async with open_desk(tmp_path, metered(EVERY_DAY), now=midnight - timedelta(minutes=4)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        desk.clock.now = midnight + timedelta(minutes=5)
        data = await desk.ask("spend today")

        assert data["lead"] == "Nothing is known of today: figures end on Thu Nov 19, 23:56, 9 min ago."
        assert data["total"] is None
        assert (await desk.lead("spend forecast")).startswith("November is on course for about $420 ")


async def test_a_day_is_unread_until_its_first_hour_is(desk: Desk) -> None:
    desk.clock.now = NOON
    by_hour = (await desk.ask("spend by hour today"))["table"]["rows"]

    assert [row[0][11:13] for row in by_hour if row[1] is None] == ["12"]
    assert [row[1] for row in by_hour if row[0][11:13] == "07"] == ["0"]


async def test_a_connection_read_last_night_is_compared_to_its_own_hour_of_the_day_before(
    tmp_path: Path,
) -> None:
    """OpenAI to the 18th, 12:00: 17 days of $28, and $14. Anthropic to the 19th, 10:00: 19 days of $25. As October."""
    openai = [used(day, hour, month) for month in (10, 11) for day in range(1, 20) for hour in (9, 15)]
    anthropic = [asked_claude(day, 8, month) for month in (10, 11) for day in range(1, 20)]
    wednesday = NOON - timedelta(days=1)
    async with open_desk(tmp_path, metered(openai, anthropic), now=wednesday) as desk:
        await desk.connect("openai", "Shop OpenAI")
        claude = await desk.connect("anthropic", "Shop Anthropic")
        desk.clock.now = wednesday + timedelta(hours=22)
        await desk.poll(claude)

        assert await desk.lead("spend") == (
            "November so far: $965.00, about the same as by this time in October, OpenAI only to Wed 12:00."
        )
