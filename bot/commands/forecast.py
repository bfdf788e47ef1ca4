"""`/spend forecast`: where the month will end, with its range, against the budget."""

from dataclasses import dataclass

from bot.commands.spec import CommandSpec, Param, ReadContext
from bot.commands.words import Words, nearest
from bot.errors import CommandError
from bot.ports import Asked
from bot.reports.forecast import forecast_facts, record_facts
from bot.reports.forecast_parts import DIMENSIONS
from bot.reports.frame import load_frame
from bot.reports.scope import readable_providers
from bot.reports.trust import warnings_of
from bot.views.forecast import forecast_view
from bot.views.gaps import no_forecast_view
from bot.views.model import View
from bot.views.record import record_view
from bot.views.spend import nothing_connected
from spend.forecast import BLEND, METHODS, STRAIGHT_LINE

_USAGE = "/spend forecast [by project|model|provider] [method straight line] | record"
_NAMES = {"blend": BLEND, "line": STRAIGHT_LINE, "regression": STRAIGHT_LINE}


@dataclass(frozen=True, slots=True)
class AskForecast:
    """Show the forecast of this month by a method, cut by a dimension; `is_record`: how far earlier ones were off."""

    method: str = BLEND
    by: str = ""
    is_record: bool = False


def read(words: Words, _context: ReadContext) -> AskForecast:
    """Read the words behind /spend forecast."""
    if words.take_if("record"):
        words.end(_USAGE)
        return AskForecast(is_record=True)
    method, by = "", ""
    while words:
        if words.take_if("by"):
            by = _dimension(words)
            continue
        asks_method = words.take_if("method")
        method = words.take_if(*METHODS, *_NAMES)
        if asks_method and not method:
            raise CommandError(
                f"A method is one of: {', '.join(METHODS)}. Nearest: /spend forecast straight line."
            )
        if not method:
            words.end(_USAGE)
    return AskForecast(method=_NAMES.get(method, method) or BLEND, by=by)


def _dimension(words: Words) -> str:
    word = words.take().lower()
    if word not in DIMENSIONS:
        near = words.mended(nearest(word, DIMENSIONS) if word else "project", taken=1 if word else 0)
        raise CommandError(f"A forecast is cut by {', '.join(DIMENSIONS)}, one at a time. Nearest: {near}.")
    return word


async def answer(intent: AskForecast, asked: Asked) -> View:
    """Show the forecast, or why there is none."""
    frame = await load_frame(asked.house, asked.store, asked.now)
    if not frame.is_connected:
        return nothing_connected("spend forecast")
    if intent.is_record:
        return record_view(await record_facts(frame))
    facts = await forecast_facts(frame, method=intent.method, by=intent.by)
    if facts is None:
        return no_forecast_view(
            frame.clock,
            "spend forecast",
            frame.sources(frozenset()),
            readable=readable_providers(frame),
            warnings=warnings_of(frame, frame.today, frame.today),
        )
    return forecast_view(facts)


SPECS = (
    CommandSpec(
        path=("spend", "forecast"),
        help="Where the month will end, with its range, against the budget.",
        usage="[by project|model|provider] [method straight line] | record",
        params=(
            Param("by", "dimension", "What to cut it by", DIMENSIONS, form="by {}"),
            Param(
                "method", "choice", "How it is made; the weekday blend if not said", METHODS, form="method {}"
            ),
            Param("show", "choice", "How far earlier forecasts were off", ("record",)),
        ),
        example="/spend forecast",
        read=read,
        answer=answer,
    ),
)
