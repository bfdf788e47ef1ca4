"""Days tile in every zone, and windows are compared with the same point of the window before."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spend.errors import BadWindowError
from spend.window import (
    DAY,
    HOUR,
    Window,
    Word,
    dates,
    day_of,
    hours,
    hours_of_day,
    is_off_the_hour,
    local_midnight,
    month_length,
    named_dates,
    next_month,
    same_point,
    split_window,
    utc_day,
    utc_days,
    week_start,
    windows_of_hours,
)

ZONES = [
    "UTC", "Europe/Berlin", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Moscow", "Europe/Istanbul",
    "Atlantic/Azores", "Atlantic/Reykjavik", "Atlantic/Stanley", "Africa/Cairo", "Africa/Casablanca", "Africa/Lagos",
    "Africa/Johannesburg", "America/New_York", "America/Chicago", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "America/St_Johns", "America/Goose_Bay", "America/Havana", "America/Santiago",
    "America/Asuncion", "America/Sao_Paulo", "America/Caracas", "America/Nuuk", "Antarctica/Troll",
    "Antarctica/Casey", "Asia/Beirut", "Asia/Gaza", "Asia/Tehran", "Asia/Kabul", "Asia/Kolkata", "Asia/Kathmandu",
    "Asia/Shanghai", "Asia/Tokyo", "Asia/Pyongyang", "Asia/Amman", "Australia/Adelaide", "Australia/Eucla",
    "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati",
    "Pacific/Marquesas", "Pacific/Honolulu", "Pacific/Kwajalein",
]  # fmt: skip


def at(text: str) -> datetime:
    """Read `2026-11-19 14:05` as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("year", [2006, 2011, 2026])
def test_every_hour_of_a_year_is_in_exactly_one_day(name: str, year: int) -> None:
    zone = ZoneInfo(name)
    days = list(dates(date(year, 1, 1), date(year, 12, 31)))
    windows = [hours_of_day(day, zone) for day in days]

    assert all(earlier.end == later.start for earlier, later in pairwise(windows))
    owners = [(hour, day) for day, window in zip(days, windows, strict=True) for hour in hours(window)]
    assert [day_of(hour, zone) for hour, _ in owners] == [day for _, day in owners]
    assert len(owners) == (windows[-1].end - windows[0].start) // HOUR


@given(name=st.sampled_from(ZONES), day=st.dates(date(1975, 1, 1), date(2037, 12, 31)))
def test_a_day_starts_to_the_second_where_its_date_starts_for_good(name: str, day: date) -> None:
    zone = ZoneInfo(name)

    start = local_midnight(day, zone)

    assert start.microsecond == 0
    assert (start - timedelta(seconds=1)).astimezone(zone).date() < day
    assert all((start + n * timedelta(minutes=7)).astimezone(zone).date() >= day for n in range(200))


@pytest.mark.parametrize(
    ("name", "day", "start", "length"),
    [
        ("UTC", date(2026, 11, 19), "2026-11-19 00:00", 24),
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-28 23:00", 23),
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-24 22:00", 25),
        (
            "Asia/Kathmandu",
            date(2026, 11, 19),
            "2026-11-18 19:00",
            24,
        ),  # midnight is 18:15, the hour starts at 19:00
        ("Pacific/Chatham", date(2026, 1, 1), "2025-12-31 11:00", 24),  # +13:45 in summer
        ("America/St_Johns", date(2026, 1, 1), "2026-01-01 04:00", 24),  # -03:30
        ("Pacific/Apia", date(2011, 12, 29), "2011-12-29 10:00", 24),
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30 10:00", 0),
        ("Pacific/Apia", date(2011, 12, 31), "2011-12-30 10:00", 24),
        (
            "America/Santiago",
            date(2026, 9, 6),
            "2026-09-06 04:00",
            23,
        ),  # 00:00 does not exist, the day starts at 01:00
        ("America/Santiago", date(2026, 4, 4), "2026-04-04 03:00", 25),  # 24:00 became 23:00
        ("America/Havana", date(2026, 3, 8), "2026-03-08 05:00", 23),
        ("America/Havana", date(2026, 11, 1), "2026-11-01 04:00", 25),  # 01:00 became 00:00
        ("Asia/Beirut", date(2026, 3, 29), "2026-03-28 22:00", 23),
        ("Asia/Beirut", date(2026, 10, 24), "2026-10-23 21:00", 25),
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-23 22:00", 23),
        ("Africa/Cairo", date(2026, 10, 29), "2026-10-28 21:00", 25),
        ("Atlantic/Azores", date(2026, 10, 25), "2026-10-25 00:00", 25),
        ("Atlantic/Azores", date(2026, 3, 29), "2026-03-29 01:00", 23),
        ("Antarctica/Troll", date(2026, 3, 29), "2026-03-29 00:00", 22),
        ("Antarctica/Troll", date(2026, 10, 25), "2026-10-24 22:00", 26),
        (
            "Australia/Lord_Howe",
            date(2026, 4, 5),
            "2026-04-04 13:00",
            25,
        ),  # +11 to +10:30: the next starts at 13:30
        ("Australia/Lord_Howe", date(2026, 10, 4), "2026-10-03 14:00", 23),  # +10:30 to +11
        (
            "America/St_Johns",
            date(2006, 10, 28),
            "2006-10-28 03:00",
            25,
        ),  # 00:01 became 23:01 of the day before
        ("America/Goose_Bay", date(2006, 10, 28), "2006-10-28 03:00", 25),
    ],
)
def test_days_start_and_last_as_the_zone_says(name: str, day: date, start: str, length: int) -> None:
    window = hours_of_day(day, ZoneInfo(name))

    assert window.start == at(start)
    assert window.length == length * HOUR


def test_midnight_is_exact_where_it_lies_off_the_hour() -> None:
    assert local_midnight(date(2026, 11, 19), ZoneInfo("Asia/Kathmandu")) == at("2026-11-18 18:15")
    assert local_midnight(date(2026, 1, 1), ZoneInfo("Australia/Eucla")) == at("2025-12-31 15:15")
    assert local_midnight(date(1900, 1, 1), ZoneInfo("Europe/Paris")) == at("1899-12-31 23:50:39")
    assert is_off_the_hour(date(2026, 11, 19), ZoneInfo("Asia/Kolkata"))
    assert not is_off_the_hour(date(2026, 11, 19), ZoneInfo("Europe/Berlin"))


def test_an_hour_around_a_midnight_that_comes_twice_belongs_to_one_day() -> None:
    """St. John's, 2006-10-29: 00:01 became 23:01 of the 28th, so 03:00 UTC is 23:30 once more."""
    zone = ZoneInfo("America/St_Johns")

    assert day_of(at("2006-10-29 03:00"), zone) == date(2006, 10, 28)
    assert day_of(at("2006-10-29 02:40"), zone) == date(2006, 10, 28)  # its clock says the 29th, for 1 minute
    assert day_of(at("2006-10-29 04:00"), zone) == date(2006, 10, 29)


def test_a_window_refuses_edges_that_are_not_utc_or_run_backwards() -> None:
    with pytest.raises(BadWindowError):
        Window(datetime(2026, 1, 1), datetime(2026, 1, 2))  # noqa: DTZ001 - naive on purpose
    with pytest.raises(BadWindowError):
        Window(at("2026-01-02 00:00"), at("2026-01-01 00:00"))
    berlin = datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    with pytest.raises(BadWindowError):
        Window(berlin, berlin + HOUR)


def test_a_window_contains_its_start_and_not_its_end() -> None:
    window = utc_day(date(2026, 2, 28))

    assert window.covers(at("2026-02-28 00:00"))
    assert not window.covers(at("2026-03-01 00:00"))
    assert utc_days(window) == [date(2026, 2, 28)]
    assert utc_days(Window(window.start, window.start)) == []


@given(start=st.integers(0, 500), length=st.integers(0, 500), longest=st.integers(1, 200))
def test_a_split_covers_without_overlap(start: int, length: int, longest: int) -> None:
    origin = at("2026-01-01 00:00")
    window = Window(origin + start * HOUR, origin + (start + length) * HOUR)

    pieces = split_window(window, longest * HOUR)

    edges = [window.start] + [piece.end for piece in pieces]
    assert [piece.start for piece in pieces] == edges[:-1]
    assert edges[-1] == window.end
    assert all(timedelta(0) < piece.length <= longest * HOUR for piece in pieces)


def test_months_and_weeks() -> None:
    assert [month_length(date(2026, month, 15)) for month in (1, 2, 4, 12)] == [31, 28, 30, 31]
    assert month_length(date(2028, 2, 1)) == 29
    assert next_month(date(2026, 12, 31)) == date(2027, 1, 1)
    assert week_start(date(2026, 11, 19)) == date(2026, 11, 16)
    assert week_start(date(2026, 11, 19), 6) == date(2026, 11, 15)
    assert week_start(date(2026, 11, 15), 6) == date(2026, 11, 15)


BERLIN = ZoneInfo("Europe/Berlin")
THURSDAY = at("2026-11-19 13:05")  # 14:05 in Berlin


@pytest.mark.parametrize(
    ("word", "days", "start", "end"),
    [
        (Word.TODAY, 1, "2026-11-11 23:00", "2026-11-12 13:05"),
        (Word.YESTERDAY, 1, "2026-11-10 23:00", "2026-11-11 23:00"),
        (Word.WEEK, 1, "2026-11-08 23:00", "2026-11-12 13:05"),
        (Word.MONTH, 1, "2026-09-30 22:00", "2026-10-19 12:05"),  # Berlin was at +2 then
        (Word.LAST_DAYS, 7, "2026-11-05 23:00", "2026-11-12 13:05"),
        (Word.LAST_DAYS, 30, "2026-09-20 22:00", "2026-10-20 12:05"),
    ],
)
def test_windows_are_compared_with_the_same_point_before(word: Word, days: int, start: str, end: str) -> None:
    assert same_point(word, THURSDAY, BERLIN, days=days) == Window(at(start), at(end))


def test_a_day_the_earlier_month_lacks_is_its_last_day() -> None:
    assert same_point(Word.MONTH, at("2026-03-31 10:00"), ZoneInfo("UTC")) == Window(
        at("2026-02-01 00:00"), at("2026-02-28 10:00")
    )


def test_no_past_is_no_comparison() -> None:
    start = at("2026-11-11 23:00")

    assert same_point(Word.TODAY, THURSDAY, BERLIN, history_from=start) is not None
    assert same_point(Word.TODAY, THURSDAY, BERLIN, history_from=start + HOUR) is None


def test_weeks_may_start_on_sunday() -> None:
    window = same_point(Word.WEEK, THURSDAY, BERLIN, first_weekday=6)

    assert window == Window(at("2026-11-07 23:00"), at("2026-11-12 13:05"))


def test_words_name_dates_up_to_today() -> None:
    today = date(2026, 11, 19)

    assert named_dates(Word.LAST_DAYS, today, days=7) == (date(2026, 11, 13), today)
    assert named_dates(Word.WEEK, today) == (date(2026, 11, 16), today)
    assert named_dates(Word.MONTH, today) == (date(2026, 11, 1), today)
    assert named_dates(Word.YESTERDAY, today) == (today - DAY, today - DAY)


@given(
    name=st.sampled_from(ZONES),
    word=st.sampled_from(list(Word)),
    minutes=st.integers(0, 60 * 24 * 365 * 3),
    days=st.integers(1, 90),
)
def test_a_comparison_ends_before_the_window_it_is_for(
    name: str, word: Word, minutes: int, days: int
) -> None:
    zone = ZoneInfo(name)
    as_of = at("2024-01-01 00:00") + timedelta(minutes=minutes)
    first, _ = named_dates(word, day_of(as_of, zone), days=days)

    window = same_point(word, as_of, zone, days=days)

    assert window is not None
    assert window.end <= hours_of_day(first, zone).start


def test_hours_that_follow_each_other_are_one_window() -> None:
    noon = datetime(2026, 11, 19, 12, tzinfo=UTC)

    found = windows_of_hours([noon + HOUR, noon - 9 * HOUR, noon, noon])

    assert found == [Window(noon - 9 * HOUR, noon - 8 * HOUR), Window(noon, noon + 2 * HOUR)]
    assert windows_of_hours([]) == []
