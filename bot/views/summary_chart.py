"""The picture of the morning summary: two weeks of days, the month as one bar, who moved."""

import re
from collections.abc import Sequence
from datetime import date

from bot.views import sentences, text
from bot.views.chart_words import alt_text, units
from bot.views.facts import DayAmount, Outlook, Total
from bot.views.footer import Trust, basis_words
from bot.views.names import clean
from bot.views.periods import Period, PeriodKind
from bot.views.times import Clock, month_name, weekday
from charts.spec import AxisLabel, Change, Limit, MonthBar, Role, Slot, Summary
from spend.money import to_nanos

_PERCENT = re.compile(r" \([^)]*\)")  # a title has room for the money only


def summary_chart(
    clock: Clock,
    day: date,
    total: Total,
    month: Total,
    outlook: Outlook | None,
    days: Sequence[DayAmount],
    movers: Sequence[tuple[str, int]],
    trust: Trust,
) -> Summary | None:
    """Draw the days up to `day` (it and the same weekday before are the subject); None without days."""
    if not days:
        return None
    before = date.fromordinal(day.toordinal() - 7)
    now = Period(kind=PeriodKind.DAY, first=day, last=day)
    base = Period(kind=PeriodKind.DAY, first=before, last=before)
    title = f"{weekday(day)} {text.money(total.nanos, total.currency)}"
    title += _PERCENT.sub("", sentences.comparison(total, now, base, clock, with_base=False))
    step = text.step_of(total.nanos, total.currency)
    shown = text.shown([nanos for _, nanos in movers], step)
    changes = tuple(
        Change(
            clean(name),
            text.in_picture(text.signed(nanos, total.currency, step=step)),
            units(nanos),
            index == 0,
        )
        for index, ((name, _), nanos) in enumerate(zip(movers, shown, strict=True))
    )[:3]
    return Summary(
        title=title,
        subtitle=f"{total.currency} per day · {basis_words(clock, trust)}",
        alt=alt_text(
            title,
            f"Bar chart, {clock.span(days[0].day, days[-1].day)}, a bar per day",
            f"{month_name(day)} {text.money(month.nanos, month.currency)}",
            ", ".join(f"{change.name} {change.money}" for change in changes),
        ),
        slots=tuple(_slot(item, day, before, total.currency) for item in days),
        axis=tuple(
            AxisLabel(index + 0.5, weekday(item.day)[0], is_bold=item.day == day)
            for index, item in enumerate(days)
        ),
        month=_month_bar(day, month, outlook),
        movers_heading=f"Against last {weekday(day)}" if changes else "",
        movers=changes,
    )


def _slot(item: DayAmount, day: date, before: date, currency: str) -> Slot:
    is_subject = item.day in (day, before)
    label = text.money(item.nanos, currency) if is_subject else ""
    return Slot(units(item.nanos), item.mark, Role.SUBJECT if is_subject else Role.CONTEXT, label)


def _month_bar(day: date, month: Total, outlook: Outlook | None) -> MonthBar:
    spent = text.money(month.nanos, month.currency)
    heading = f"{month_name(day)} {spent}"
    if outlook is None:
        return MonthBar(heading, units(month.nanos), "")
    shown = text.forecast(outlook.nanos, outlook.low_nanos, outlook.high_nanos, outlook.currency)
    limit = None
    label = ""
    if outlook.limit is not None:
        nanos = to_nanos(outlook.limit)
        limit = Limit(units(nanos), f"budget {text.limit(outlook.limit, outlook.currency)}")
        label = f"{text.share(month.nanos, nanos)} spent" if nanos > 0 else ""
    return MonthBar(
        heading=f"{heading}, on course for {shown.figure}",
        spent=units(month.nanos),
        spent_label=label,
        forecast=units(outlook.nanos),
        limit=limit,
        is_over=outlook.limit is not None and outlook.nanos > to_nanos(outlook.limit),
    )
