"""Hours by number, and which hours of the past an hour is like: same clock, on days of its kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

__all__ = ["Clock", "LikeHours", "hour_index", "hour_start"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday


def hour_index(moment: datetime) -> int:
    """Return the number of the hour a moment lies in, counted in UTC."""
    return (moment - _EPOCH) // _HOUR


def hour_start(index: int) -> datetime:
    """Return the start of an hour by its number."""
    return _EPOCH + index * _HOUR


@dataclass(frozen=True, slots=True)
class LikeHours:
    """The same clock on earlier days, newest first.

    `like`: (days ago, hour) of working days for a working day, of days off for a day off, and of the same weekday.
    `weekly`: that hour of the week. `daily`: that hour of the last seven days.
    """

    like: Sequence[tuple[int, int]]
    weekly: Sequence[int]
    daily: Sequence[int]


class Clock:
    """The clock of a workspace, from the first hour there is on."""

    def __init__(self, zone: ZoneInfo, begin: int, past_days: int) -> None:
        self.begin = begin
        self._zone = zone
        self._past_days = past_days
        self._offsets: dict[int, int] = {}
        self._like: dict[int, LikeHours] = {}

    def like(self, index: int) -> LikeHours:
        """Return the hours of the past that an hour is compared with."""
        found = self._like.get(index)
        if found is None:
            found = self._like[index] = self._find(index)
        return found

    def forget_before(self, edge: int) -> None:
        """Drop what is kept of hours that are nobody's past any more."""
        self._like = {index: like for index, like in self._like.items() if index >= edge}
        self._offsets = {index: offset for index, offset in self._offsets.items() if index >= edge}

    def _find(self, index: int) -> LikeHours:
        is_weekend = self._is_weekend(index)
        like: list[tuple[int, int]] = []
        weekly: list[int] = []
        daily: list[int] = []
        for days in range(1, self._past_days + 1):
            hour = index - 24 * days
            hour += self._offset(index) - self._offset(hour)
            if hour < self.begin:
                break
            if days <= 7:
                daily.append(hour)
            if days % 7 == 0:
                weekly.append(hour)
            if days % 7 == 0 or self._is_weekend(hour) == is_weekend:
                like.append((days, hour))
        return LikeHours(like, weekly, daily)

    def _is_weekend(self, index: int) -> bool:
        return ((index + self._offset(index)) // 24 + _EPOCH_WEEKDAY) % 7 >= 5

    def _offset(self, index: int) -> int:
        found = self._offsets.get(index)
        if found is None:
            offset = hour_start(index).astimezone(self._zone).utcoffset() or timedelta(0)
            found = self._offsets[index] = offset // _HOUR
        return found
