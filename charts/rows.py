"""Rows that are one under the other: how many fit, and a plain bar with room for a tick."""

from collections.abc import Sequence
from typing import TypeVar

from charts.canvas import Box, Canvas

_T = TypeVar("_T")


def shown(rows: Sequence[_T], most: int) -> tuple[Sequence[_T], int]:
    """Give the rows that fit and the number of those left out; the last line says that number."""
    return (rows, 0) if len(rows) <= most else (rows[:most], len(rows) - most)


def more(count: int) -> str:
    """Say how many rows are not drawn.

    >>> more(12)
    'and 12 more'
    """
    return f"and {count} more"


def tick(canvas: Canvas, x: float, box: Box, *, reach: float = 2.5) -> None:
    """Draw the ink tick of a limit or a comparison across a bar."""
    canvas.fill([Box(x - 1.0, box.top - reach, x + 1.0, box.bottom + reach)], canvas.theme.ink)
