"""What a command is: one description that drives text parsing, typed options, help and the docs table."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.commands.words import Words

if TYPE_CHECKING:
    from bot.ports import Asked
    from bot.views.model import View


@dataclass(frozen=True, slots=True)
class Param:
    """One thing a command takes. `kind` tells a platform which typed option and which suggestions to offer:
    window, dimension, filter, count, amount, period, scope, channel, date, name, choice, flag, text.

    `form`: how it stands among the words of the command when it is typed (`by {}`, `{} in`).
    """

    name: str
    kind: str
    help: str
    choices: tuple[str, ...] = ()
    is_required: bool = False
    form: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadContext:
    """What reading words needs to know: the workspace's date today, and the day its weeks start on."""

    today: date
    first_weekday: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """One command. `path` is what is typed (`("spend", "forecast")`); `usage` the words after it; `help` one line.

    `read` turns the words after the path into an intent (a frozen dataclass, no platform words in it) and raises
    CommandError; `answer` turns an intent into a view. `is_admin`: only admins may do it;
    `act` names what ("set budgets"). `example`: can be typed.
    """

    path: tuple[str, ...]
    help: str
    usage: str = ""
    example: str = ""
    params: tuple[Param, ...] = ()
    is_admin: bool = False
    act: str = ""
    read: Callable[[Words, ReadContext], Any]
    answer: Callable[[Any, "Asked"], Awaitable["View"]]

    @property
    def name(self) -> str:
        """The path as people type it: `/spend forecast`."""
        return "/" + " ".join(self.path)
