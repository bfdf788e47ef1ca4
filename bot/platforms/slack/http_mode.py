"""HTTP mode: the handler of POST /slack/events on the bot's one web server. What the guard lets in goes to Bolt.

Whatever is wrong with a request is answered with a 4xx and one log line of ours that holds nothing of the request.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from aiohttp import web
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.platforms.slack.guard import (
    LONGEST_BODY,
    Refusal,
    Replays,
    Signed,
    refuse,
    refuse_unread,
    seconds_ahead,
)

PATH = "/slack/events"
log = structlog.get_logger("spendbot.slack")

_SAY_AGAIN_AFTER_S = 60.0
_HANDED_ON = ("content-type", "x-slack-retry-num", "x-slack-retry-reason")

type_dispatch = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


@dataclass
class HttpMode:
    """Takes Slack's requests. `dispatch` is Bolt's; `now` the machine's clock in seconds since 1970.

    body_s: how long a body may take; Slack sends its requests whole and at once.
    """

    secret: str = field(repr=False)
    dispatch: type_dispatch
    now: Callable[[], float] = time.time
    body_s: float = 5.0
    _replays: Replays = field(default_factory=Replays)
    _said_at: dict[Refusal, float] = field(default_factory=dict)
    _unsaid: dict[Refusal, int] = field(default_factory=dict)

    async def slack_events(self, request: web.Request) -> web.Response:
        """Answer one request; never raises, never answers with a 5xx."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        refusal = refuse_unread(request.method, headers)
        if refusal is not None:
            return self._refused(refusal, headers)
        try:
            async with asyncio.timeout(self.body_s):
                body = await _read(request)
        except TimeoutError:
            return self._refused(Refusal.SLOW, headers)
        except (OSError, ValueError, web.HTTPException, web.RequestPayloadError):
            return self._refused(Refusal.UNREADABLE, headers)
        refusal = refuse(Signed(headers, body), secret=self.secret, now=self.now(), replays=self._replays)
        if refusal is not None:
            return self._refused(refusal, headers)
        return await self._let_in(headers, body.decode())

    async def _let_in(self, headers: Mapping[str, str], body: str) -> web.Response:
        handed_on: dict[str, str | Sequence[str]] = {
            name: headers[name] for name in _HANDED_ON if name in headers
        }
        try:
            answer = await self.dispatch(AsyncBoltRequest(body=body, headers=handed_on))
        except Exception:  # a form that Bolt itself cannot read; what it raises may repeat the body
            return self._refused(Refusal.UNKNOWN, headers)
        if answer.status >= 500:
            return self._refused(Refusal.UNKNOWN, headers)
        kind = answer.first_headers().get("content-type", "text/plain").partition(";")[0]
        return web.Response(status=answer.status, text=answer.body or "", content_type=kind)

    def _refused(self, refusal: Refusal, headers: Mapping[str, str]) -> web.Response:
        """Say a reason at most once a minute, with how often it was met meanwhile."""
        now = self.now()
        self._unsaid[refusal] = self._unsaid.get(refusal, 0) + 1
        if now - self._said_at.get(refusal, float("-inf")) >= _SAY_AGAIN_AFTER_S:
            self._said_at[refusal] = now
            times = self._unsaid.pop(refusal)
            if refusal is Refusal.OLD:
                ahead = seconds_ahead(headers, now)
                log.warning("slack_clock_differs", this_machine_ahead_s=ahead, times=times)
            else:
                log.warning("slack_request_refused", reason=refusal.words, times=times)
        return web.Response(status=refusal.status)


async def _read(request: web.Request) -> bytes:
    """Return the body, or as much of it as shows that it is too long."""
    parts, length = [], 0
    async for part in request.content.iter_any():
        parts.append(part)
        length += len(part)
        if length > LONGEST_BODY:
            break
    return b"".join(parts)
