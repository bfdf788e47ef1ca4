"""The weekday blend: weekday pattern times the recent level, four ways of measuring it weighed by their own past.

Each candidate (spend/forecast/levels.py) is made to forecast this workspace's own last weeks again, as it would have
then. Those that came close weigh more; few replays move the weights little. The same replays of the
blend itself give the range: as far off as it was in one of ten weeks below and in one of ten above.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from math import ceil
from operator import mul

from spend.forecast.levels import levels_of
from spend.forecast.weekdays import kinds_of

BLEND = "weekday blend"
BLEND_DAYS = 14
_WEEK = 7
_EVERY, _FAR_BACK = 3, 98  # days between replays, and how far back the first one starts
_EQUAL = 4.0  # replays whose worth the belief in equal weights has
_SHARPNESS = 7
_UNSURE = 6.0  # replays whose worth the first guess of the range has
_GUESS_BELOW, _GUESS_ABOVE = 0.25, 0.30
_NARROWEST = 0.02
_FUTURE_IS_WIDER = 1.1  # the past was forecast with weights that know how it ended
_GROWS = 0.15  # power of the horizon in weeks


@dataclass(frozen=True, slots=True)
class Replay:
    """One week of the past, forecast again by every candidate: running totals of 1 to 7 days, and what they became."""

    expected: tuple[tuple[float, ...], ...]
    actual: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Blend:
    """The blended days from today on, and the replays' relative errors behind the range."""

    days: tuple[float, ...]
    errors: tuple[tuple[float, ...], ...]
    method: str = BLEND

    def expected(self, days: int) -> list[int]:
        """Return what each of the next days should cost, today first."""
        return [round(day) for day in self.days[:days]]

    def margins(self, weights: Sequence[float], amount: int) -> tuple[int, int]:
        """Return how far below and above `amount`, expected of the days weighted so, its 80 % range reaches."""
        span = sum(weights)
        errors = self.errors[min(_WEEK, max(1, ceil(span))) - 1]
        trust = len(errors) / (len(errors) + _UNSURE)
        wider = _FUTURE_IS_WIDER * max(1.0, span / _WEEK) ** _GROWS
        below = (1 - trust) * _GUESS_BELOW - (trust * _quantile(errors, 0.1) if errors else 0.0)
        above = (1 - trust) * _GUESS_ABOVE + (trust * _quantile(errors, 0.9) if errors else 0.0)
        return (
            min(amount, round(amount * wider * max(below, _NARROWEST))),
            round(amount * wider * max(above, _NARROWEST)),
        )


def fit_blend(history: Sequence[int], *, first_day: date, days: int) -> Blend:
    """Forecast the `days` after `history` (nano-units, oldest first, at least 14) that began on `first_day`."""
    amounts = [float(amount) for amount in history]
    kinds = kinds_of(first_day, len(amounts) + days)
    replays = _replays(amounts, kinds)
    levels, factors = levels_of(amounts, kinds[: len(amounts)])
    weights = _weights(replays)
    ahead = [factors[kind] for kind in kinds[len(amounts) :]]
    paths = [level.days(ahead) for level in levels]
    return Blend(
        days=tuple(sum(map(mul, weights, day)) for day in zip(*paths, strict=True)),
        errors=tuple(_errors(replays, weights, span) for span in range(1, _WEEK + 1)),
    )


def _replays(amounts: Sequence[float], kinds: Sequence[int]) -> list[Replay]:
    last = len(amounts) - _WEEK
    return [
        _replay(amounts, kinds, known) for known in range(last, max(_WEEK, last - _FAR_BACK) - 1, -_EVERY)
    ]


def _replay(amounts: Sequence[float], kinds: Sequence[int], known: int) -> Replay:
    """Forecast the week after the first `known` days from those alone."""
    start = max(0, known - 120)
    levels, factors = levels_of(amounts[start:known], kinds[start:known])
    ahead = [factors[kind] for kind in kinds[known : known + _WEEK]]
    return Replay(
        expected=tuple(tuple(accumulate(level.days(ahead))) for level in levels),
        actual=tuple(accumulate(amounts[known : known + _WEEK])),
    )


def _weights(replays: Sequence[Replay]) -> list[float]:
    """Weigh the candidates by the power of their mean error over whole weeks, held back towards equal weights."""
    misses = [
        sum(abs(totals[-1] - replay.actual[-1]) for replay, totals in zip(replays, column, strict=True))
        for column in zip(*(replay.expected for replay in replays), strict=True)
    ]
    mean = sum(misses) / len(misses)
    trust = len(replays) / (len(replays) + _EQUAL) if mean > 0 else 0.0
    raw: list[float] = [max(0.02, 1 - trust + trust * miss / (mean or 1.0)) ** -_SHARPNESS for miss in misses]
    return [weight / sum(raw) for weight in raw]


def _errors(replays: Sequence[Replay], weights: Sequence[float], span: int) -> tuple[float, ...]:
    """Return how far the blend was off over `span` days in each replay, in parts of what it expected."""
    found = []
    for replay in replays:
        blended = sum(
            weight * totals[span - 1] for weight, totals in zip(weights, replay.expected, strict=True)
        )
        if blended > 0:
            found.append(replay.actual[span - 1] / blended - 1)
    return tuple(sorted(found))


def _quantile(ordered: Sequence[float], part: float) -> float:
    """Return the value that `part` of them do not exceed, between neighbours in proportion."""
    at = part * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])
