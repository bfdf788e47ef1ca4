"""The table of a spend answer: groups by size, other, total; one section per currency; parts that make the total."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby

from bot.views import text
from bot.views.facts import SpendRow, Total
from bot.views.model import Table
from bot.views.names import clean
from bot.views.periods import Period, base_column, name_of
from bot.views.times import Clock
from bot.views.unread import NOT_READ
from spend.breakdown import split_top
from spend.usage import Basis

CHAT_ROWS = 7
WITH_TOKENS = frozenset({"model", "key", "kind"})
IN_TIME = frozenset({"day", "hour"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFacts:
    """What a table is made of: rows in their order, one total per currency, and what is asked for.

    provider_names: what people call the providers (`openai` -> `OpenAI`). is_change: the comparison was asked for, so
    it has columns of its own.
    """

    clock: Clock
    period: Period
    by: tuple[str, ...]
    rows: tuple[SpendRow, ...]
    totals: tuple[Total, ...]
    base: Period | None = None
    is_change: bool = False
    provider_names: Mapping[str, str] = field(default_factory=dict)


def spend_table(facts: TableFacts) -> Table:
    """Build the whole table, and as its `short` the one chat shows: seven rows, then other."""
    whole = _build(facts, facts.rows)
    folded = facts.rows if _is_in_time(facts) else fold(facts.rows, CHAT_ROWS)
    return whole if len(folded) == len(facts.rows) else replace(whole, short=_build(facts, folded))


def fold(rows: Sequence[SpendRow], most: int, *, least: int = 2) -> tuple[SpendRow, ...]:
    """Keep the first `most` groups (by the first dimension) of each currency and add the rest up as `other (n)`.

    Fewer than `least` groups too many are not folded: an "other (1)" would take the same place.
    """
    folded: list[SpendRow] = []
    for section in split_top(rows, most):
        if section.left_out < least:
            folded += [*section.top, *section.rest]
        else:
            folded += [*section.top, _other(section.rest, section.left_out)]
    return tuple(folded)


def shown_amounts(rows: Sequence[SpendRow], total: Total) -> list[int]:
    """Return each row's amount as shown, in nano-units: they make the shown total."""
    step = text.step_of(total.nanos, total.currency)
    return text.shown([row.nanos for row in rows], step)


def people_label(facts: TableFacts, dimension: int, row: SpendRow) -> str:
    """Return a row's label in one dimension as a table shows it: clean, uncut, as people write it."""
    label = row.labels[dimension]
    if facts.by[dimension] in IN_TIME and label[:1].isdecimal():  # what has no hour says so in words
        return _time_label(facts, label)
    return clean(facts.provider_names.get(label, label) if facts.by[dimension] == "provider" else label)


def _time_label(facts: TableFacts, label: str) -> str:
    """Write a UTC hour or a local day: `Thu Nov 19`, `10:00`, with the zone where a clock shows that hour twice."""
    if "T" not in label:
        return facts.clock.day(date.fromisoformat(label))
    hour = datetime.fromisoformat(label)
    local = hour.astimezone(facts.clock.zone)
    is_twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    time = facts.clock.time_zone(hour) if is_twice else facts.clock.time(hour)
    is_one_day = facts.period.first == facts.period.last
    return time if is_one_day else f"{facts.clock.on(local.date())} {time}"


def _build(facts: TableFacts, rows: Sequence[SpendRow]) -> Table:
    codes = len(facts.totals) > 1
    lines: list[tuple[str, ...]] = []
    sections: list[int] = []
    total_line: tuple[str, ...] | None = None
    for total in facts.totals:
        section = [row for row in rows if row.currency == total.currency]
        if codes:
            sections.append(len(lines))
        lines += _section(facts, section, total, codes)
        total_line = _total_line(facts, section, total, codes)
        if codes:
            lines.append(total_line)
    columns = _columns(facts)
    return Table(
        columns=columns,
        rows=tuple(lines),
        total=None if codes else total_line,
        numeric=frozenset(range(1, len(columns))),
        sections=tuple(sections[1:]),
    )


def _columns(facts: TableFacts) -> tuple[str, ...]:
    first = ", ".join(facts.by).capitalize()
    now = name_of(facts.period, facts.clock)
    if facts.is_change and facts.base is not None:
        return (first, now, base_column(facts.base, facts.clock), "Change")
    columns = (first, now) if _is_in_time(facts) else (first, now, "Share")
    return (*columns, "Tokens", "per 1M") if _has_tokens(facts) else columns


def _section(facts: TableFacts, rows: Sequence[SpendRow], total: Total, codes: bool) -> list[tuple[str, ...]]:
    amounts = shown_amounts(rows, total)
    if facts.is_change and facts.base is not None:
        return _change_rows(facts, rows, amounts, total, codes)
    if len(facts.by) == 2 and not _is_in_time(facts):
        return _grouped_rows(facts, rows, amounts, total, codes)
    percents = text.shares([row.nanos for row in rows]) if not _is_in_time(facts) else None
    return [
        (
            _label(facts, row),
            _money(row, amount, total, codes),
            *(() if _is_in_time(facts) else (_share(row, percents[index] if percents else ""),)),
            *(_token_cells(row, codes) if _has_tokens(facts) else ()),
        )
        for index, (row, amount) in enumerate(zip(rows, amounts, strict=True))
    ]


def _grouped_rows(
    facts: TableFacts, rows: Sequence[SpendRow], amounts: Sequence[int], total: Total, codes: bool
) -> list[tuple[str, ...]]:
    """Rows by two dimensions: a line per group with its parts below; a group of one part is one line."""
    pairs = list(zip(rows, amounts, strict=True))
    groups = [list(group) for _, group in groupby(pairs, key=lambda pair: pair[0].labels[0])]
    percents = text.shares([sum(row.nanos for row, _ in group) for group in groups])
    lines: list[tuple[str, ...]] = []
    for index, group in enumerate(groups):
        share = percents[index] if percents else ""
        head, amount = group[0]
        name = people_label(facts, 0, head)
        if len(group) == 1:
            label = f"{name} · {people_label(facts, 1, head)}" if head.labels[1:] else name
            lines.append(_padded(facts, head, codes, label, _money(head, amount, total, codes), share))
            continue
        together = _other([row for row, _ in group], len(group))
        shown = sum(amount for _, amount in group)
        lines.append(_padded(facts, together, codes, name, _money(together, shown, total, codes), share))
        lines += [
            _padded(
                facts, row, codes, f"· {people_label(facts, 1, row)}", _money(row, part, total, codes), ""
            )
            for row, part in group
        ]
    return lines


def _padded(facts: TableFacts, row: SpendRow, codes: bool, *cells: str) -> tuple[str, ...]:
    return (*cells, *(_token_cells(row, codes) if _has_tokens(facts) else ()))


def _change_rows(
    facts: TableFacts, rows: Sequence[SpendRow], amounts: Sequence[int], total: Total, codes: bool
) -> list[tuple[str, ...]]:
    """Rows with the comparison: both columns sum, and each change is the difference of the shown amounts."""
    step = text.step_of(total.nanos, total.currency)
    before = text.shown([row.before_nanos or 0 for row in rows], step)
    return [
        (
            _label(facts, row),
            text.money(now, row.currency, codes=codes, step=step),
            text.money(base, row.currency, codes=codes, step=step),
            text.signed(now - base, row.currency, codes=codes, step=step),
        )
        for row, now, base in zip(rows, amounts, before, strict=True)
    ]


def _total_line(facts: TableFacts, rows: Sequence[SpendRow], total: Total, codes: bool) -> tuple[str, ...]:
    shown = text.money(total.nanos, total.currency, codes=codes)
    if facts.is_change and facts.base is not None:
        step = text.step_of(total.nanos, total.currency)
        before = total.before_nanos or 0
        change = text.to_step(total.nanos, step) - text.to_step(before, step)
        return (
            "Total",
            shown,
            text.money(before, total.currency, codes=codes, step=step),
            text.signed(change, total.currency, codes=codes, step=step),
        )
    has_shares = text.shares([row.nanos for row in rows]) is not None
    share = () if _is_in_time(facts) else ("100%" if has_shares else "",)
    return ("Total", shown, *share, *(_total_tokens(rows, codes) if _has_tokens(facts) and rows else ()))


def _total_tokens(rows: Sequence[SpendRow], codes: bool) -> tuple[str, str]:
    """All tokens, and the price of those that have one."""
    priced = [row for row in rows if row.basis is not Basis.UNPRICED]
    return (
        _token_cells(_other(rows, 0), codes)[0],
        _token_cells(_other(priced, 0), codes)[1] if priced else "",
    )


def _token_cells(row: SpendRow, codes: bool) -> tuple[str, str]:
    if row.tokens is None:
        return ("", "")
    price = (
        ""
        if row.basis is Basis.UNPRICED
        else text.per_million(row.nanos, row.tokens, row.currency, codes=codes)
    )
    return (text.tokens(row.tokens), price)


def _money(row: SpendRow, shown: int, total: Total, codes: bool) -> str:
    if row.is_unread:
        return NOT_READ
    if row.basis is Basis.UNPRICED:
        return "not priced"
    step = text.step_of(total.nanos, total.currency)
    words = text.part(row.nanos, shown, row.currency, codes=codes, step=step)
    return f"{words} credit" if row.nanos < 0 else words


def _share(row: SpendRow, percent: str) -> str:
    return "" if row.basis is Basis.UNPRICED else percent


def _label(facts: TableFacts, row: SpendRow) -> str:
    return " · ".join(people_label(facts, dimension, row) for dimension in range(len(row.labels)))


def _other(rows: Sequence[SpendRow], number: int) -> SpendRow:
    """Add rows up: amounts, and tokens, requests and the comparison where all of them are known."""
    known = [row for row in rows if row.basis is not Basis.UNPRICED]
    bases = {row.basis for row in known if row.nanos}
    return SpendRow(
        labels=(f"other ({number})",),
        is_other=True,
        nanos=sum(row.nanos for row in rows),
        currency=rows[0].currency,
        basis=Basis.UNPRICED if not known else (bases.pop() if len(bases) == 1 else Basis.MIXED),
        tokens=_sum([row.tokens for row in rows]),
        requests=_sum([row.requests for row in rows]),
        before_nanos=_sum([row.before_nanos for row in rows]),
    )


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _has_tokens(facts: TableFacts) -> bool:
    return (
        not WITH_TOKENS.isdisjoint(facts.by)
        and len(facts.by) == 1
        and any(row.tokens is not None for row in facts.rows)
    )


def _is_in_time(facts: TableFacts) -> bool:
    return not IN_TIME.isdisjoint(facts.by)
