"""Suggestions while somebody types an option: from the desk's memory, within a second or two, else none."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from zoneinfo import available_timezones

import discord
import structlog

from bot.commands.spec import Param
from bot.desk import Desk
from bot.platforms.discord.commands import MOST_CHOICES, ZONE, read_invocation, walk
from bot.platforms.discord.conversation import Conversation
from bot.platforms.discord.limits import CHOICE_VALUE, units
from bot.platforms.discord.people import arrival_of

log = structlog.get_logger("spendbot.discord")

ANSWER_TIME_S = 2.0


async def suggest(desk: Desk, interaction: "discord.Interaction[Any]") -> None:
    """Answer with what may be meant. Raises ChatError where that got lost."""
    data: Mapping[str, Any] = dict(interaction.data or {})
    param, typed = focused(data)
    values: list[str] = []
    if param is not None:
        try:
            async with asyncio.timeout(ANSWER_TIME_S):
                values = await _values(desk, interaction, param, typed)
        except TimeoutError:
            log.warning("suggestion_late", kind=param.kind)
    await Conversation(interaction).suggest(choices(values))


def choices(values: Sequence[str]) -> list[str]:
    """Return what Discord takes of some values, each once: for a single other one it refuses the whole list."""
    fitting = [
        each
        for each in values
        if each == each.strip() and 0 < units(each) <= CHOICE_VALUE and each.isprintable()
    ]
    return list(dict.fromkeys(fitting))[:MOST_CHOICES]


async def _values(desk: Desk, interaction: "discord.Interaction[Any]", param: Param, typed: str) -> list[str]:
    if param.name == ZONE:
        return _holding(typed, zone_names())
    if param.choices and param.kind == "choice":
        return _holding(typed, param.choices)
    head, last = split_last(typed) if param.kind == "filter" else ("", typed)
    return [f"{head}{each}" for each in await desk.suggest(arrival_of(interaction), kind_of(param), last)]


@cache
def zone_names() -> tuple[str, ...]:
    """Return the zones people choose from, those of places first."""
    return tuple(
        sorted(available_timezones(), key=lambda name: ("/" not in name or name.startswith("Etc/"), name))
    )


def _holding(typed: str, values: Sequence[str]) -> list[str]:
    said = typed.strip().casefold()
    return [value for value in values if said in value.casefold()]


def split_last(typed: str) -> tuple[str, str]:
    """Return what is finished of several filters, and the one that is being typed.

    >>> split_last('model:gpt-5* project:"Search t')
    ('model:gpt-5* ', 'project:"Search t')
    """
    is_quoted, at = False, 0
    for index, char in enumerate(typed):
        is_quoted ^= char == '"'
        if char == " " and not is_quoted:
            at = index + 1
    return typed[:at], typed[at:]


def focused(data: Mapping[str, Any]) -> tuple[Param | None, str]:
    """Return the parameter somebody types into, and what is there so far; None where no such command is known."""
    invocation = read_invocation(data)
    option = next((option for option in walk(data)[1] if option.get("focused")), None)
    if invocation is None or option is None:
        return None, ""
    param = next((param for param in invocation.leaf.params if param.name == option["name"]), None)
    return param, str(option.get("value") or "")


def kind_of(param: Param) -> str:
    """Return what the desk suggests for a parameter: a name is one of what the parameter is called, where it says."""
    return param.name if param.kind == "name" and param.name in ("model", "connection") else param.kind
