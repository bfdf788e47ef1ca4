"""Four plain ways to say what a usual day will cost from now on: the candidates that the blend weighs.

All look at the last days through the weekday factors. They differ in how fast they believe a change (a short memory
takes it at once, a long one hardly), in whether they go on rising or falling, and in how far they fall back to the
level since the last step as the days pass: launches stay, excitement fades, and which it is only the following weeks
can tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from statistics import median

from spend.forecast.steps import level_since_step
from spend.forecast.weekdays import weekday_factors

WINDOW = 84  # days
_HOME = 63  # longer lags behind growth, shorter takes a busy month for the rule
_MONTH = 28
_SMALLEST_FACTOR = 0.2  # a weekday that costs next to nothing says nothing about the level
_LARGEST_DAY = (
    1.5  # of the month's median day: what is above counts as this, one runaway day is not a new level
)
_LATELY = 5  # days whose median counts whole, however high: three days are a new level
_STEEPEST = 0.02  # of the level, a day
_SLOWLY, _QUICKLY = 0.95, 0.9  # what is left of the distance to the home level after each day


def _memory(keeps: float, days: int) -> tuple[float, ...]:
    """Return the weights of the last days, oldest first."""
    return tuple(keeps**age for age in range(days - 1, -1, -1))


_MIDDLE, _SHORT = _memory(0.8, 40), _memory(0.4, 12)


@dataclass(frozen=True, slots=True)
class Level:
    """The level of a usual day: `now` moving by `slope` a day and falling back to `home`, `stays` of the way a day.

    is_flat: `now` is of any day, whatever the weekday; home never is.
    """

    now: float
    slope: float = 0.0
    home: float = 0.0
    stays: float = 1.0
    is_flat: bool = False

    def days(self, factors: Sequence[float]) -> list[float]:
        """Return what each of the next days should cost, given their weekday factors; never below 0."""
        moved, away, found = self.now, 1.0, []
        for factor in factors:
            moved += self.slope
            away *= self.stays
            own = max(0.0, moved) * (1.0 if self.is_flat else factor)
            found.append(self.home * factor * (1 - away) + own * away)
        return found


def levels_of(history: Sequence[float], kinds: Sequence[int]) -> tuple[tuple[Level, ...], tuple[float, ...]]:
    """Return the levels after the last day of `history`, and the factors they go with (weekday_factors).

    history: amounts, oldest first, at least 7 days. kinds: of the same days.
    """
    factors = weekday_factors(history, kinds)
    days = list(history[-WINDOW:])
    return _levels(days, [factors[kind] for kind in kinds[-WINDOW:]]), factors


def _levels(days: Sequence[float], usual: Sequence[float]) -> tuple[Level, ...]:
    tame = _without_peaks(days, usual)
    short, middle = _level(tame, usual, _SHORT), _level(tame, usual, _MIDDLE)
    home = level_since_step(tame, usual, sum(days[-_HOME:]) / max(sum(usual[-_HOME:]), 1e-9))
    slope = _slope(tame, usual)
    return (
        Level(short, slope * short),
        Level(middle, slope * middle, home, _SLOWLY),
        Level(home),
        # On young accounts nothing simple beats yesterday.
        Level(tame[-1], 0.0, home, _QUICKLY, is_flat=True),
    )


def _without_peaks(days: Sequence[float], usual: Sequence[float]) -> list[float]:
    """Return the days, those far above the usual level cut to it; what lasts three of five days is left as it is."""
    parts = [max(factor, _SMALLEST_FACTOR) for factor in usual]
    flat = [day / part for day, part in zip(days, parts, strict=True)]
    active = [day for day in flat[-_MONTH:] if day > 0]
    if not active:
        return list(days)
    most = _LARGEST_DAY * median(active)
    return [
        day if level <= most else min(day, part * max(most, _lately(flat, at)))
        for at, (day, level, part) in enumerate(zip(days, flat, parts, strict=True))
    ]


def _lately(flat: Sequence[float], at: int) -> float:
    """Return the median of the last days up to one, the lower of two middle ones."""
    last = sorted(flat[max(0, at + 1 - _LATELY) : at + 1])
    return last[(len(last) - 1) // 2]


def _level(days: Sequence[float], usual: Sequence[float], memory: Sequence[float]) -> float:
    """Return weighted spend by weighted usual days, which a weekday near nothing cannot blow up."""
    n = min(len(days), len(memory))
    weights = memory[-n:]
    spent: float = sum(map(mul, weights, days[-n:]))
    usual_days: float = sum(map(mul, weights, usual[-n:]))
    return spent / max(usual_days, 1e-9)


def _slope(days: Sequence[float], usual: Sequence[float]) -> float:
    """Return the change a day in parts of the level: least squares of spend on usual days and usual days x time.

    Below four weeks it is 0: a slope of two weeks is mostly chance.
    """
    total = sum(days)
    if len(days) < _MONTH or total <= 0:
        return 0.0
    level = total / sum(usual)
    g = tg = ttg = y = ty = 0.0
    for at, (day, factor) in enumerate(zip(days, usual, strict=True)):
        time, weight = at - len(days) + 1, factor / max(factor, 0.1)
        g += weight * factor
        tg += weight * factor * time
        ttg += weight * factor * time * time
        y += weight * day
        ty += weight * day * time
    spread = g * ttg - tg * tg
    if spread <= 0:
        return 0.0
    return min(_STEEPEST, max(-_STEEPEST, (g * ty - tg * y) / spread / level))
