"""A view as plain text: 72 columns, aligned tables, no box characters. Pure; adds no word."""

import textwrap
from collections.abc import Iterator, Sequence

from bot.views.model import Button, Line, Table, Tone, View

COLUMNS = 72
_GAP = "  "
_COLOURS = {Tone.ATTENTION: "33", Tone.TROUBLE: "35", Tone.CLOSED: "90"}
_BOLD, _RESET = "\x1b[1m", "\x1b[0m"


def render(view: View, *, picture: str = "", colour: bool = False) -> str:
    """Write a view as text, without a newline at its end.

    picture: the file its chart was drawn to, '' when there is none. colour: the lead is bold, in the colour of its
    tone; only for a terminal that wants it. A name in a table that is wider than the text is broken over lines, never
    cut.
    """
    lead = wrap(view.lead)
    lines = [_coloured(text, view.tone) for text in lead] if colour else lead
    for body in view.body:
        lines += wrap(body)
    if view.table:
        lines += table_lines(view.table)
    lines += wrap(view.footer) + _picture(picture)
    return "\n".join(lines + list(_commands(view.buttons)))


def wrap(text: Line | str) -> list[str]:
    """Break one line at 72 columns, between words; a longer word is broken, so that nothing is wider."""
    return textwrap.wrap(str(text), COLUMNS, break_on_hyphens=False)


def table_lines(table: Table) -> list[str]:
    """Align a table: two spaces between columns, numbers to the right, a blank line between sections."""
    rows = [table.columns, *table.rows, *([table.total] if table.total else [])]
    widths = _widths(rows)
    lines: list[str] = []
    for index, row in enumerate(rows):
        if index - 1 in table.sections:
            lines.append("")
        lines += _row_lines(row, widths, table.numeric)
    return lines


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Column widths; the first gives way so that the numbers stay within the text's width where they can."""
    widths = [
        max(len(row[column]) if column < len(row) else 0 for row in rows) for column in range(len(rows[0]))
    ]
    rest = sum(widths[1:]) + len(_GAP) * (len(widths) - 1)
    widths[0] = min(widths[0], max(COLUMNS - rest, 12))
    return widths


def _row_lines(row: Sequence[str], widths: Sequence[int], numeric: frozenset[int]) -> Iterator[str]:
    name = textwrap.wrap(row[0], widths[0], break_on_hyphens=False) or [""]
    yield from name[:-1]
    cells = [name[-1], *row[1:]]
    aligned = [
        cell.rjust(width) if column in numeric else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=False))
    ]
    yield _GAP.join(aligned).rstrip()


def _picture(file: str) -> list[str]:
    return [f"Picture: {file}"] if file else []


def _commands(buttons: Sequence[Button]) -> Iterator[str]:
    """The commands that a step forward needs; buttons that only offer to look elsewhere have none."""
    return (f"{button.label}: {button.command}" for button in buttons if button.command)


def _coloured(text: str, tone: Tone) -> str:
    colour = _COLOURS.get(tone)
    return f"{_BOLD}\x1b[{colour}m{text}{_RESET}" if colour else f"{_BOLD}{text}{_RESET}"
