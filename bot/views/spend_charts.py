"""Pictures of answers about spend: chart specs with finished words. Their titles say the finding of the lead."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate

from bot.views import sentences, text
from bot.views.facts import DayAmount, FanDay, HourAmount, OpenSpike, Outlook, SpendRow, Total
from bot.views.footer import Trust
from bot.views.names import clean, short
from bot.views.periods import Period, compared, inside, name_of, opening
from bot.views.times import Clock, month_name
from charts.scale import grid_values, top_of
from charts.spec import (
    AxisLabel,
    Bars,
    Breakdown,
    Change,
    FanPoint,
    GridLine,
    Hours,
    Limit,
    Mark,
    Point,
    Role,
    Slice,
    Slot,
    Spike,
    SpikeSlot,
    StripPart,
    Trend,
    Usual,
    Waterfall,
)
from spend.budgets import Period as BudgetPeriod
from spend.money import NANOS_PER_UNIT, to_nanos
from spend.usage import Basis

LONGEST_ALT = 300
_ROWS = 7
_RISEN = 0.05  # a share that rose by 5 points or more is the finding


def units(nanos: int) -> float:
    """Convert nano-units to a length for drawing; no figure is ever written from it."""
    return nanos / NANOS_PER_UNIT


def alt_text(title: str, *parts: str) -> str:
    """Join title, kind and range, key values and what is missing to at most 300 characters."""
    whole = f"{title}. {'; '.join(part for part in parts if part)}."
    return whole if len(whole) <= LONGEST_ALT else whole[: LONGEST_ALT - 1] + "…"


def grid(amounts: Sequence[float], currency: str) -> tuple[GridLine, ...]:
    """Propose grid lines with their values in words."""
    values = grid_values(top_of(amounts))
    return tuple(GridLine(value, text.limit(text.exact(value), currency)) for value in values)


def course_title(outlook: Outlook) -> str:
    """`On course for $3,530, $230 over budget`."""
    shown = text.forecast(outlook.nanos, outlook.low_nanos, outlook.high_nanos, outlook.currency)
    title = f"On course for {shown.figure}"
    if outlook.limit is None:
        return title
    difference = text.against_limit(shown.nanos, outlook.limit, outlook.currency)
    return f"{title}, {difference} budget" if difference else f"{title}, just the budget"


def trend(
    clock: Clock,
    period: Period,
    days: Sequence[DayAmount],
    fan: Sequence[FanDay],
    outlook: Outlook | None,
    total: Total,
) -> Trend:
    """Draw a month's running total against the last one, with forecast, range and budget.

    days: every day of the window with its amount, and the same day's of the month before.
    """
    currency = total.currency
    month = month_name(period.first)
    now = text.money(total.nanos, currency)
    title = course_title(outlook) if outlook else f"{month} so far: {now}"
    spent = _running(period.first, days, clock, period.until)
    before = [day.before_nanos for day in days if day.before_nanos is not None]
    shown = text.forecast(outlook.nanos, outlook.low_nanos, outlook.high_nanos, currency) if outlook else None
    limit = (
        Limit(units(to_nanos(outlook.limit)), f"Budget {text.limit(outlook.limit, currency)}")
        if (outlook and outlook.limit is not None)
        else None
    )
    base = month_name(period.first - timedelta(days=1))
    ended = text.money(sum(before), currency, step=NANOS_PER_UNIT) if before else ""
    length = (period.last - period.first).days + 1
    last_day = (period.first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    whole = max(length, last_day.day)
    today = clock.today.day if period.until else period.last.day
    heights = (
        [point.amount for point in spent]
        + ([limit.amount] if limit else [])
        + [units(f.high_nanos) for f in fan]
    )
    legend = [
        part
        for part in (
            "thin: estimated" if _has(days, Mark.ESTIMATED) else "",
            "dashed: forecast" if fan else "",
        )
        if part
    ]
    return Trend(
        title=title,
        subtitle=f"Month to date, {currency}{' · ' + ', '.join(legend) if legend else ''}",
        alt=alt_text(
            title,
            f"Line chart, {clock.on(period.first)} to {last_day.day}: {now} spent by {clock.on(clock.today)}",
            f"forecast {shown.range}" if shown else "",
            _budget_alt(clock, outlook),
            f"{base} ended at {ended}" if before else "",
        ),
        days=float(whole),
        spent=spent,
        now_label=f"now {now}",
        compared=tuple(Point(index + 1.0, units(amount)) for index, amount in enumerate(accumulate(before))),
        compared_label=f"{base[:3]} {ended}" if before else "",
        fan=tuple(
            FanPoint(
                (f.day - period.first).days + 1.0, units(f.nanos), units(f.low_nanos), units(f.high_nanos)
            )
            for f in fan
        ),
        forecast_label=shown.figure if shown else "",
        range_label=shown.range if shown else "",
        budget=limit,
        grid=grid(heights, currency),
        axis=_month_axis(period.first, today, whole),
    )


def bars(clock: Clock, period: Period, base: Period | None, days: Sequence[DayAmount], total: Total) -> Bars:
    """Draw a window day by day, with the comparison as a step line."""
    currency = total.currency
    title = f"{opening(period, clock)}: {text.money(total.nanos, currency)}"
    title += sentences.comparison(total, period, base, clock, with_base=False)
    before = tuple(units(day.before_nanos) if day.before_nanos is not None else None for day in days)
    has_base = any(amount is not None for amount in before)
    peak = max(days, key=lambda day: day.nanos)
    heights = [units(day.nanos) for day in days] + [amount for amount in before if amount is not None]
    return Bars(
        title=title,
        subtitle=f"{clock.span(period.first, period.last)}, {currency} per day"
        + (f" · line: {compared(base, period, clock)}" if base and has_base else ""),
        alt=alt_text(
            title,
            f"Bar chart, {clock.span(period.first, period.last)}, a bar per day",
            f"most on {clock.on(peak.day)}, {text.money(peak.nanos, currency)}",
        ),
        slots=tuple(Slot(units(day.nanos), day.mark) for day in days),
        compared=before if has_base else (),
        compared_label=compared(base, period, clock) if base and has_base else "",
        grid=grid(heights, currency),
        axis=_day_axis(clock, [day.day for day in days]),
    )


def breakdown(
    clock: Clock,
    period: Period,
    base: Period | None,
    rows: Sequence[SpendRow],
    total: Total,
    providers: Sequence[SpendRow],
    *,
    provider_names: Mapping[str, str],
    by: str,
    trust: Trust,
) -> Breakdown:
    """Draw groups by size; the one whose share rose most, by 5 points or more, is the finding."""
    currency = total.currency
    shares = text.shares([row.nanos for row in rows])
    amounts = text.shown([row.nanos for row in rows], text.step_of(total.nanos, currency))
    names = [
        clean(provider_names.get(row.labels[0], row.labels[0]) if by == "provider" else row.labels[0])
        for row in rows
    ]
    risen = _risen(rows, total)
    title = _breakdown_title(clock, period, base, rows, names, total, risen)
    slices = [
        Slice(
            name=names[index],
            money=text.in_picture(
                text.part(row.nanos, amounts[index], currency, step=text.step_of(total.nanos, currency))
            ),
            share=shares[index] if shares else "",
            amount=units(row.nanos),
            compared=units(row.before_nanos) if row.before_nanos is not None and base else None,
            role=Role.ACCENT if index == risen else Role.SUBJECT,
        )
        for index, row in enumerate(rows)
    ]
    shown = (
        slices
        if len(slices) <= _ROWS + 1
        else [*slices[:_ROWS], _other_slice(rows[_ROWS:], amounts[_ROWS:], total)]
    )
    tick = (
        f" · tick: {compared(base, period, clock)}"
        if base and any(s.compared is not None for s in shown)
        else ""
    )
    light = " · estimated" if trust.basis is Basis.ESTIMATED and not tick else ""
    return Breakdown(
        title=title,
        subtitle=f"{_reach(clock, period)}, {currency}{tick}{light}",
        alt=alt_text(
            title,
            f"Bar chart of {text.count(len(rows), by)}, {_reach(clock, period)}",
            ", ".join(f"{short(s.name)} {s.money}" for s in shown[:3]),
        ),
        rows=tuple(shown),
        strip=_strip(providers, provider_names) if by != "provider" else (),
        note=f"{text.count(len(rows), by)}, {text.money(total.nanos, currency)}",
    )


def waterfall(
    clock: Clock, period: Period, base: Period, rows: Sequence[SpendRow], total: Total
) -> Waterfall:
    """Draw what made the change from one window to another."""
    currency = total.currency
    step = text.step_of(total.nanos, currency)
    before = total.before_nanos or 0
    changes = [row.nanos - (row.before_nanos or 0) for row in rows]
    now_shown = text.shown([row.nanos for row in rows], step)
    then_shown = text.shown([row.before_nanos or 0 for row in rows], step)
    change = text.to_step(total.nanos, step) - text.to_step(before, step)
    word = "more" if change >= 0 else "less"
    base_name = compared(base, period, clock).partition(" to ")[0]
    title = f"{text.money(abs(change), currency, step=step)} {word} than {base_name}"
    sized = [index for index, part in enumerate(changes) if part * change > 0]
    if sized:
        top = max(sized, key=lambda index: abs(changes[index]))
        moved = text.money(abs(now_shown[top] - then_shown[top]), currency, step=step)
        title += f", {moved} of it {short(rows[top].labels[0])}"
    steps = [
        Change(
            " · ".join(clean(label) for label in row.labels),
            text.in_picture(text.signed(now_shown[i] - then_shown[i], currency, step=step)),
            units(now_shown[i] - then_shown[i]),
            is_bold=bool(sized) and i == top,
        )
        for i, row in enumerate(rows)
    ]
    return Waterfall(
        title=title,
        subtitle=f"{_reach(clock, period)}, {currency}",
        alt=alt_text(
            title,
            f"Waterfall chart from {text.money(before, currency, step=step)} to {text.money(total.nanos, currency)}",
            ", ".join(f"{short(s.name)} {s.money}" for s in steps[:3]),
        ),
        before=(name_of(base, clock), text.money(before, currency, step=step)),
        steps=tuple(steps),
        change=Change(
            "Change", text.in_picture(text.signed(change, currency, step=step)), units(change), is_bold=True
        ),
        after=(name_of(period, clock), text.money(total.nanos, currency, step=step)),
    )


def day(clock: Clock, hours: Sequence[HourAmount], total: Total, spike: OpenSpike | None) -> Spike | Hours:
    """Draw the hours of a day: with its cause on top while a spike is open, else plain."""
    if spike:
        return spike_hours(clock, hours, spike, told_at=None, pace="")
    known = [hour for hour in hours if hour.mark is not Mark.MISSING]
    title = f"Today so far: {text.money(total.nanos, total.currency)}"
    peak = max(known, key=lambda hour: hour.nanos, default=None)
    return Hours(
        title=title,
        subtitle=f"Spend per hour, {total.currency}, {clock.day(clock.today)}, {clock.letters(clock.now)}",
        alt=alt_text(
            title,
            f"Bar chart, {clock.day(clock.today)}, a bar per hour",
            f"most at {clock.time(peak.start)}, {text.money(peak.nanos, total.currency)}" if peak else "",
        ),
        slots=tuple(
            Slot(units(hour.nanos), hour.mark, label=_peak_label(hour, peak, total.currency))
            for hour in hours
        ),
        grid=grid([units(hour.nanos) for hour in hours], total.currency),
        axis=_hour_axis(hours, clock),
    )


def usual_day(clock: Clock, hours: Sequence[HourAmount], currency: str) -> Hours:
    """Draw the mean of each hour of the day: the busiest hours are the finding, the rest is context."""
    whole = sum(hour.nanos for hour in hours)
    first, last = _busiest(hours)
    block = sum(hour.nanos for hour in hours[first:last])
    edges = f"{clock.time(hours[first].start)} to {clock.time(hours[last - 1].start + timedelta(hours=1))}"
    title = (
        f"{edges} makes {text.share(block, whole)} of a weekday"
        if whole > 0
        else "Nothing spent on weekdays yet"
    )
    peak = max(hours, key=lambda hour: hour.nanos)
    return Hours(
        title=title,
        subtitle=f"Mean per hour, {currency}, last 5 weekdays, {clock.letters(clock.now)}",
        alt=alt_text(
            title,
            "Bar chart, a bar per hour",
            f"most at {clock.time(peak.start)}, {text.money(peak.nanos, currency)}",
        ),
        slots=tuple(
            Slot(
                units(hour.nanos),
                role=Role.SUBJECT if first <= index < last else Role.CONTEXT,
                label=_peak_label(hour, peak, currency),
            )
            for index, hour in enumerate(hours)
        ),
        grid=grid([units(hour.nanos) for hour in hours], currency),
        axis=_hour_axis(hours, clock),
    )


def spike_title(spike: OpenSpike, clock: Clock) -> str:
    """`agents-nightly: $80.09 since 10:00, usually nothing at this time`."""
    words = f"{text.money(spike.nanos, spike.currency)} since {clock.time(spike.since)}"
    head = f"{short(spike.cause)}: " if spike.cause else "Spike: "
    return f"{head}{words}, {sentences.usually(spike.usual_nanos, spike.currency)}"


def spike_hours(
    clock: Clock, hours: Sequence[HourAmount], spike: OpenSpike, *, told_at: datetime | None, pace: str
) -> Spike:
    """Draw the day of a spike: everything per hour, its cause on top in orange, over the usual band."""
    title = spike_title(spike, clock)
    known = [hour for hour in hours if hour.mark is not Mark.MISSING]
    first = hours[0].start if hours else spike.since
    heights = [units(max(hour.nanos, hour.high_nanos)) for hour in hours]
    told = (
        AxisLabel((told_at - first) / timedelta(hours=1), f"told {clock.time(told_at)}") if told_at else None
    )
    day_words = clock.day(clock.day_of(first))
    has_usual = any(hour.usual_nanos is not None for hour in hours)
    return Spike(
        title=title,
        subtitle=f"All spend per hour, {spike.currency}, {day_words}, {clock.letters(first)}",
        alt=alt_text(title, f"Bar chart, {day_words}, a bar per hour, the cause on top of the rest", pace),
        hours=max(len(hours), 1),
        slots=tuple(SpikeSlot(units(h.nanos - h.cause_nanos), units(h.cause_nanos), h.mark) for h in known),
        cause_name=clean(spike.cause) if spike.cause else "too much",
        cause_pace=pace,
        usual=tuple(
            Usual(units(hour.usual_nanos or 0), units(hour.low_nanos), units(hour.high_nanos))
            for hour in hours
        )
        if has_usual
        else (),
        usual_label=f"usual on a {clock.weekday_of(first)}" if has_usual else "",
        told=told,
        grid=grid(heights, spike.currency),
        axis=_hour_axis(hours, clock),
    )


def limit_note(period: BudgetPeriod) -> str:
    """`a month`."""
    return {BudgetPeriod.DAY: "a day", BudgetPeriod.WEEK: "a week", BudgetPeriod.MONTH: "a month"}[period]


def _running(
    first: date, days: Sequence[DayAmount], clock: Clock, until: datetime | None
) -> tuple[Point, ...]:
    """The running total, a point at the end of each known day; the last one at the time it is now."""
    points = [Point(0.0, 0.0)]
    spent = 0
    for item in days:
        if item.mark is Mark.MISSING or item.day > clock.today:
            continue
        spent += item.nanos
        at = (item.day - first).days + 1.0
        if until and item.day == clock.day_of(until):
            local = until.astimezone(clock.zone)
            at += (local.hour + local.minute / 60) / 24 - 1
        points.append(Point(at, units(spent), item.mark))
    return tuple(points)


def _budget_alt(clock: Clock, outlook: Outlook | None) -> str:
    if outlook is None or outlook.limit is None:
        return ""
    budget = f"budget {text.limit(outlook.limit, outlook.currency)}"
    return f"{budget} crossed around {clock.on(outlook.over_on)}" if outlook.over_on else budget


def _has(days: Sequence[DayAmount], mark: Mark) -> bool:
    return any(item.mark is mark for item in days)


def _month_axis(first: date, today: int, length: int) -> tuple[AxisLabel, ...]:
    """First, 10th, today and last; one that would touch today's is left out."""
    days = {1: f"{month_name(first)[:3]} 1", 10: "10", length: str(length)}
    kept = {day: label for day, label in days.items() if abs(day - today) > 2}
    kept[today] = days.get(today, str(today))
    return tuple(AxisLabel(day - 0.5, label) for day, label in sorted(kept.items()))


def _day_axis(clock: Clock, days: Sequence[date]) -> tuple[AxisLabel, ...]:
    if len(days) <= 7:
        return tuple(AxisLabel(index + 0.5, clock.day(day).split(" ")[0]) for index, day in enumerate(days))
    places = sorted({0, len(days) // 2, len(days) - 1})
    return tuple(AxisLabel(place + 0.5, clock.on(days[place])) for place in places)


def _hour_axis(hours: Sequence[HourAmount], clock: Clock) -> tuple[AxisLabel, ...]:
    labels = [
        AxisLabel(float(index), clock.time(hour.start))
        for index, hour in enumerate(hours)
        if int(clock.time(hour.start)[:2]) % 6 == 0 and clock.time(hour.start).endswith(":00")
    ]
    return (*labels, AxisLabel(float(len(hours)), "24:00")) if hours else ()


def _peak_label(hour: HourAmount, peak: HourAmount | None, currency: str) -> str:
    return text.money(hour.nanos, currency) if peak and hour is peak and hour.nanos else ""


def _busiest(hours: Sequence[HourAmount]) -> tuple[int, int]:
    """The longest run of hours around the peak that each reach half of it, as a half-open range."""
    peak = max(range(len(hours)), key=lambda index: hours[index].nanos)
    first, last = peak, peak + 1
    while first > 0 and hours[first - 1].nanos * 2 >= hours[peak].nanos:
        first -= 1
    while last < len(hours) and hours[last].nanos * 2 >= hours[peak].nanos:
        last += 1
    return first, last


def _risen(rows: Sequence[SpendRow], total: Total) -> int | None:
    """The place of the row whose share rose most, by 5 points or more."""
    if not total.before_nanos or total.before_nanos < 0 or total.nanos <= 0:
        return None
    before = total.before_nanos
    rises = [
        (row.nanos / total.nanos - row.before_nanos / before if row.before_nanos is not None else 0.0, -index)
        for index, row in enumerate(rows)
    ]
    rise, place = max(rises, default=(0.0, 0))
    return -place if rise >= _RISEN else None


def _breakdown_title(
    clock: Clock,
    period: Period,
    base: Period | None,
    rows: Sequence[SpendRow],
    names: Sequence[str],
    total: Total,
    risen: int | None,
) -> str:
    plain = f"{opening(period, clock)}: {text.money(total.nanos, total.currency)}"
    if total.nanos <= 0 or not rows:
        return plain
    if risen is None or base is None or not total.before_nanos:
        part = text.fraction_word(rows[0].nanos, total.nanos)
        return (
            f"{short(names[0])} is {part} of {inside(period, clock)}"
            if rows[0].nanos < total.nanos
            else plain
        )
    now = text.share(rows[risen].nanos, total.nanos)
    then = (
        text.share(rows[risen].before_nanos or 0, total.before_nanos)
        if rows[risen].before_nanos
        else "nothing"
    )
    base_name = compared(base, period, clock).partition(" by ")[0]
    return f"{short(names[risen])} is {now} of {inside(period, clock)}, it was {then} {base_name}"


def _other_slice(rows: Sequence[SpendRow], amounts: Sequence[int], total: Total) -> Slice:
    together = sum(row.nanos for row in rows)
    share = (
        text.share(together, total.nanos) if total.nanos > 0 and min(row.nanos for row in rows) >= 0 else ""
    )
    money = text.money(sum(amounts), total.currency, step=text.step_of(total.nanos, total.currency))
    return Slice(f"other ({len(rows)})", text.in_picture(money), share, units(together), role=Role.CONTEXT)


def _strip(providers: Sequence[SpendRow], provider_names: Mapping[str, str]) -> tuple[StripPart, ...]:
    amounts = [row.nanos for row in providers]
    shares = text.shares(amounts) if len(providers) > 1 else None
    if shares is None:
        return ()
    whole = sum(amounts)
    return tuple(
        StripPart(f"{clean(provider_names.get(row.labels[0], row.labels[0]))} {share}", row.nanos / whole)
        for row, share in zip(providers, shares, strict=True)
    )


def _reach(clock: Clock, period: Period) -> str:
    """The window over a picture: `Thu Nov 19 to 14:05 CET`, `Nov 16 to Thu 14:05 CET`, `Nov 3 to Nov 9`."""
    if period.until is None:
        return clock.span(period.first, period.last)
    if period.first == clock.day_of(period.until):
        return f"{clock.day(period.first)} to {clock.time_zone(period.until)}"
    return (
        f"{clock.on(period.first)} to {clock.day(clock.day_of(period.until))} {clock.time_zone(period.until)}"
    )
