"""The morning summary: a rich day, a day with an incident, Monday's week, or one line for a quiet day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.views import sentences, text
from bot.views.budget import BudgetState
from bot.views.facts import PER_PERIOD, DayAmount, Outlook, Total
from bot.views.footer import Source, Trust, footer
from bot.views.model import Layout, Line, Name, View, line, type_span
from bot.views.names import possessive, short
from bot.views.periods import Period as Window
from bot.views.periods import PeriodKind
from bot.views.summary_chart import summary_chart
from bot.views.times import Clock, month_name, weekday
from bot.views.unread import is_unread
from spend.budgets import Period
from spend.money import NANOS_PER_UNIT
from spend.window import DAY, hours_of_days

_DAY_MOVERS, _WEEK_MOVERS = 2, 5


@dataclass(frozen=True, slots=True)
class Mover:
    """How much a project (or key) changed against the same day, or week, before."""

    name: str
    nanos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayIncident:
    """The largest spike of the day: its key, the day's money of it, its hours, and whether it is over."""

    key: str
    nanos: int
    since: datetime
    until: datetime
    is_over: bool


@dataclass(frozen=True, slots=True)
class BillIn:
    """The UTC day whose bill came in: what was billed, and what had been estimated.

    local_nanos: what the local day of the same date comes to, None where it was not kept.
    """

    day: date
    billed_nanos: int
    estimated_nanos: int
    local_nanos: int | None = None


@dataclass(frozen=True, slots=True)
class NewOne:
    """A key, model or project first seen on the day (`what`)."""

    what: str
    name: str
    nanos: int


@dataclass(frozen=True, slots=True)
class Passed:
    """A budget threshold that was passed since the last summary."""

    label: str
    percent: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryEvidence:
    """What a summary says, stored by `evidence.to_evidence`. `day` is the last complete day; amounts in nano-units.

    total: of the day, with the same weekday before. month: from the first to `day`. week, weekend: on Mondays.
    movers: all changes by project, largest first (of the week on Mondays). notes: further finished sentences
    (restatements too small for a message of their own, what is missing). days: the last 14 for the picture.
    """

    day: date
    total: Total
    month: Total
    as_of: datetime
    sources: tuple[Source, ...]
    trust: Trust
    outlook: Outlook | None = None
    week: Total | None = None
    weekend: Total | None = None
    mean_7_nanos: int | None = None
    movers: tuple[Mover, ...] = ()
    budgets: tuple[BudgetState, ...] = ()
    incident: DayIncident | None = None
    bill_in: BillIn | None = None
    newcomer: NewOne | None = None
    passed: tuple[Passed, ...] = ()
    notes: tuple[str, ...] = ()
    days: tuple[DayAmount, ...] = ()
    is_anything_open: bool = False


def summary_view(found: SummaryEvidence, clock: Clock, *, code: str = "") -> View:
    """Build the summary; a line without a fact is left out. Without a code it is a private answer."""
    if is_quiet(found):
        return View(
            layout=Layout.SUMMARY,
            title="summary",
            lead=line(_quiet_words(found)),
            footer=footer(clock, found.sources, found.trust, code=code),
            is_private=not code,
        )
    body = [_without_line(found), _month_line(found, clock), _movers_line(found), _budgets_line(found, clock)]
    body += [line(" ".join(found.notes))] if found.notes else []
    return View(
        layout=Layout.SUMMARY,
        title="summary",
        lead=line(*_lead(found, clock)),
        body=tuple(item for item in body if str(item)),
        chart=summary_chart(
            clock,
            found.day,
            found.total,
            found.month,
            found.outlook,
            found.days,
            [(mover.name, mover.nanos) for mover in _shown_movers(found)],
            found.trust,
        ),
        footer=footer(clock, found.sources, found.trust, code=code),
        is_private=not code,
    )


def is_quiet(found: SummaryEvidence) -> bool:
    """Tell whether the day is one line: under one unit, nothing open, nothing to add."""
    is_small = abs(found.total.nanos) < NANOS_PER_UNIT
    return is_small and not (
        found.is_anything_open or found.notes or found.week or found.newcomer or found.passed
    )


def _quiet_words(found: SummaryEvidence) -> str:
    month = f"{month_name(found.day)}: {_money(found.month)}"
    total = _money(found.total) if found.total.nanos else "nothing"
    words = f"{weekday(found.day)}: {total}. {month}"
    outlook = found.outlook
    if outlook is None or outlook.limit is None:
        return f"{words}."
    shown = text.forecast(outlook.nanos, outlook.low_nanos, outlook.high_nanos, outlook.currency)
    over = text.against_limit(shown.nanos, outlook.limit, outlook.currency)
    fits = f"on course for {over}" if over.endswith("over") else "on course to fit"
    return f"{words} of {text.limit(outlook.limit, outlook.currency)}, {fits}."


def _lead(found: SummaryEvidence, clock: Clock) -> tuple[type_span, ...]:
    if _is_unread(found, clock):
        what = "last week" if found.week else weekday(found.day)
        return (f"Nothing is known of {what}: no figures of it were read.",)
    if found.week:
        return (_week_words(found, clock),)
    words = f"{weekday(found.day)}: {_money(found.total)}{_against(found.total, found.day, clock)}."
    if found.incident:
        incident = found.incident
        span = f"{clock.time(incident.since)} to {clock.time(incident.until)}, over now"
        when = span if incident.is_over else f"since {clock.time(incident.since)}"
        cause: tuple[type_span, ...] = (Name(short(incident.key)), ", ") if incident.key else ("a spike, ",)
        return (f"{words} {_part(found, incident.nanos)} of it: ", *cause, f"{when}.")
    if found.newcomer:
        new = found.newcomer
        return (f"{words} {_part(found, new.nanos)} of it a new {new.what}, ", Name(short(new.name)), ".")
    return (words,)


def _is_unread(found: SummaryEvidence, clock: Clock) -> bool:
    """Tell whether nobody was read after the day, or week, began."""
    first = found.day - 6 * DAY if found.week else found.day
    return is_unread(found.sources, hours_of_days(first, found.day, clock.zone))


def _week_words(found: SummaryEvidence, clock: Clock) -> str:
    week = found.week
    if week is None:
        return ""
    words = f"Last week: {_money(week)}"
    if week.before_nanos is not None:
        words += f", {_change(week)} the week before"
    if found.weekend is None:
        return f"{words}."
    weekend = f"Friday to Sunday: {_money(found.weekend)}"
    if found.weekend.before_nanos is not None:
        change = text.more_or_less(found.weekend.nanos, found.weekend.before_nanos, found.weekend.currency)
        weekend += f", {change}"
    return f"{words}. {weekend}."


def _change(total: Total) -> str:
    before = total.before_nanos or 0
    multiple = text.times(total.nanos, before)
    if multiple:
        return multiple
    words = text.more_or_less(total.nanos, before, total.currency)
    return f"{words} {'as' if words == 'about the same' else 'than'}"


def _against(total: Total, day: date, clock: Clock) -> str:
    now = Window(kind=PeriodKind.DAY, first=day, last=day)
    before = date.fromordinal(day.toordinal() - 7)
    base = Window(kind=PeriodKind.DAY, first=before, last=before)
    return sentences.comparison(total, now, base, clock, with_base=False)


def _without_line(found: SummaryEvidence) -> Line:
    """`Without it $139.22, $3.91 more (+3%). By project: Agents +$140.20, Support +$1.50, other -$2.69.`"""
    if found.incident is None or found.week:
        return line()
    step = text.step_of(found.total.nanos, found.total.currency)
    rest = text.to_step(found.total.nanos, step) - text.to_step(found.incident.nanos, step)
    words = f"Without it {text.money(rest, found.total.currency, step=step)}"
    if found.total.before_nanos is not None:
        words += f", {text.more_or_less(rest, found.total.before_nanos, found.total.currency)}"
    movers = _mover_words(found)
    return line(f"{words}.{f' By project: {movers}.' if movers else ''}")


def _month_line(found: SummaryEvidence, clock: Clock) -> Line:
    words = f"{month_name(found.day)}: {_money(found.month)}"
    if found.outlook is None:
        return line(f"{words}.")
    over = f"; over around {clock.day(found.outlook.over_on)}" if found.outlook.over_on else ""
    return line(f"{words}, on course for {sentences.outlook(found.outlook, in_answer=False)}{over}.")


def _movers_line(found: SummaryEvidence) -> Line:
    words = []
    movers = _mover_words(found)
    if movers and found.week:
        words.append(f"Last week by project: {movers}.")
    elif movers and not found.incident:
        words.append(f"Against last {weekday(found.day)}: {movers}.")
    if found.mean_7_nanos is not None and not found.week and not found.incident:
        words.append(f"7-day mean {text.rate(found.mean_7_nanos, found.total.currency, per='a day')}.")
    if found.week:
        words += [f"{short(p.label)} passed {p.percent}% on {weekday(p.day)}." for p in found.passed[:2]]
    return line(" ".join(words))


def _mover_words(found: SummaryEvidence) -> str:
    movers = _shown_movers(found)
    total = found.week or found.total
    step = text.step_of(total.nanos, total.currency)
    shown = text.shown([mover.nanos for mover in movers], step)
    pairs = [(short(mover.name), nanos) for mover, nanos in zip(movers, shown, strict=True) if nanos]
    return ", ".join(f"{name} {text.signed(nanos, total.currency, step=step)}" for name, nanos in pairs)


def _shown_movers(found: SummaryEvidence) -> Sequence[Mover]:
    """The largest movers, rises before falls, and the exact rest as other."""
    most = _WEEK_MOVERS if found.week else _DAY_MOVERS
    ranked = sorted(found.movers, key=lambda mover: (-abs(mover.nanos), mover.name))
    kept = sorted(ranked[:most], key=lambda mover: (mover.nanos < 0, -abs(mover.nanos), mover.name))
    rest = sum(mover.nanos for mover in ranked[most:])
    return [*kept, Mover("other", rest)] if len(ranked) > most else kept


def _budgets_line(found: SummaryEvidence, clock: Clock) -> Line:
    words = []
    if found.budgets:
        ranked = sorted(found.budgets, key=lambda budget: (-budget.used, budget.label))
        over = [_over_words(budget) for budget in ranked if budget.used > 1]
        fine = [_share_words(budget) for budget in ranked if budget.used <= 1]
        words.append(f"Budgets: {'; '.join([*over, *([', '.join(fine)] if fine else [])])}.")
    if found.bill_in:
        words.append(_bill_words(found.bill_in, found.total.currency))
    return line(" ".join(words))


def _over_words(budget: BudgetState) -> str:
    limit = text.limit(budget.limit, budget.currency)
    return f"{short(budget.label)} is over, {text.money(budget.spent_nanos, budget.currency)} of {limit}"


def _share_words(budget: BudgetState) -> str:
    period = (
        "" if budget.period is Period.MONTH else f" of the {PER_PERIOD[budget.period].removeprefix('a ')}"
    )
    return f"{short(budget.label)} {text.percent_of(budget.used)}{period}"


def _bill_words(bill: BillIn, currency: str) -> str:
    shown = text.money(bill.billed_nanos, currency)
    step = text.step_of(bill.billed_nanos, currency)
    difference = text.to_step(bill.billed_nanos, step) - text.to_step(bill.estimated_nanos, step)
    if abs(difference) <= max(step, abs(bill.billed_nanos) // 200):
        than = "as estimated"
    else:
        word = "more" if difference > 0 else "less"
        than = f"{text.money(abs(difference), currency, step=step)} {word} than estimated"
    is_other_day = bill.local_nanos is not None and text.to_step(bill.local_nanos, step) != text.to_step(
        bill.billed_nanos, step
    )
    of_day = " (UTC day)" if is_other_day else ""  # or it would contradict the amount of the local day
    return f"{possessive(weekday(bill.day))} bill{of_day} is in: {shown}, {than}."


def _money(total: Total) -> str:
    return text.money(total.nanos, total.currency)


def _part(found: SummaryEvidence, nanos: int) -> str:
    return text.money(nanos, found.total.currency, step=text.step_of(found.total.nanos, found.total.currency))
