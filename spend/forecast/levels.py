"""Seven plain ways to say what a usual day will cost from now on: the candidates that the blend weighs.

All look at the last days through the weekday factors. They differ in how fast they believe a change (a short memory
takes it at once, a long one hardly), in whether they go on rising or falling, and in how far they fall back to the
long mean as the days pass: launches stay, excitement fades, and which it is only the following weeks can tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from statistics import median

from spend.forecast.weekdays import weekday_factors

WINDOW = 84  # days; what is older weighs under 2 % in the longest memory
_MONTH = 28
_FEW = 14
_SMALLEST_FACTOR = 0.2  # a weekday that costs next to nothing says nothing about the level
_LARGEST_DAY = 2.0  # a day above twice the median day counts as twice: one runaway day is not a new level
_STEEPEST = 0.03  # of the level, a day
_FALLS_BACK = (0.95, 0.90)  # what is left of the distance to the long mean after each day


def _memory(keeps: float, days: int) -> tuple[float, ...]:
    """Return the weights of the last days, oldest first."""
    return tuple(keeps**age for age in range(days - 1, -1, -1))


_LONG, _MIDDLE, _SHORT = _memory(0.95, WINDOW), _memory(0.8, 40), _memory(0.4, 12)


@dataclass(frozen=True, slots=True)
class Level:
    """The level of a usual day: `now` moving by `slope` a day, which fades by `damping`, and falling back to `home`.

    is_flat: the weekday pattern is left out. starts_at: the weight before anything is known of how it does.
    """

    now: float
    slope: float = 0.0
    damping: float = 0.0
    home: float = 0.0
    stays: float = 1.0
    is_flat: bool = False
    starts_at: float = 1.0

    def path(self, days: int) -> list[float]:
        """Return the level of each of the next days; never below 0."""
        moved, step, away, found = 0.0, self.slope, 1.0, []
        for _ in range(days):
            step *= self.damping
            moved += step
            away *= self.stays
            found.append(self.home * (1 - away) + max(0.0, self.now + moved) * away)
        return found


def candidates(history: Sequence[float], factors: Sequence[float], first_weekday: int) -> tuple[Level, ...]:
    """Return the levels after the last day of `history` (at least 7 days, amounts oldest first)."""
    start = max(0, len(history) - WINDOW)
    days = list(history[start:])
    usual = [factors[(first_weekday + start + at) % 7] for at in range(len(days))]
    tame = _without_peaks(days, usual)
    fast, middle = _level(tame, usual, _SHORT), _level(tame, usual, _MIDDLE)
    long, month = _level(days, usual, _LONG), _level(days, usual, (1.0,) * _MONTH)
    slope = _slope(tame[-_MONTH:], usual[-_MONTH:]) * middle
    slow, quick = _FALLS_BACK
    return (
        Level(middle, slope, 0.9, home=month, stays=slow),
        Level(middle, slope, 0.9, home=long, stays=slow),
        Level(fast, home=long, stays=quick),
        Level(month),
        Level(fast),
        Level(middle, slope, 0.96),
        # On young accounts nothing simple beats yesterday.
        Level(tame[-1], is_flat=True, starts_at=2.0),
    )


def expected_days(level: Level, factors: Sequence[float], next_weekday: int, days: int) -> list[float]:
    """Return what each of the next days should cost on a level."""
    if level.is_flat:
        return level.path(days)
    return [amount * factors[(next_weekday + at) % 7] for at, amount in enumerate(level.path(days))]


def levels_of(history: Sequence[float], first_weekday: int) -> tuple[tuple[Level, ...], tuple[float, ...]]:
    """Return the candidates after a history, and the weekday factors they go with."""
    factors = weekday_factors(history, first_weekday)
    return candidates(history, factors, first_weekday), factors


def _without_peaks(days: Sequence[float], usual: Sequence[float]) -> list[float]:
    flat = [
        day / max(factor, _SMALLEST_FACTOR)
        for day, factor in zip(days[-_MONTH:], usual[-_MONTH:], strict=True)
    ]
    active = [day for day in flat if day > 0]
    if not active:
        return list(days)
    most = _LARGEST_DAY * median(active)
    return [min(day, most * max(factor, _SMALLEST_FACTOR)) for day, factor in zip(days, usual, strict=True)]


def _level(days: Sequence[float], usual: Sequence[float], memory: Sequence[float]) -> float:
    """Return weighted spend by weighted usual days, which a weekday near nothing cannot blow up."""
    n = min(len(days), len(memory))
    weights = memory[-n:]
    spent: float = sum(map(mul, weights, days[-n:]))
    usual_days: float = sum(map(mul, weights, usual[-n:]))
    return spent / max(usual_days, 1e-9)


def _slope(days: Sequence[float], usual: Sequence[float]) -> float:
    """Return the change a day in parts of the level: least squares of spend on usual days and usual days x time."""
    total = sum(days)
    if len(days) < _FEW or total <= 0:
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
