"""`/spend burn`: what an active day costs, what the last hours cost, how long the budget lasts."""

from dataclasses import dataclass

from bot.commands.spec import CommandSpec, ReadContext
from bot.commands.words import Words
from bot.ports import Asked
from bot.reports.burn import burn_facts
from bot.reports.frame import load_frame
from bot.reports.scope import readable_providers
from bot.reports.trust import warnings_of
from bot.views.burn import burn_view
from bot.views.gaps import no_forecast_view
from bot.views.model import View
from bot.views.spend import nothing_connected


@dataclass(frozen=True, slots=True)
class AskBurn:
    """Show the burn rate."""


def read(_words: Words, _context: ReadContext) -> AskBurn:
    """`/spend burn` takes nothing."""
    return AskBurn()


async def answer(_intent: AskBurn, asked: Asked) -> View:
    """Show the burn rate, or why there is none yet."""
    frame = await load_frame(asked.house, asked.store, asked.now)
    if not frame.is_connected:
        return nothing_connected("spend burn")
    facts = await burn_facts(frame)
    if facts is None:
        return no_forecast_view(
            frame.clock,
            "spend burn",
            frame.sources(frozenset()),
            what="burn rate",
            readable=readable_providers(frame),
            warnings=warnings_of(frame, frame.today, frame.today),
        )
    return burn_view(facts)


SPECS = (
    CommandSpec(
        path=("spend", "burn"),
        help="What an active day costs, what the last hours cost, how long the budget lasts.",
        example="/spend burn",
        read=read,
        answer=answer,
    ),
)
