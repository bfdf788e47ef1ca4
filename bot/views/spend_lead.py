"""The first line of an answer about spend."""

from decimal import Decimal

from bot.views import sentences, text
from bot.views.facts import SpendRow
from bot.views.footer import SourceState, is_behind, only_to, source_name, usage_of
from bot.views.model import Line, Name, line, type_span
from bot.views.names import short
from bot.views.periods import Period, PeriodKind, compared, inside, opening, total_of, when
from bot.views.spend_facts import SpendFacts
from bot.views.spend_table import IN_TIME
from bot.views.unread import cut_short, figures_end, is_missing

CODE_STYLE = frozenset({"model", "key"})
_MOVED_POINTS = 5


def spend_lead(facts: SpendFacts) -> Line:
    """Build the first line: what, how much, against what, and what must not be hidden."""
    if facts.is_unread:
        return line(f"Nothing is known of {inside(facts.period, facts.clock)}: {_ends_words(facts)}.")
    if facts.is_empty:
        return line(_nothing_spent(facts))
    if facts.is_first_day:
        return line(f"{_opening(facts)}, counted since midnight{_doubts(facts)}.")
    if facts.only and not facts.by:
        key = Name(short(facts.only.key))
        return line(
            f"{_opening(facts)}, all ", Name(short(facts.only.model)), " on key ", key, f"{_doubts(facts)}."
        )
    if facts.is_change:
        return line(*_change_lead(facts))
    if facts.by and IN_TIME.isdisjoint(facts.by) and len(facts.totals) == 1 and facts.main.nanos > 0:
        largest = _largest_lead(facts)
        if largest:
            return line(*largest)
    if _ends_early(facts):
        whole = total_of(facts.period, _total(facts), facts.clock)
        ends = figures_end(facts.clock, facts.sources)
        return line(f"{ends}: {whole} up to then{_doubts(facts, says_end=True)}.")
    return line(f"{_opening(facts)}{_compared(facts)}{_doubts(facts)}.")


def _ends_early(facts: SpendFacts) -> bool:
    """Tell whether nobody is read any more, and was not to the end of the window."""
    early = cut_short(facts.sources, facts.window, facts.clock.now)
    return bool(early) and len(early) == len(usage_of(facts.sources))


def _ends_words(facts: SpendFacts) -> str:
    ends = figures_end(facts.clock, facts.sources)
    return f"{ends[0].lower()}{ends[1:]}"


def _opening(facts: SpendFacts) -> str:
    return f"{opening(facts.period, facts.clock)}: {_total(facts)}"


def _total(facts: SpendFacts) -> str:
    return text.currencies([(total.nanos, total.currency) for total in facts.totals])


def _compared(facts: SpendFacts) -> str:
    """The comparison of the lead; none over a gap, of two currencies, or while a source is broken."""
    if len(facts.totals) > 1 or is_broken(facts):
        return ""
    return sentences.comparison(facts.main, facts.period, facts.base, facts.clock)


def _doubts(facts: SpendFacts, *, says_end: bool = False) -> str:
    """What the lead must not hide: currencies that are not added, missing sources, unpriced tokens, an early end.

    says_end: the lead says already when figures end.
    """
    words = ", not added" if len(facts.totals) > 1 else ""
    words += f", and {sentences.not_priced(facts.unpriced)}" if facts.unpriced else ""
    sources = usage_of(facts.sources)
    for source in sources:
        if source.state in (SourceState.BROKEN, SourceState.PAUSED) and not source.has_figures:
            words += (
                f" without {source_name(source, sources)}{f' ({source.reason})' if source.reason else ''}"
            )
    if _ends_early(facts):
        return words if says_end else f"{words}; {_ends_words(facts)}"
    late = [s for s in sources if is_behind(s, facts.clock.now) and s.as_of and s.as_of < facts.window.end]
    return words + "".join(f", {said}" for said in only_to(facts.clock, late, sources))


def is_broken(facts: SpendFacts) -> bool:
    """Tell whether a source is broken, paused or long unread: nothing is compared or forecast over the gap."""
    return any(is_missing(source, facts.clock.now) for source in usage_of(facts.sources))


def _nothing_spent(facts: SpendFacts) -> str:
    if _ends_early(facts):
        ends = figures_end(facts.clock, facts.sources)
        return f"{ends}: nothing spent {when(facts.period, facts.clock)} up to then."
    number = len({source.connection for source in facts.sources})
    answering = {source.connection for source in facts.sources if source.state is SourceState.OK}
    everyone = {1: "The source answers", 2: "Both sources answer"}.get(number, f"All {number} sources answer")
    who = everyone if len(answering) == number else _answering(len(answering), number)
    last = "never"
    if facts.last_spend:
        amount = text.money(facts.last_spend.nanos, facts.last_spend.currency)
        last = f"{amount} on {facts.clock.on(facts.last_spend.day)}"
    return f"Nothing spent {when(facts.period, facts.clock)}. {who}; last spend: {last}."


def _answering(count: int, of: int) -> str:
    if not count:
        return "No source answers so far"
    return f"{text.count(count, 'source')} of {of} {'answers' if count == 1 else 'answer'}"


def _largest_lead(facts: SpendFacts) -> tuple[type_span, ...]:
    """Name the largest slice when its share moved by 5 points or more, or when there is nothing to compare with."""
    largest = max(facts.rows, key=lambda row: (row.nanos, row.labels))
    total = facts.main
    shown = text.money(largest.nanos, total.currency, step=text.step_of(total.nanos, total.currency))
    whole = total_of(facts.period, text.money(total.nanos, total.currency), facts.clock)
    share = _shown_share(facts, largest)
    if largest.nanos == total.nanos:
        return (f"{_opening(facts)}, all ", *spoken_name(facts, largest), f"{_doubts(facts)}.")
    if total.before_nanos and facts.base and largest.before_nanos is not None and not is_broken(facts):
        before = text.share(largest.before_nanos, total.before_nanos) if largest.before_nanos else "nothing"
        moved = Decimal(largest.nanos) / total.nanos - Decimal(largest.before_nanos) / total.before_nanos
        if abs(moved) * 100 < _MOVED_POINTS:
            return ()
        was = f"it was {before} {_of_base(facts.base, facts)}"
        return (*spoken_name(facts, largest), f" is {shown} of {whole} ({share}){_doubts(facts)}; {was}.")
    part = text.fraction_word(largest.nanos, total.nanos, share)
    name = spoken_name(facts, largest)
    of_whole = f"{shown} of {text.money(total.nanos, total.currency)}"
    return (*name, f" is {part} of {inside(facts.period, facts.clock)}: {of_whole}{_doubts(facts)}.")


def _shown_share(facts: SpendFacts, largest: SpendRow) -> str:
    """Return the share as the table shows it: its shares make 100, so one of them may be rounded the other way."""
    rows = [row for row in facts.rows if row.currency == facts.main.currency]
    rows.sort(key=lambda row: (-row.nanos, row.labels))
    shares = text.shares([row.nanos for row in rows]) if len(facts.by) == 1 else None
    return shares[rows.index(largest)] if shares else text.share(largest.nanos, facts.main.nanos)


def _of_base(base: Period, facts: SpendFacts) -> str:
    """Name the base behind a share: `last Thursday by 14:05`, `of October by this time`."""
    joint = (
        "of " if base.kind in (PeriodKind.MONTH, PeriodKind.DAYS, PeriodKind.RANGE, PeriodKind.SINCE) else ""
    )
    return f"{joint}{compared(base, facts.period, facts.clock)}"


def _change_lead(facts: SpendFacts) -> tuple[type_span, ...]:
    """The total against its base, and the group that makes most of the change."""
    lead = f"{_opening(facts)}{_compared(facts)}{_doubts(facts)}."
    total = facts.main
    if (
        total.before_nanos is None
        or len(facts.totals) > 1
        or not facts.rows
        or not facts.by
        or is_broken(facts)
    ):
        return (lead,)
    change = total.nanos - total.before_nanos
    mover = max(facts.rows, key=lambda row: (row.nanos - (row.before_nanos or 0)) * (1 if change > 0 else -1))
    moved = mover.nanos - (mover.before_nanos or 0)
    if change == 0 or moved * change <= 0 or abs(moved) > abs(change):
        return (lead,)
    step = text.step_of(total.nanos, total.currency)
    return (
        f"{lead} {text.money(abs(moved), total.currency, step=step)} of it is ",
        *spoken_name(facts, mover),
        ".",
    )


def spoken_name(facts: SpendFacts, row: SpendRow) -> tuple[type_span, ...]:
    """A row's name in a sentence: models and keys in code style."""
    spans: list[type_span] = []
    for by, label in zip(facts.by or ("provider",), row.labels, strict=False):
        raw = facts.provider_names.get(label, label) if by == "provider" else label
        spans += [" on "] if spans else []
        spans.append(Name(short(raw)) if by in CODE_STYLE else short(raw))
    return tuple(spans)
