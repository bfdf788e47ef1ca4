"""What every picture needs: lengths for drawing, alternative text, grid lines in words."""

from collections.abc import Sequence

from bot.views import text
from charts.scale import grid_values, top_of
from charts.spec import (
    GridLine,
)
from spend.money import NANOS_PER_UNIT

LONGEST_ALT = 300


def units(nanos: int) -> float:
    """Convert nano-units to a length for drawing; no figure is ever written from it."""
    return nanos / NANOS_PER_UNIT


def alt_text(title: str, *parts: str) -> str:
    """Join title, kind and range, key values and what is missing to at most 300 characters."""
    whole = f"{title}. {'; '.join(part for part in parts if part)}."
    return whole if len(whole) <= LONGEST_ALT else whole[: LONGEST_ALT - 1] + "…"


def grid(amounts: Sequence[float], currency: str) -> tuple[GridLine, ...]:
    """Propose grid lines with their values in words."""
    values = grid_values(top_of(amounts))
    return tuple(GridLine(value, text.limit(text.exact(value), currency)) for value in values)
