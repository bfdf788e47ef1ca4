"""Windows in words: what a message calls the time it speaks of, and the time it compares with."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.views.times import Clock, month_name, weekday


class PeriodKind(StrEnum):
    """How a window was asked for. `DAY` is one date, `MONTH` and `WEEK` are calendar ones, `DAYS` the last n."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    DAYS = "days"
    SINCE = "since"
    RANGE = "range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A window as people speak of it. `first` and `last` are local dates, both included.

    until: the moment up to which figures count, when that is before the end of `last`; None for whole days.
    """

    kind: PeriodKind
    first: date
    last: date
    until: datetime | None = None

    @property
    def days(self) -> int:
        """How many local dates it touches."""
        return (self.last - self.first).days + 1


def name_of(period: Period, clock: Clock) -> str:
    """Name a period at the start of a sentence or over a column: `Today`, `November`, `Nov 3 to Nov 9`."""
    match period.kind:
        case PeriodKind.TODAY | PeriodKind.YESTERDAY:
            return period.kind.value.capitalize()
        case PeriodKind.DAY:
            return clock.day(period.first)
        case PeriodKind.WEEK:
            return _week_name(period, clock)
        case PeriodKind.MONTH:
            return _month(period, clock)
        case PeriodKind.DAYS:
            return f"Last {period.days} days" if period.days > 1 else "Last day"
        case PeriodKind.SINCE:
            return f"Since {clock.on(period.first)}"
        case PeriodKind.RANGE:
            return clock.span(period.first, period.last)


def opening(period: Period, clock: Clock) -> str:
    """Open a lead: `November so far`, `Yesterday`, `Last 7 days`."""
    is_growing = period.until is not None and period.kind in (
        PeriodKind.TODAY,
        PeriodKind.WEEK,
        PeriodKind.MONTH,
    )
    return f"{name_of(period, clock)} so far" if is_growing else name_of(period, clock)


def inside(period: Period, clock: Clock) -> str:
    """Name a period inside a sentence: `today`, `November`, `the last 7 days`."""
    name = name_of(period, clock)
    match period.kind:
        case PeriodKind.DAYS:
            return f"the {name[0].lower()}{name[1:]}"
        case PeriodKind.TODAY | PeriodKind.YESTERDAY | PeriodKind.WEEK | PeriodKind.SINCE if not name[
            -1
        ].isdigit():
            return name[0].lower() + name[1:]
        case PeriodKind.SINCE:
            return f"all since {clock.on(period.first)}"
        case _:
            return name


def total_of(period: Period, total: str, clock: Clock) -> str:
    """Name the total of a period inside a sentence: `today's $166.59`, `$598.03 this week`."""
    name = inside(period, clock)
    match period.kind:
        case PeriodKind.TODAY | PeriodKind.YESTERDAY:
            return f"{name}'s {total}"
        case PeriodKind.WEEK if not name[-1].isdigit():
            return f"{total} {name}"
        case PeriodKind.SINCE:
            return f"{total} since {clock.on(period.first)}"
        case PeriodKind.DAY:
            return f"{total} on {name}"
        case PeriodKind.RANGE | PeriodKind.WEEK:
            return f"{total} from {name}"
        case _:
            return f"{total} in {name}"


def when(period: Period, clock: Clock) -> str:
    """Say when something was spent: `today`, `in November`, `since Nov 3`."""
    name = inside(period, clock)
    match period.kind:
        case PeriodKind.SINCE:
            return f"since {clock.on(period.first)}"
        case PeriodKind.DAY:
            return f"on {name}"
        case PeriodKind.MONTH | PeriodKind.DAYS:
            return f"in {name}"
        case PeriodKind.TODAY | PeriodKind.YESTERDAY:
            return name
        case _:
            return name if not name[-1].isdigit() else f"from {name}"


def compared(base: Period, now: Period, clock: Clock) -> str:
    """Name the base of a comparison: `last Thursday by 14:05`, `last week to Thursday 14:05`, `the 7 days before`."""
    match base.kind:
        case PeriodKind.TODAY | PeriodKind.YESTERDAY | PeriodKind.DAY:
            named = (
                f"last {weekday(base.first)}"
                if now.first - base.first == timedelta(days=7)
                else clock.day(base.first)
            )
            return f"{named} by {clock.time(base.until)}" if base.until else named
        case PeriodKind.WEEK:
            named = _week_name(base, clock)
            named = named[0].lower() + named[1:] if not named[-1].isdigit() else named
            return (
                f"{named} to {weekday(clock.day_of(base.until))} {clock.time(base.until)}"
                if base.until
                else named
            )
        case PeriodKind.MONTH:
            return f"{_month(base, clock)} by this time" if base.until else _month(base, clock)
        case PeriodKind.DAYS if base.last + timedelta(days=1) != now.first:
            is_last = base.last == clock.today
            return f"the last {base.days} days" if is_last else clock.span(base.first, base.last)
        case PeriodKind.DAYS:
            return f"the {base.days} days before"
        case PeriodKind.SINCE | PeriodKind.RANGE:
            span = clock.span(base.first, base.last)
            return f"{span} by {clock.time(base.until)}" if base.until else span


def than(base: Period, now: Period, clock: Clock) -> str:
    """Name the base after "more than": as `compared`, and `by this time in October` for a month that is not over."""
    if base.kind is PeriodKind.MONTH and base.until:
        return f"by this time in {_month(base, clock)}"
    return compared(base, now, clock)


def base_column(base: Period, clock: Clock) -> str:
    """Name the base over a column: `Last week`, `October`, `Last Thursday`."""
    if base.kind is PeriodKind.DAYS:
        return f"Last {base.days} days" if base.last == clock.today else f"{base.days} days before"
    return name_of(base, clock)


def _week_name(period: Period, clock: Clock) -> str:
    age_days = (clock.today - period.first).days
    if 0 <= age_days < 7:
        return "This week"
    if 7 <= age_days < 14:
        return "Last week"
    return clock.span(period.first, period.last)


def _month(period: Period, clock: Clock) -> str:
    is_far = period.first.year != clock.today.year and (clock.today - period.first).days > 330
    return f"{month_name(period.first)}{f' {period.first.year}' if is_far else ''}"
