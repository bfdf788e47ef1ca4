"""`/spend status`: what is fresh, what is broken, what is open, where things are told."""

from dataclasses import dataclass

from bot.commands.spec import CommandSpec, ReadContext
from bot.commands.words import Words
from bot.ports import Asked
from bot.reports.frame import load_frame
from bot.reports.status import status_facts
from bot.views.model import View
from bot.views.status import status_view


@dataclass(frozen=True, slots=True)
class AskStatus:
    """Show the status."""


def read(_words: Words, _context: ReadContext) -> AskStatus:
    """`/spend status` takes nothing."""
    return AskStatus()


async def answer(_intent: AskStatus, asked: Asked) -> View:
    """Show the status, problems first."""
    return status_view(await status_facts(await load_frame(asked.house, asked.store, asked.now)))


SPECS = (
    CommandSpec(
        path=("spend", "status"),
        help="What is fresh, what is broken, what is open, where things are told.",
        example="/spend status",
        read=read,
        answer=answer,
    ),
)
