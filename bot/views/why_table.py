"""The table of a split, and the exact object of it for scripts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.views import text
from bot.views.answer_data import decimal, moment
from bot.views.facts import Total
from bot.views.model import Table
from bot.views.why_words import NamedPart, change_step, phrase, shown_change
from spend.usage import Basis
from spend.window import Window

CHAT_ROWS = 7
_COLUMNS = (
    *("cause", "what", "connection", "project", "key", "model", "kind", "amount", "currency", "basis"),
    *("before", "after", "tokens_before", "tokens_after", "requests_before", "requests_after"),
)

type_sections = Sequence[tuple[Total, Sequence[tuple[NamedPart, int]]]]


def why_table(sections: type_sections) -> Table | None:
    """Build the parts of each currency with their exact sum; parts below a step are one row, `ask --json` has all."""
    if not any(groups for _, groups in sections):
        return None
    whole, brief = _build(sections, 0), _build(sections, CHAT_ROWS)
    return whole if len(brief.rows) == len(whole.rows) else replace(whole, short=brief)


def fold(
    groups: Sequence[tuple[NamedPart, int]], most: int, step: int
) -> tuple[list[tuple[NamedPart, int]], list[tuple[NamedPart, int]]]:
    """Keep the largest parts in their order (`most` 0: all) that are a step or more; the rest is one row.

    One part is never folded alone.
    """
    seen = [each for each in groups if abs(each[0].nanos) >= step] or list(groups[:1])
    if most and len(seen) > most + 1:
        sized = sorted(seen, key=lambda each: -abs(each[0].nanos))[:most]
        seen = [each for each in seen if each in sized]
    rest = [each for each in groups if each not in seen]
    return (list(groups), []) if len(rest) == 1 else (seen, rest)


def signed(exact: int, shown: int, currency: str, *, codes: bool = False, step: int) -> str:
    """Put a part into words with its sign: `+$80.09`, `-$0.68`, `+<$0.01` for one below a step."""
    if shown == 0 and exact:
        return f"{'+' if exact > 0 else ''}{text.part(exact, 0, currency, codes=codes, step=step)}"
    return text.signed(shown, currency, codes=codes, step=step)


def why_data(
    parts: Sequence[NamedPart],
    totals: Sequence[Total],
    *,
    bases: tuple[Basis, Basis],
    base: Window | None,
    label: str,
) -> dict[str, Any]:
    """Return what `ask --json` has besides the usual: every part, exact and uncut, and the changes they sum to.

    bases: of the earlier window and of this one. base, label: the window it is compared with, and its words.
    """
    return {
        "table": {"columns": list(_COLUMNS), "rows": [_exact_row(part, bases[1]) for part in parts]},
        "changes": [
            {
                "currency": total.currency,
                "before": decimal(total.before_nanos or 0),
                "after": decimal(total.nanos),
                "change": decimal(total.nanos - (total.before_nanos or 0)),
                "basis_before": bases[0].value,
                "basis_after": bases[1].value,
            }
            for total in totals
        ],
        "base": {"start": moment(base.start), "end": moment(base.end), "label": label} if base else None,
    }


def _build(sections: type_sections, most: int) -> Table:
    codes = len(sections) > 1
    rows: list[tuple[str, ...]] = []
    starts: list[int] = []
    closing: tuple[str, ...] = ()
    for total, groups in sections:
        starts.append(len(rows))
        step, change = change_step(total), total.nanos - (total.before_nanos or 0)
        rows += _rows(groups, total, most, codes=codes)
        closing = ("Change", signed(change, shown_change(total), total.currency, codes=codes, step=step))
        rows += [closing] if codes else []
    return Table(
        columns=("Part", "Change"),
        rows=tuple(rows),
        total=None if codes else closing,
        numeric=frozenset({1}),
        sections=tuple(starts[1:]) if codes else (),
    )


def _rows(
    groups: Sequence[tuple[NamedPart, int]], total: Total, most: int, *, codes: bool
) -> list[tuple[str, ...]]:
    step = change_step(total)
    kept, rest = fold(groups, most, step)
    rows: list[tuple[str, ...]] = [
        (_words(part), signed(part.nanos, shown, total.currency, codes=codes, step=step))
        for part, shown in kept
    ]
    if rest:
        exact, shown = sum(part.nanos for part, _ in rest), sum(shown for _, shown in rest)
        rows.append((f"Other ({len(rest)})", signed(exact, shown, total.currency, codes=codes, step=step)))
    return rows


def _words(part: NamedPart) -> str:
    spans = phrase(part)
    words = "".join(span if isinstance(span, str) else span.text for span in spans)
    return words[0].upper() + words[1:] if isinstance(spans[0], str) else words


def _exact_row(part: NamedPart, basis: Basis) -> list[Any]:
    labels = [
        part.cause.value,
        part.thing.value if part.thing else "",
        part.connection,
        part.project,
        part.key,
    ]
    return [
        *labels,
        part.models[0] if part.models else "",
        part.kind,
        decimal(part.nanos),
        part.currency,
        basis.value,
        decimal(part.before.nanos),
        decimal(part.after.nanos),
        part.before.tokens,
        part.after.tokens,
        part.before.requests,
        part.after.requests,
    ]
