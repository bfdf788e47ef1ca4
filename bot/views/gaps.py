"""Answers that have to say that something is missing instead of a figure."""

from collections.abc import Sequence

from bot.views.answer_data import answer_data
from bot.views.footer import Source, SourceState, usage_of
from bot.views.model import View, line
from bot.views.names import short
from bot.views.text import listed
from bot.views.times import Clock


def no_forecast_view(clock: Clock, words: str, sources: Sequence[Source]) -> View:
    """Say why nothing is projected: a connection is broken, paused or long unread, or nothing was read yet."""
    missing = [s for s in usage_of(sources) if s.state in (SourceState.BROKEN, SourceState.PAUSED)]
    unread = [s for s in usage_of(sources) if s.state is SourceState.STALE and s.as_of]
    if missing:
        names = listed([short(source.connection) for source in missing])
        reason = missing[0].reason or "it is not read"
        lead = line(f"No forecast without {names} ({reason}): a gap would be taken for saving.")
    elif unread:
        oldest = min(unread, key=lambda source: source.as_of or clock.now)
        known_to = clock.near(oldest.as_of or clock.now)
        lead = line(
            f"No forecast while {short(oldest.connection)} is only known to {known_to}: "
            "days that were not read are not zero."
        )
    else:
        lead = line("The first figures are being read; there is nothing to project from yet.")
    return View(
        title=words,
        lead=lead,
        footer="" if missing or unread else f"As of {clock.time_zone(clock.now)}",
        data=answer_data(title=words, lead=str(lead), sources=sources),
    )
