"""A table as lines of an embed's description, money first: `**$95.41** 57% · claude-opus-5 · 17.0M tokens`.

Phones stack inline fields and wrap code blocks, so a row is a sentence: what goes with the money stands beside it, then
the name, then the rest with the name of its column.
"""

from collections.abc import Iterator, Sequence

from bot.platforms.discord.escape import at_line_start, cut_middle, escape, one_line
from bot.views.model import Table

MOST_ROWS = 31  # a month of days
_LONGEST_CELL = 80
_INDENT = "\N{EM SPACE}"
_CHILD = "· "
_TOTAL = "Total"
_BESIDE_MONEY = {"Share", "Used", "Limit", "Change"}
_LINE_OF_ITS_OWN = {"Expected"}
_NAME_FIRST = {"From", "To"}
_WITHOUT_NAME = {"When", "State", "Code"}  # the cell says it all
_NAME_OF_MONEY = {"In"}
_TOKENS, _PRICE = "Tokens", "per 1M"
_LOWER = ("Last ", "This ", "Tokens", "In", "Out", "From", "To", "Today", "Yesterday")


def row_lines(table: Table) -> list[str]:
    """Return the rows as lines; an empty one parts sections. The first with tokens and a price says in what."""
    teaching = next(
        (index for index, row in enumerate(table.rows) if _has_price(table, row)), len(table.rows)
    )
    lines: list[str] = []
    for index, row in enumerate(table.rows):
        if index and index in table.sections:
            lines.append("")
        is_total = bool(table.sections) and row[0] == _TOTAL
        lines.append(_row(table, row, is_total=is_total, is_short=index > teaching))
    return lines


def total_line(table: Table) -> str:
    """Return the total as a line, '' where the table has none."""
    return _row(table, table.total, is_total=True) if table.total else ""


def _has_price(table: Table, row: Sequence[str]) -> bool:
    return {_TOKENS, _PRICE} <= {column for column, cell in zip(table.columns, row, strict=False) if cell}


def _row(table: Table, row: Sequence[str], *, is_total: bool, is_short: bool = False) -> str:
    cells = [cut_middle(one_line(cell).strip(), _LONGEST_CELL) for cell in row]
    pairs = list(zip(table.columns[1:], cells[1:], strict=False))
    is_child = cells[0].startswith(_CHILD)
    name = escape("total" if is_total else cells[0].removeprefix(_CHILD))
    money = _money(pairs[:1], is_plain=is_child)
    beside = ", ".join(
        escape(cell)
        for column, cell in pairs[1:]
        if column in _BESIDE_MONEY and cell and not (is_total and column == "Share")
    )
    head = " ".join(words for words in (money, beside, name if is_total else "") if words)
    parts = [head, "" if is_total else name, *_rest(pairs[1:], is_short=is_short)]
    line = " · ".join(words for words in parts if words)
    below = [
        f"\n{_INDENT}{escape(cell)}" for column, cell in pairs[1:] if column in _LINE_OF_ITS_OWN and cell
    ]
    return "".join([_INDENT + line if is_child else at_line_start(line), *below])


def _money(pairs: Sequence[tuple[str, str]], *, is_plain: bool) -> str:
    """The amount, bold but in the parts of a group; with its column's name where two prices stand in a row."""
    words = "".join(cell for _, cell in pairs)
    if not words:
        return ""
    amount = escape(words) if is_plain else f"**{escape(words)}**"
    named = [column.lower() for column, _ in pairs if column in _NAME_OF_MONEY]
    return " ".join([amount, *named])


def _rest(pairs: Sequence[tuple[str, str]], *, is_short: bool) -> Iterator[str]:
    """What follows the name; a price per token stands beside its tokens. is_short: in what was said before."""
    elsewhere = _BESIDE_MONEY | _LINE_OF_ITS_OWN
    said = {column: cell for column, cell in pairs if cell and column not in elsewhere}
    if {_TOKENS, _PRICE} <= set(said):
        tokens, price = escape(said.pop(_TOKENS)), escape(said.pop(_PRICE))
        yield f"{tokens} at {price}" if is_short else f"{tokens} tokens at {price} {_PRICE}"
    for column, cell in said.items():
        yield _named(column, cell)


def _named(column: str, cell: str) -> str:
    if column in _WITHOUT_NAME:
        return escape(cell)
    name = cut_middle(one_line(column).strip(), _LONGEST_CELL)
    name = name[:1].lower() + name[1:] if name.startswith(_LOWER) else name
    return escape(f"{name} {cell}" if column in _NAME_FIRST else f"{cell} {name}")
