"""Budgets: the list, what was set or removed, and the alerts when a threshold is passed or a forecast passes it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bot.views import text
from bot.views.answer_data import answer_data, decimal
from bot.views.chart_words import alt_text, units
from bot.views.facts import PER_PERIOD, Outlook, Unpriced
from bot.views.footer import Source, Trust, footer
from bot.views.model import Layout, Line, Table, View, line
from bot.views.names import clean, short
from bot.views.sentences import not_priced
from bot.views.spend import nothing_connected
from bot.views.times import Clock
from bot.views.unread import NOT_READ, figures_end, long_unread, names_of, next_step
from charts.spec import BudgetRow, Budgets
from spend.budgets import Period
from spend.money import to_nanos


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetState:
    """One budget and where it stands. `label`: what it counts ("Everything", "Agents").

    outlook: the forecast of its period's end, None where there is none. today_if: a key whose open spike uses it up
    today. left_out: amounts in other currencies it does not count. unpriced: tokens in its scope that have no price.
    is_unread: nothing of its period was read, so nothing is known of it. not_read: the connections it counts that
    leave a gap, over which nothing is forecast.
    """

    label: str
    period: Period
    limit: Decimal
    spent_nanos: int
    currency: str = "USD"
    outlook: Outlook | None = None
    over_on: date | None = None
    today_if: str = ""
    is_unread: bool = False
    not_read: tuple[str, ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()
    unpriced: tuple[Unpriced, ...] = ()

    @property
    def used(self) -> Fraction:
        """What part of the limit is spent."""
        return Fraction(self.spent_nanos, to_nanos(self.limit))

    @property
    def is_over(self) -> bool:
        """Tell whether it is over its limit, or on course to be."""
        limit = to_nanos(self.limit)
        return self.spent_nanos > limit or (self.outlook is not None and self.outlook.nanos > limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetListFacts:
    """What the list of budgets is told. is_connected: there is something to count."""

    clock: Clock
    budgets: tuple[BudgetState, ...]
    sources: tuple[Source, ...]
    trust: Trust
    has_picture: bool = True
    is_connected: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetSetFacts:
    """What was set. told_in: names of the channels that will be told. quiet_*: thresholds that are passed already.

    by: who, where the note goes to the alert channels; '' for the answer to whoever set it. is_connected: there is
    something to count; before that nothing is said of what is spent.
    """

    clock: Clock
    budget: BudgetState
    told_in: tuple[str, ...] = ()
    thresholds: tuple[int, ...] = (50, 80, 100)
    projected: tuple[int, ...] = (80, 100)
    quiet: tuple[int, ...] = ()
    quiet_projected: tuple[int, ...] = ()
    by: str = ""
    is_connected: bool = True


def budget_list_view(facts: BudgetListFacts) -> View:
    """Build the list: those that will not last first, then by share of their limit."""
    if not facts.is_connected:
        rows = tuple((clean(budget.label), limit_words(budget)) for budget in facts.budgets)
        table = Table(columns=("Budget", "Limit"), rows=rows) if rows else None
        return nothing_connected("budget list", table=table)
    if not facts.budgets:
        lead = line("No budgets are set.")
        return View(
            title="budget list",
            lead=lead,
            body=(line("Set one: /budget set 500 monthly, or /budget set 500 monthly for project:Search."),),
            data=answer_data(title="budget list", lead=str(lead)),
        )
    budgets = sorted(facts.budgets, key=lambda budget: (not budget.is_over, -budget.used, budget.label))
    title = _finding(budgets)
    is_cut_short = bool(long_unread(facts.sources, facts.clock.now)) and any(
        each.not_read for each in budgets
    )
    ends = figures_end(facts.clock, facts.sources) if is_cut_short else ""
    lead = line(f"{f'{ends}: {title[0].lower()}{title[1:]}' if ends else title}{_named(budgets)}.")
    body = (next_step(facts.clock, facts.sources),) if is_cut_short else ()
    chart = budgets_chart(facts.clock, budgets, title) if facts.has_picture else None
    return View(
        title="budget list",
        lead=lead,
        body=body,
        table=Table(
            columns=("Budget", "Spent", "Limit", "Used", "Expected"),
            rows=tuple(_row(budget, facts.clock) for budget in budgets),
            numeric=frozenset({1, 3}),
        ),
        chart=chart,
        footer=footer(facts.clock, facts.sources, facts.trust),
        data=answer_data(
            title="budget list",
            lead=str(lead),
            facts=[
                *(str(item) for item in body),
                *(", ".join(part for part in _row(budget, facts.clock) if part) for budget in budgets),
            ],
            sources=facts.sources,
            basis=facts.trust.basis,
            chart=chart,
        )
        | {"table": _exact(budgets, facts.trust)},
    )


def _exact(budgets: list[BudgetState], trust: Trust) -> dict[str, Any]:
    """Return the list for scripts: what is spent, held against the limit, and when it is expected to be passed."""
    return {
        "columns": ["budget", "amount", "currency", "basis", "limit", "period", "expected", "over_on"],
        "rows": [
            [
                each.label,
                None if each.is_unread else decimal(each.spent_nanos),
                each.currency,
                None if each.is_unread else trust.basis.value,
                f"{each.limit:f}",
                each.period.value,
                decimal(each.outlook.nanos) if each.outlook else None,
                each.over_on.isoformat() if each.over_on else None,
            ]
            for each in budgets
        ],
    }


def budget_set_view(facts: BudgetSetFacts) -> View:
    """Build the note that a budget was set: where it stands, and when its channel will be told."""
    budget = facts.budget
    head = f"{short(facts.by)} set a budget" if facts.by else "Budget set"
    so_far = f"So far {_spent(budget)} ({_percent(budget)}){_expected(budget, facts.clock)}."
    if budget.is_unread:
        so_far = f"Nothing of this {budget.period.value} is read yet."
    if not facts.is_connected:
        so_far = "Nothing is connected yet, so there is nothing to count."
    lead = line(f"{head}: {limit_words(budget)} for {short(budget.label)}. {so_far}")
    body = () if facts.by else _told_lines(facts)
    return View(
        layout=Layout.NOTE,
        title="budget set",
        lead=lead,
        body=body,
        is_private=not facts.by,
        data=answer_data(title="budget set", lead=str(lead), facts=[str(item) for item in body]),
    )


def budget_removed_view(budget: BudgetState, *, by: str = "") -> View:
    """Build the note that a budget was removed, with what it was."""
    head = f"{short(by)} removed a budget" if by else "Budget removed"
    lead = line(f"{head}: {limit_words(budget)} for {short(budget.label)}.")
    return View(
        layout=Layout.NOTE,
        title="budget removed",
        lead=lead,
        is_private=not by,
        data=answer_data(title="budget removed", lead=str(lead)),
    )


def per_period(period: Period) -> str:
    """`a month`, `a week`, `a day`."""
    return f"a {period.value}"


def limit_words(budget: BudgetState) -> str:
    """`$1,200 a month`."""
    return f"{text.limit(budget.limit, budget.currency)} {PER_PERIOD[budget.period]}"


def _finding(budgets: list[BudgetState]) -> str:
    over = [budget for budget in budgets if budget.is_over]
    if any(budget.outlook is None for budget in budgets):
        return _finding_so_far(budgets, len(over))
    if not over:
        return "All budgets will last" if len(budgets) > 1 else "The budget will last"
    if len(budgets) == 1:
        return "The budget will not last"
    return f"{len(over)} of {len(budgets)} budgets will not last"


def _finding_so_far(budgets: list[BudgetState], over: int) -> str:
    """Say what is known where some have no forecast: which are used up or will be, and nothing of the others."""
    if not over:
        return "No budget is used up so far" if len(budgets) > 1 else "The budget is not used up so far"
    is_spent = all(budget.spent_nanos > to_nanos(budget.limit) for budget in budgets if budget.is_over)
    verb = ("is used up" if over == 1 else "are used up") if is_spent else "will not last"
    return f"{over} of {len(budgets)} budgets {verb}" if len(budgets) > 1 else f"The budget {verb}"


def _named(budgets: list[BudgetState]) -> str:
    over = [short(budget.label) for budget in budgets if budget.is_over]
    listed = over if len(over) < 4 else [*over[:2], f"{len(over) - 2} others"]
    return f": {text.listed(listed)}" if over else ""


def _row(budget: BudgetState, clock: Clock) -> tuple[str, ...]:
    return (
        clean(budget.label),
        _spent(budget),
        f"of {limit_words(budget)}",
        _percent(budget),
        _note(budget, clock),
    )


def _spent(budget: BudgetState) -> str:
    if budget.is_unread:
        return NOT_READ
    return text.money(budget.spent_nanos, budget.currency, codes=bool(budget.left_out))


def _percent(budget: BudgetState) -> str:
    if budget.is_unread:
        return ""
    return f"at least {text.percent_of(budget.used)}" if budget.unpriced else text.percent_of(budget.used)


def _note(budget: BudgetState, clock: Clock) -> str:
    """`about $535, over on Nov 23, today if agents-nightly goes on`."""
    limit = to_nanos(budget.limit)
    words = []
    if budget.spent_nanos > limit:
        words.append("over")
    elif budget.outlook is not None:
        outlook = budget.outlook
        shown = text.forecast(outlook.nanos, outlook.low_nanos, outlook.high_nanos, budget.currency)
        words.append(f"about {shown.figure}")
        if not budget.is_over:
            words.append("fits")
        elif budget.over_on:
            words.append(f"over on {clock.on(budget.over_on)}")
        else:
            words.append("over")
    elif budget.not_read and not budget.is_unread:
        words.append(f"{names_of(budget.not_read)} not read")
    if budget.today_if:
        words.append(f"today if {short(budget.today_if)} goes on")
    if budget.left_out:
        words.append(f"counts {budget.currency}, leaves out {text.currencies_coded(budget.left_out)}")
    words += [not_priced(budget.unpriced)] if budget.unpriced else []
    return ", ".join(words)


def _picture_note(budget: BudgetState, clock: Clock) -> str:
    """The note beside a bar, where there is room for one thing: the nearest end."""
    return f"over today if {short(budget.today_if)} goes on" if budget.today_if else _note(budget, clock)


def _expected(budget: BudgetState, clock: Clock) -> str:
    if budget.outlook is None:
        verb = "is" if len(budget.not_read) == 1 else "are"
        why = f"{names_of(budget.not_read)} {verb} not read"
        return f", and no forecast as {why}" if budget.not_read else ""
    outlook = budget.outlook
    shown = text.forecast(outlook.nanos, outlook.low_nanos, outlook.high_nanos, budget.currency)
    if not budget.is_over:
        return f", about {shown.figure} expected: fits"
    is_passed = budget.spent_nanos > to_nanos(budget.limit)
    over = f"over on {clock.on(budget.over_on)}" if budget.over_on and not is_passed else "over"
    return f", about {shown.figure} expected: {over}"


def _told_lines(facts: BudgetSetFacts) -> tuple[Line, ...]:
    loud = [str(threshold) for threshold in facts.thresholds if threshold not in facts.quiet]
    loud_projected = [threshold for threshold in facts.projected if threshold not in facts.quiet_projected]
    where = f"Told in {text.listed([short(name) for name in facts.told_in])}" if facts.told_in else "Told"
    told = [f"at {text.listed(loud)}% spent"] if loud else []
    told += (
        [f"when the forecast passes {text.listed([str(t) for t in loud_projected])}%"]
        if loud_projected
        else []
    )
    words = f"{where} {', and '.join(told)}." if told else "Every threshold is passed already."
    passed = [f"{text.listed([str(t) for t in facts.quiet])}% spent"] if facts.quiet else []
    passed += (
        [f"{text.listed([str(t) for t in facts.quiet_projected])}% forecast"] if facts.quiet_projected else []
    )
    if passed and told:
        one = len(facts.quiet) + len(facts.quiet_projected) == 1
        verbs = "is passed already and stays quiet" if one else "are passed already and stay quiet"
        words += f" {text.listed(passed)} {verbs}."
    if not facts.told_in:
        words += " No channel is set for alerts: /spend alerts here."
    return (line(words),)


def budgets_chart(clock: Clock, budgets: list[BudgetState], title: str) -> Budgets:
    """Draw budgets one under the other, the tightest first."""
    return Budgets(
        title=title,
        subtitle=f"{clock.day(clock.today)}, {clock.time_zone(clock.now)} · light: forecast, line: limit",
        alt=alt_text(
            title,
            f"Bars of {text.count(len(budgets), 'budget')}",
            ", ".join(f"{short(b.label)} {_spent(b)} of {limit_words(b)}" for b in budgets[:3]),
        ),
        rows=tuple(
            BudgetRow(
                name=clean(budget.label),
                spent_of=f"{_spent(budget)} of {text.limit(budget.limit, budget.currency)}",
                percent=_percent(budget),
                note=f"{PER_PERIOD[budget.period]} · {_picture_note(budget, clock)}".removesuffix(" · "),
                spent=units(budget.spent_nanos),
                limit=float(budget.limit),
                forecast=units(budget.outlook.nanos) if budget.outlook else None,
                is_over=budget.is_over,
            )
            for budget in budgets
        ),
    )
