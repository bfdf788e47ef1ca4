"""A summary comes once per local day whatever clocks do, and once after downtime; polls spread; failures back off."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spend.due import back_off, is_due, next_due, occurrence, spread
from spend.window import DAY, dates, day_of, hours_of_day

BERLIN = ZoneInfo("Europe/Berlin")
NINE = time(9)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "clock"),
    [
        ("Europe/Berlin", time(2, 30)),
        ("America/Santiago", time(0, 0)),
        ("Africa/Cairo", time(23, 59)),
        ("Australia/Lord_Howe", time(2, 15)),
        ("Asia/Kathmandu", time(9, 0)),
        ("America/New_York", time(1, 30)),
        ("Antarctica/Troll", time(2, 0)),
    ],
)
def test_ten_years_of_ticks_give_each_local_day_exactly_once(name: str, clock: time) -> None:
    zone = ZoneInfo(name)
    now, end = at("2020-01-01 12:00"), at("2029-12-31 12:00")
    done: list[date] = [day_of(now, zone)]
    while now < end:
        now = next_due(now, done[-1], clock, zone)
        due_on = is_due(now, done[-1], clock, zone)
        assert due_on is not None
        assert is_due(now - timedelta(seconds=1), done[-1], clock, zone) is None
        done.append(due_on)

    assert done == list(dates(done[0], done[-1]))
    assert len(done) > 3650


def test_a_date_the_zone_skipped_has_no_turn() -> None:
    apia = ZoneInfo("Pacific/Apia")

    assert occurrence(date(2011, 12, 30), NINE, apia) is None
    assert next_due(at("2011-12-30 02:00"), date(2011, 12, 29), NINE, apia) == at("2011-12-30 19:00")
    assert is_due(at("2011-12-30 19:00"), date(2011, 12, 29), NINE, apia) == date(2011, 12, 31)


def test_a_time_that_clocks_skip_or_show_twice_comes_once() -> None:
    assert occurrence(date(2026, 3, 29), time(2, 30), BERLIN) == at("2026-03-29 01:30")  # shown as 03:30
    assert occurrence(date(2026, 10, 25), time(2, 30), BERLIN) == at("2026-10-25 00:30")  # the first of two


@given(
    name=st.sampled_from(
        ["Europe/Berlin", "America/Santiago", "Asia/Beirut", "America/St_Johns", "Antarctica/Casey"]
    ),
    day=st.dates(date(2000, 1, 1), date(2035, 1, 1)),
    clock=st.times().map(lambda clock: clock.replace(microsecond=0, second=0)),
)
def test_a_turn_lies_in_its_own_day(name: str, day: date, clock: time) -> None:
    zone = ZoneInfo(name)

    moment = occurrence(day, clock, zone)

    assert moment is not None
    assert day_of(moment, zone) == day
    assert hours_of_day(day, zone).start - timedelta(hours=1) < moment < hours_of_day(day, zone).end


def test_before_nine_nothing_new_is_due() -> None:
    eighteenth, nineteenth = date(2026, 11, 18), date(2026, 11, 19)

    assert is_due(at("2026-11-19 07:59"), eighteenth, NINE, BERLIN) is None
    assert is_due(at("2026-11-19 08:00"), eighteenth, NINE, BERLIN) == nineteenth
    assert is_due(at("2026-11-19 23:30"), nineteenth, NINE, BERLIN) is None
    assert next_due(at("2026-11-19 07:59"), eighteenth, NINE, BERLIN) == at("2026-11-19 08:00")
    assert next_due(at("2026-11-19 12:00"), nineteenth, NINE, BERLIN) == at("2026-11-20 08:00")


def test_after_a_week_of_downtime_one_summary_is_due_not_seven() -> None:
    now = at("2026-11-19 12:00")

    due_on = is_due(now, date(2026, 11, 12), NINE, BERLIN)

    assert due_on == date(2026, 11, 19)
    assert is_due(now, due_on, NINE, BERLIN) is None
    assert next_due(now, date(2026, 11, 12), NINE, BERLIN) == now


def test_a_clock_set_back_does_not_make_a_day_twice() -> None:
    assert is_due(at("2026-11-18 12:00"), date(2026, 11, 19), NINE, BERLIN) is None
    assert next_due(at("2026-11-18 12:00"), date(2026, 11, 19), NINE, BERLIN) == at("2026-11-20 08:00")


def test_never_done_is_due_at_once() -> None:
    assert is_due(at("2026-11-19 12:00"), None, NINE, BERLIN) == date(2026, 11, 19)
    assert is_due(at("2026-11-19 03:00"), None, NINE, BERLIN) == date(2026, 11, 18)


@given(key=st.text(max_size=20), seconds=st.integers(1, 10**5))
def test_a_connection_keeps_its_place(key: str, seconds: int) -> None:
    span = timedelta(seconds=seconds)

    assert timedelta(0) <= spread(key, span) < span
    assert spread(key, span) == spread(key, span)


def test_connections_spread_over_the_interval() -> None:
    delays = [spread(f"connection-{n}", timedelta(minutes=5)) for n in range(600)]

    in_first_minute = sum(delay < timedelta(minutes=1) for delay in delays)
    assert 90 <= in_first_minute <= 150


def test_failures_back_off_to_fifteen_minutes() -> None:
    waits = [back_off(failures, "c1") for failures in range(1, 40)]

    full = [timedelta(seconds=s) for s in (30, 60, 120, 240, 480, 900)]
    assert all(wait <= whole and wait >= whole * 4 / 5 for wait, whole in zip(waits, full, strict=False))
    assert all(timedelta(minutes=12) <= wait <= timedelta(minutes=15) for wait in waits[5:])
    assert back_off(3, "c1") == back_off(3, "c1")
    assert len({back_off(6, f"c{n}") for n in range(50)}) > 40


def test_what_the_provider_asks_for_is_waited() -> None:
    assert back_off(1, "c1", timedelta(hours=2)) == timedelta(hours=2)
    assert back_off(6, "c1", timedelta(seconds=1)) >= timedelta(minutes=12)


def test_turns_follow_each_other_day_by_day() -> None:
    moments = [occurrence(day, NINE, BERLIN) for day in dates(date(2026, 3, 27), date(2026, 3, 31))]

    assert [m.hour for m in moments if m] == [8, 8, 7, 7, 7]
    assert DAY - (moments[2] - moments[1]) == timedelta(hours=1)
