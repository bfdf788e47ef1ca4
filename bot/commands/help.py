"""`/spend help`: what can be asked, over which windows, and what can be set."""

from dataclasses import dataclass

from bot.commands.spec import CommandSpec, ReadContext
from bot.commands.words import Words
from bot.ports import Asked
from bot.views.help import help_view
from bot.views.model import View


@dataclass(frozen=True, slots=True)
class AskHelp:
    """Show the help."""


def read(_words: Words, _context: ReadContext) -> AskHelp:
    """`/spend help` takes nothing."""
    return AskHelp()


async def answer(_intent: AskHelp, _asked: Asked) -> View:
    """Show the help."""
    return help_view()


SPECS = (
    CommandSpec(
        path=("spend", "help"),
        help="What can be asked, over which windows, and what can be set.",
        example="/spend help",
        read=read,
        answer=answer,
    ),
)
