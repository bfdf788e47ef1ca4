"""Where a period ends, from the last complete days: an expected total, its 80 % range, or "not enough".

The shown default is the weekday blend (blend.py); the straight line through the last 7 days stays a method by name
(line.py). values.py says what comes back, project.py puts it together; parts.py splits it, record.py judges it later.
"""

from spend.forecast.blend import BLEND, BLEND_DAYS
from spend.forecast.line import LINE_DAYS, PLAIN_MEAN, STRAIGHT_LINE
from spend.forecast.parts import Part, split_forecast
from spend.forecast.project import METHODS, MIN_DAYS, forecast_until
from spend.forecast.record import MonthRecord, Shown, month_record
from spend.forecast.settle import billed_ratio
from spend.forecast.values import DayForecast, Forecast, NotEnough, Range
from spend.forecast.weekdays import is_holiday

__all__ = [
    "BLEND",
    "BLEND_DAYS",
    "LINE_DAYS",
    "METHODS",
    "MIN_DAYS",
    "PLAIN_MEAN",
    "STRAIGHT_LINE",
    "DayForecast",
    "Forecast",
    "MonthRecord",
    "NotEnough",
    "Part",
    "Range",
    "Shown",
    "billed_ratio",
    "forecast_until",
    "is_holiday",
    "month_record",
    "split_forecast",
]
