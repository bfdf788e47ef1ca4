"""OpenAI and Anthropic once more, written apart from bot/demo: whatever rows and bill lines a test hands over.

Nothing is computed here: rows are served as they were given, cut into pages of a few buckets, behind a list of
troubles. The test that made the bill knows what it adds up to.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Self

from aiohttp import web

Rows = dict[datetime, list[dict[str, Any]]]
Bill = dict[date, list[dict[str, Any]]]
Trouble = Callable[[bytes], web.Response]


@dataclass
class OtherVendor:
    """One account. `usage` by hour (aware UTC) and path ending, `bill` by UTC day, `lists` by path.

    `buckets_a_page` is the vendor's own limit, whatever is asked for. `troubles` hit the next requests, in order;
    each gets the right body and returns what is sent instead. `pause_s` is waited before each answer.
    """

    key: str
    usage: dict[str, Rows] = field(default_factory=dict)
    bill: Bill = field(default_factory=dict)
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    buckets_a_page: int = 1000
    pause_s: float = 0
    troubles: deque[Trouble] = field(default_factory=deque)
    asked: list[tuple[str, str]] = field(default_factory=list)
    _runner: web.AppRunner | None = None
    _port: int = 0

    @property
    def base_url(self) -> str:
        """What the vendor's SDK calls base URL."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def _may_read(self, headers: Mapping[str, str]) -> bool:
        raise NotImplementedError

    def _body(self, path: str, query: Mapping[str, str]) -> Any:
        raise NotImplementedError

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.method, request.path))
        await asyncio.sleep(self.pause_s)
        if not self._may_read(request.headers):
            return web.json_response({"error": {"message": "no", "type": "authentication_error"}}, status=401)
        body = self._body(request.path, request.query)
        if body is None:
            return web.json_response({"error": {"message": "no such path"}}, status=404)
        encoded = _encode(body)
        if self.troubles:
            return self.troubles.popleft()(encoded)
        return web.Response(body=encoded, content_type="application/json")

    def _page(
        self, starts: list[Any], query: Mapping[str, str], bucket: Callable[[Any], Any]
    ) -> dict[str, Any]:
        first = int(query.get("page", "p0")[1:])
        last = first + self.buckets_a_page
        more = last < len(starts)
        return {
            "data": [bucket(start) for start in starts[first:last]],
            "has_more": more,
            "next_page": f"p{last}" if more else None,
        }


@dataclass
class OtherOpenAi(OtherVendor):
    """Times in Unix seconds, amounts in units of the currency."""

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def _may_read(self, headers: Mapping[str, str]) -> bool:
        return headers.get("Authorization") == f"Bearer {self.key}"

    def _body(self, path: str, query: Mapping[str, str]) -> Any:
        name = path.removeprefix("/v1/organization/")
        if name in self.lists:
            return {"object": "list", "data": self.lists[name], "has_more": False, "last_id": None}
        if name != "costs" and name.removeprefix("usage/") not in self.usage:
            return None
        width = 86400 if name == "costs" or query.get("bucket_width", "1d") == "1d" else 3600
        start = int(query["start_time"]) // width * width
        end = min(int(query.get("end_time", "9999999999")), int(datetime.now(UTC).timestamp()) + 1)

        def bucket(second: int) -> dict[str, Any]:
            moment = datetime.fromtimestamp(second, UTC)
            rows = (
                self.bill.get(moment.date(), [])
                if name == "costs"
                else self.usage[name.removeprefix("usage/")].get(moment, [])
            )
            return {"object": "bucket", "start_time": second, "end_time": second + width, "results": rows}

        return {"object": "page", **self._page(list(range(start, end, width)), query, bucket)}


@dataclass
class OtherAnthropic(OtherVendor):
    """Times in RFC 3339, amounts as decimal text in hundredths."""

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def _may_read(self, headers: Mapping[str, str]) -> bool:
        return headers.get("x-api-key") == self.key and "anthropic-version" in headers

    def _body(self, path: str, query: Mapping[str, str]) -> Any:
        name = path.removeprefix("/v1/organizations/")
        if name == "me":
            return {"id": "org-other", "name": "Other", "type": "organization"}
        if name in self.lists:
            return {"data": self.lists[name], "has_more": False, "first_id": None, "last_id": None}
        if name not in ("usage_report/messages", "cost_report"):
            return None
        width = 3600 if query.get("bucket_width", "1d") == "1h" else 86400
        start = int(datetime.fromisoformat(query["starting_at"]).timestamp()) // width * width
        end = int(datetime.fromisoformat(query["ending_at"]).timestamp())
        end = min(end, int(datetime.now(UTC).timestamp()) + width)

        def bucket(second: int) -> dict[str, Any]:
            moment, after = (datetime.fromtimestamp(at, UTC) for at in (second, second + width))
            rows = (
                self.bill.get(moment.date(), [])
                if name == "cost_report"
                else self.usage.get("messages", {}).get(moment, [])
            )
            edges = {
                "starting_at": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
                "ending_at": f"{after:%Y-%m-%dT%H:%M:%SZ}",
            }
            return {**edges, "results": rows}

        return self._page(list(range(start, end - width + 1, width)), query, bucket)


def openai_usage(project: str | None, key: str | None, model: str, **counts: int) -> dict[str, Any]:
    """Return a row of `usage/completions`; `counts`: inp (all input), cached, out, requests."""
    return {
        "object": "organization.usage.completions.result",
        "input_tokens": counts.get("inp", 0),
        "input_cached_tokens": counts.get("cached", 0),
        "output_tokens": counts.get("out", 0),
        "input_audio_tokens": 0,
        "output_audio_tokens": 0,
        "num_model_requests": counts.get("requests", 1),
        "project_id": project,
        "user_id": None,
        "api_key_id": key,
        "model": model,
        "batch": False,
        "service_tier": None,
    }


def openai_line(
    project: str | None, key: str | None, words: str | None, amount: str | Decimal, currency: str = "usd"
) -> dict[str, Any]:
    """Return a line of `costs`; a Decimal amount is sent as a JSON number, text as text."""
    return {
        "object": "organization.costs.result",
        "amount": {"value": amount, "currency": currency},
        "line_item": words,
        "project_id": project,
        "api_key_id": key,
    }


def anthropic_usage(
    workspace: str | None, key: str | None, model: str, window: str, **counts: int
) -> dict[str, Any]:
    """Return a row of `usage_report/messages`; `counts`: inp (uncached), read, write, out, searches."""
    return {
        "uncached_input_tokens": counts.get("inp", 0),
        "cache_read_input_tokens": counts.get("read", 0),
        "cache_creation": {
            "ephemeral_1h_input_tokens": 0,
            "ephemeral_5m_input_tokens": counts.get("write", 0),
        },
        "output_tokens": counts.get("out", 0),
        "server_tool_use": {"web_search_requests": counts.get("searches", 0)},
        "workspace_id": workspace,
        "api_key_id": key,
        "model": model,
        "context_window": window,
        "service_tier": "standard",
    }


def anthropic_line(
    workspace: str | None, model: str | None, token_type: str | None, cents: str, **more: str
) -> dict[str, Any]:
    """Return a line of `cost_report`; `more`: description, cost_type, context_window, currency."""
    return {
        "amount": cents,
        "currency": more.get("currency", "USD"),
        "cost_type": more.get("cost_type", "tokens"),
        "description": more.get("description", f"{model} {token_type}"),
        "workspace_id": workspace,
        "model": model,
        "token_type": token_type,
        "service_tier": "standard",
        "context_window": more.get("context_window"),
    }


def status(code: int, *, retry_after: str | None = None, body: bytes = b"{}") -> Trouble:
    """Answer with this status instead."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return lambda _: web.Response(status=code, body=body, headers=headers, content_type="application/json")


def cut(encoded: bytes) -> web.Response:
    """Answer 200 with two thirds of the JSON."""
    return web.Response(body=encoded[: len(encoded) * 2 // 3], content_type="application/json")


def html(_: bytes) -> web.Response:
    """Answer 200 with a page of a proxy."""
    return web.Response(text="<html><body>Please sign in</body></html>", content_type="text/html")


def fine(encoded: bytes) -> web.Response:
    """Answer as usual: keeps the place of a request that goes well."""
    return web.Response(body=encoded, content_type="application/json")


def _encode(body: Any) -> bytes:
    """Write JSON with every Decimal as the number it is, digit by digit."""
    text = json.dumps(body, default=lambda value: f"@number {value}@", ensure_ascii=False)
    return re.sub(r'"@number ([^@]+)@"', r"\1", text).encode()
