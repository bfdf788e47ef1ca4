"""Reading spend: slices sum to the total, days tile in every zone, every column can be cut by."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from spend.usage import AMOUNT_CLASSES, DIMENSION_COLUMNS, TOKEN_CLASSES
from spend.window import Window, hours_of_day
from storage.errors import StorageError
from storage.tables._wide import AMOUNT_COLUMNS, TOKEN_COLUMNS
from storage.tables.cells import spend_cell, spend_day
from storage.tables.records import usage_record
from storage.values import DailyTotal, Filter, HourEstimate
from tests.storage.cast import by_mira
from tests.storage.reads import (
    MONDAY,
    TUESDAY,
    at,
    billed,
    connect,
    days,
    read_bill,
    read_usage,
    used,
)

ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago")
WEEK = (MONDAY - timedelta(days=1), TUESDAY + timedelta(days=1))


def test_every_class_and_dimension_has_a_column() -> None:
    for table in (usage_record, spend_cell, spend_day):
        assert {*TOKEN_COLUMNS, *AMOUNT_COLUMNS, *DIMENSION_COLUMNS} <= set(table.c.keys())
    assert (len(TOKEN_CLASSES), len(AMOUNT_CLASSES)) == (len(TOKEN_COLUMNS), len(AMOUNT_COLUMNS))


async def spend_of_two_days(store):  # type: ignore[no-untyped-def]
    """48 hours of two models, Monday billed with a fee nobody explains, Tuesday unpriced at noon."""
    workspace, connection = await connect(store)
    usage = [used(at(MONDAY, hour), nanos=1 << hour, model="gpt-5") for hour in range(24)]
    usage += [used(at(TUESDAY, hour), nanos=7, model="o4", project="ops") for hour in range(12)]
    usage += [used(at(TUESDAY, 12), nanos=None, model="secret", tokens=9)]
    await workspace.save_window(read_usage(connection, usage))
    fee = billed(MONDAY, 3, model="", kind="fee", line_item="support", project="")
    bill = [billed(MONDAY, 50_000), fee]
    await workspace.save_window(read_bill(connection, bill, window=days(MONDAY, MONDAY)))
    return workspace, connection


async def test_money_alone_is_the_same_money(store) -> None:
    workspace, _ = await spend_of_two_days(store)

    whole = await workspace.day_slices(MONDAY, TUESDAY, ["model"])
    money = await workspace.day_slices(MONDAY, TUESDAY, ["model"], is_money_only=True)

    assert money == [replace(piece, tokens={}, parts={}, requests=None) for piece in whole]
    assert any(piece.tokens for piece in whole)


async def test_hourly_totals_are_of_the_asked_hours_and_currency_only(store) -> None:
    workspace, _ = await spend_of_two_days(store)
    windows = [Window(at(TUESDAY, 3), at(TUESDAY, 5)), Window(at(TUESDAY, 11), at(TUESDAY, 14))]

    assert await workspace.hourly_totals(windows) == {
        at(TUESDAY, 3): 7,
        at(TUESDAY, 4): 7,
        at(TUESDAY, 11): 7,
        at(TUESDAY, 12): 0,
    }
    assert await workspace.hourly_totals(windows, [Filter("project", ("search",))]) == {at(TUESDAY, 12): 0}
    assert await workspace.hourly_totals(windows, currency="EUR") == {}
    assert sum((await workspace.hourly_totals([days(MONDAY, MONDAY)])).values()) == 50_000


@pytest.mark.parametrize(
    "column", ["provider", "connection_id", "line_item", "day", "model", "api_key", "kind"]
)
async def test_slices_sum_to_the_total(store, column: str) -> None:
    workspace, _ = await spend_of_two_days(store)

    for slices in (
        await workspace.slices(days(MONDAY, TUESDAY), [column]),
        await workspace.day_slices(MONDAY, TUESDAY, [column]),
    ):
        assert sum(each.nanos for each in slices) == 50_003 + 12 * 7
        assert sum(each.billed_nanos for each in slices) == 50_003
        assert sum(each.unpriced_tokens for each in slices) == 9
        assert all(each.nanos == sum(each.parts.values()) for each in slices)


async def test_a_slice_says_all_there_is_to_say(store) -> None:
    workspace, connection = await spend_of_two_days(store)

    first, second, *rest = await workspace.day_slices(MONDAY, TUESDAY, ["model", "project"])

    assert (first.key, first.billed_nanos, first.estimate_nanos) == (
        ("gpt-5", "search"),
        50_000,
        (1 << 24) - 1,
    )
    assert (first.tokens, first.requests) == ({"uncached_in": 24_000_000}, 72)
    assert (second.key, second.estimated_nanos, second.parts) == (("o4", "ops"), 84, {"uncached_in": 84})
    fee, unpriced = rest
    assert (fee.key, fee.billed_nanos, fee.requests) == (("", ""), 3, None)
    assert (unpriced.key, unpriced.unpriced_tokens, unpriced.unpriced_rows) == (("secret", "search"), 9, 1)
    assert await workspace.distinct("model", MONDAY) == ["gpt-5", "o4", "secret"]
    assert [connection] == await workspace.distinct("connection_id", MONDAY)


async def test_money_without_an_hour_has_a_row_of_its_own(store) -> None:
    workspace, _ = await spend_of_two_days(store)

    hours = {each.key: each.nanos for each in await workspace.slices(days(MONDAY, MONDAY), ["hour"])}

    assert hours[("",)] == 3
    assert len(hours) == 25
    local = hours_of_day(MONDAY, ZoneInfo("America/New_York"))
    assert ("",) not in {each.key for each in await workspace.slices(local, ["hour"])}
    of_dates = await workspace.slices(local, ["hour"], dates=(MONDAY, MONDAY))
    assert [each.nanos for each in of_dates if each.key == ("",)] == [3]


async def test_filters_keep_exactly_their_values(store) -> None:
    workspace, _ = await spend_of_two_days(store)
    only = [Filter("model", ("o4", "secret")), Filter("provider", ("openai",))]

    (by_day,) = await workspace.day_slices(MONDAY, TUESDAY, [], only)
    (by_hour,) = await workspace.slices(days(MONDAY, TUESDAY), [], only)
    totals = await workspace.daily_totals(MONDAY, TUESDAY, only)

    assert (by_day.nanos, by_hour.nanos) == (84, 84)
    assert {TUESDAY: DailyTotal(84, 84, 9)} == totals
    assert await workspace.day_slices(MONDAY, TUESDAY, [], [Filter("model", ())]) == []


@pytest.mark.parametrize("zone", ZONES)
async def test_days_tile_in_every_zone_and_are_made_again_when_it_changes(store, zone: str) -> None:
    workspace, _ = await spend_of_two_days(store)

    await workspace.change_settings(by_mira(), zone=zone)

    totals = await workspace.daily_totals(*WEEK)
    assert sum(each.nanos for each in totals.values()) == 50_003 + 84
    for day in totals:
        hours = await workspace.slices(hours_of_day(day, ZoneInfo(zone)), ["hour"], dates=(day, day))
        assert totals[day].nanos == sum(each.nanos for each in hours), day
    assert await store.check() == []


async def test_a_window_saved_in_another_zone_lands_on_its_local_days(store) -> None:
    workspace, connection = await connect(store)
    await workspace.change_settings(by_mira(), zone="America/New_York")

    await workspace.save_window(
        read_usage(connection, [used(at(TUESDAY, 4), nanos=1), used(at(TUESDAY, 5), nanos=2)])
    )

    totals = await workspace.daily_totals(*WEEK)
    assert {day: total.nanos for day, total in totals.items()} == {MONDAY: 1, TUESDAY: 2}


async def test_alarms_read_estimates_whatever_the_bill_says(store) -> None:
    workspace, connection = await spend_of_two_days(store)

    estimates = await workspace.hour_estimates(days(MONDAY, TUESDAY))

    assert sum(each.nanos for each in estimates) == (1 << 24) - 1 + 84
    expected = HourEstimate(
        connection_id=connection,
        hour=at(MONDAY, 0),
        project="search",
        api_key="key-1",
        model="gpt-5",
        nanos=1,
    )
    assert estimates[0] == expected


async def test_currencies_are_never_added(store) -> None:
    workspace, connection = await connect(store)
    bill = [billed(MONDAY, 5), billed(MONDAY, 6, currency="EUR")]

    await workspace.save_window(read_bill(connection, bill))

    found = await workspace.day_slices(MONDAY, MONDAY, [])
    assert {each.currency: each.nanos for each in found} == {"USD": 5, "EUR": 6}
    assert {MONDAY: DailyTotal(6, 0, 0)} == await workspace.daily_totals(MONDAY, MONDAY, currency="EUR")


async def test_what_spend_cannot_be_cut_by_is_refused(store) -> None:
    workspace = store.workspace("home")

    with pytest.raises(StorageError, match="cut by hour"):
        await workspace.day_slices(MONDAY, MONDAY, ["hour"])
    with pytest.raises(StorageError, match="cut by nanos; DROP"):
        await workspace.slices(days(MONDAY, MONDAY), ["nanos; DROP"])
    with pytest.raises(StorageError, match="cut by day"):
        await workspace.daily_totals(MONDAY, MONDAY, [Filter("day", ("2026-11-16",))])


async def test_an_empty_workspace_answers_with_nothing(store) -> None:
    workspace = store.workspace("home")

    assert await workspace.slices(days(MONDAY, MONDAY), ["model"]) == []
    assert await workspace.slices(hours_of_day(date(2011, 12, 30), ZoneInfo("Pacific/Apia")), []) == []
    assert await workspace.daily_totals(MONDAY, MONDAY) == {}
    assert await workspace.first_record_at() is None
