"""People of the story as a chat platform brings them, and a bot that is linked to their Slack team."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.desk import Arrival, Desk, Reply
from bot.views.model import View
from storage import Installation
from tests.bot.open_desk import Desk as Bot
from tests.bot.open_desk import asked_claude, metered, open_desk, used

_ACTS = itertools.count(1)


def arrival(**changes: Any) -> Arrival:
    """Something that Dana, a member, does in #ai-spend: a new act each time."""
    facts: dict[str, Any] = {
        "platform": "slack",
        "external_id": "T1",
        "act_id": f"act-{next(_ACTS)}",
        "user_id": "U2",
        "user_name": "Dana Weiss",
        "is_platform_admin": False,
        "may_ask": True,
        "channel": "C1",
        "channel_name": "#ai-spend",
    }
    return Arrival(**facts | changes)


def by_mira(**changes: Any) -> Arrival:
    """Something that Mira, an admin, does."""
    facts = {"user_id": "U1", "user_name": "Mira Okafor", "is_platform_admin": True}
    return arrival(**facts | changes)


@dataclass
class Counter:
    """A desk over a whole bot. `place` is the Slack team."""

    desk: Desk
    bot: Bot
    place: Installation

    async def say(self, text: str, who: Arrival | None = None) -> Reply:
        """Type words and return the reply."""
        reply = await self.desk.ask(who or arrival(), text)
        assert reply is not None
        return reply

    async def lead(self, text: str, who: Arrival | None = None) -> str:
        """Type words and return the first line of the answer."""
        return lead(await self.say(text, who))


def lead(reply: object) -> str:
    """Return the first line of a reply."""
    return str(view_of(reply).lead)


def view_of(reply: object) -> View:
    """Return the view of a reply that has one."""
    assert isinstance(reply, Reply)
    assert reply.view is not None
    return reply.view


@asynccontextmanager
async def open_counter(folder: Path, *, connected: bool = True) -> AsyncIterator[Counter]:
    """Open a bot linked to the Slack team T1, with two connections that have two days of figures unless told not to."""
    accounts = metered([used(18, 9), used(19, 9)], [asked_claude(19, 9)])
    async with open_desk(folder, accounts) as bot:
        desk = Desk(bot.house)
        place = await desk.joined("slack", "T1", "Harbor Notes")
        assert place is not None
        if connected:
            await bot.connect("openai", "Harbor OpenAI")
            await bot.connect("anthropic", "Harbor Anthropic")
        yield Counter(desk, bot, place)
