"""The gateway of the loopback Discord: one websocket per bot, sessions that resume, and what it tells the bot."""

import asyncio
import contextlib
import json
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.discord.rest import BOT
from tests.fakes.discord.world import APP_ID, Channel, Guild, World, type_body

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
BAD_TOKEN = 4004


@dataclass
class Session:
    """What was told to one identified bot: events are kept, so that a resumed connection gets what it missed."""

    id: str
    events: list[type_body] = field(default_factory=list)
    is_valid: bool = True


class Gateway:
    """The websocket. `identifies`, `resumes`: how often a bot did so; `intents`: what it asked for last."""

    def __init__(self, world: World, token: str) -> None:
        self.world, self.token = world, token
        self.identifies, self.resumes, self.intents = 0, 0, 0
        self.closes_with = 0
        self._sessions: dict[str, Session] = {}
        self._current: Session | None = None
        self._socket: web.WebSocketResponse | None = None
        self._transport: asyncio.Transport | None = None
        self._shrink: Any = None

    @property
    def is_connected(self) -> bool:
        """Tell whether a bot listens at this moment."""
        return self._socket is not None and not self._socket.closed and self._current is not None

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        socket = web.WebSocketResponse(max_msg_size=0, compress=False)
        await socket.prepare(request)
        self._socket, self._current, self._transport = socket, None, request.transport
        is_zlib = request.query.get("compress") == "zlib-stream"
        self._shrink = zlib.compressobj() if is_zlib else None
        await self._send({"op": HELLO, "d": {"heartbeat_interval": 41250}})
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                await self._receive(socket, json.loads(frame.data))
        if self._socket is socket:
            self._socket = None
        await self.world.changed()
        return socket

    async def _receive(self, socket: web.WebSocketResponse, told: type_body) -> None:
        op, data = told["op"], told.get("d")
        if op == HEARTBEAT:
            await self._send({"op": ACK})
        elif op in (IDENTIFY, RESUME) and (self.closes_with or data["token"] != self.token):
            code, self.closes_with = self.closes_with or BAD_TOKEN, 0
            self.identifies += op == IDENTIFY
            await socket.close(code=code)
        elif op == IDENTIFY:
            await self._identify(data)
        elif op == RESUME:
            await self._resume(data)
        await self.world.changed()

    async def _identify(self, data: type_body) -> None:
        self.identifies += 1
        self.intents = data["intents"]
        session = Session(f"session-{self.identifies}")
        self._sessions[session.id] = self._current = session
        here = [guild for guild in self.world.guilds.values() if guild.is_here]
        ready = {
            "v": 10,
            "user": BOT,
            "guilds": [{"id": guild.id, "unavailable": True} for guild in here],
            "session_id": session.id,
            "resume_gateway_url": self._url,
            "application": {"id": APP_ID, "flags": 0},
        }
        await self.tell("READY", ready)
        for guild in here:
            if guild.is_available:
                await self.tell("GUILD_CREATE", guild_payload(guild))

    async def _resume(self, data: type_body) -> None:
        session = self._sessions.get(data["session_id"])
        if session is None or not session.is_valid:
            await self._send({"op": INVALID, "d": False})
            return
        self.resumes += 1
        self._current = session
        for event in session.events[int(data["seq"] or 0) :]:
            await self._send(event)
        await self.tell("RESUMED", {})

    async def tell(self, name: str, data: type_body) -> None:
        """Tell the bot of something; it is kept for when it resumes."""
        if self._current is None:
            return
        event = {"op": DISPATCH, "t": name, "s": len(self._current.events) + 1, "d": data}
        self._current.events.append(event)
        await self._send(event)

    async def ask_to_reconnect(self) -> None:
        """Ask the bot to connect again and resume, as Discord does every few hours."""
        await self._send({"op": RECONNECT, "d": None})

    async def invalidate(self, *, can_resume: bool = False) -> None:
        """Tell the bot that its session is over."""
        if self._current is not None:
            self._current.is_valid = can_resume
        await self._send({"op": INVALID, "d": can_resume})

    async def drop(self) -> None:
        """Break the connection without a word."""
        if self._socket is not None and self._transport is not None:
            self._socket = None
            self._transport.abort()

    async def close(self) -> None:
        """End."""
        if self._socket is not None:
            await self._socket.close()

    async def _send(self, payload: type_body) -> None:
        if self._socket is None or self._socket.closed:
            return
        text = json.dumps(payload)
        with contextlib.suppress(ConnectionError):  # nobody listens: it is told once the bot resumes
            if self._shrink is None:
                await self._socket.send_str(text)
            else:
                packed = self._shrink.compress(text.encode()) + self._shrink.flush(zlib.Z_SYNC_FLUSH)
                await self._socket.send_bytes(packed)

    _url = ""

    def listens_at(self, url: str) -> None:
        """Say where it is found."""
        self._url = url


def channel_payload(guild: Guild, channel: Channel) -> type_body:
    """Return a channel as it is told."""
    no_posts = {"id": guild.id, "type": 0, "allow": "0", "deny": str(1 << 11)}
    return {
        "id": channel.id,
        "guild_id": guild.id,
        "type": 0,
        "name": channel.name,
        "position": list(guild.channels).index(channel.id),
        "permission_overwrites": [] if channel.can_write else [no_posts],
        "parent_id": None,
        "nsfw": False,
    }


def guild_payload(guild: Guild) -> type_body:
    """Return a server as GUILD_CREATE tells it. Everybody may see and write but where the bot may not."""
    me: type_body = {"user": BOT, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0}
    channels = [channel_payload(guild, channel) for channel in guild.channels.values()]
    everyone = {"id": guild.id, "name": "@everyone", "permissions": "117760", "position": 0, "color": 0}
    return {
        "id": guild.id,
        "name": guild.name,
        "icon": None,
        "splash": None,
        "owner_id": "840000000000000001",
        "region": "",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [{**everyone, "hoist": False, "managed": False, "mentionable": False, "flags": 0}],
        "emojis": [],
        "stickers": [],
        "features": [],
        "mfa_level": 0,
        "system_channel_id": next(iter(guild.channels), None),
        "system_channel_flags": 0,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "nsfw_level": 0,
        "joined_at": "2026-01-01T00:00:00+00:00",
        "large": False,
        "unavailable": False,
        "member_count": 3,
        "voice_states": [],
        "members": [{**me, "deaf": False, "mute": False}],
        "channels": channels,
        "threads": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
