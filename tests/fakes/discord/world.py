"""What there is on the loopback Discord, as people see it: servers, channels, messages, and who did what.

The ledger counts at its own door: `messages` is what a channel shows, `calls` every request that arrived, `refused`
the answers that Discord counts towards its ban (401, 403, 429).
"""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.canaries import DISCORD_TOKEN

WAIT_S = 60  # nothing waits so long but what never comes; a busy machine is slow
NONCE_S = 120.0
DISCORD_EPOCH_MS = 1_420_070_400_000
BOT_ID = "700000000000000001"
APP_ID = "700000000000000002"
BOT_ROLE = "700000000000000003"
GUILD_ID = "800000000000000001"
GENERAL, AI_SPEND = "810000000000000001", "810000000000000002"
MIRA, DANA = "820000000000000001", "820000000000000002"
TOKEN = DISCORD_TOKEN
type_body = dict[str, Any]


@dataclass
class Attachment:
    """A file that a message shows."""

    id: str
    filename: str
    description: str
    content: bytes


@dataclass
class Message:
    """A message as people see it. `bodies`: what it said, from the first to what it says now.

    `only_for`: the one person who sees it, '' = everybody. `answers`: the message it replies to.
    """

    id: str
    channel: str
    nonce: str = ""
    bodies: list[type_body] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    answers: str = ""
    only_for: str = ""
    is_thinking: bool = False

    @property
    def body(self) -> type_body:
        """What it is made of now."""
        return self.bodies[-1] if self.bodies else {}

    @property
    def text(self) -> str:
        """Everything a person can read in it now: content, embeds, footers."""
        lines = [self.body.get("content") or ""]
        for embed in self.body.get("embeds") or ():
            lines += [embed.get("title", ""), embed.get("description", "")]
            lines.append((embed.get("footer") or {}).get("text", ""))
        return "\n".join(line for line in lines if line)

    @property
    def buttons(self) -> list[type_body]:
        """Its buttons, row by row."""
        rows = self.body.get("components") or ()
        return [item for row in rows for item in row.get("components", ()) if item.get("type") == 2]


@dataclass
class Channel:
    """A text channel. `can_write` False: the bot may not post there; `can_attach` False: no files.

    `can_see` False: it does not know what it is. `exceptions`: more permission overwrites, as Discord sends them.
    """

    id: str
    name: str
    can_write: bool = True
    can_attach: bool = True
    can_see: bool = True
    exceptions: list[type_body] = field(default_factory=list)


@dataclass
class Guild:
    """A server the bot is in, or was. `everyone_may` and `bot_may`: what its two roles allow, as flags."""

    id: str
    name: str
    channels: dict[str, Channel] = field(default_factory=dict)
    is_here: bool = True
    is_available: bool = True
    everyone_may: int = 0
    bot_may: int = 274878024704


@dataclass
class World:
    """All of it, and a way to wait for what is to come."""

    guilds: dict[str, Guild] = field(default_factory=dict)
    dms: dict[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    commands: list[type_body] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    sent: list[tuple[str, str, Any]] = field(default_factory=list)
    refused: int = 0
    syncs: int = 0
    clock: Callable[[], float] = time.monotonic
    _nonces: dict[str, tuple[float, str]] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=itertools.count)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        if not self.guilds:
            channels = {
                GENERAL: Channel(GENERAL, "general"),
                AI_SPEND: Channel(AI_SPEND, "ai-spend"),
            }
            self.guilds[GUILD_ID] = Guild(GUILD_ID, "Harbor Notes", channels)

    def new_id(self) -> str:
        """Return the next id: a snowflake of this moment, larger than all before."""
        milliseconds = int(time.time() * 1000) - DISCORD_EPOCH_MS
        return str((milliseconds << 22) + next(self._ids))

    def channel(self, channel_id: str) -> Channel | None:
        """Return a channel the bot can see, of a server it is in or of a direct conversation."""
        if channel_id in self.dms.values():
            return Channel(channel_id, "")
        here = [guild for guild in self.guilds.values() if guild.is_here]
        return next((g.channels[channel_id] for g in here if channel_id in g.channels), None)

    def guild_of(self, channel_id: str) -> Guild | None:
        """Return the server of a channel, None for a direct conversation."""
        return next((guild for guild in self.guilds.values() if channel_id in guild.channels), None)

    def dm(self, user_id: str) -> str:
        """Return the direct conversation with a person, opened now or before."""
        return self.dms.setdefault(user_id, f"83{user_id[2:]}")

    def seen(self, channel: str = AI_SPEND) -> list[str]:
        """Return what every message that all people of a channel see says now."""
        return [m.text for m in self.messages if m.channel == channel and not m.only_for]

    def repeat_of(self, nonce: str) -> Message | None:
        """Return the message this nonce was posted with in the last minutes: it is the answer to the second post."""
        posted_at, message_id = self._nonces.get(nonce, (0.0, ""))
        if not message_id or self.clock() - posted_at > NONCE_S:
            return None
        return self.message(message_id)

    def forget_nonces(self) -> None:
        """Let the minutes pass in which a nonce is known."""
        self._nonces.clear()

    def add(self, message: Message) -> Message:
        """Show a message."""
        self.messages.append(message)
        if message.nonce:
            self._nonces[message.nonce] = (self.clock(), message.id)
        return message

    def message(self, message_id: str) -> Message | None:
        """Return a message by its id."""
        return next((m for m in self.messages if m.id == message_id), None)

    async def changed(self) -> None:
        """Wake whoever waits."""
        async with self._changed:
            self._changed.notify_all()

    async def until(self, is_so: Callable[[], object]) -> None:
        """Wait until something is so. Raises TimeoutError when it does not become so."""
        async with self._changed, asyncio.timeout(WAIT_S):
            await self._changed.wait_for(lambda: bool(is_so()))

    async def holds(self, count: int, channel: str = AI_SPEND) -> None:
        """Wait until a channel shows so many messages."""
        await self.until(lambda: len(self.seen(channel)) >= count)
