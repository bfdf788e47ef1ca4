"""`/spend incidents [window]`, `/spend incidents K7Q2`: what was alerted about, found again; privately."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.commands.spec import CommandSpec, Param, ReadContext
from bot.commands.spend import take_asked_window
from bot.commands.windows import WINDOW_WORDS
from bot.commands.words import Words
from bot.errors import CommandError
from bot.ports import Asked
from bot.query import AskedWindow
from bot.reports.frame import load_frame
from bot.reports.incidents import incident_facts, incident_row
from bot.views.errors import no_such_alert
from bot.views.incidents import incident_view, incidents_view
from bot.views.model import View
from storage import is_code

_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class AskIncidents:
    """List the incidents of a window, or show the one of a code."""

    window: AskedWindow
    code: str = ""


def read(words: Words, context: ReadContext) -> AskIncidents:
    """Read a window or a code; bare, the last 30 days."""
    first = context.today - timedelta(days=_DAYS - 1)
    window = AskedWindow("days", first, context.today)
    if is_code(words.peek().partition("-")[0]):
        return AskIncidents(window=window, code=words.take().partition("-")[0].upper())
    return AskIncidents(window=take_asked_window(words, context, or_code=True) if words else window)


async def answer(intent: AskIncidents, asked: Asked) -> View:
    """Show what was alerted about."""
    frame = await load_frame(asked.house, asked.store, asked.now)
    if not intent.code:
        return incidents_view(await incident_facts(frame, intent.window))
    incident = await asked.store.incident_by_code(intent.code)
    row = None if incident is None else incident_row(frame, incident)
    if row is None:
        raise CommandError(no_such_alert(intent.code))
    facts = await incident_facts(frame, intent.window)
    return incident_view(replace(facts, rows=(row,)))


SPECS = (
    CommandSpec(
        path=("spend", "incidents"),
        help="Spikes and budget alerts, newest first, or one of them by its code.",
        usage="[window | CODE]",
        example="/spend incidents last 7 days",
        params=(
            Param("window", "window", "Which days: today, week ...; the last 30 if left out", WINDOW_WORDS),
            Param("code", "text", "The code of one of them, such as K7Q2"),
        ),
        read=read,
        answer=answer,
    ),
)
