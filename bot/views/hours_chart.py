"""The pictures of a day by its hours: plain, as it usually is, or with a spike on top."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.views import sentences, text
from bot.views.chart_words import alt_text, grid, units
from bot.views.facts import HourAmount, OpenSpike, Total
from bot.views.names import clean, short
from bot.views.times import Clock
from charts.spec import (
    AxisLabel,
    Hours,
    Mark,
    Role,
    Slot,
    Spike,
    SpikeSlot,
    Usual,
)


def day(clock: Clock, hours: Sequence[HourAmount], total: Total, spike: OpenSpike | None) -> Spike | Hours:
    """Draw the hours of a day: with its cause on top while a spike is open, else plain.

    Hours to come are left empty; hours that should be known and are not are missing.
    """
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
            if hour.start <= clock.now
        ),
        hours=len(hours),
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
    words = f"{text.money(spike.nanos, spike.currency)} since {clock.near(spike.since)}"
    head = f"{short(spike.cause or spike.place or 'Spike')}: "
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
