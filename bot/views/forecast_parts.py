"""The table of a forecast that is cut by project, model or provider."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.views import text
from bot.views.answer_data import decimal
from bot.views.model import Table
from bot.views.names import clean
from spend.money import NANOS_PER_UNIT

CHAT_ROWS = 7


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part: its raw name, what it has spent this month, and where it is expected to end."""

    label: str
    spent_nanos: int
    end_nanos: int


def parts_table(rows: Sequence[PartRow], by: str, currency: str) -> Table:
    """Build the table; shown parts make the shown totals, chat shows seven rows and then other."""
    whole = _build(rows, by, currency)
    if len(rows) <= CHAT_ROWS + 1:
        return whole
    rest = rows[CHAT_ROWS:]
    other = PartRow(
        f"other ({len(rest)})", sum(row.spent_nanos for row in rest), sum(row.end_nanos for row in rest)
    )
    return replace(whole, short=_build([*rows[:CHAT_ROWS], other], by, currency))


def parts_data(rows: Sequence[PartRow], by: str, currency: str) -> dict[str, Any]:
    """Return the table of `ask --json`: `amount` is the expected end of the month, exact."""
    return {
        "columns": [by, "amount", "currency", "spent"],
        "rows": [[row.label, decimal(row.end_nanos), currency, decimal(row.spent_nanos)] for row in rows],
    }


def _build(rows: Sequence[PartRow], by: str, currency: str) -> Table:
    spent, spent_total = text.column([row.spent_nanos for row in rows], currency)
    ends, end_total = _guesses([row.end_nanos for row in rows], currency)
    return Table(
        columns=(by.capitalize(), "So far", "Month end"),
        rows=tuple(
            (clean(row.label), so_far, end) for row, so_far, end in zip(rows, spent, ends, strict=True)
        ),
        total=("Total", spent_total, end_total),
        numeric=frozenset({1, 2}),
    )


def _guesses(parts: Sequence[int], currency: str) -> tuple[list[str], str]:
    """Put expected amounts into words: a forecast has no cents from 10 up."""
    total = sum(parts)
    step = text.step_of(total, currency)
    if abs(total) >= 10 * NANOS_PER_UNIT:
        step = max(step, NANOS_PER_UNIT)
    cells = [
        text.part(one, now, currency, step=step)
        for one, now in zip(parts, text.shown(parts, step), strict=True)
    ]
    return cells, text.money(total, currency, step=step)
