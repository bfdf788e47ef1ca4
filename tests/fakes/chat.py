"""A chat service on loopback, and the platform that speaks to it: what a person would see there, and every way to fail.

The service keeps messages by channel; `faults` says what it does with the next calls: nothing at all ("503", "400",
"403", "refused"), ask to wait ("429"), or take the message and never say so ("503 taken", "reset taken", "silent
taken"). `drops_repeats`: a second message with the same nonce is the first one, as on Discord.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from bot.errors import ChatError
from bot.ports import Outgoing

RETRY_AFTER_S = 7


@dataclass
class Message:
    """A message as people see it. `texts`: what it said, from the first to what it says now."""

    id: str
    channel: str
    nonce: str
    texts: list[str]
    parent: str = ""
    picture: str = ""


@dataclass
class ChatService:
    """The service. `calls` is every call that arrived, as (path, channel)."""

    drops_repeats: bool = False
    messages: list[Message] = field(default_factory=list)
    uploads: int = 0
    faults: deque[str] = field(default_factory=deque)
    calls: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""
    _taken: asyncio.Condition = field(default_factory=asyncio.Condition)
    _runner: web.AppRunner | None = None

    def seen(self, channel: str = "C1") -> list[str]:
        """Return what every message of a channel says now."""
        return [message.texts[-1] for message in self.messages if message.channel == channel]

    async def holds(self, count: int) -> None:
        """Wait until so many messages are there."""
        async with self._taken, asyncio.timeout(10):
            await self._taken.wait_for(lambda: len(self.messages) >= count)

    async def __aenter__(self) -> Self:
        app = web.Application()
        for path in ("post", "edit", "reply", "upload", "find", "private"):
            app.router.add_post(f"/{path}", self._handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path, call = request.path.strip("/"), await request.json()
        self.calls.append((path, call.get("channel", "")))
        fault = self.faults.popleft() if self.faults and path in ("post", "edit", "reply", "upload") else ""
        if fault == "429":
            return web.json_response({}, status=429, headers={"Retry-After": str(RETRY_AFTER_S)})
        if fault in ("400", "403", "503"):
            return web.json_response({}, status=int(fault))
        answer = getattr(self, f"_{path}")(call)
        async with self._taken:
            self._taken.notify_all()
        if fault == "503 taken":
            return web.json_response({}, status=503)
        if fault == "reset taken" and request.transport is not None:
            request.transport.abort()
        if fault == "silent taken":
            await asyncio.get_running_loop().create_future()
        return web.json_response({"id": answer})

    def _post(self, call: dict[str, Any]) -> str:
        for message in self.messages:
            if self.drops_repeats and message.nonce == call["nonce"]:
                return message.id
        number = str(len(self.messages) + 1)
        picture = call["picture"]
        self.messages.append(
            Message(number, call["channel"], call["nonce"], [call["text"]], call["parent"], picture)
        )
        return number

    def _reply(self, call: dict[str, Any]) -> str:
        return self._post(call)

    def _edit(self, call: dict[str, Any]) -> str:
        message = self.messages[int(call["parent"]) - 1]
        message.texts.append(call["text"])
        message.picture = call["picture"]
        return message.id

    def _upload(self, _call: dict[str, Any]) -> str:
        self.uploads += 1
        return f"F{self.uploads}"

    def _find(self, call: dict[str, Any]) -> str:
        mine = [each for each in self.messages if each.channel == call["channel"]]
        found = [each.id for each in mine if call["code"] in each.texts[-1].split()]
        return found[-1] if found else ""

    def _private(self, call: dict[str, Any]) -> str:
        return f"D-{call['user']}"


@dataclass
class ChatPlatform:
    """The service as a platform. `uploads_first`: pictures are brought there before the message, as on Slack."""

    service: ChatService
    name: str = "slack"
    keeps_in_database: bool = False
    drops_repeats_for: timedelta = timedelta(0)
    can_find: bool = False
    uploads_first: bool = True
    theme: str = "light"

    async def post(self, message: Outgoing) -> str:
        return await self._call("post", _body(message))

    async def edit(self, message: Outgoing) -> str:
        return await self._call("edit", _body(message))

    async def reply(self, message: Outgoing) -> str:
        return await self._call("reply", _body(message))

    async def find(self, channel: str, code: str) -> str:
        return await self._call("find", {"channel": channel, "code": code})

    async def upload(self, message: Outgoing) -> str:
        return await self._call("upload", {"channel": message.channel}) if self.uploads_first else ""

    async def may_post(self, channel: str, external_id: str) -> bool:
        return True

    async def private_channel(self, user_id: str) -> str:
        return await self._call("private", {"user": user_id})

    async def _call(self, path: str, body: dict[str, str]) -> str:
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.post(f"{self.service.url}/{path}", json=body) as response,
            ):
                return await _answer(response)
        except aiohttp.ClientConnectorError as err:
            raise ChatError("It cannot be reached.") from err
        except aiohttp.ClientError as err:
            raise ChatError("The connection broke.", outcome_known=False) from err


async def _answer(response: aiohttp.ClientResponse) -> str:
    if response.status == 429:
        raise ChatError("Slow down.", retry_after_s=float(response.headers["Retry-After"]))
    if response.status >= 500:
        raise ChatError(f"It answered {response.status}.", outcome_known=False)
    if response.status >= 400:
        raise ChatError("spendbot was removed there.", permanent=response.status == 403)
    return str((await response.json())["id"])


def _body(message: Outgoing) -> dict[str, str]:
    repeat = " (possible repeat)" if message.is_possible_repeat else ""
    return {
        "channel": message.channel,
        "nonce": message.nonce,
        "parent": message.parent,
        "text": f"{message.view.lead} {message.view.footer}{repeat}",
        "picture": message.file_id or (message.picture or b"").decode(),
    }
