"""A real HTTP server on loopback around one simulated vendor: log, faults, reads only, the vendor's own errors."""

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

from aiohttp import web

from bot.demo.vendors.errors import ApiError
from bot.demo.vendors.faults import Fault, FaultDial, FaultKind
from bot.demo.vendors.parameters import Query

_LOG_LENGTH = 200_000
_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    529: "overloaded_error",
}


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """One request as it arrived. `status` is what was answered, None while or if nothing was."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    status: int | None


class VendorApi(Protocol):
    """What a vendor answers, apart from HTTP itself."""

    def answer(self, path: str, query: Query, headers: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the JSON of one GET. Raises ApiError."""

    def error(self, err: ApiError) -> tuple[Mapping[str, Any], Mapping[str, str]]:
        """Return the body of an error in the vendor's shape, and its headers."""


class VendorServer:
    """Serves one vendor on a free port of 127.0.0.1 between `start()` and `stop()`, or as an async context."""

    def __init__(self, api: VendorApi, faults: FaultDial) -> None:
        self.faults = faults
        self.requests: deque[SeenRequest] = deque(maxlen=_LOG_LENGTH)
        self._api = api
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:PORT`, once started."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def violations(self) -> list[SeenRequest]:
        """Every request that was not a GET: nothing that reads spend may ever send one."""
        return [seen for seen in self.requests if seen.method != "GET"]

    async def start(self) -> None:
        """Listen. The port stays the same for the life of this object, also after `stop()` and another `start()`."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, backlog=1024, reuse_address=True)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening and end every open request."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        status: int | None = None
        try:
            response = await self._respond(request)
            is_open = request.transport is not None and not request.transport.is_closing()
            status = response.status if is_open else None
            return response
        finally:
            query = tuple(request.query.items())
            self.requests.append(SeenRequest(request.method, request.path, query, status))

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        if request.method != "GET":
            return self._refuse(
                ApiError(405, "invalid_request_error", f"Not allowed to {request.method} on {request.path}.")
            )
        fault = self.faults.next_for(request.path)
        if fault is not None and fault.kind is FaultKind.STATUS:
            return self._fail(fault)
        if fault is not None and fault.kind is FaultKind.HANG:
            await asyncio.Event().wait()
        if fault is not None and fault.kind is FaultKind.RESET:
            return _drop(request)
        try:
            body = json.dumps(self._api.answer(request.path, request.query, request.headers)).encode()
        except ApiError as err:
            return self._refuse(err)
        if fault is not None and fault.kind is FaultKind.DRIP:
            return await _drip(request, body, fault.pause_s)
        return web.Response(body=body[: len(body) // 2] if fault else body, content_type="application/json")

    def _fail(self, fault: Fault) -> web.Response:
        if fault.body is None:
            kind = _KINDS.get(fault.status, "api_error")
            return self._refuse(ApiError(fault.status, kind, _message(fault.status)), fault.headers)
        return web.Response(status=fault.status, text=fault.body, headers=fault.headers)

    def _refuse(self, err: ApiError, more_headers: Mapping[str, str] | None = None) -> web.Response:
        body, headers = self._api.error(err)
        return web.json_response(body, status=err.status, headers={**headers, **(more_headers or {})})


def _message(status: int) -> str:
    if status == 429:
        return "Rate limit reached for requests. Please try again later."
    return "Overloaded" if status == 529 else "The server had an error while processing your request."


def _drop(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _drip(request: web.Request, body: bytes, pause_s: float) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    for position in range(len(body)):
        await response.write(body[position : position + 1])
        await asyncio.sleep(pause_s)
    await response.write_eof()
    return response
