"""A table as preformatted text, for when Slack refuses its `table` block: 34 columns, as wide as a phone is."""

from collections.abc import Sequence

from bot.platforms.slack.limits import PREFORMATTED_COLUMNS, PROSE, Block, most_that_fit, size
from bot.platforms.slack.prose import text_element
from bot.platforms.slack.tables import cell
from bot.platforms.slack.words import NOTHING
from bot.views.model import Table
from bot.views.names import cut
from bot.views.text import more

_GAP = "  "
_NARROWEST = 16  # names of models begin alike: cut shorter they cannot be told apart


def table_text(table: Table, room: int) -> Block:
    """Build the table as text of at most `room` characters of JSON: the first columns that fit, names cut to fit.

    Lines at its end count the rows and columns that are left out.
    """
    kept = most_that_fit(len(table.rows), lambda most: _fits(table, most, room))
    return _block(table, kept)


def _fits(table: Table, most: int, room: int) -> bool:
    return size(_block(table, most)) <= room and sum(map(len, _lines(table, most))) + 2 * most <= PROSE


def _block(table: Table, most: int) -> Block:
    text = "\n".join(_lines(table, most))
    words = text_element(text if text.strip() else NOTHING)
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [words]}],
    }


def _lines(table: Table, most: int) -> list[str]:
    total = [table.total] if table.total else []
    rows = [[cell(text) for text in row] for row in (table.columns, *table.rows[:most], *total)]
    widths = _widths(rows)
    lines = [_line(row, widths, table.numeric) for row in rows]
    left_out = len(table.rows) - most
    if left_out:
        lines.insert(most + 1, more(left_out, "row"))
    for section in sorted((each for each in table.sections if each < most), reverse=True):
        lines.insert(section + 1, "")
    hidden = len(table.columns) - len(widths)
    return [*lines, more(hidden, "column")] if hidden else lines


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Widths of the columns that fit; the first gives way, down to 16 characters, before another is left out."""
    natural = [
        max(len(row[column]) if column < len(row) else 0 for row in rows) for column in range(len(rows[0]))
    ]
    for count in range(len(natural), 1, -1):
        room = PREFORMATTED_COLUMNS - sum(natural[1:count]) - len(_GAP) * (count - 1)
        if room >= min(natural[0], _NARROWEST):
            return [min(natural[0], room), *natural[1:count]]
    return [min(natural[0], PREFORMATTED_COLUMNS)]


def _line(row: Sequence[str], widths: Sequence[int], numeric: frozenset[int]) -> str:
    aligned = [
        cut(text, width).rjust(width) if column in numeric else cut(text, width).ljust(width)
        for column, (text, width) in enumerate(zip(row, widths, strict=False))
    ]
    return _GAP.join(aligned).rstrip()
