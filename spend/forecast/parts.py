"""A forecast split by project, model or provider: parts that add up to the whole, to the nano-unit."""

from collections.abc import Sequence
from dataclasses import dataclass

from spend.forecast.values import Forecast, NotEnough
from spend.money import split_exactly


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a forecast: its key, what it has spent, and what it is expected to end the period at."""

    key: str
    spent_nanos: int
    end_nanos: int


def split_forecast(
    whole: Forecast, spent: Sequence[tuple[str, int]], own: Sequence[Forecast | NotEnough | None]
) -> tuple[Part, ...]:
    """Split what a period is expected to end at into parts.

    spent: each part's key and spend so far, as shown. own: the forecast of each part by itself, in the
    same order. Parts seen alone rarely add up to the whole seen at once, so what is left of the whole goes out by
    what each expects for itself (largest remainder); by what each has spent where none expects anything.
    """
    rest = whole.period_end.mid - sum(nanos for _, nanos in spent)
    weights = [_rest_of(each) for each in own]
    if sum(weights) == 0:
        weights = [max(0, nanos) for _, nanos in spent]
    if sum(weights) == 0:
        weights = [1] * len(spent)
    shares = split_exactly(rest, weights) if spent else []
    return tuple(Part(key, nanos, nanos + share) for (key, nanos), share in zip(spent, shares, strict=True))


def _rest_of(own: Forecast | NotEnough | None) -> int:
    return own.period_end.mid - own.spent_nanos if isinstance(own, Forecast) else 0
