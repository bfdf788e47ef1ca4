"""How far the month's forecasts, as they were shown on each day, were off from what the months came to."""

from datetime import date

from bot.reports.frame import Frame
from bot.views.record import MonthJudged
from spend.forecast import Range, Shown, month_record
from spend.window import DAY, month_start, next_month
from storage import ShownForecast

MONTHS = 3
_SCOPE = "month"


async def months_judged(frame: Frame, currency: str) -> tuple[MonthJudged, ...]:
    """Return the last months that are over and have kept forecasts, the newest first."""
    this = month_start(frame.today)
    firsts = _months_before(this)
    kept = [each for each in await frame.store.forecasts(firsts[-1]) if _is_of(each, currency)]
    shown = [Shown(each.day, _range(each)) for each in kept]
    found = []
    for first in firsts:
        last = next_month(first) - DAY
        if not any(first <= each.day <= last for each in shown):
            continue
        totals = await frame.store.daily_totals(first, last, (), currency)
        record = month_record(first, sum(total.nanos for total in totals.values()), shown)
        if record is not None:
            is_billed = not any(total.estimated_nanos for total in totals.values())
            found.append(MonthJudged(record, currency, is_billed))
    return tuple(found)


def _months_before(this: date) -> list[date]:
    firsts = [month_start(this - DAY)]
    while len(firsts) < MONTHS:
        firsts.append(month_start(firsts[-1] - DAY))
    return firsts


def _is_of(kept: ShownForecast, currency: str) -> bool:
    return kept.scope == _SCOPE and kept.evidence.get("currency") == currency


def _range(kept: ShownForecast) -> Range:
    evidence = kept.evidence
    return Range(int(evidence["mid_nanos"]), int(evidence["low_nanos"]), int(evidence["high_nanos"]))
