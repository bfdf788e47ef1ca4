"""The bench's `forecast`, answered by the method that people are shown."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from spend.forecast import Forecast, forecast_until
from spend.money import from_nanos, to_nanos
from spend.window import DAY


def forecast(
    history: Sequence[tuple[datetime, Decimal]], horizon_end: datetime
) -> tuple[Decimal, Decimal, Decimal]:
    """Return what is expected from the end of `history` until `horizon_end`, and the 80 % range of it, in USD.

    history: daily spend, oldest first, ending yesterday as seen this morning. Nothing of today is known.
    """
    today, last_day = history[-1][0].date() + DAY, horizon_end.date() - DAY
    if last_day < today:
        return Decimal(0), Decimal(0), Decimal(0)
    found = forecast_until(
        [to_nanos(amount) for _, amount in history],
        today=today,
        last_day=last_day,
        spent_nanos=0,
        today_nanos=0,
        today_fraction_elapsed=0.0,
    )
    if not isinstance(found, Forecast):
        raise ValueError(f"a forecast needs {found.need} days, not {found.have}")
    end = found.period_end
    return from_nanos(end.mid), from_nanos(end.low), from_nanos(end.high)
