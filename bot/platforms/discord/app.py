"""The Discord app: listens to what people do in their servers, and answers through the desk.

Everything is acknowledged before anything is looked up; forms and suggestions, which cannot be, answer from memory
within a second or two.
"""

import asyncio
import time
from collections.abc import Awaitable, Coroutine, Mapping
from typing import Any

import discord
import structlog

from bot.desk import Desk
from bot.errors import ChatError, PlatformError
from bot.platforms.discord import guilds
from bot.platforms.discord.answers import show_thought
from bot.platforms.discord.autocomplete import suggest
from bot.platforms.discord.buttons import pressed
from bot.platforms.discord.commands import Invocation, read_invocation, tree, walk
from bot.platforms.discord.conversation import Conversation
from bot.platforms.discord.gateway import Gateway, close, listen
from bot.platforms.discord.modals import Forms
from bot.platforms.discord.pace import IdentifyPace
from bot.platforms.discord.people import PLATFORM, arrival_of
from bot.platforms.discord.rest import DISCORD_API, Rest
from bot.platforms.discord.send import DiscordPlatform
from bot.platforms.discord.sync import keep_in_sync
from bot.ports import House, Platform, type_handler

log = structlog.get_logger("spendbot.discord")

DRAIN_S = 5.0
SHORT_WAIT_S = 5.0
LINK_TIME_S = 0.5  # of the 3 s in which something has to be said


class DiscordApp:
    """Listens for one bot, as `platforms.chat.ChatApp`. `run` may be called again after it ended.

    `pace` remembers when sessions began; `servers_known` is set once all servers were looked at after a start.
    """

    name = PLATFORM

    def __init__(self, house: House, desk: Desk, platform: DiscordPlatform) -> None:
        self._house, self._desk, self._platform = house, desk, platform
        self.platform: Platform = platform
        self.handlers: Mapping[str, type_handler] = {}
        self._forms = Forms(desk)
        self.pace = IdentifyPace()
        self._busy: set[asyncio.Task[Any]] = set()
        self._linking: dict[int, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()
        self.servers_known = asyncio.Event()

    async def run(self) -> None:
        """Listen until cancelled; what is being answered then is ended first. Raises PlatformError."""
        wait_s = self.pace.wait_s(time.monotonic())
        if wait_s > SHORT_WAIT_S:
            raise PlatformError(
                f"Discord ended the session too often; the next one starts in {wait_s:.0f} s."
            )
        await asyncio.sleep(wait_s)
        self._stopping.clear()
        client = self.new_client()
        try:
            config = self._house.config
            await listen(client, config["DISCORD_TOKEN"], config["DISCORD_API_URL"] or DISCORD_API)
        finally:
            await self._drain()
            await close(client)

    async def close(self) -> None:
        """Close the connections that posts were made over."""
        await self._platform.close()

    def new_client(self) -> Gateway:
        """Return a connection that tells this app what happens; it is used once."""
        return Gateway(self, self.pace)

    async def started(self, client: Gateway) -> None:
        """See to it that Discord knows the commands; nobody waits for that."""
        task = asyncio.create_task(keep_in_sync(self._house, client, tree(), self._stopping))
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)

    async def interaction(self, interaction: "discord.Interaction[Any]") -> None:
        """Answer what a person did. What went wrong on the way to Discord is logged: there is nobody to tell."""
        task = asyncio.current_task()
        if task is not None:
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)
        try:
            await self._linked(interaction.guild_id)
            await self._answer(interaction)
        except ChatError as err:
            log.warning("answer_lost", kind=interaction.type.name, error=err.sentence)

    async def guild_here(self, guild: discord.Guild) -> None:
        """Link a server, and greet it once."""
        self._platform.reopen()
        await self._link(guild.id, guilds.here(self._desk, guild))

    async def guild_gone(self, guild: discord.Guild) -> None:
        """Stop what is done for a server."""
        await self._link(guild.id, guilds.gone(self._desk, guild))

    async def guilds_known(self, client: Gateway) -> None:
        """End what is done for servers from which the bot was removed while it was off."""
        task = asyncio.create_task(guilds.gone_meanwhile(self._house, self._desk, client))
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        await task
        self.servers_known.set()

    async def rights_changed(self) -> None:
        """Try again where posting was refused."""
        self._platform.reopen()

    async def _link(self, guild_id: int, work: Coroutine[Any, Any, None]) -> None:
        """Link a server or end that, while what people do there waits."""
        task = self._linking[guild_id] = asyncio.create_task(work)
        self._busy.add(task)
        try:
            await task
        finally:
            self._busy.discard(task)
            self._linking.pop(guild_id, None)

    async def _linked(self, guild_id: int | None) -> None:
        """Wait for a moment where a server is just being linked: people may be faster than that at a first start."""
        task = self._linking.get(guild_id or 0)
        if task is not None:
            await asyncio.wait({task}, timeout=LINK_TIME_S)

    def _answer(self, interaction: "discord.Interaction[Any]") -> Awaitable[None]:
        match interaction.type:
            case discord.InteractionType.application_command:
                return self._command(interaction)
            case discord.InteractionType.component:
                return pressed(self._desk, self._forms, interaction)
            case discord.InteractionType.modal_submit:
                return self._forms.submitted(interaction)
            case discord.InteractionType.autocomplete:
                return suggest(self._desk, interaction)
            case _:
                return asyncio.sleep(0)

    async def _command(self, interaction: "discord.Interaction[Any]") -> None:
        arrival, conversation = arrival_of(interaction), Conversation(interaction)
        data: Mapping[str, Any] = dict(interaction.data or {})
        invocation = read_invocation(data)
        if invocation is not None and invocation.leaf.opens_form(invocation.options):
            await self._forms.open(conversation, arrival, invocation.leaf.form, _form_value(invocation))
            return
        await conversation.think()
        if arrival.is_channel_member:
            self._platform.reopen(arrival.channel)
        path = walk(data)[0] if invocation is None else invocation.leaf.spec.path
        options = {} if invocation is None else invocation.options
        share = invocation is not None and invocation.share
        reply = await self._desk.ask_typed(arrival, path, options, share=share)
        await show_thought(self._desk, arrival, conversation, reply)

    async def _drain(self) -> None:
        """Let what is under way end, but not for ever."""
        self._stopping.set()
        self.servers_known.clear()
        for late in (await asyncio.wait(self._busy, timeout=DRAIN_S))[1] if self._busy else ():
            late.cancel()


def _form_value(invocation: Invocation) -> str:
    """Return what a form begins with: the provider that was named."""
    return invocation.options.get("provider", "")


def make_discord_app(house: House, desk: Desk) -> DiscordApp:
    """Return the app that the settings describe; nothing is opened yet."""
    config = house.config
    rest = Rest(config["DISCORD_TOKEN"], config["DISCORD_API_URL"] or DISCORD_API)
    return DiscordApp(house, desk, DiscordPlatform(rest))
