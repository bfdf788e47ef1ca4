"""What bills come to in parts of the estimates, per connection, and what that makes of the days not billed yet."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from bot.reports.frame import Frame
from spend.forecast import billed_ratio
from spend.window import DAY
from storage import Filter

_LOOKED_AT = timedelta(days=24)  # two weeks that are settled, and the days that are not yet


async def billed_levels(frame: Frame, currency: str) -> dict[str, Fraction]:
    """Return the ratio of each connection whose last settled days agree on one."""
    days: dict[str, dict[date, tuple[int, int, int]]] = {}
    slices = await frame.store.day_slices(
        frame.today - _LOOKED_AT, frame.today - DAY, ("day", "connection_id"), is_money_only=True
    )
    for piece in slices:
        if piece.currency == currency:
            day = date.fromisoformat(piece.key[0])
            before = days.setdefault(piece.key[1], {}).get(day, (0, 0, 0))
            now = (piece.estimate_nanos, piece.billed_nanos, piece.estimated_nanos)
            days[piece.key[1]][day] = (before[0] + now[0], before[1] + now[1], before[2] + now[2])
    levels = {}
    for connection_id, of_days in days.items():
        settled = [
            (estimate, bill) for _, (estimate, bill, is_open) in sorted(of_days.items()) if not is_open
        ]
        ratio = billed_ratio(settled)
        if ratio is not None:
            levels[connection_id] = ratio
    return levels


async def corrections(
    frame: Frame, first: date, filters: Sequence[Filter], currency: str, levels: Mapping[str, Fraction]
) -> dict[date, int]:
    """Return what is to be added to each local day from `first` on, so that its estimates are at the billed level."""
    if not levels:
        return {}
    added: dict[date, int] = {}
    slices = await frame.store.day_slices(
        first, frame.today, ("day", "connection_id"), filters, is_money_only=True
    )
    for piece in slices:
        ratio = levels.get(piece.key[1])
        if ratio is not None and piece.estimated_nanos and piece.currency == currency:
            day = date.fromisoformat(piece.key[0])
            added[day] = added.get(day, 0) + round(piece.estimated_nanos * (ratio - 1))
    return added
