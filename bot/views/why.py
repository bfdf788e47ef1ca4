"""The answer to why: what a change in money is made of, part by part, with its picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.views import text
from bot.views.answer_data import answer_data
from bot.views.buttons import why_buttons
from bot.views.facts import Total, Unpriced
from bot.views.footer import Source, Trust, footer
from bot.views.model import Line, View, joined, line
from bot.views.names import short
from bot.views.periods import Period, compared, name_of, than
from bot.views.sentences import not_priced
from bot.views.times import Clock
from bot.views.why_chart import why_waterfall
from bot.views.why_detail import detail
from bot.views.why_gather import gathered
from bot.views.why_lead import alike_parts, change_of, change_words, lead_and_rest, top_part, type_shown
from bot.views.why_table import why_data, why_table
from bot.views.why_words import (
    NamedPart,
    by_cause,
    change_step,
    shown_change,
    shown_parts,
    summary,
)
from spend.explain import Cause
from spend.usage import Basis
from spend.window import Window

_CAUSES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyFacts:
    """What an answer to why is told. Amounts of `totals` and of the parts are exact; the parts sum to the change.

    words: what was asked. opening: what a lead opens with where the comparison does not tell the window. before_words,
    after_words: what stands over the amounts compared; against: what follows "more than"; subtitle: both windows.
    no_base: a finished sentence of why nothing is compared. footer: a last line of its own; code: what ends the usual
    one. spend: the words that show the window itself. days: of both windows, where one is longer; is_running: the
    last day of this one is not over; is_base_running: that of the earlier one is not.
    """

    clock: Clock
    words: str
    window: Window
    totals: tuple[Total, ...]
    parts: tuple[NamedPart, ...]
    sources: tuple[Source, ...]
    trust: Trust
    before_words: str = ""
    after_words: str = ""
    against: str = ""
    subtitle: str = ""
    opening: str = ""
    no_base: str = ""
    before_basis: Basis = Basis.ESTIMATED
    unpriced: tuple[Unpriced, ...] = ()
    price_version: str = ""
    warnings: tuple[str, ...] = ()
    spend: str = ""
    footer: str = ""
    code: str = ""
    base: Window | None = None
    days: tuple[int, int] | None = None
    is_running: bool = False
    is_base_running: bool = False


def why_view(facts: WhyFacts) -> View:
    """Build the answer, with its exact object for scripts in `data`."""
    is_split = bool(facts.totals) and not facts.no_base
    main = _groups(facts, facts.totals[0]) if is_split else []
    lead, only, rest = line(facts.no_base), line(), line()
    if is_split:
        lead, only, rest = lead_and_rest(facts.totals, main, opening=facts.opening, against=facts.against)
    body = _body(facts, main, only, rest)
    chart = None
    if main:
        total = facts.totals[0]
        chart = why_waterfall(
            total,
            main,
            before=facts.before_words,
            after=facts.after_words,
            title=_title(facts, total, main),
            subtitle=f"{facts.subtitle}, {total.currency}",
        )
    sections = [(total, _groups(facts, total)) for total in facts.totals] if is_split else []
    data = answer_data(
        title=facts.words,
        lead=str(lead),
        facts=[str(item) for item in body],
        totals=facts.totals,
        unpriced=facts.unpriced,
        sources=facts.sources,
        basis=facts.trust.basis if facts.totals else None,
        as_of=min((source.as_of for source in facts.sources if source.as_of), default=None),
        window=facts.window,
        window_label=facts.after_words,
        price_version=facts.price_version,
        chart=chart,
        warnings=facts.warnings,
    )
    exact = why_data(
        facts.parts if is_split else (),
        [total for total, _ in sections],
        bases=(facts.before_basis, facts.trust.basis),
        base=facts.base,
        label=facts.before_words,
    )
    return View(
        title=facts.words,
        lead=lead,
        body=body,
        table=why_table(sections),
        chart=chart,
        footer=_footer(facts),
        buttons=why_buttons(facts.words, facts.spend),
        data=data | exact,
    )


def named(period: Period, base: Period, clock: Clock) -> tuple[str, str, str, str]:
    """Return what follows "more than", the words over both amounts, and the picture's subtitle, for two windows."""
    now, then = name_of(period, clock), compared(base, period, clock)
    before = then.partition(" by ")[0]
    before = before.partition(" to ")[0] if base.until else before
    return than(base, period, clock), before[0].upper() + before[1:], now, f"{now} against {then}"


def _groups(facts: WhyFacts, total: Total) -> list[tuple[NamedPart, int]]:
    return shown_parts(gathered(part for part in facts.parts if part.currency == total.currency), total)


def _footer(facts: WhyFacts) -> str:
    if facts.footer:
        return facts.footer
    whole = footer(facts.clock, facts.sources, facts.trust if facts.totals else None)
    return " · ".join(part for part in (whole, facts.code) if part)


def _body(facts: WhyFacts, groups: type_shown, only: Line, rest: Line) -> tuple[Line, ...]:
    lines: list[Line] = []
    if groups:
        largest = max(groups, key=lambda each: (abs(each[0].nanos), each[0].cause is Cause.NEW))
        first = joined(only, line(_lengths(facts)), line(*detail(largest[0])), rest)
        lines += [first] if first.spans else []
        causes = by_cause(groups)
        if len(causes) > 1:
            lines.append(line(_causes_line(causes, facts.totals[0], codes=len(facts.totals) > 1)))
    if facts.unpriced:
        names = text.listed([short(each.model) for each in facts.unpriced[:2]])
        lines.append(line(f"{not_priced(facts.unpriced)} ({names}): in no part."))
    return tuple(lines)


def _lengths(facts: WhyFacts) -> str:
    """`1 day against 7: $272.80 a day, were $110.78.`; '' for windows of one length."""
    if facts.is_base_running and not facts.is_running:
        return "Today is not over."
    if facts.days is None:
        return ""
    now, then = facts.days
    if facts.is_running:
        return f"{text.count(now, 'day')}, {'the last ' if now > 1 else ''}not over, against {then}."
    total = facts.totals[0]
    a_day = text.rate(total.nanos // now, total.currency, per="a day")
    was = text.money((total.before_nanos or 0) // then, total.currency)
    return f"{text.count(now, 'day')} against {then}: {a_day}, were {was}."


def _causes_line(causes: Sequence[tuple[str, int]], total: Total, *, codes: bool) -> str:
    """`By cause: new +$80.09, volume +$6.20, cache -$0.68.`, making the shown change."""
    sized = {word for word, _ in sorted(causes, key=lambda each: -abs(each[1]))[:_CAUSES]}
    kept = [each for each in causes if each[0] in sized or len(causes) <= _CAUSES + 1]
    rest = sum(nanos for _, nanos in causes) - sum(nanos for _, nanos in kept)
    kept += [("other", rest)] if rest else []
    step = change_step(total)
    words = [f"{word} {text.signed(nanos, total.currency, codes=codes, step=step)}" for word, nanos in kept]
    return f"By cause: {', '.join(words)}."


def _title(facts: WhyFacts, total: Total, groups: type_shown) -> str:
    against = facts.against
    if not against.startswith("by "):  # a title has two lines: no clock times
        against = against.partition(" by ")[0].partition(" from ")[0]
        against = against.partition(" to ")[0] if ":" in against else against
    if not change_of(total):
        return f"The same as {against}, made of {text.count(len(groups), 'part')}"
    words = f"{change_words(total)} than {against}"
    if len(groups) == 1:
        return f"{words}, all {_brief(groups[0][0])}"
    if alike := alike_parts(total, groups):
        together = text.money(abs(sum(each for _, each in alike)), total.currency, step=change_step(total))
        return f"{words}, {together} of it {summary([part for part, _ in alike])}"
    top, amount = top_part(change_of(total), groups)
    shown = text.money(abs(amount), total.currency, step=change_step(total))
    if abs(amount) > abs(shown_change(total)):
        return f"{words}, {shown} {'more' if amount > 0 else 'less'} on {_brief(top)}"
    return f"{words}, {shown} of it {_brief(top)}"


def _brief(part: NamedPart) -> str:
    return short(part.key or (part.models[0] if part.models else "") or part.owner or part.connection)
