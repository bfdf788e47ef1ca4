"""Spike alerts, built from the evidence that was stored when they were found: first, grew, over, found late."""

from dataclasses import replace

from bot.views import text
from bot.views.acts import Act, act_words, acted_words
from bot.views.buttons import closed_buttons, incident_buttons
from bot.views.facts import OpenSpike
from bot.views.hours_chart import spike_hours
from bot.views.model import Layout, Line, Tone, View, joined, line, type_span
from bot.views.names import short
from bot.views.spike_found import SpikeEvidence
from bot.views.spike_lines import (
    all_model,
    budget_line,
    followed,
    is_taken_back,
    lowered,
    maker_line,
    money,
    span,
    split_line,
    taken_back,
    told_line,
    where_line,
    who,
)
from bot.views.times import Clock, duration


def spike_view(found: SpikeEvidence, clock: Clock, *, code: str, act: Act | None = None) -> View:
    """Build the alert of an open spike, as first told or as it has grown since."""
    body = [where_line(found), maker_line(found, clock)]
    squeezed = budget_line(found, clock)
    lines = [
        joined(*body),
        *([line(squeezed)] if squeezed else []),
        *([line(act_words(act, clock))] if act else []),
    ]
    return View(
        layout=Layout.ALERT,
        title=_title(found),
        lead=line(*_lead(found, clock)),
        body=tuple(item for item in lines if str(item)),
        chart=spike_hours(
            clock, found.hours, _open(found), told_at=found.told_at, pace=_pace(found).removeprefix("about ")
        ),
        footer=_footer(found, clock, code),
        buttons=incident_buttons(
            code.partition("-")[0],
            state=act.state if act else "open",
            key=found.key,
            keys_url=found.keys_url,
            vendor=found.vendor,
        ),
        tone=Tone.ATTENTION,
        is_private=False,
    )


def spike_over_view(found: SpikeEvidence, clock: Clock, *, code: str, act: Act | None = None) -> View:
    """Build the closed alert: what it came to, what followed after it was told, who acted; why and what to call it."""
    day = " today" if clock.day_of(found.since) == clock.day_of(found.until) == clock.today else ""
    usual = "usually nothing" if found.usual_nanos == 0 else f"usually {money(found, found.usual_nanos)}"
    spent = f"{money(found, found.observed_nanos)} {span(found, clock)}{day}, {usual}."
    is_gone = is_taken_back(found)
    lead = taken_back(found) if is_gone else line("Over: ", *who(found), spent)
    told = ""
    if found.told_at:
        rest = followed(found)
        after = f"; {money(found, rest)} followed" if rest > 0 else "" if is_gone else lowered(found)
        told = f"Told at {clock.near(found.told_at)} at {money(found, found.told_nanos)}{after}."
    body = joined(line(told), all_model(found), line(acted_words(act, clock)) if act else line())
    off = line()
    if found.off_from and found.off_to:
        off = line(f"spendbot was off from {clock.near(found.off_from)} to {clock.near(found.off_to)}.")
    return View(
        layout=Layout.ALERT,
        title=_title(found),
        lead=lead,
        body=tuple(item for item in (body, off) if str(item)),
        footer=_footer(found, clock, code),
        buttons=closed_buttons(code.partition("-")[0], state=act.state if act else ""),
        tone=Tone.CLOSED,
        is_private=False,
    )


def spike_grew_line(found: SpikeEvidence, clock: Clock, *, code: str) -> View:
    """Build the line in the thread at each doubling: `agents-nightly spent $31.73 by 12:10, about $25 an hour.`"""
    words = f"{money(found, found.observed_nanos)} by {clock.near(found.as_of)}, {_pace(found)}."
    if found.budget:
        budget = found.budget
        spent = text.money(budget.spent_nanos, budget.currency)
        words += f" {short(budget.label)}: {spent} of {text.limit(budget.limit, budget.currency)}."
    return _thread(found, clock, line(*who(found), words), code)


def spike_over_line(found: SpikeEvidence, clock: Clock, *, code: str) -> View:
    """Build the last message in the thread: when it began and ended, what it cost before and after it was told, why."""
    length = duration(found.until - found.since)
    head = f"Over since {clock.near(found.until)}: "
    tail = f"{money(found, found.observed_nanos)} in {length}."
    lead = taken_back(found) if is_taken_back(found) else line(head, *who(found), tail)
    view = _thread(found, clock, lead, code)
    lines = (told_line(found, clock), split_line(found))
    return replace(view, body=tuple(item for item in lines if str(item)))


def _lead(found: SpikeEvidence, clock: Clock) -> tuple[type_span, ...]:
    head = f"Spike, found late ({clock.near(clock.now)}): " if found.is_late else "Spike: "
    spent = f"{money(found, found.observed_nanos)} since {clock.near(found.since)}"
    now = f" Now {_pace(found)}." if found.pace_nanos and not found.is_late else ""
    return (head, *who(found), f"{spent}, {_against(found, clock)}.{now}")


def _against(found: SpikeEvidence, clock: Clock) -> str:
    if found.usual_nanos == 0:
        return "usually nothing at this time"
    usual = money(found, found.usual_nanos)
    multiple = text.times(found.observed_nanos, found.usual_nanos)
    weekday = clock.weekday_of(found.since)
    return f"{multiple} the usual {usual} of a {weekday}" if multiple else f"usually {usual} on a {weekday}"


def _thread(found: SpikeEvidence, clock: Clock, lead: Line, code: str) -> View:
    return View(
        layout=Layout.NOTE,
        title=_title(found),
        lead=lead,
        footer=_footer(found, clock, code),
        tone=Tone.ATTENTION,
        is_private=False,
    )


def _footer(found: SpikeEvidence, clock: Clock, code: str) -> str:
    return f"Data to {clock.near_zone(found.as_of)} · estimated · {code}"


def _title(found: SpikeEvidence) -> str:
    return f"Spike: {short(found.key or found.place)}"


def _pace(found: SpikeEvidence) -> str:
    return f"{text.about(found.pace_nanos, found.currency)} an hour"


def _open(found: SpikeEvidence) -> OpenSpike:
    return OpenSpike(
        cause=found.key,
        place=found.place,
        nanos=found.observed_nanos,
        since=found.since,
        usual_nanos=found.usual_nanos,
        currency=found.currency,
    )
