"""Half-open UTC windows, and how days, weeks and months are cut out of them in a workspace's zone.

An hour belongs to the local day in which it starts (in zones off by 30 or 45 minutes too), so days tile in every zone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from spend.errors import BadWindowError

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """`[start, end)`, both aware UTC. An empty window (start == end) is allowed."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for edge in (self.start, self.end):
            if edge.tzinfo is not UTC and edge.utcoffset() != timedelta(0):
                raise BadWindowError("a window's edges are aware UTC datetimes")
        if self.end < self.start:
            raise BadWindowError("a window ends at or after its start")

    def covers(self, moment: datetime) -> bool:
        """Tell whether the moment lies in the window (start included, end excluded)."""
        return self.start <= moment < self.end

    @property
    def length(self) -> timedelta:
        """How long the window is."""
        return self.end - self.start


def floor_hour(moment: datetime) -> datetime:
    """Return the UTC hour a moment lies in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def utc_midnight(day: date) -> datetime:
    """Return the instant at which a UTC date starts."""
    return datetime.combine(day, time(), UTC)


def utc_day(day: date) -> Window:
    """Return the 24 hours of a UTC date."""
    return Window(utc_midnight(day), utc_midnight(day + DAY))


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return, in UTC, the first instant of a local date, also where clocks skip or repeat midnight.

    The first instant is the smallest one whose local date is `day`; where the date itself was skipped (Samoa,
    2011-12-30) it is the first instant of the date after it.
    """
    guess = datetime.combine(day, time(), UTC) - timedelta(hours=15)
    low, high = guess, guess + timedelta(hours=42)
    while high - low > timedelta(seconds=1):  # local dates never run backwards, so halving finds the change
        middle = low + (high - low) / 2
        if middle.astimezone(zone).date() < day:
            low = middle
        else:
            high = middle
    return (high + timedelta(milliseconds=500)).replace(microsecond=0)


def day_of(hour_start: datetime, zone: ZoneInfo) -> date:
    """Return the local date an hour belongs to: the one in which it starts."""
    return hour_start.astimezone(zone).date()


def hours_of_day(day: date, zone: ZoneInfo) -> Window:
    """Return the whole UTC hours that belong to a local date: 23, 24 or 25 of them, 0 for a skipped date."""
    return Window(_ceil_hour(local_midnight(day, zone)), _ceil_hour(local_midnight(day + DAY, zone)))


def hours_of_days(first: date, last: date, zone: ZoneInfo) -> Window:
    """Return the UTC hours of the local dates `first` to `last`, both included."""
    return Window(_ceil_hour(local_midnight(first, zone)), _ceil_hour(local_midnight(last + DAY, zone)))


def dates(first: date, last: date) -> Iterator[date]:
    """Yield every date from `first` to `last`, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def hours(window: Window) -> Iterator[datetime]:
    """Yield the start of every UTC hour that starts in the window."""
    moment = _ceil_hour(window.start)
    while moment < window.end:
        yield moment
        moment += HOUR


def utc_days(window: Window) -> list[date]:
    """Return every UTC date the window touches, in order; none for an empty window."""
    if window.start == window.end:
        return []
    last = (window.end - timedelta(microseconds=1)).date()
    return list(dates(window.start.date(), last))


def split_window(window: Window, longest: timedelta) -> list[Window]:
    """Cut a window into pieces of at most `longest`, oldest first, that cover it without overlap."""
    pieces = []
    start = window.start
    while start < window.end:
        end = min(start + longest, window.end)
        pieces.append(Window(start, end))
        start = end
    return pieces


def month_start(day: date) -> date:
    """Return the first of the day's month."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """Return the first of the month after the day's."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def month_length(day: date) -> int:
    """Return how many days the day's month has."""
    return (next_month(day) - month_start(day)).days


def week_start(day: date, first_weekday: int = 0) -> date:
    """Return the first day of the day's week; `first_weekday` counts from Monday = 0."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def is_off_the_hour(day: date, zone: ZoneInfo) -> bool:
    """Tell whether the zone's days start off the UTC hour (+05:30, +05:45 ...), so that answers can say so."""
    return local_midnight(day, zone).minute != 0


def _ceil_hour(moment: datetime) -> datetime:
    floored = floor_hour(moment)
    return floored if floored == moment else floored + HOUR
