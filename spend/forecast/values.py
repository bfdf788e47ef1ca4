"""What a forecast is: a period's expected total with its 80 % range, or that there are too few days for one."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Range:
    """An expected amount and its 80 % range, nano-units: low <= mid <= high."""

    mid: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class DayForecast:
    """What a local day is expected to cost, and the period's total by its end (the fan of the picture)."""

    day: date
    expected_nanos: int
    by_end: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEnough:
    """There are too few complete days. `ready_on`: the local date on which there will be enough."""

    have: int
    need: int
    ready_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A period's expected total, as of now.

    `period_end` = `spent_nanos` (today so far included) + `rest_of_today_nanos` + `rest_after_today_nanos` in its mid.
    `next_7_days`: the 7 days after today, whatever period they lie in. `days`: today and every day left of the period.
    """

    method: str
    today: date
    spent_nanos: int
    rest_of_today_nanos: int
    rest_after_today_nanos: int
    period_end: Range
    next_7_days: Range
    days: tuple[DayForecast, ...]

    @property
    def is_irregular(self) -> bool:
        """Tell whether one number would mislead: the 80 % range is wider than the expected total itself."""
        return self.period_end.high - self.period_end.low > max(self.period_end.mid, 0)

    def crosses(self, limit_nanos: int) -> date | None:
        """Return the first day by whose end more than the limit is expected; today if it is passed; None if it fits."""
        if self.spent_nanos > limit_nanos:
            return self.today
        return next((day.day for day in self.days if day.by_end.mid > limit_nanos), None)
