"""Answers about money spent: the month, today, any window, by one or two dimensions, against another window."""

from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from bot.views import hours_chart, sentences, slices_chart, text, trend_chart
from bot.views.answer_data import answer_data
from bot.views.buttons import spend_buttons
from bot.views.facts import Outlook, Pace, SpendRow
from bot.views.footer import footer
from bot.views.model import Button, Line, Name, Table, View, line, type_span
from bot.views.names import short
from bot.views.periods import PeriodKind
from bot.views.spend_facts import SpendFacts, Today
from bot.views.spend_lead import is_broken, spend_lead, spoken_name
from bot.views.spend_table import IN_TIME, TableFacts, fold, spend_table
from bot.views.times import Clock
from bot.views.unread import cut_short, next_step
from charts.spec import ChartSpec
from spend.breakdown import by_amount, by_change, currency_order
from spend.usage import Basis


def spend_view(facts: SpendFacts) -> View:
    """Build the answer about spend in a window, with its exact object for scripts in `data`."""
    if not facts.totals:
        return nothing_connected(facts.words)
    table = _table(facts)
    chart = None if facts.is_empty or not facts.has_picture else _chart(facts)
    lead, body = spend_lead(facts), _body(facts)
    return View(
        title=facts.words,
        lead=lead,
        body=body,
        table=table,
        chart=chart,
        footer=footer(facts.clock, facts.sources, None if facts.is_unread else facts.trust),
        buttons=_buttons(facts),
        data=_data(facts, lead, body, chart),
    )


def nothing_connected(words: str, body: tuple[Line, ...] = (), table: Table | None = None) -> View:
    """Build the answer before the first connection: how to connect, never an amount, and what is set already."""
    lead = line("Nothing is connected yet, so there is nothing to count.")
    return View(
        title=words,
        lead=lead,
        body=body,
        table=table,
        buttons=(
            Button("Connect a provider", "connect", "spendbot connect openai"),
            Button("See an example", "example", "spendbot demo"),
        ),
        data=answer_data(title=words, lead=str(lead), facts=[str(item) for item in body]),
    )


def ordered(rows: tuple[SpendRow, ...], by: tuple[str, ...]) -> tuple[SpendRow, ...]:
    """Put rows in their order: by currency, then groups by amount, then by name; time as it came."""
    if IN_TIME.isdisjoint(by):
        return tuple(by_amount(rows))
    return tuple(sorted(rows, key=lambda row: currency_order(row.currency)))


def asked_rows(facts: SpendFacts) -> tuple[SpendRow, ...]:
    """Return the rows as they are answered: in order, with `top N` and its other."""
    rows = tuple(by_change(facts.rows)) if facts.is_change else ordered(facts.rows, facts.by)
    return fold(rows, facts.top, least=1) if facts.top else rows


def _table(facts: SpendFacts) -> Table | None:
    if facts.is_empty or (facts.only and not facts.by):
        return None
    return spend_table(
        TableFacts(
            clock=facts.clock,
            period=facts.period,
            by=facts.by or ("provider",),
            rows=asked_rows(facts),
            totals=facts.totals,
            base=facts.base,
            is_change=facts.is_change,
            provider_names=facts.provider_names,
        )
    )


def _body(facts: SpendFacts) -> tuple[Line, ...]:
    lines: list[Line] = []
    if cut_short(facts.sources, facts.window, facts.clock.now):
        lines.append(next_step(facts.clock, facts.sources, others_are_read=facts.others_are_read))
    if facts.is_first_day and facts.connected_days is not None:
        starts = sentences.starts_on(facts.clock, facts.connected_days)
        lines.append(line(f"Comparisons start tomorrow, spike alerts on {starts}."))
    if facts.today and not facts.is_empty:
        lines.append(_today_line(facts.today, facts))
    elif facts.period.kind is PeriodKind.TODAY and not facts.by:
        lines += [line(*sentences.open_spike(spike, facts.clock)) for spike in facts.spikes[:1]]
    if facts.pace and not facts.by:
        lines.append(line(pace_line(facts.pace, facts.clock)))
    if facts.drivers:
        lines.append(_drivers_line(facts))
    if facts.outlook is not None and not facts.is_empty and not is_broken(facts):
        lines.append(line(sentences.course(facts.outlook, facts.clock)))
    if facts.history:
        lines.append(line(sentences.loading(facts.history, facts.clock)))
    return tuple(lines)


def _today_line(today: Today, facts: SpendFacts) -> Line:
    total = text.money(today.total.nanos, today.total.currency) if today.total.nanos else "nothing"
    base = None if is_broken(facts) else today.base
    words = f"Today: {total}{sentences.comparison(today.total, today.period, base, facts.clock)}."
    if not facts.spikes:
        return line(words)
    if len(facts.spikes) > 1:
        return line(f"{words} {len(facts.spikes)} spikes are open.")
    cause = facts.spikes[0].cause
    return (
        line(f"{words} A spike is open on ", Name(short(cause)), ".")
        if cause
        else line(f"{words} A spike is open.")
    )


def pace_line(pace: Pace, clock: Clock) -> str:
    """`Burn: $34.55 an hour over the last 3 h, usually $9.85; $9.13 over 24 h; $118.20 per active day.`"""
    usual = ""
    if pace.usual_hourly_nanos is not None:
        usual = f", {sentences.usually(pace.usual_hourly_nanos, pace.currency)}"
    hours = sentences.last_hours(pace, clock)
    words = f"Burn: {text.rate(pace.hourly_3h_nanos, pace.currency)} {hours}{usual}"
    words += f"; {text.money(pace.hourly_24h_nanos, pace.currency)} over 24 h"
    return (
        f"{words}; {text.rate(pace.daily_nanos, pace.currency, per='per active day')}."
        if pace.daily_nanos
        else f"{words}."
    )


def _drivers_line(facts: SpendFacts) -> Line:
    """`Agents: the key agents-nightly is new, $98.79; agents-prod +$1.46.`"""
    row = by_change(facts.rows)[0]
    spans: list[type_span] = [*spoken_name(facts, row), ": "]
    for place, driver in enumerate(facts.drivers[:3]):
        key = Name(short(driver.key))
        spans += ["; "] if place else []
        if driver.before_nanos == 0:
            spans += ["the key ", key, f" is new, {text.money(driver.nanos, row.currency)}"]
        else:
            spans += [key, f" {text.signed(driver.nanos - driver.before_nanos, row.currency)}"]
    return line(*spans, ".")


def _chart(facts: SpendFacts) -> ChartSpec | None:
    """The picture of the first currency; its code stands in the title when there are two."""
    chart = _slices(facts) if facts.by and IN_TIME.isdisjoint(facts.by) else _in_time(facts)
    if chart is None or len(facts.totals) < 2:
        return chart
    return replace(chart, title=f"{facts.main.currency}: {chart.title}")


def _slices(facts: SpendFacts) -> ChartSpec | None:
    currency = facts.main.currency
    rows = tuple(row for row in facts.rows if row.currency == currency and row.basis is not Basis.UNPRICED)
    if facts.is_change and facts.base:
        return slices_chart.waterfall(facts.clock, facts.period, facts.base, by_change(rows), facts.main)
    return slices_chart.breakdown(
        facts.clock,
        facts.period,
        facts.base,
        _by_group(ordered(rows, facts.by), currency),
        facts.main,
        [row for row in facts.providers if row.currency == currency],
        provider_names=facts.provider_names,
        by=facts.by[0],
        trust=facts.trust,
    )


def _in_time(facts: SpendFacts) -> ChartSpec | None:
    if facts.period.kind is PeriodKind.TODAY and facts.hours:
        spike = facts.spikes[0] if facts.spikes else None
        return hours_chart.day(facts.clock, facts.hours, facts.main, spike)
    if facts.period.kind is PeriodKind.MONTH and facts.days and not facts.by:
        outlook = facts.outlook if isinstance(facts.outlook, Outlook) else None
        return trend_chart.trend(facts.clock, facts.period, facts.days, facts.fan, outlook, facts.main)
    if facts.days:
        return trend_chart.bars(facts.clock, facts.period, facts.base, facts.days, facts.main)
    return None


def _by_group(rows: tuple[SpendRow, ...], currency: str) -> tuple[SpendRow, ...]:
    """Add rows by two dimensions up to rows by the first, in their order; all are of one currency."""
    groups: list[SpendRow] = []
    for label, group in groupby(rows, key=lambda row: row.labels[0]):
        members = list(group)
        known = [row.before_nanos for row in members if row.before_nanos is not None]
        groups.append(
            SpendRow(
                labels=(label,),
                nanos=sum(row.nanos for row in members),
                currency=currency,
                before_nanos=sum(known) if known else None,
            )
        )
    return tuple(groups)


def _buttons(facts: SpendFacts) -> tuple[Button, ...]:
    by = ("model", "project", "key") if facts.only and not facts.by else facts.by
    buttons = spend_buttons(
        facts.period.kind, by, words=facts.words, uncut=facts.uncut, filters=facts.filters
    )
    if not facts.unpriced:
        return buttons
    model = facts.unpriced[0].model
    price = Button("Set a price", "set_price", f"/spend price set {model} 3 in 15 out", value=model)
    return (price, *[button for button in buttons if button.action != "last_7_days"][-4:])


def _data(facts: SpendFacts, lead: Line, body: tuple[Line, ...], chart: ChartSpec | None) -> dict[str, Any]:
    oldest: list[datetime] = [source.as_of for source in facts.sources if source.as_of]
    return answer_data(
        title=facts.words,
        lead=str(lead),
        facts=[str(item) for item in body],
        by=facts.by or ("provider",),
        rows=asked_rows(facts),
        totals=() if facts.is_unread else facts.totals,
        is_change=facts.is_change,
        unpriced=facts.unpriced,
        sources=facts.sources,
        basis=None if facts.is_unread else facts.trust.basis,
        as_of=min(oldest, default=None),
        window=facts.window,
        window_label=facts.period.kind.value,
        price_version=facts.price_version,
        chart=chart,
        warnings=facts.warnings,
    )
