"""Half-open UTC windows, and how days, weeks and months are cut out of them in a workspace's zone.

An hour belongs to the local day in which it starts (in zones off by 30 or 45 minutes too), so days tile in every zone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from spend.errors import BadWindowError

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_WIDEST_OFFSET = timedelta(hours=16)  # no zone was ever further from UTC (Manila before 1844: -15:56)
_SECOND = timedelta(seconds=1)


class Word(StrEnum):
    """The windows people name. LAST_DAYS is today and the N-1 days before."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"
    LAST_DAYS = "last days"


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


@lru_cache(maxsize=8192)
def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return, in UTC and to the second, the instant from which on the local date is `day` or later, for good.

    That is midnight, or the first instant after it where clocks skip midnight. Where they are set back across midnight
    the date can step back; the day then starts the last time it begins, so that days tile. A date that was skipped
    (Samoa, 2011-12-30) starts where the date after it does.
    """
    midnight = utc_midnight(day)
    end = midnight + _WIDEST_OFFSET
    while True:
        start = end - HOUR
        for piece_start, piece_end, offset in reversed(_constant_offsets(start, end, zone)):
            if piece_start < midnight - offset:
                return min(piece_end, midnight - offset)
        end = start


def day_of(hour_start: datetime, zone: ZoneInfo) -> date:
    """Return the local date an hour belongs to: the one in which it starts, as `local_midnight` cuts them."""
    day = hour_start.astimezone(zone).date()
    while hour_start < local_midnight(day, zone):
        day -= DAY
    return day


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


def windows_of_hours(starts: Iterable[datetime]) -> list[Window]:
    """Return the fewest windows that hold exactly these UTC hours, oldest first."""
    windows: list[Window] = []
    for start in sorted(set(starts)):
        if windows and windows[-1].end == start:
            windows[-1] = Window(windows[-1].start, start + HOUR)
        else:
            windows.append(Window(start, start + HOUR))
    return windows


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


def named_dates(word: Word, today: date, *, first_weekday: int = 0, days: int = 1) -> tuple[date, date]:
    """Return the first and the last local date a word names, up to today; `days` is the N of LAST_DAYS."""
    match word:
        case Word.TODAY:
            return today, today
        case Word.YESTERDAY:
            return today - DAY, today - DAY
        case Word.WEEK:
            return week_start(today, first_weekday), today
        case Word.MONTH:
            return month_start(today), today
        case Word.LAST_DAYS:
            return today - (days - 1) * DAY, today


def same_point(
    word: Word,
    as_of: datetime,
    zone: ZoneInfo,
    *,
    first_weekday: int = 0,
    days: int = 1,
    history_from: datetime | None = None,
) -> Window | None:
    """Return the earlier window that a word's window is compared with, up to the same point as `as_of`.

    Today: the same weekday last week to the same minute. Yesterday: the same weekday, whole. Week and month: the one
    before to the same point (a day it lacks is its last day). Last N days: the N before, to the same minute of the day.
    None where history does not reach back that far (`history_from`; None = it always does).
    """
    today = day_of(as_of, zone)
    first, last = _earlier_dates(word, today, first_weekday=first_weekday, days=days)
    start = hours_of_day(first, zone).start
    if history_from is not None and start < history_from:
        return None
    end = hours_of_day(last, zone).end if word is Word.YESTERDAY else same_minute(last, as_of, zone)
    return Window(start, end)


def _earlier_dates(word: Word, today: date, *, first_weekday: int, days: int) -> tuple[date, date]:
    first, last = named_dates(word, today, first_weekday=first_weekday, days=days)
    if word is Word.MONTH:
        earlier = month_start(first - DAY)
        return earlier, earlier.replace(day=min(last.day, month_length(earlier)))
    back = (days if word is Word.LAST_DAYS else 7) * DAY
    return first - back, last - back


def same_minute(day: date, as_of: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a local date at which its clocks show what they show at `as_of`, kept inside the day."""
    local = as_of.astimezone(zone)
    clock = datetime.combine(day, local.timetz().replace(second=0, microsecond=0)).astimezone(UTC)
    whole = hours_of_day(day, zone)
    return min(max(clock, whole.start), whole.end)


def _constant_offsets(
    start: datetime, end: datetime, zone: ZoneInfo
) -> list[tuple[datetime, datetime, timedelta]]:
    """Cut an hour where the zone's offset changes: (start, end, offset) of each piece, to the second."""
    before, after = _offset(start, zone), _offset(end - _SECOND, zone)
    if before == after:
        return [(start, end, before)]
    low, high = 0, int((end - start).total_seconds()) - 1  # the offset is `before` at low, `after` at high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(start + middle * _SECOND, zone) == before else (low, middle)
    change = start + high * _SECOND
    return [(start, change, before), (change, end, after)]


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def _ceil_hour(moment: datetime) -> datetime:
    floored = floor_hour(moment)
    return floored if floored == moment else floored + HOUR
