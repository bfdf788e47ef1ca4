"""HTTP mode over a real socket: whatever comes is answered with a 4xx at once, and no byte of it is in the log."""

import asyncio
import gzip
import json
import logging
import random
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
import structlog
from aiohttp import web
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.logs import set_up_logs
from bot.platforms.slack.guard import signature_of
from bot.platforms.slack.http_mode import PATH, HttpMode

SECRET, CANARY = "8f742231b10e8888abcd99yyyzzz85a5", "CANARY"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
REQUESTS, AT_ONCE = 10_000, 8


@dataclass
class Bolt:
    """Stands where Bolt is: what was let in, and what it answers."""

    let_in: list[AsyncBoltRequest] = field(default_factory=list)
    answer: BoltResponse = field(default_factory=lambda: BoltResponse(status=200, body=""))

    async def dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        self.let_in.append(request)
        return self.answer


@dataclass
class Door:
    """The server, and how to knock."""

    bolt: Bolt
    mode: HttpMode
    port: int

    async def knock(self, *parts: bytes) -> int:
        """Send bytes as they are and return the status of the answer, 0 when the connection just ends."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for part in parts:
                writer.write(part)
            await writer.drain()
            async with asyncio.timeout(10):
                line = await reader.readline()
            return int(line.split()[1]) if line.startswith(b"HTTP/1.") else 0
        except ConnectionError:
            return 0
        finally:
            writer.close()


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    bolt = Bolt()
    mode = HttpMode(SECRET, bolt.dispatch)
    app = web.Application()
    app.router.add_post(PATH, mode.slack_events)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Door(bolt, mode, runner.addresses[0][1])
    await runner.cleanup()


@pytest.fixture
def _logs_as_they_were() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    yield
    root.level, root.handlers = before[0], before[1]
    structlog.reset_defaults()


def http(
    headers: dict[str, str], body: bytes = b"", *, method: str = "POST", length: int | None = None
) -> bytes:
    lines = [f"{method} {PATH} HTTP/1.1", "Host: here", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body) if length is None else length}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape") + body


def signed(body: bytes, kind: str = FORM, *, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    sent_at = str(int(time.time() if at is None else at))
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": sent_at,
        "X-Slack-Signature": signature_of(secret, sent_at, body),
    }


def malformed(chance: random.Random, number: int) -> bytes:
    """Return one request in which something is wrong; every one carries the canary and its number."""
    mark = f"{CANARY}-{number}".encode()
    body = urlencode({"command": "/spend", "text": mark.decode()}).encode()
    good = signed(body)
    bad_time = chance.choice(["abc", "", "1e9", "9" * 5000, "-1", "é"])
    bad_signature = chance.choice(["v0=é", "", "v0=", "v0=" + "f" * 64, CANARY])
    bad_type = chance.choice(["text/plain", "", CANARY, "multipart/form-data"])
    unsigned = {name: value for name, value in good.items() if name != "X-Slack-Signature"}
    start = b"POST /slack/events HTTP/1.1\r\nHost: h\r\n"
    end = b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    kinds = [
        lambda: http(good | {"X-Slack-Request-Timestamp": bad_time}, body),
        lambda: http(good | {"X-Slack-Signature": bad_signature}, body),
        lambda: http(signed(body, secret="wrong"), body),
        lambda: http(signed(body, at=time.time() - chance.randrange(301, 10**6)), body),
        lambda: http(good | {"Content-Type": bad_type}, body),
        lambda: http(unsigned, body),
        lambda: http(good, body, method=chance.choice(["GET", "PUT", "DELETE", "PATCH", CANARY])),
        lambda: _json(chance, mark),
        lambda: _form(chance, mark),
        lambda: http(good | {"Content-Encoding": "gzip"}, gzip.compress(body)),
        lambda: http(good | {"Transfer-Encoding": "chunked"}, b"zz\r\n" + mark + b"\r\n"),
        lambda: http(good, body, length=chance.choice([10**7, 2 * 10**6])),
        lambda: mark + bytes(chance.randrange(256) for _ in range(chance.randrange(1, 200))) + b"\r\n\r\n",
        lambda: b"POST " + mark + b" HTTP/9.9\r\n\r\n",
        lambda: start + mark + b"\r\n\r\n",
        lambda: start + mark + b"\x00: x\r\n\r\n",
        lambda: start + b"X: " + mark * 2000 + b"\r\n\r\n",
        lambda: start + b"Content-Length: " + mark + b"\r\n\r\n" + body,
        lambda: b"GET /" + mark + b" HTTP/1.1\r\nHost: h" + end,
        lambda: start + b"Expect: " + mark + end,
    ]
    return chance.choice(kinds)()


def _json(chance: random.Random, mark: bytes) -> bytes:
    body = chance.choice([b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 9000, b'{"type":{}}', b"{}"]) + mark
    return http(signed(body, JSON), body)


def _form(chance: random.Random, mark: bytes) -> bytes:
    start = chance.choice(
        [b"payload=", b"payload=%5B", b"a&b&", b"%ff%fe&", b"{", b"payload=%7B%22type%22%3A1%7D&"]
    )
    return http(signed(start + mark), start + mark)


@pytest.mark.usefixtures("_logs_as_they_were")
async def test_ten_thousand_malformed_requests_get_no_5xx_and_leave_nothing_in_the_log(
    door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs("debug", "text")
    chance = random.Random(20261121)
    statuses: dict[int, int] = {}
    slowest = 0.0
    numbers = iter(range(REQUESTS))

    async def knock_on() -> None:
        nonlocal slowest
        for number in numbers:
            request = malformed(chance, number)
            began = time.perf_counter()
            status = await door.knock(request)
            slowest = max(slowest, time.perf_counter() - began)
            statuses[status] = statuses.get(status, 0) + 1

    await asyncio.gather(*(knock_on() for _ in range(AT_ONCE)))

    assert sum(statuses.values()) == REQUESTS
    assert all(status == 0 or 400 <= status < 500 for status in statuses), statuses
    assert statuses.get(0, 0) == 0, statuses
    assert door.bolt.let_in == []
    written = capsys.readouterr()
    assert CANARY not in written.err + written.out
    assert "slack_request_refused" in written.err
    assert slowest < 2, "within milliseconds, however busy this machine is"


async def test_what_slack_signed_reaches_bolt_whole_and_only_once(door: Door) -> None:
    body = urlencode({"command": "/spend", "text": "today by model", "team_id": "T1"}).encode()
    request = http(signed(body), body)

    assert [await door.knock(request), await door.knock(request)] == [200, 409]
    [let_in] = door.bolt.let_in
    assert let_in.body == {"command": "/spend", "text": "today by model", "team_id": "T1"}


async def test_a_body_that_does_not_come_is_not_waited_for(door: Door) -> None:
    door.mode.body_s = 0.05
    body = b"command=%2Fspend"

    assert await door.knock(http(signed(body), b"", length=len(body))) == 408


async def test_a_body_in_pieces_is_read_no_further_than_it_may_be_long(door: Door) -> None:
    head = http(signed(b"") | {"Transfer-Encoding": "chunked"}).replace(b"Content-Length: 0\r\n", b"")
    piece = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"

    assert await door.knock(head, *([piece] * 18)) in (413, 0)
    assert door.bolt.let_in == []


async def test_bolts_answer_goes_back_and_its_own_failures_do_not(door: Door) -> None:
    body = json.dumps({"type": "event_callback", "event": {"type": "app_home_opened"}}).encode()
    statuses = []
    for answer in (
        BoltResponse(status=200, body={"response_action": "clear"}),
        BoltResponse(status=500, body="x"),
    ):
        door.bolt.answer = answer
        body += b" "
        statuses.append(await door.knock(http(signed(body, JSON), body)))

    assert statuses == [200, 400]


async def test_a_signed_form_that_bolt_cannot_read_is_a_400(door: Door) -> None:
    body = json.dumps({"type": "event_callback", "authorizations": 7}).encode()

    assert await door.knock(http(signed(body, JSON), body)) == 400


@pytest.mark.usefixtures("_logs_as_they_were")
async def test_a_wrong_clock_is_said_as_such(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    body = b"command=%2Fspend&text=" + CANARY.encode()
    set_up_logs("debug", "text")
    sent_at = 1_795_000_000
    door.mode.now = lambda: sent_at + 3600.0

    statuses = [await door.knock(http(signed(body, at=sent_at), body)) for _ in range(3)]

    assert statuses == [401, 401, 401]
    lines = [line for line in capsys.readouterr().err.splitlines() if "slack_clock_differs" in line]
    assert len(lines) == 1, "once a minute"
    assert "this_machine_ahead_s=3600" in lines[0]
