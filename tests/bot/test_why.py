"""Why, over real storage and the simulated vendors: the parts are exact, named and sum to the change."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.demo.vendors.account import Counts
from bot.errors import CommandError
from tests.bot.open_desk import MILLION, asked_claude, metered, open_desk, used


def causes(data: dict[str, Any]) -> dict[tuple[str, str, str], Decimal]:
    """Return the exact parts by cause, key and model."""
    columns = data["table"]["columns"]
    at = [columns.index(name) for name in ("cause", "key", "model", "amount")]
    return {(row[at[0]], row[at[1]], row[at[2]]): Decimal(row[at[3]]) for row in data["table"]["rows"]}


def assert_exact(data: dict[str, Any]) -> None:
    """The parts sum to the change, and the change leads from one total to the other."""
    (change,) = data["changes"]
    assert sum(causes(data).values()) == Decimal(change["change"])
    assert Decimal(change["after"]) - Decimal(change["before"]) == Decimal(change["change"])
    assert Decimal(change["after"]) == Decimal(data["total"]["amount"])


async def test_today_is_split_into_a_new_key_and_more_requests(tmp_path: Path) -> None:
    """Last Thursday by 12:00 $14; today twice the requests on one key, and a key that was never used."""
    rows = [
        used(12, 9),
        used(12, 13),  # after the same minute: it does not count
        used(19, 9, counts=Counts(out=2 * MILLION, requests=20)),
        used(19, 10, key="key_b"),
    ]
    async with open_desk(tmp_path, metered(rows)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        view = await desk.view("spend why")

    assert str(view.lead) == (
        "$28.00 more than last Thursday by 12:00: $14.00 is the new key b on gpt-5.2, "
        "the rest is more requests on a."
    )
    assert [str(item) for item in view.body] == [
        "b: 1.00M tokens at $14.00 per 1M.",
        "By cause: new +$14.00, volume +$14.00.",
    ]
    assert view.table is not None
    assert view.table.rows == (("More requests on a", "+$14.00"), ("The new key b on gpt-5.2", "+$14.00"))
    assert view.table.total == ("Change", "+$28.00")
    assert view.footer == "As of 12:00 UTC · estimated, bill due Sat 00:00"
    assert view.chart is not None
    assert view.chart.title == "$28.00 more than last Thursday, $14.00 of it b"
    assert view.data is not None
    assert_exact(view.data)
    assert causes(view.data) == {("volume", "a", "gpt-5.2"): 14, ("new", "b", "gpt-5.2"): 14}
    assert view.data["base"] == {
        "start": "2026-11-12T00:00:00Z",
        "end": "2026-11-12T12:00:00Z",
        "label": "Last Thursday",
    }


async def test_an_open_hour_counts_by_its_minutes_in_all_that_is_split(tmp_path: Path) -> None:
    """At 12:30 the hour of 12:00 last week counts half: $7 of $14, against $14 today: twice the requests."""
    rows = [used(12, 12), used(19, 9)]
    async with open_desk(tmp_path, metered(rows)) as desk:
        desk.clock.now = desk.clock.now.replace(minute=30)
        await desk.connect("openai", "Shop OpenAI")
        data = await desk.ask("spend why")

    assert_exact(data)
    assert [change["change"] for change in data["changes"]] == ["7"]
    assert causes(data) == {("volume", "a", "gpt-5.2"): 7}


async def test_a_key_that_was_used_earlier_is_back_and_not_new(tmp_path: Path) -> None:
    rows = [used(10, 9, key="key_b"), used(12, 9), used(19, 9), used(19, 10, key="key_b")]
    async with open_desk(tmp_path, metered(rows)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        lead = await desk.lead("spend why")

    assert lead == (
        "$14.00 more than last Thursday by 12:00: all of it is the key b on gpt-5.2, unused then."
    )


async def test_asked_windows_filters_and_what_fell(tmp_path: Path) -> None:
    anthropic = [asked_claude(17, 9), asked_claude(18, 9, counts=Counts(out=3 * MILLION, requests=10))]
    async with open_desk(tmp_path, metered([used(18, 9, key="key_b")], anthropic)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        await desk.connect("anthropic", "Shop Anthropic")
        for words, lead in {
            "spend why yesterday vs 2026-11-17": (
                "Yesterday: $64.00 more than Nov 17: $50.00 is more tokens on a, "
                "the rest is the new key b on gpt-5.2."
            ),
            "spend why 2026-11-17 vs yesterday": (
                "Tue Nov 17: $64.00 less than Wed Nov 18: $50.00 is fewer tokens on a."
            ),
            "spend why yesterday provider:anthropic vs 2026-11-17": (
                "Yesterday, only provider anthropic: $50.00 more than Nov 17: all of it is more tokens on a."
            ),
            "spend why last week": "Last week: nothing, the same as Nov 2 to Nov 8.",
            "spend why week vs week": "This week so far: $114.00, the same as this week.",
        }.items():
            data = await desk.ask(words)
            assert data["lead"] == lead
            assert_exact(data)


async def test_a_filter_makes_nothing_new_that_was_used_outside_of_it(tmp_path: Path) -> None:
    """The connection and key a were used last Thursday; only what the filter leaves was not."""
    mini = {"model": "gpt-5-mini", "counts": Counts(out=7 * MILLION, requests=10)}
    rows = [used(12, 9), used(19, 9, **mini), used(19, 10, key="key_b")]
    async with open_desk(tmp_path, metered(rows)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        for words, lead in {
            "spend why key:b": "$14.00 more than last Thursday by 12:00: all of it is the new key b on gpt-5.2.",
            "spend why model:gpt-5-mini": (
                "$14.00 more than last Thursday by 12:00: all of it is the new model gpt-5-mini on a."
            ),
        }.items():
            data = await desk.ask(words)
            assert data["lead"] == f"Only {words.removeprefix('spend why ').replace(':', ' ')}: {lead}"
            assert_exact(data)


async def test_nothing_to_compare_with_is_said_and_never_split(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered([used(19, 9)])) as desk:
        before = await desk.lead("spend why")
        await desk.connect("openai", "Shop OpenAI")
        view = await desk.view("spend why")

    assert before == "Nothing is connected yet, so there is nothing to count."
    assert str(view.lead) == "Today so far: there is nothing to compare with, as figures begin on Nov 19."
    assert (view.table, view.chart) == (None, None)
    assert view.data is not None
    assert (view.data["changes"], view.data["table"]["rows"]) == ([], [])


async def test_a_code_that_nothing_has_is_refused(tmp_path: Path) -> None:
    async with open_desk(tmp_path, metered([used(19, 9)])) as desk:
        await desk.connect("openai", "Shop OpenAI")
        for words in ("spend why K7Q2", "spend incidents k7q2-2"):
            with pytest.raises(CommandError, match="There is no alert K7Q2 here any more"):
                await desk.view(words)
        with pytest.raises(CommandError, match='"todya" is not a window'):
            await desk.view("spend why todya")
        with pytest.raises(CommandError, match='"week" is one word too many'):
            await desk.view("spend why today week")
        nothing = await desk.lead("spend incidents")

    assert nothing == "No spike and no budget alert in the last 30 days."
