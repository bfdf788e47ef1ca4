"""Lines that fit: what has no room is left out from the bottom, and a line of its own says how much."""

from collections.abc import Sequence
from itertools import accumulate

from bot.platforms.discord.limits import units
from bot.views.text import more

_ROOM_FOR_NOTES = 2 * units(more(1_000_000, "line")) + 4


def fitted(body: Sequence[str], rows: Sequence[str], total: str, *, most: int, most_rows: int) -> str:
    """Return body, rows and total as one text of at most `most` units; the total stays whatever has to go.

    An empty line parts the body from the rows, and where `rows` has one, sections.
    """
    kept_body, kept_rows = len(body), min(len(rows), most_rows)
    body_sizes, row_sizes = _sizes(body), _sizes(rows)
    room = most - units(total) - 1
    if body_sizes[-1] + row_sizes[kept_rows] > room or kept_rows < len(rows):
        room -= _ROOM_FOR_NOTES
    while kept_rows and body_sizes[kept_body] + row_sizes[kept_rows] > room:
        kept_rows -= 1
    while kept_body and body_sizes[kept_body] > room:
        kept_body -= 1
    table = [*_counted(rows, kept_rows, "row"), *([total] if total else [])]
    return "\n".join([*_counted(body, kept_body, "line"), *([""] if body and table else []), *table])


def _sizes(lines: Sequence[str]) -> list[int]:
    """Units of the first 0, 1, 2 ... lines, each with its line break."""
    return list(accumulate((units(line) + 1 for line in lines), initial=1))


def _counted(lines: Sequence[str], kept: int, one: str) -> list[str]:
    left_out = sum(1 for line in lines[kept:] if line)
    shown = list(lines[:kept])
    while shown and not shown[-1]:
        shown.pop()
    return [*shown, more(left_out, one)] if left_out else shown
