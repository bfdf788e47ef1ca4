"""A vendor on loopback that answers what a test tells it to, and writes down what it was asked."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from aiohttp import web
from multidict import CIMultiDict


@dataclass(frozen=True)
class Answer:
    """One answer: JSON (or raw bytes) with a status. `pause_s` is waited before each byte (drip) or before all."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause_s: float = 0
    drips: bool = False
    cuts: bool = False

    def encoded(self) -> bytes:
        """Return the body's bytes; decimals are written as JSON numbers."""
        return self.body if isinstance(self.body, bytes) else dump(self.body)


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: CIMultiDict[str]


class Vendor:
    """Answers each path from its own list, in order; the last answer stays."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.url = ""
        self._answers: dict[str, list[Answer]] = {}
        self._runner: web.AppRunner | None = None

    def will_answer(self, path: str, *answers: Answer) -> None:
        """Set what a path (with its leading slash) answers from now on."""
        self._answers[path] = list(answers)

    def asked_for(self, path: str) -> list[Asked]:
        """Return the requests of one path."""
        return [request for request in self.asked if request.path == path]

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        query = {name: request.query.getall(name) for name in request.query}
        self.asked.append(Asked(request.method, request.path, query, request.headers.copy()))
        known = self._answers.get(request.path)
        if not known:
            return web.json_response({"error": {"message": "no such path"}}, status=404)
        answer = known.pop(0) if len(known) > 1 else known[0]
        if not answer.drips and not answer.cuts:
            await asyncio.sleep(answer.pause_s)
            headers = {"Content-Type": "application/json", **answer.headers}
            return web.Response(body=answer.encoded(), status=answer.status, headers=headers)
        return await self._badly(request, answer)

    async def _badly(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        """Send the body byte by byte, or break off in its middle."""
        body = answer.encoded()
        response = web.StreamResponse(status=answer.status, headers={"Content-Length": str(len(body))})
        await response.prepare(request)
        if answer.cuts:
            await response.write(body[: len(body) // 2])
            assert request.transport is not None
            request.transport.close()
            return response
        for byte in body:
            await response.write(bytes([byte]))
            await asyncio.sleep(answer.pause_s)
        return response


def dump(body: Any) -> bytes:
    """Encode JSON with decimals as numbers, in full."""
    return json.dumps(body, default=_number).encode()


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)


def pages_of(bodies: Sequence[Any]) -> list[Answer]:
    """Return one answer per body, in order."""
    return [Answer(body) for body in bodies]
