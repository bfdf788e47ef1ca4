"""Sentences that several views share: comparisons, forecasts, open spikes, what is not priced."""

from collections.abc import Sequence
from datetime import timedelta

from bot.views import text
from bot.views.facts import History, NotEnoughDays, OpenSpike, Outlook, Pace, TooIrregular, Total, Unpriced
from bot.views.model import Name, type_span
from bot.views.names import short
from bot.views.periods import Period, PeriodKind, compared, than
from bot.views.times import Clock
from spend.money import to_nanos

HISTORY_DAYS = 7  # of watching, before spikes speak


def comparison(
    total: Total, now: Period, base: Period | None, clock: Clock, *, with_base: bool = True
) -> str:
    """Say a total against its base, starting with a comma; '' where there is nothing to compare with.

    `, 2.1x last Thursday by 14:05 ($80.98)` | `, $418.67 more (+23%) than by this time in October` |
    `, about the same as last Wednesday` | `, nothing last Wednesday`.
    """
    if base is None or total.before_nanos is None:
        return ""
    before, currency = total.before_nanos, total.currency
    if before == 0:
        return f", nothing {compared(base, now, clock)}" if total.nanos else ""
    multiple = text.times(total.nanos, before)
    if multiple:
        shown = f" ({text.money(before, currency)})" if with_base and not _is_long(base) else ""
        return f", {multiple} {compared(base, now, clock)}{shown}"
    words = text.more_or_less(total.nanos, before, currency)
    joint = "as" if words == "about the same" else "than"
    return f", {words} {joint} {than(base, now, clock)}"


def outlook(facts: Outlook, *, in_answer: bool = True) -> str:
    """Say a forecast: `about $3,530 (80% range 3,450 to 3,620), $230 over the $3,300 budget`."""
    shown = text.forecast(facts.nanos, facts.low_nanos, facts.high_nanos, facts.currency)
    words = shown.in_answer if in_answer else str(shown)
    return words + against_budget(shown, facts)


def course(facts: Outlook | NotEnoughDays | TooIrregular, clock: Clock) -> str:
    """Say where a month is on course for, or why that cannot be said."""
    return f"On course for {outlook(facts)}." if isinstance(facts, Outlook) else no_forecast(facts, clock)


def against_budget(shown: text.ShownForecast, facts: Outlook) -> str:
    """Hold a shown forecast against its budget, starting with a comma: `, $230 over the $3,300 budget`."""
    if facts.limit is None:
        return ""
    difference = text.against_limit(shown.nanos, facts.limit, facts.currency)
    budget = text.limit(facts.limit, facts.currency)
    return f", {difference} the {budget} budget" if difference else f", right at the {budget} budget"


def no_forecast(facts: NotEnoughDays | TooIrregular, clock: Clock) -> str:
    """Say why there is no forecast, and from when there will be one."""
    if isinstance(facts, TooIrregular):
        low, high = (
            text.about(nanos, facts.currency)[len("about ") :]
            for nanos in (facts.low_nanos, facts.high_nanos)
        )
        return f"Too irregular for one number: between {low} and {high}{_range_against_budget(facts)}."
    verb = "is" if facts.there == 1 else "are"
    have = str(facts.there) if facts.there else "none"
    return f"A forecast needs {facts.needed} complete days; there {verb} {have}. From {clock.day(facts.from_day)}."


def last_hours(pace: Pace, clock: Clock) -> str:
    """`over the last 3 h`, or `over the 3 h to 11:20` where figures end a while ago."""
    return f"over the 3 h to {clock.near(pace.until)}" if pace.until else "over the last 3 h"


def _range_against_budget(facts: TooIrregular) -> str:
    """Hold a bare range against its budget: within, around or beyond it."""
    if facts.limit is None:
        return ""
    limit, budget = to_nanos(facts.limit), text.limit(facts.limit, facts.currency)
    if facts.high_nanos <= limit:
        return f", within the {budget} budget"
    return f", over the {budget} budget" if facts.low_nanos > limit else f", the {budget} budget in between"


def usually(nanos: int, currency: str = "USD") -> str:
    """Say what is usual: `usually nothing at this time`, `usually $9.85`."""
    return f"usually {text.money(nanos, currency)}" if nanos else "usually nothing at this time"


def open_spike(spike: OpenSpike, clock: Clock) -> tuple[type_span, ...]:
    """Say that a spike is open, with its money: `A spike is open: agents-nightly, $80.09 since 10:00, usually ...`."""
    figures = f"{text.money(spike.nanos, spike.currency)} since {clock.near(spike.since)}"
    what = f", {figures}, {usually(spike.usual_nanos, spike.currency)}."
    if not spike.cause:
        return (f"A spike is open: {f'{short(spike.place)}{what}' if spike.place else what[2:]}",)
    return ("A spike is open: ", Name(short(spike.cause)), what)


def loading(history: History, clock: Clock) -> str:
    """Say how far the history is."""
    return (
        f"History is loading: {history.days_loaded} of {history.days_wanted} days; "
        f"windows before {clock.on(history.complete_from)} are incomplete."
    )


def not_priced(unpriced: Sequence[Unpriced]) -> str:
    """`12.4M tokens not priced`, '' when everything has a price."""
    number = sum(item.tokens for item in unpriced)
    return f"{text.tokens(number)} tokens not priced" if unpriced else ""


def starts_on(clock: Clock, connected_days: int) -> str:
    """Say when spike alerts start, after a week of watching: `Nov 26`."""
    return clock.on(clock.today + timedelta(days=HISTORY_DAYS - connected_days))


def _is_long(base: Period) -> bool:
    return base.kind in (PeriodKind.RANGE, PeriodKind.SINCE)
