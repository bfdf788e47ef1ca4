"""A table as Slack's `table` block, or as lines where another table stands beside it.

Facts: Slack, "Table block": 100 rows, 20 columns, no empty cell, one table a message; `column_settings` always carry
`align` (korotovsky/slack-mcp-server #349). Checked 2026-11-20.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.platforms.slack.limits import CELL, HEADING, TABLE_COLUMNS, TABLE_ROWS, Block, most_that_fit, size
from bot.platforms.slack.prose import paragraph, text_element
from bot.platforms.slack.words import label, one_line
from bot.views.model import Table
from bot.views.names import LONGEST_NAME, cut
from bot.views.text import more

_BLANK = " "  # the least that a cell may hold
_OTHER_ROWS = 3  # header, total and what is left out


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[str, ...]
    is_total: bool = False


def table_block(table: Table, room: int) -> Block:
    """Build a `table` block of at most `room` characters of JSON; a row before the total counts those left out.

    Numbers stand at the right, words wrap, the total is bold, and a blank row goes before a new section.
    """
    rows = _spaced(table)
    kept = most_that_fit(
        min(len(rows), TABLE_ROWS - _OTHER_ROWS), lambda most: size(_block(table, rows, most)) <= room
    )
    return _block(table, rows, kept)


def table_lines(table: Table) -> Block:
    """Build the table as lines, one per row, its first cell bold: a second table beside another might be refused."""
    rows = [*table.rows, *([table.total] if table.total else [])]
    return paragraph([_row_elements(row) for row in rows])


def row_words(row: Sequence[str]) -> str:
    """Return a row as plain text."""
    return "  ".join(filter(None, _named(row)))


def cell(text: str) -> str:
    """Return what a cell shows: a word cut at 40 characters, as names are, the whole at 100; nothing as ''."""
    words = one_line(text)
    if len(words) <= LONGEST_NAME:
        return words
    return cut(" ".join(cut(word, LONGEST_NAME) for word in cut(words, 10 * CELL).split()), CELL)


def _spaced(table: Table) -> list[_Row]:
    """The rows, with an empty one before each new section; the last of each section is its total."""
    totals = {*(start - 1 for start in table.sections), len(table.rows) - 1} if table.sections else set()
    rows: list[_Row] = []
    for index, cells in enumerate(table.rows):
        row = _Row(cells, is_total=index in totals)
        rows += [_Row(()), row] if index in table.sections else [row]
    return rows


def _block(table: Table, rows: Sequence[_Row], most: int) -> Block:
    columns = range(min(len(table.columns), TABLE_COLUMNS))
    total = [_Row(table.total, is_total=True)] if table.total else []
    lines = (_Row(_headings(table)), *rows[:most], *_left_out(table, rows[most:]), *total)
    return {
        "type": "table",
        "column_settings": [
            {"align": "right"} if column in table.numeric else {"align": "left", "is_wrapped": True}
            for column in columns
        ],
        "rows": [_cells(line, columns) for line in lines],
    }


def _headings(table: Table) -> tuple[str, ...]:
    return tuple(label(column, HEADING) for column in table.columns)


def _left_out(table: Table, rows: Sequence[_Row]) -> list[_Row]:
    """The row that counts what is not shown, where there is anything."""
    hidden = ((sum(1 for row in rows if row.cells), "row"), (len(table.columns) - TABLE_COLUMNS, "column"))
    words = ", ".join(more(number, one) for number, one in hidden if number > 0)
    return [_Row((words,))] if words else []


def _cells(row: _Row, columns: range) -> list[Block]:
    texts = [cell(row.cells[column]) if column < len(row.cells) else "" for column in columns]
    return [_cell(text or _BLANK, is_bold=row.is_total) for text in texts]


def _cell(text: str, *, is_bold: bool) -> Block:
    if not is_bold:
        return {"type": "raw_text", "text": text}
    section = {"type": "rich_text_section", "elements": [text_element(text, is_bold=True)]}
    return {"type": "rich_text", "elements": [section]}


def _row_elements(row: Sequence[str]) -> list[Block]:
    name, rest = _named(row)
    named = [text_element(name, is_bold=True)] if name else []
    return [*named, text_element(f"  {rest}")] if rest else named


def _named(row: Sequence[str]) -> tuple[str, str]:
    """Return the first cell, and the others in one; a limit belongs to what is spent of it."""
    name, *others = (cell(text) for text in row)
    return name, " · ".join(filter(None, others)).replace(" · of ", " of ")
