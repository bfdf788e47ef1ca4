"""Answers that have to say that something is missing instead of a figure."""

from collections.abc import Sequence

from bot.views.answer_data import answer_data
from bot.views.footer import Source, SourceState, usage_of
from bot.views.model import Line, View, line
from bot.views.names import short
from bot.views.text import listed
from bot.views.times import Clock
from bot.views.unread import figures_end, known_to, long_unread, next_step


def no_forecast_view(
    clock: Clock,
    words: str,
    sources: Sequence[Source],
    *,
    what: str = "forecast",
    readable: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> View:
    """Say why nothing is projected: a connection is broken, paused or not read any more, or nothing was read yet.

    what: what there is none of. readable: the providers that the gap does not touch.
    """
    lead = line(_why_none(clock, sources, what))
    body = tuple(step for step in (next_step(clock, sources), _of_others(readable)) if str(step))
    known = known_to(sources)
    return View(
        title=words,
        lead=lead,
        body=body,
        footer="" if known else f"As of {clock.time_zone(clock.now)}",
        data=answer_data(
            title=words,
            lead=str(lead),
            facts=[str(item) for item in body],
            sources=sources,
            as_of=min((source.as_of for source in sources if source.as_of), default=None),
            warnings=warnings,
        ),
    )


def _why_none(clock: Clock, sources: Sequence[Source], what: str) -> str:
    missing = [s for s in usage_of(sources) if s.state in (SourceState.BROKEN, SourceState.PAUSED)]
    if missing:
        names = listed([short(source.connection) for source in missing])
        reason = missing[0].reason or "it is not read"
        return f"No {what} without {names} ({reason}): a gap would be taken for saving."
    if long_unread(sources, clock.now):
        return f"{figures_end(clock, sources)}: no {what}, as days not read would be taken for saving."
    if known_to(sources):
        return f"{figures_end(clock, sources)}: no {what} before the rest of that day is read."
    return "The first figures are being read; there is nothing to project from yet."


def _of_others(readable: Sequence[str]) -> Line:
    """Say where the forecast and the pace of what is read stand: in the month and the day of those alone."""
    if not readable:
        return line()
    only = " ".join(f"provider:{provider}" for provider in readable)
    return line(f"Without the gap: /spend month {only}.")
