"""The days of November and the hours of Thursday the 19th, as the pictures of the story need them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any

from bot.views.facts import DayAmount, FanDay, HourAmount
from bot.views.spike_found import SpikeEvidence, Squeezed
from charts.spec import Mark
from tests.bot.views import test_spike
from tests.bot.views.harbor import at, nanos
from tests.charts.stories import BILLED, OCTOBER, REST_OF_NOVEMBER, TODAY, WEDNESDAY

_REST = (0.8, 0.8, 6.5, 8.8, 4.1, 0.8, 1.6, 3.4, 7.0, 9.6, 10.5, 11.7, 9.8, 10.5, 0.6)
_CAUSE = (*(0.0,) * 10, 6.1, 21.5, 24.9, 25.6, 1.99)
_USUAL = (0.8, 0.7, 5.6, 6.5, 2.7, 0.8, 1.6, 3.6, 7.1, 9.9, 10.8, 11.0, 9.4, 9.2, 11.8, 11.4, 9.4)
_USUAL_LATER = (6.6, 4.3, 3.6, 3.2, 2.3, 1.6, 0.8)


def _of_day(index: int) -> tuple[float, Mark]:
    """What a day of November spent, by its number from 0, and how sure that is."""
    known = [*BILLED, WEDNESDAY, TODAY]
    if index >= len(known):
        return 0.0, Mark.MISSING
    return known[index], Mark.BILLED if index < len(BILLED) else Mark.ESTIMATED


def _exact(amount: float) -> int:
    return nanos(f"{amount:.2f}")


_OCTOBER = (*OCTOBER[:29], sum(OCTOBER[29:]))  # a day more than November
DAYS = tuple(
    DayAmount(date(2026, 11, index + 1), _exact(_of_day(index)[0]), _of_day(index)[1], _exact(october))
    for index, october in enumerate(_OCTOBER)
)
FAN = tuple(
    FanDay(
        date(2026, 11, 19 + step),
        _exact(total),
        _exact(total - 78.0 * step / 11),
        _exact(total + 92.0 * step / 11),
    )
    for step, total in enumerate(accumulate(REST_OF_NOVEMBER[1:], initial=2253.55 + REST_OF_NOVEMBER[0]))
)
HOURS = tuple(
    HourAmount(
        at(19, hour),
        _exact(_REST[hour] + _CAUSE[hour]) if hour < len(_REST) else 0,
        _exact(_CAUSE[hour]) if hour < len(_REST) else 0,
        Mark.ESTIMATED if hour < len(_REST) else Mark.MISSING,
        _exact(usual),
        _exact(usual * 0.72),
        _exact(usual * 1.2 + 0.9),
    )
    for hour, usual in enumerate((*_USUAL, *_USUAL_LATER))
)
MEAN_HOURS = tuple(
    HourAmount(at(19, hour), _exact(usual)) for hour, usual in enumerate((*_USUAL, *_USUAL_LATER))
)


def spike_found(cause: tuple[float, ...], part: float, **changes: Any) -> SpikeEvidence:
    """What was stored about the spike once its key had spent so much in each hour from 10:00 on; `part` of the last."""
    on_top = (*(0.0,) * 10, *cause)
    rest = [*_REST[: len(on_top) - 1], _REST[len(on_top) - 1] * part]
    hours = [
        {
            "hour": each.start.isoformat(),
            "nanos": _exact(rest[hour] + on_top[hour]) if hour < len(on_top) else None,
            "cause_nanos": _exact(on_top[hour]) if hour < len(on_top) else None,
            "usual_nanos": each.usual_nanos,
            "low_nanos": each.low_nanos,
            "high_nanos": each.high_nanos,
        }
        for hour, each in enumerate(HOURS)
    ]
    day = {"date": "2026-11-19", "hours": hours}
    return replace(SpikeEvidence.from_evidence(test_spike.EVIDENCE | {"day": day}), **changes)


FOUND = spike_found((6.1, 5.45), 15 / 60)
GREW = spike_found(
    (6.1, 21.5, 4.13),
    10 / 60,
    observed_nanos=nanos("31.73"),
    as_of=at(19, 12, 10),
    pace_nanos=nanos("25.3"),
    told_at=at(19, 11, 20),
    budget=Squeezed(
        label="Agents",
        limit=Decimal(400),
        spent_nanos=nanos("300.63"),
        currency="USD",
        month=date(2026, 11, 1),
        gone_at=at(19, 16, 4),
    ),
)
