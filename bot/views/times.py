"""Moments, days and lengths of time in words, in the workspace's zone. 24 hours, the zone named once per message."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MINUTE = timedelta(minutes=1)
_FAR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Clock:
    """What time it is, and where: everything that is needed to write times down. `now` is aware."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The local date."""
        return self.now.astimezone(self.zone).date()

    def day_of(self, moment: datetime) -> date:
        """Return the local date of a moment."""
        return moment.astimezone(self.zone).date()

    def time(self, moment: datetime) -> str:
        """`14:05`."""
        return f"{moment.astimezone(self.zone):%H:%M}"

    def time_zone(self, moment: datetime) -> str:
        """`14:05 CET`, or `14:05 UTC+3` where the zone has no letters."""
        return f"{self.time(moment)} {self.letters(moment)}"

    def letters(self, moment: datetime) -> str:
        """Return the zone's abbreviation at a moment, else its offset."""
        local = moment.astimezone(self.zone)
        name = local.tzname() or ""
        if name.isalpha():
            return name
        minutes = int((local.utcoffset() or timedelta()) / _MINUTE)
        hours, rest = divmod(abs(minutes), 60)
        return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"

    def weekday_time(self, moment: datetime) -> str:
        """`Sat 01:00`: a moment within a week of now."""
        return f"{self._short_weekday(self.day_of(moment))} {self.time(moment)}"

    def near(self, moment: datetime) -> str:
        """Write a moment as short as it stays clear: `11:40` today, `Fri 11:40` within six days, else `Nov 3 11:40`."""
        day = self.day_of(moment)
        if day == self.today:
            return self.time(moment)
        if abs((day - self.today).days) < 7:
            return self.weekday_time(moment)
        return f"{self.on(day)} {self.time(moment)}"

    def near_zone(self, moment: datetime) -> str:
        """`Fri 11:40 CET`: as `near`, with the zone."""
        return f"{self.near(moment)} {self.letters(moment)}"

    def on(self, day: date) -> str:
        """`Nov 19`, or `Nov 19, 2025` for a day of another year that is not near."""
        is_far = day.year != self.today.year and abs(day - self.today) > _FAR
        return f"{month_name(day)[:3]} {day.day}{f', {day.year}' if is_far else ''}"

    def day(self, day: date) -> str:
        """`Thu Nov 19`, or `Nov 19, 2025` for a far day."""
        written = self.on(day)
        return written if "," in written else f"{self._short_weekday(day)} {written}"

    def span(self, first: date, last: date) -> str:
        """`Nov 3 to Nov 9`, both days included; one day alone for a span of one."""
        return self.on(first) if first == last else f"{self.on(first)} to {self.on(last)}"

    def weekday_of(self, moment: datetime) -> str:
        """`Thursday`: the local weekday of a moment."""
        return weekday(self.day_of(moment))

    def age(self, moment: datetime) -> str:
        """`5 min ago`, for private answers only: a posted message grows old."""
        return f"{duration(max(self.now - moment, _MINUTE))} ago"

    def _short_weekday(self, day: date) -> str:
        return weekday(day)[:3]


def weekday(day: date) -> str:
    """`Thursday`."""
    return WEEKDAYS[day.weekday()]


def month_name(day: date) -> str:
    """`November`."""
    return _MONTHS[day.month - 1]


def duration(length: timedelta) -> str:
    """Write a length of time: minutes to 90, hours and minutes to 48 h, then days.

    >>> duration(timedelta(minutes=80)), duration(timedelta(minutes=380)), duration(timedelta(days=3))
    ('80 min', '6 h 20 min', '3 days')
    """
    minutes = round(length / _MINUTE)
    if minutes <= 90:
        return f"{minutes} min"
    if minutes <= 48 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{round(minutes / 1440)} days"
