"""A table as Slack's `table` block, or as lines where another table stands beside it.

Facts: Slack, "Table block": 100 rows, 20 columns, no empty cell, one table a message; `column_settings` always carry
`align` (korotovsky/slack-mcp-server #349). Checked 2026-11-20.
"""

from collections.abc import Sequence

from bot.platforms.slack.limits import CELL, HEADING, TABLE_COLUMNS, TABLE_ROWS, Block, most_that_fit, size
from bot.platforms.slack.prose import paragraph, text_element
from bot.platforms.slack.words import label
from bot.views.model import Table
from bot.views.names import LONGEST_NAME
from bot.views.text import more

_BLANK = " "  # the least that a cell may hold
_OTHER_ROWS = 3  # header, total and what is left out


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


def cell(text: str, column: int) -> str:
    """Return what a cell shows: names (the first column) cut at 40 characters, nothing as ''."""
    return label(text, CELL if column else LONGEST_NAME) if text.strip() else ""


def _spaced(table: Table) -> list[tuple[str, ...]]:
    """The rows, with an empty one before each new section."""
    rows: list[tuple[str, ...]] = []
    for index, row in enumerate(table.rows):
        rows += [(), row] if index in table.sections else [row]
    return rows


def _block(table: Table, rows: Sequence[tuple[str, ...]], most: int) -> Block:
    columns = range(min(len(table.columns), TABLE_COLUMNS))
    lines = [_cells(row, columns) for row in (_headings(table), *rows[:most], *_left_out(table, rows[most:]))]
    if table.total:
        lines.append([_bold(each) for each in _cells(table.total, columns)])
    return {
        "type": "table",
        "column_settings": [
            {"align": "right"} if column in table.numeric else {"align": "left", "is_wrapped": True}
            for column in columns
        ],
        "rows": lines,
    }


def _headings(table: Table) -> list[str]:
    return [label(column, HEADING) for column in table.columns]


def _left_out(table: Table, rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The row that counts what is not shown, where there is anything."""
    hidden = ((sum(1 for row in rows if row), "row"), (len(table.columns) - TABLE_COLUMNS, "column"))
    words = ", ".join(more(number, one) for number, one in hidden if number > 0)
    return [(words,)] if words else []


def _cells(row: Sequence[str], columns: range) -> list[Block]:
    texts = [cell(row[column], column) if column < len(row) else "" for column in columns]
    return [{"type": "raw_text", "text": text or _BLANK} for text in texts]


def _bold(raw: Block) -> Block:
    section = {"type": "rich_text_section", "elements": [text_element(str(raw["text"]), is_bold=True)]}
    return {"type": "rich_text", "elements": [section]}


def _row_elements(row: Sequence[str]) -> list[Block]:
    name, *others = (cell(text, column) for column, text in enumerate(row))
    rest = " · ".join(filter(None, others)).replace(
        " · of ", " of "
    )  # a limit belongs to what is spent of it
    named = [text_element(name, is_bold=True)] if name else []
    return [*named, text_element(f"  {rest}")] if rest else named
