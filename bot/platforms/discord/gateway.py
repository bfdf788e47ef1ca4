"""The connection on which Discord tells what people do: log in, connect, resume, and never identify in a hurry.

Facts: Discord's API reference, Gateway (checked 2026-11-20): 1,000 identifies a day, beyond which the token is reset;
close codes 4004 (wrong token), 4013 and 4014 (intents). discord.py resumes by itself; where it has to identify anew it
waits 5 s, always, which is 17,000 a day, so the waits here grow.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket, KeepAliveHandler
from discord.http import Route

from bot.errors import PlatformError
from bot.platforms.discord.pace import IdentifyPace
from bot.platforms.discord.rest import DISCORD_API, WRONG_TOKEN

log = structlog.get_logger("spendbot.discord")

LOGIN_TIME_S = 30.0
CLOSE_TIME_S = 5.0
LONGEST_HOOK_S = 45.0  # discord.py gives a connection 60 s, identifying included
FEWEST_LEFT = 5
BAD_TOKEN, BAD_INTENTS, NOT_ALLOWED_INTENTS = 4004, 4013, 4014
READY = "READY"  # without it there is no session to go on with
type_parse = Callable[[Any], None]
type_interaction = discord.Interaction[Any]


def contained(event: str, parse: type_parse) -> type_parse:
    """Return what reads an event so that one it cannot read is left out; the first of its kind is logged."""
    is_logged = False

    def read(data: Any) -> None:
        nonlocal is_logged
        try:
            parse(data)
        except Exception as err:  # the top of an event: what Discord sends is not ours to choose
            if not is_logged:
                log.warning("discord_event_unread", event_type=event, error=type(err).__name__)
            is_logged = True

    return read


class Listener(Protocol):
    """Who hears what happens."""

    async def interaction(self, interaction: type_interaction) -> None:
        """Hear of something a person did."""

    async def guild_here(self, guild: discord.Guild) -> None:
        """Hear of a server the bot is in, at every start and when it joins."""

    async def guild_gone(self, guild: discord.Guild) -> None:
        """Hear that the bot was removed from a server; never of an outage."""

    async def guilds_known(self, client: "Gateway") -> None:
        """Hear that all servers the bot is in are known, unavailable ones too."""

    async def rights_changed(self) -> None:
        """Hear that rights or channels changed somewhere."""

    async def started(self, client: "Gateway") -> None:
        """Hear that the bot is logged in."""


class Gateway(discord.Client):
    """One connection, used once. It caches servers and channels, but no members and no messages."""

    def __init__(self, listener: Listener, pace: IdentifyPace) -> None:
        intents = discord.Intents.none()
        intents.guilds = True
        # Voice is not used, so that its libraries are missing is nothing to warn of at every start.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=intents,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self._listener, self._pace = listener, pace
        self._is_up = False
        # An exception of a parser would end the whole session: discord.py reads what arrives where it receives it.
        parsers = self._connection.parsers
        parsers.update({event: contained(event, parse) for event, parse in parsers.items() if event != READY})

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Tell of an event, but of none after the end: discord.py still says "ready" seconds later."""
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def setup_hook(self) -> None:
        """Tell that the bot is logged in."""
        await self._listener.started(self)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait before a new session, longer each time. Raises PlatformError where that is too long to wait here."""
        wait_s = self._pace.wait_s(time.monotonic())
        if wait_s > LONGEST_HOOK_S:
            raise PlatformError(
                f"Discord ended the session too often; the next one starts in {wait_s:.0f} s."
            )
        await asyncio.sleep(wait_s)
        self._pace.identified(time.monotonic())

    async def on_ready(self) -> None:
        """Log that it listens, once for each time it was gone."""
        self._up("discord_connected", servers=len(self.guilds))
        await self._listener.guilds_known(self)

    async def on_resumed(self) -> None:
        """Log that it listens again."""
        self._up("discord_resumed")

    async def on_disconnect(self) -> None:
        """Log that it does not listen, once."""
        if self._is_up:
            self._is_up = False
            log.info("discord_disconnected")

    async def on_interaction(self, interaction: type_interaction) -> None:
        """Pass it on."""
        await self._listener.interaction(interaction)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Pass it on: the server was there before this start, or is back from an outage."""
        await self._listener.guild_here(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Pass it on."""
        await self._listener.guild_here(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Pass it on. discord.py does not call this for a server that is only unavailable."""
        await self._listener.guild_gone(guild)

    async def on_guild_channel_update(self, *_: object) -> None:
        """Pass it on."""
        await self._listener.rights_changed()

    async def on_guild_role_update(self, *_: object) -> None:
        """Pass it on."""
        await self._listener.rights_changed()

    async def on_member_update(self, *_: object) -> None:
        """Pass it on: without the intent for members only the bot's own roles are told."""
        await self._listener.rights_changed()

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """Log what failed, without what it was about."""
        log.exception("event_failed", event=event_method)

    def _up(self, event: str, **fields: Any) -> None:
        if not self._is_up:
            self._is_up = True
            log.info(event, **fields)


async def listen(client: Gateway, token: str, api_url: str = DISCORD_API) -> None:
    """Listen until cancelled, or until Discord says that it is no use. Raises PlatformError with one sentence."""
    logging.getLogger("discord").setLevel(
        logging.CRITICAL
    )  # it logs every retry with a traceback; see on_disconnect
    Route.BASE = api_url.rstrip("/")
    try:
        async with asyncio.timeout(LOGIN_TIME_S):
            await client.login(token)
            await _find_gateway(client)
        await client.connect(reconnect=True)
    except discord.LoginFailure:
        raise PlatformError(WRONG_TOKEN) from None
    except discord.PrivilegedIntentsRequired:
        raise PlatformError(_closed(NOT_ALLOWED_INTENTS)) from None
    except discord.ConnectionClosed as err:
        raise PlatformError(_closed(err.code)) from None
    except discord.HTTPException as err:
        raise PlatformError(f"Discord answered {err.status} at the login.") from None
    except AttributeError:
        if client.ws is not None:
            raise
        raise PlatformError(
            "Discord's gateway cannot be reached."
        ) from None  # discord.py has no socket to resume
    except (discord.GatewayNotFound, aiohttp.ClientError, OSError, TimeoutError) as err:
        raise PlatformError(f"Discord cannot be reached ({type(err).__name__}).") from None


async def close(client: Gateway) -> None:
    """Close a connection, whatever state it is in, in a few seconds."""
    try:
        async with asyncio.timeout(CLOSE_TIME_S):
            await client.close()
            await _end_heartbeats()
    except (TimeoutError, aiohttp.ClientError, OSError):
        log.info("discord_closed_late")


async def _end_heartbeats() -> None:
    """End what discord.py leaves behind where a session ended before it began: an open socket, and a thread for it."""
    for beating in threading.enumerate():
        if isinstance(beating, KeepAliveHandler):
            await beating.ws.close(code=1000)
            await asyncio.to_thread(beating.join)


async def _find_gateway(client: Gateway) -> None:
    """Ask where the websocket is, and how many sessions are left: discord.py assumes the one and does not ask."""
    _shards, url, limit = await client.http.get_bot_gateway()
    if limit["remaining"] < FEWEST_LEFT:
        minutes = limit["reset_after"] / 60_000
        raise PlatformError(
            f"Discord allows no more sessions for {minutes:.0f} min: the bot was started too often."
        )
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)


def _closed(code: int) -> str:
    if code == BAD_TOKEN:
        return WRONG_TOKEN
    if code in (BAD_INTENTS, NOT_ALLOWED_INTENTS):
        return f"Discord refuses the intents ({code}), though spendbot asks for none that has to be allowed."
    return f"Discord closed the connection ({code})."
