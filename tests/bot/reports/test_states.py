"""States of what is stored that the simulated vendors never show: two currencies, half a history, a first day."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.reports.names import NameBook
from spend.window import DAY, Window, utc_midnight
from storage import Connection, KnownName, WindowRead
from tests.bot.open_desk import NOON, Desk, amounts, metered, open_desk
from tests.storage.reads import billed, read_bill, read_usage, used

TODAY = NOON.date()
USAGE = "usage/completions"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A bot whose one connection was never read."""
    async with open_desk(tmp_path, metered()) as desk:
        yield desk


def at(day: int, hour: int) -> datetime:
    """An hour of November."""
    return datetime(2026, 11, day, hour, tzinfo=UTC)


async def _save(
    desk: Desk, connection: Connection, read: WindowRead, first: date, last: date = TODAY
) -> None:
    window = Window(utc_midnight(first), min(utc_midnight(last + DAY), desk.clock.now))
    await desk.store.save_window(replace(read, window=window, read_at=desk.clock.now, as_of=desk.clock.now))


async def _bill_in_two_currencies(desk: Desk) -> None:
    connection = await desk.connect("openai", "Shop OpenAI", poll=False)
    bill = [
        billed(date(2026, 11, 10), 30_000_000_000, project="a"),
        billed(date(2026, 11, 10), 10_000_000_000, project="b"),
        billed(date(2026, 11, 10), 41_200_000_000, project="a", currency="EUR"),
    ]
    await _save(desk, connection, read_bill(connection.id, bill), date(2026, 11, 1), date(2026, 11, 17))


async def test_two_currencies_are_never_added(desk: Desk) -> None:
    await _bill_in_two_currencies(desk)
    data = await desk.ask("spend 2026-11-10 by project")

    assert [(each["currency"], each["amount"]) for each in data["totals"]] == [("USD", "40"), ("EUR", "41.2")]
    assert data["total"] == data["totals"][0]
    assert amounts(data, "currency", "project") == {
        ("USD", "a"): Decimal(30),
        ("USD", "b"): Decimal(10),
        ("EUR", "a"): Decimal("41.2"),
    }
    assert [row[-1] for row in data["table"]["rows"]] == ["0.75", "0.25", "1"]
    assert "USD 40.00 and EUR 41.20, not added" in data["lead"]


async def test_days_of_two_currencies_have_their_zero_days_each(desk: Desk) -> None:
    await _bill_in_two_currencies(desk)
    data = await desk.ask("spend 2026-11-09..2026-11-11 by day")

    rows = [(row[2], row[0], row[1]) for row in data["table"]["rows"]]
    assert rows == [
        ("USD", "2026-11-09", "0"), ("USD", "2026-11-10", "40"), ("USD", "2026-11-11", "0"),
        ("EUR", "2026-11-09", "0"), ("EUR", "2026-11-10", "41.2"), ("EUR", "2026-11-11", "0"),
    ]  # fmt: skip


async def test_a_budget_counts_one_currency_and_names_what_it_leaves_out(desk: Desk) -> None:
    await _bill_in_two_currencies(desk)
    await desk.view("budget set 100 monthly")
    listed = await desk.ask("budget list")

    assert listed["table"]["rows"][0][1:3] == ["40", "USD"]
    assert "leaves out EUR 41.20" in str(listed["facts"])


async def test_half_a_history_is_said_and_nothing_is_compared_over_its_edge(desk: Desk) -> None:
    connection = await desk.connect("openai", "Shop OpenAI", poll=False)
    usage = [used(at(day, 9), nanos=2_000_000_000, api_key=f"k{day % 2}") for day in range(17, 20)]
    for stream in (USAGE, "usage/embeddings", "costs"):
        read = read_usage(connection.id, usage if stream == USAGE else (), stream=stream)
        await _save(desk, connection, read, date(2026, 11, 17))
    data = await desk.ask("spend month")

    assert data["warnings"] == ["Shop OpenAI is still loading its history"]
    assert {row["state"] for row in data["freshness"]} == {"loading"}
    assert "History is loading: 2 of 90 days; windows before Nov 17 are incomplete." in data["facts"]
    assert data["lead"] == "November so far: $6.00."
    assert (await desk.ask("spend yesterday"))["warnings"] == []
    assert "A forecast needs 3 complete days; there are 2." in (await desk.ask("spend forecast"))["lead"]


async def test_the_first_day_counts_from_midnight_and_says_when_comparisons_start(desk: Desk) -> None:
    connection = await desk.connect("openai", "Shop OpenAI", poll=False)
    usage = [
        used(at(19, hour), nanos=11_005_000_000, project=f"p{hour}", api_key=f"k{hour}") for hour in (7, 8, 9)
    ]
    for stream in (USAGE, "usage/embeddings", "costs"):
        read = read_usage(connection.id, usage if stream == USAGE else (), stream=stream)
        await _save(desk, connection, read, TODAY)
    data = await desk.ask("spend today")

    assert data["lead"] == "Today so far: $33.02, counted since midnight."
    assert "Comparisons start tomorrow, spike alerts on Nov 26." in data["facts"]


async def test_names_are_told_apart_alike_on_both_sides_of_a_comparison(desk: Desk) -> None:
    connection = await desk.connect("openai", "Shop OpenAI", poll=False)
    names = [("key", id_, "nightly", "", "", None) for id_ in ("k1", "k2")]
    await desk.store.save_names(connection.id, names, desk.clock.now)
    usage: list[Any] = [
        used(at(10, 9), nanos=1_000_000_000, api_key="k1"),
        used(at(17, 9), nanos=2_000_000_000, api_key="k1"),
        used(at(17, 9), nanos=4_000_000_000, api_key="k2"),
    ]
    await _save(desk, connection, read_usage(connection.id, usage, stream=USAGE), date(2026, 11, 1))
    data = await desk.ask("spend 2026-11-17 vs 2026-11-10 by key")

    rows = {row[0]: row[-2:] for row in data["table"]["rows"]}
    assert rows == {"nightly (k1)": ["1", "1"], "nightly (k2)": ["0", "4"]}


async def test_hostile_names_are_whole_in_the_object_and_harmless_in_the_table(desk: Desk) -> None:
    connection = await desk.connect("openai", "Shop OpenAI", poll=False)
    name = "x" * 300 + "\u202e<!channel> $1"
    usage = [used(at(19, 9), model=name), used(at(19, 9), model="other")]
    await _save(desk, connection, read_usage(connection.id, usage, stream=USAGE), TODAY)
    view = await desk.view("spend today by model")

    assert view.data is not None
    assert name in amounts(view.data)
    assert view.table is not None
    assert all("\u202e" not in cell for row in view.table.rows for cell in row)
    assert "\u202e" not in str(view.lead)


async def test_nothing_is_compared_with_a_day_before_all_history(desk: Desk) -> None:
    connection = await desk.connect("openai", "Shop OpenAI", poll=False)
    usage = [used(at(19, 9), nanos=1_000_000_000), used(at(19, 8), nanos=1_000_000_000, api_key="k2")]
    await _save(desk, connection, read_usage(connection.id, usage, stream=USAGE), TODAY - timedelta(days=3))

    assert await desk.lead("spend today") == "Today so far: $2.00."


@pytest.mark.parametrize("named", [0, 1])
def test_an_id_that_two_connections_use_has_the_name_one_of_them_knows(named: int) -> None:
    known = [
        KnownName(connection_id=str(place), what="key", id="k1", name="nightly" if place == named else "")
        for place in range(2)
    ]

    assert NameBook(known, (), with_users=False).name("api_key", "k1") == "nightly"


async def test_last_month_ends_at_its_total_although_it_had_a_day_more(desk: Desk) -> None:
    connection = await desk.connect("openai", "Shop OpenAI", poll=False)
    bill = [billed(date(2026, 10, day), 1_000_000_000) for day in range(1, 32)]
    bill.append(billed(date(2026, 11, 10), 5_000_000_000))
    await _save(desk, connection, read_bill(connection.id, bill), date(2026, 10, 1), date(2026, 11, 17))

    data = await desk.ask("spend month vs last month")

    assert "October ended at $31." in data["chart"]["alt"]
