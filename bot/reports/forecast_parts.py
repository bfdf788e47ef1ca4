"""A month's forecast by project, model or provider: parts that add up to the whole."""

from bot.reports.cuts import COLUMNS
from bot.reports.frame import Frame
from bot.reports.outlook import forecast
from bot.views.forecast_parts import PartRow
from bot.views.names import NOT_ATTRIBUTED
from spend.forecast import Forecast, split_forecast
from spend.window import DAY, month_start, next_month
from storage import Filter

MOST = 30  # each part is a forecast of its own; what is smaller is one more, together
DIMENSIONS = ("project", "model", "provider")


async def forecast_parts(frame: Frame, whole: Forecast, by: str, currency: str) -> tuple[PartRow, ...]:
    """Split the forecast of this month; the largest end of the month comes first."""
    column, first, last = COLUMNS[by], month_start(frame.today), next_month(frame.today) - DAY
    slices = await frame.store.day_slices(first, frame.today, (column,))
    spent: dict[str, int] = {}
    for piece in slices:
        if piece.currency == currency:
            spent[piece.key[0]] = spent.get(piece.key[0], 0) + piece.nanos
    order = sorted(spent, key=lambda value: (-spent[value], value))
    groups: list[tuple[str, ...]] = [(value,) for value in order[:MOST]]
    groups += [tuple(order[MOST:])] if order[MOST:] else []
    own = [await forecast(frame, first, last, (Filter(column, group),), currency) for group in groups]
    sums = [(_label(frame, by, group), sum(spent[value] for value in group)) for group in groups]
    parts = split_forecast(whole, sums, own)
    rows = [PartRow(part.key, part.spent_nanos, part.end_nanos) for part in parts]
    return tuple(sorted(rows, key=lambda row: -row.end_nanos))


def _label(frame: Frame, by: str, group: tuple[str, ...]) -> str:
    if len(group) > 1:
        return f"other ({len(group)})"
    (value,) = group
    if by == "provider":
        return frame.provider_names.get(value, value) or NOT_ATTRIBUTED
    return frame.names.name(COLUMNS[by], value) or value or NOT_ATTRIBUTED
