"""How far the forecasts of a month, as they were shown on its days, were off from what the month came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from spend.forecast.values import Range


@dataclass(frozen=True, slots=True)
class Shown:
    """The month's end as it was first shown on a day."""

    day: date
    end: Range


@dataclass(frozen=True, slots=True)
class MonthRecord:
    """A month that is over: what it came to, and what was shown on its days, oldest first (at least one)."""

    first: date
    actual_nanos: int
    shown: tuple[Shown, ...]

    @property
    def held(self) -> int:
        """On how many days the range held the month's total."""
        return sum(1 for each in self.shown if each.end.low <= self.actual_nanos <= each.end.high)

    def on(self, day_of_month: int) -> Shown | None:
        """Return what was shown on a day of the month; None where nothing was kept then."""
        return next((each for each in self.shown if each.day.day == day_of_month), None)

    def miss(self, shown: Shown) -> Fraction:
        """Return how far a forecast was off, in parts of what the month came to: below 0 it was too low."""
        return Fraction(shown.end.mid - self.actual_nanos, self.actual_nanos)

    @property
    def largest_miss(self) -> Fraction:
        """Return how far the worst of them was off, whatever the direction."""
        return max(abs(self.miss(each)) for each in self.shown)


def month_record(first: date, actual_nanos: int, shown: Sequence[Shown]) -> MonthRecord | None:
    """Judge a month that is over; None where nothing was shown in it, or it cost nothing to compare with."""
    inside = sorted((each for each in shown if each.day.replace(day=1) == first), key=lambda each: each.day)
    return MonthRecord(first, actual_nanos, tuple(inside)) if inside and actual_nanos > 0 else None
