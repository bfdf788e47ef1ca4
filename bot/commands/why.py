"""`/spend why [window] [vs window]`, `/spend why K7Q2`: what a change, or an alert, is made of; the parts sum to it."""

from dataclasses import dataclass

from bot.commands.filters import take_filter
from bot.commands.spec import CommandSpec, Param, ReadContext
from bot.commands.spend import filter_words, take_asked_window, window_words
from bot.commands.windows import WINDOW_WORDS
from bot.commands.words import Words
from bot.errors import CommandError
from bot.ports import Asked
from bot.query import AskedFilter, AskedWindow
from bot.reports.compare import refuse_outside
from bot.reports.frame import load_frame
from bot.reports.why import why_facts
from bot.reports.why_incident import why_incident
from bot.views.errors import no_such_alert
from bot.views.model import View
from bot.views.spend import nothing_connected
from bot.views.why import why_view
from storage import is_code


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWhy:
    """Split the change of a window, or, with a code, what an incident is about."""

    window: AskedWindow
    versus: AskedWindow | None = None
    filters: tuple[AskedFilter, ...] = ()
    code: str = ""


def read(words: Words, context: ReadContext) -> AskWhy:
    """Read the words behind /spend why, in any order."""
    today = AskedWindow("today", context.today, context.today)
    if is_code(words.peek().partition("-")[0]):
        return AskWhy(window=today, code=words.take().partition("-")[0].upper())
    window: AskedWindow | None = None
    versus: AskedWindow | None = None
    filters: list[AskedFilter] = []
    while words:
        if words.take_if("vs", "versus", "against"):
            versus = take_asked_window(words, context)
        elif (found := take_filter(words)) is not None:
            filters.append(found)
        elif window is None:
            window = take_asked_window(words, context, or_code=True)
        else:
            break  # what is left is refused by whoever reads
    return AskWhy(window=window or today, versus=versus, filters=tuple(filters))


async def answer(intent: AskWhy, asked: Asked) -> View:
    """Show what a change is made of."""
    frame = await load_frame(asked.house, asked.store, asked.now)
    words = said(intent)
    if intent.code:
        incident = await asked.store.incident_by_code(intent.code)
        if incident is None:
            raise CommandError(no_such_alert(intent.code))
        return why_view(await why_incident(frame, incident, words))
    for window in (intent.window, intent.versus):
        if window is not None:
            refuse_outside(frame, window)
    if not frame.is_connected:
        return nothing_connected(words)
    shown = " ".join(
        word for word in ("spend", window_words(intent.window), filter_words(intent.filters)) if word
    )
    facts = await why_facts(
        frame, intent.window, words=words, spend=shown, versus=intent.versus, asked=intent.filters
    )
    return why_view(facts)


def said(intent: AskWhy) -> str:
    """Return the words that would ask for it."""
    if intent.code:
        return f"spend why {intent.code}"
    versus = f"vs {window_words(intent.versus)}" if intent.versus else ""
    parts = ("spend why", window_words(intent.window), filter_words(intent.filters), versus)
    return " ".join(part for part in parts if part)


SPECS = (
    CommandSpec(
        path=("spend", "why"),
        help="Why it changed: the exact parts of the change, or of an alert by its code.",
        usage="[window | CODE] [filters] [vs window]",
        example="/spend why today",
        params=(
            Param(
                "window",
                "window",
                "Which days: today, week, last 7 days ...; today if left out",
                WINDOW_WORDS,
            ),
            Param("code", "text", "The code of an alert, such as K7Q2, instead of days"),
            Param("filter", "filter", "Only some: model:gpt-5* project:Search"),
            Param("vs", "window", "Which days to compare with", WINDOW_WORDS, form="vs {}"),
        ),
        read=read,
        answer=answer,
    ),
)
