"""`/spend forecast`: where the month will end, with its range, against the budget."""

from dataclasses import dataclass

from bot.commands.spec import CommandSpec, ReadContext
from bot.commands.words import Words
from bot.ports import Asked
from bot.reports.forecast import forecast_facts
from bot.reports.frame import load_frame
from bot.views.forecast import forecast_view
from bot.views.gaps import no_forecast_view
from bot.views.model import View
from bot.views.spend import nothing_connected


@dataclass(frozen=True, slots=True)
class AskForecast:
    """Show the forecast of this month."""


def read(_words: Words, _context: ReadContext) -> AskForecast:
    """`/spend forecast` takes nothing."""
    return AskForecast()


async def answer(_intent: AskForecast, asked: Asked) -> View:
    """Show the forecast, or why there is none."""
    frame = await load_frame(asked.house, asked.store, asked.now)
    if not frame.is_connected:
        return nothing_connected("spend forecast")
    facts = await forecast_facts(frame)
    if facts is None:
        return no_forecast_view(frame.clock, "spend forecast", frame.sources(frozenset()))
    return forecast_view(facts)


SPECS = (
    CommandSpec(
        path=("spend", "forecast"),
        help="Where the month will end, with its range, against the budget.",
        example="/spend forecast",
        read=read,
        answer=answer,
    ),
)
