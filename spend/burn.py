"""Burn rate: what an active day costs, and what the last hours cost by the hour. Only arithmetic on what was spent.

An active day is a day with spend. The week behind the rate is the 7 complete days before today, so it holds each
weekday once; today is still filling and never part of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from statistics import median_low

from spend.window import DAY, HOUR, Window, dates, floor_hour, next_month

WEEK_DAYS = 7
USUAL_WEEKS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class BurnRate:
    """The mean of the active days among the last complete days (`days` of them, at most 7).

    `active_weekdays` and `known_weekdays` (Monday = 0) tell on which days of the week money was, or could have been,
    spent: what is expected of the days left follows from them.
    """

    per_active_day_nanos: int
    active_days: int
    days: int
    active_weekdays: frozenset[int]
    known_weekdays: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Spend per hour up to an as-of time.

    `usual_nanos`: what the last 3 hours cost per hour on this weekday in earlier weeks; None = no past.
    """

    last_3h_nanos: int
    last_24h_nanos: int
    usual_nanos: int | None


def measure_burn(complete_days: Sequence[int], *, today: date) -> BurnRate | None:
    """Return the burn rate of the complete days before today, oldest first, no gaps; only the last 7 count.

    None when there is no complete day or none of them is active. Days with a negative net are not active.
    """
    recent = list(complete_days[-WEEK_DAYS:])
    weekdays = [(today - offset * DAY).weekday() for offset in range(len(recent), 0, -1)]
    active = {weekday: nanos for weekday, nanos in zip(weekdays, recent, strict=True) if nanos > 0}
    if not active:
        return None
    return BurnRate(
        per_active_day_nanos=round(Fraction(sum(active.values()), len(active))),
        active_days=len(active),
        days=len(recent),
        active_weekdays=frozenset(active),
        known_weekdays=frozenset(weekdays),
    )


def measure_pace(
    hourly: Mapping[datetime, int], *, as_of: datetime, history_from: datetime | None = None
) -> Pace:
    """Return what the last 3 and 24 hours before `as_of` cost per hour, and what these 3 hours usually cost.

    hourly: nano-units by start of the UTC hour; a missing hour is nothing spent. The hour `as_of` lies in counts whole,
    as nothing in it is younger; the hour a span starts in counts by its minutes. Usual: the lower median of the same
    3 hours, 1 to 4 weeks ago, as far as history reaches (`history_from`; None = far enough).
    """
    earlier = [as_of - week * WEEK_DAYS * DAY for week in range(1, USUAL_WEEKS + 1)]
    usual = [
        _per_hour(hourly, end, hours=3)
        for end in earlier
        if history_from is None or end - 3 * HOUR >= history_from
    ]
    return Pace(
        last_3h_nanos=_open_per_hour(hourly, as_of, hours=3),
        last_24h_nanos=_open_per_hour(hourly, as_of, hours=24),
        usual_nanos=median_low(usual) if usual else None,
    )


def pace_windows(as_of: datetime, *, history_from: datetime) -> list[Window]:
    """Return the hours `measure_pace` looks at, as far as history reaches, so that no others need be read."""
    spans = [(as_of, 24), *((as_of - week * WEEK_DAYS * DAY, 3) for week in range(1, USUAL_WEEKS + 1))]
    edges = [
        (floor_hour(max(end - back * HOUR, history_from)), floor_hour(end) + HOUR) for end, back in spans
    ]
    return [Window(start, end) for start, end in edges if start < end]


def spent_in(hourly: Mapping[datetime, int], window: Window) -> int:
    """Return what was spent in a window, hours cut by it counting by their minutes."""
    total = Fraction(0)
    hour = window.start.replace(minute=0, second=0, microsecond=0)
    while hour < window.end:
        inside = min(hour + HOUR, window.end) - max(hour, window.start)
        total += hourly.get(hour, 0) * Fraction(inside // timedelta(seconds=1), 3600)
        hour += HOUR
    return round(total)


def expected_active_days(burn: BurnRate, first: date, last: date) -> Fraction:
    """Return how many of the days `first` to `last` should be active.

    A day counts if its weekday was active in the last 7 days; a weekday not seen yet counts by the share of
    active days.
    """
    share = Fraction(burn.active_days, burn.days)
    return sum(
        (
            Fraction(day.weekday() in burn.active_weekdays) if day.weekday() in burn.known_weekdays else share
            for day in dates(first, last)
        ),
        Fraction(0),
    )


def project_month(burn: BurnRate, *, today: date, spent_this_month_nanos: int, today_nanos: int) -> int:
    """Return where the month ends at the burn rate: what is spent, the rest of today, and the active days left.

    The rest of today is the rate less what today has cost already, at least nothing; nothing if today's weekday
    is idle.
    """
    rest_of_today = _rest_of_today(burn, today, today_nanos)
    days_left = expected_active_days(burn, today + DAY, next_month(today) - DAY)
    return spent_this_month_nanos + rest_of_today + round(days_left * burn.per_active_day_nanos)


def lasts_until(
    burn: BurnRate, *, today: date, last: date, spent_nanos: int, today_nanos: int, limit_nanos: int
) -> date | None:
    """Return the day up to which a limit lasts at the burn rate: the one in which it is passed.

    None if it lasts beyond `last`; today if it is passed already. `spent_nanos` is the period's, today included.
    """
    expected = Fraction(spent_nanos + _rest_of_today(burn, today, today_nanos))
    for day in dates(today, last):
        if day > today:
            expected += expected_active_days(burn, day, day) * burn.per_active_day_nanos
        if expected > limit_nanos:
            return day
    return None


def time_left(*, limit_nanos: int, spent_nanos: int, per_hour_nanos: int) -> timedelta | None:
    """Return how long a limit lasts at a pace, to the minute; None at no pace, nothing when it is used up already."""
    if per_hour_nanos <= 0:
        return None
    left = max(0, limit_nanos - spent_nanos)
    return timedelta(minutes=left * 60 // per_hour_nanos)


def _rest_of_today(burn: BurnRate, today: date, today_nanos: int) -> int:
    whole = expected_active_days(burn, today, today) * burn.per_active_day_nanos
    return max(0, round(whole) - max(0, today_nanos))


def _per_hour(hourly: Mapping[datetime, int], end: datetime, *, hours: int) -> int:
    return round(Fraction(spent_in(hourly, Window(end - hours * HOUR, end)), hours))


def _open_per_hour(hourly: Mapping[datetime, int], as_of: datetime, *, hours: int) -> int:
    current = as_of.replace(minute=0, second=0, microsecond=0)
    before = spent_in(hourly, Window(as_of - hours * HOUR, current))
    return round(Fraction(before + hourly.get(current, 0), hours))
