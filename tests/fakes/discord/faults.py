"""The ways in which a request to the loopback Discord goes wrong.

`503`, `reset`, `silent`: nothing is taken. `503 taken`, `reset taken`, `silent taken`: it is taken, and nobody hears
of it. `401`, `403`, `404`, `400`: refused. `429`: too fast, with Discord's headers. `429 global`: everything waits.
"""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

RETRY_AFTER_S = 7.0
REFUSALS = {
    "400": (400, 50035, "Invalid Form Body"),
    "400 history": (400, 160002, "Cannot reply without permission to read message history"),
    "401": (401, 0, "401: Unauthorized"),
    "403": (403, 50013, "Missing Permissions"),
    "403 access": (403, 50001, "Missing Access"),
    "404": (404, 10003, "Unknown Channel"),
    "404 message": (404, 10008, "Unknown Message"),
}


class Broken(Exception):
    """The request is over, and its connection with it."""


@dataclass
class Faults:
    """What the next requests of a kind meet: `post`, `edit`, `find`, `callback`, `answer`, `commands`, `login`."""

    waiting: dict[str, deque[str]] = field(default_factory=dict)

    def add(self, kind: str, *faults: str) -> None:
        """Let the next requests of a kind go wrong, in this order."""
        self.waiting.setdefault(kind, deque()).extend(faults)

    def next(self, kind: str) -> str:
        """Return what the next request of this kind meets, '' = nothing."""
        queue = self.waiting.get(kind)
        return queue.popleft() if queue else ""


def reply(data: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return JSON with the exact content type of Discord: its clients look for no charset."""
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def refusal(status: int, code: int, message: str) -> web.Response:
    """Return an error as Discord words it."""
    return reply({"code": code, "message": message}, status)


def too_fast(*, is_global: bool = False) -> web.Response:
    """Return a 429 with what Discord sends along."""
    headers = {
        "Retry-After": str(int(RETRY_AFTER_S)),
        "X-RateLimit-Limit": "5",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset-After": str(RETRY_AFTER_S),
        "X-RateLimit-Bucket": "loopback",
        "X-RateLimit-Scope": "global" if is_global else "user",
        "Via": "1.1 loopback",
    }
    if is_global:
        headers["X-RateLimit-Global"] = "true"
    body = {"message": "You are being rate limited.", "retry_after": RETRY_AFTER_S, "global": is_global}
    return reply(body, 429, headers)


async def before(fault: str, request: web.Request) -> web.Response | None:
    """Return the answer of a request that is not taken; None when it is."""
    if fault in REFUSALS:
        return refusal(*REFUSALS[fault])
    if fault.startswith("429"):
        return too_fast(is_global=fault.endswith("global"))
    if fault == "503":
        return web.Response(status=503, text="upstream connect error")
    if fault in ("reset", "silent"):
        return await _no_answer(fault, request)
    return None


async def after(fault: str, request: web.Request) -> web.Response | None:
    """Return what is heard of a request that was taken; None when the answer arrives."""
    if fault == "503 taken":
        return web.Response(status=503, text="upstream connect error")
    if fault in ("reset taken", "silent taken"):
        return await _no_answer(fault.split()[0], request)
    return None


async def _no_answer(how: str, request: web.Request) -> web.Response:
    if how == "reset" and request.transport is not None:
        request.transport.abort()
        raise Broken
    await asyncio.get_running_loop().create_future()  # until whoever asked hangs up
    raise Broken
