"""The one place where HTTP clients are made: they can send documented GETs to one connection's host, and no more.

One client per provider and reach (`_address.Reach`) in a process, over aiohttp, because creating one costs a TLS
context and httpx's own pool grows slow with many requests at once. Keys go into headers only, at the moment of sending.
Errors are raised `from None` here: the causes carry the request, and with it the key and the query.
"""

import asyncio
import contextlib
import logging
import random
import re
import socket
import ssl
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import aiohttp
import httpx
import stamina
from aiohttp.abc import AbstractResolver
from httpx_aiohttp import AiohttpTransport

from providers import _replies
from providers._address import BaseUrl, Reach, may_reach, read_base_url
from providers._base import Provider, ReadClient, Secret, type_json
from providers._errors import (
    ProviderError,
    ProviderRateLimitedError,
    ProviderReplyError,
    ProviderRequestError,
    ProviderUnavailableError,
)
from providers._pace import Pacer

# Some of these log addresses with their queries.
_LOUD_LOGGERS = ("httpx", "httpcore", "aiohttp", "stamina", "asyncio")
_GZIP = 31  # zlib's name for "gzip header expected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long one GET, its repeats included, may take and how large its decoded body may be."""

    connect_s: float = 10
    read_s: float = 30
    total_s: float = 60
    body_bytes: int = 32 * 1024 * 1024
    attempts: int = 4
    first_wait_s: float = 0.5
    longest_wait_s: float = 8


FETCH = Limits()
CHECK = Limits(connect_s=5, read_s=10, total_s=20)


class HttpPool:
    """Makes the clients of all providers and owns their sockets; close it with `aclose()`.

    `clock` gives aware UTC, for Retry-After dates; `resolver` replaces name resolution (tests).
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        resolver: AbstractResolver | None = None,
        make_pacer: Callable[[], Pacer] = Pacer,
    ) -> None:
        self._clock = clock
        self._resolver = resolver
        self._make_pacer = make_pacer
        self._clients: dict[tuple[str, Reach, bool], httpx.AsyncClient] = {}
        self._pacers: dict[str, Pacer] = {}
        self._tls: ssl.SSLContext | None = None
        _tame_loggers()

    def client_for(
        self,
        provider: Provider,
        base_url: str,
        key: Secret,
        *,
        allow_private: bool,
        credential: str,
        limits: Limits = FETCH,
    ) -> ReadClient:
        """Return a client for one connection; equal `credential`s share one pace. Raises BadBaseUrlError.

        `credential`: the connection's id, or anything stable while a key is only tried. `limits`: CHECK for a person
        who waits, else FETCH.
        """
        base = read_base_url(base_url, allow_private)
        return _GetClient(
            provider=provider,
            base=base,
            key=key,
            http=self._shared(provider.info.key, base),
            pacer=self._pacers.setdefault(credential, self._make_pacer()),
            limits=limits,
            clock=self._clock,
        )

    async def aclose(self) -> None:
        """Close every socket."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    def _shared(self, provider: str, base: BaseUrl) -> httpx.AsyncClient:
        is_plain = base.text.startswith("http://")
        key = (provider, base.reach, is_plain)
        if key not in self._clients:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if is_plain else self._verifying_tls()
            transport = _GetOnlyTransport(
                client=partial(_session, base.reach, tls, self._resolver), verify=tls
            )
            client = httpx.AsyncClient(
                transport=transport, headers=_common_headers(), follow_redirects=False, trust_env=False
            )
            # Connections share this client: it keeps no cookie.
            client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            self._clients[key] = client
        return self._clients[key]

    def _verifying_tls(self) -> ssl.SSLContext:
        """Return the pool's one TLS context, made when first needed: it reads a whole bundle of certificates."""
        if self._tls is None:
            self._tls = httpx.create_ssl_context()
        return self._tls


class _GetOnlyTransport(AiohttpTransport):
    """Refuses everything but GET, whatever a caller tries."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            raise ProviderRequestError("Only GET is ever sent to a provider.")
        return await super().handle_async_request(request)


class _GetClient:
    """One connection's way to its vendor (the `ReadClient` of `_base`)."""

    def __init__(
        self,
        *,
        provider: Provider,
        base: BaseUrl,
        key: Secret,
        http: httpx.AsyncClient,
        pacer: Pacer,
        limits: Limits,
        clock: Callable[[], datetime],
    ) -> None:
        self._provider = provider
        self._base = base
        self._key = key
        self._http = http
        self._pacer = pacer
        self._limits = limits
        self._clock = clock
        self._allowed = [re.compile(path) for path in provider.allowed_paths()]

    async def get_json(self, path: str, params: Mapping[str, Any] | None = None) -> type_json:
        """Return the decoded body of one GET; see `ReadClient`. The deadline covers all attempts, not the pace."""
        name = self._provider.info.name
        if not any(allowed.fullmatch(path) for allowed in self._allowed):
            raise ProviderRequestError(f"spendbot does not ask {name} for anything but the documented paths.")
        await self._pacer.wait_turn()
        deadline = asyncio.get_running_loop().time() + self._limits.total_s
        retry = stamina.AsyncRetryingCaller(attempts=self._limits.attempts, timeout=None)
        try:
            async with asyncio.timeout_at(deadline):
                return await retry.on(self._back_off(deadline))(self._once, path, params)
        except TimeoutError:
            raise ProviderUnavailableError(
                f"{name} did not answer within {self._limits.total_s:g} s. Try again in a minute."
            ) from None

    def _back_off(self, deadline: float) -> Callable[[Exception], bool | timedelta]:
        """Return stamina's decision: how long to wait before the next attempt, False to give up with this error."""
        waits = 0

        def decide(error: Exception) -> bool | timedelta:
            nonlocal waits
            if not isinstance(error, ProviderUnavailableError | ProviderRateLimitedError):
                return False
            if _replies.is_spend_cap(error):
                return False
            backoff = min(self._limits.first_wait_s * 2**waits, self._limits.longest_wait_s)
            waits += 1
            asked = error.retry_after.total_seconds() if error.retry_after is not None else 0
            wait = max(asked, backoff * random.uniform(0.5, 1))  # noqa: S311 - jitter, not a secret
            if asyncio.get_running_loop().time() + wait >= deadline:
                return False  # the typed error says more than a time-out, and carries the vendor's wait
            self._pacer.charge()
            return timedelta(seconds=wait)

        return decide

    async def _once(self, path: str, params: Mapping[str, Any] | None) -> type_json:
        info = self._provider.info
        try:
            status, headers, body = await self._get(path, params)
        except _BodyTooLargeError:
            raise ProviderReplyError(
                f"{info.name} answered with more than spendbot takes in at once."
            ) from None
        except (httpx.HTTPError, aiohttp.ClientError, OSError, zlib.error) as error:
            raise _unreachable(info.name, error) from None
        if status != 200:
            raise _replies.error_for(status, headers, body, info=info, key=self._key, now=self._clock())
        return _replies.decode(body, info)

    async def _get(self, path: str, params: Mapping[str, Any] | None) -> tuple[int, httpx.Headers, bytes]:
        """Send one GET and return status, headers and the decoded body, read up to the cap."""
        request = self._http.build_request(
            "GET",
            f"{self._base.text}/{path}",
            params=params,
            headers=dict(self._provider.headers(self._key)),
            timeout=httpx.Timeout(
                self._limits.read_s, connect=self._limits.connect_s, pool=self._limits.total_s
            ),
        )
        response = await self._http.send(request, stream=True)
        try:
            return response.status_code, response.headers, await _read_body(response, self._limits.body_bytes)
        finally:
            await response.aclose()


class _BodyTooLargeError(Exception):
    """The decoded body passed the cap."""


class _BlockedAddressError(OSError):
    """A name led to an address that the connection may not reach."""


async def _read_body(response: httpx.Response, cap: int) -> bytes:
    """Return the body, unpacked piece by piece, so that a small answer that unpacks to gigabytes stops at the cap."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", ""):
        raise httpx.DecodingError("an encoding that was not asked for")
    unpacker = zlib.decompressobj(_GZIP) if encoding == "gzip" else None
    body = bytearray()
    async for piece in response.aiter_raw():
        body += unpacker.decompress(piece, cap + 1 - len(body)) if unpacker else piece
        if len(body) > cap:
            raise _BodyTooLargeError
    if unpacker and not unpacker.eof:
        raise httpx.DecodingError("a cut body")
    return bytes(body)


def _session(reach: Reach, tls: ssl.SSLContext, resolver: AbstractResolver | None) -> aiohttp.ClientSession:
    """Return the aiohttp session of one reach: no cookies, no proxies from the environment, addresses checked."""

    def open_socket(address: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, target = address
        if not may_reach(str(target[0]), reach):
            raise _BlockedAddressError("blocked address")
        return socket.socket(family=family, type=kind, proto=protocol)

    connector = aiohttp.TCPConnector(
        ssl=tls, limit=100, keepalive_timeout=60, socket_factory=open_socket, resolver=resolver
    )
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)


def _unreachable(name: str, error: BaseException) -> ProviderError:
    """Return the error for a connection that failed, without a word of the cause's own text."""
    cause: BaseException | None = error
    while cause is not None:
        inner = getattr(cause, "os_error", None)
        if isinstance(cause, _BlockedAddressError) or isinstance(inner, _BlockedAddressError):
            return ProviderUnavailableError(
                f"The address of {name} leads into a private network, which is refused; "
                "whoever runs the bot may allow that with --allow-private."
            )
        cause = cause.__cause__
    if isinstance(error, httpx.ReadTimeout):
        return ProviderUnavailableError(f"{name} did not answer in time. Try again in a minute.")
    return ProviderUnavailableError(f"{name} could not be reached, or broke off. Try again in a minute.")


def _common_headers() -> dict[str, str]:
    """Return what every request carries; vendors ask integrations to name themselves."""
    number = "0"
    with contextlib.suppress(PackageNotFoundError):
        number = version("spendbot")
    return {
        "User-Agent": f"spendbot/{number} (self-hosted spend reader)",
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
    }


def _tame_loggers() -> None:
    """Keep the libraries' loggers from writing addresses, queries and call arguments (stamina's would hold keys)."""
    stamina.instrumentation.set_on_retry_hooks([])
    for name in _LOUD_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
