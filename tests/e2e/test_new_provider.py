"""A new provider is one new file: dropped into the folder, it is connected, polled, reconciled and answered for."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from tests.e2e.processes import HOUSE, Bot, amounts
from tests.fakes.serving import served

ROOMS = ("bot", "providers", "storage", "charts", "spend")
TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
DAY = TODAY - timedelta(days=4)
KEY = "tinykey-0123456789abcdef"

FILE = '''
"""Tiny AI: made-up facts, checked never. Usage by the hour, a bill by the day, no pages."""

from datetime import datetime, timedelta

from providers._base import CheckResult, Page, ProviderInfo, Reread, Stream
from providers._buckets import aligned
from providers._fields import count, currency, decimal, iso_time, list_of, nanos, text
from spend.usage import CostRecord, Dimensions, Kind, Role, TokenCounts, UsageRecord
from spend.window import DAY, HOUR

USAGE = Stream(name="tokens", role=Role.USAGE, bucket=HOUR, rereads=(Reread(HOUR, 7 * DAY),))
BILL = Stream(name="bill", role=Role.COST, bucket=DAY, rereads=(Reread(DAY, 7 * DAY),))


class Tiny:
    info = ProviderInfo(
        key="tiny",
        name="Tiny AI",
        default_base_url="https://api.tiny.example",
        key_hint="Any key reads.",
        key_pattern=r"tinykey-[a-z0-9]+",
        console_url="https://tiny.example/keys",
        streams=(USAGE, BILL),
        estimated_kinds=frozenset({Kind.COMPLETIONS}),
    )

    def recognise(self, key):
        return "" if key.startswith("tinykey-") else "This is not a key of Tiny AI (tinykey-...)."

    def headers(self, key):
        return {"X-Tiny-Key": key.reveal()}

    def allowed_paths(self):
        return (r"spent/(tokens|bill)",)

    async def check(self, client, *, now):
        for name in ("tokens", "bill"):
            await client.get_json(f"spent/{name}", {"from": f"{now:%Y-%m-%d}", "to": f"{now:%Y-%m-%d}"})
        return CheckResult(can_read=frozenset({"tokens", "bill"}), sentence="It reads usage and bills.")

    async def fetch(self, client, stream, window, options):
        window = aligned(window, stream.bucket)
        body = await client.get_json(
            f"spent/{stream.name}", {"from": window.start.isoformat(), "to": window.end.isoformat()}
        )
        parse = _usage if stream.role is Role.USAGE else _line
        rows = [row for row in list_of(body, "rows") if window.covers(iso_time(row, "at"))]
        yield Page([parse(row) for row in rows])

    async def names(self, client, options):
        return []


def _usage(row):
    dims = Dimensions(project=text(row, "team"), model=text(row, "model"), kind=Kind.COMPLETIONS)
    return UsageRecord(start=iso_time(row, "at"), dims=dims, tokens=TokenCounts(out=count(row, "tokens")))


def _line(row):
    return CostRecord(
        day=iso_time(row, "at").date(),
        model=text(row, "model"),
        kind=Kind.COMPLETIONS if text(row, "model") else "",
        line_item=text(row, "words"),
        nanos=nanos(decimal(row, "amount"), "amount"),
        currency=currency(row, "currency"),
    )


PROVIDER = Tiny()
'''

ROWS = {
    "tokens": [
        {
            "at": f"{DAY + timedelta(hours=hour):%Y-%m-%dT%H:%M:%SZ}",
            "team": team,
            "model": "tiny-1",
            "tokens": tokens,
        }
        for hour, team, tokens in ((9, "red", 200), (9, "blue", 100), (15, "blue", 300))
    ],
    "bill": [
        {
            "at": f"{DAY:%Y-%m-%dT00:00:00Z}",
            "model": "tiny-1",
            "words": "tiny-1",
            "amount": "1.20",
            "currency": "USD",
        },
        {
            "at": f"{DAY:%Y-%m-%dT00:00:00Z}",
            "model": "",
            "words": "Desk rent",
            "amount": "0.05",
            "currency": "USD",
        },
    ],
}


class TinyVendor:
    """Serves ROWS to whoever has the key, on loopback."""

    def __init__(self) -> None:
        self.url = ""
        self.methods: set[str] = set()

    async def __aenter__(self) -> "TinyVendor":
        app = web.Application()
        app.router.add_route("*", "/spent/{name}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.methods.add(request.method)
        if request.headers.get("X-Tiny-Key") != KEY:
            return web.json_response({"error": "who are you?"}, status=401)
        return web.json_response({"rows": ROWS[request.match_info["name"]]})


def test_a_file_dropped_into_the_folder_is_a_provider_with_reconciled_spend(tmp_path: Path) -> None:
    code = tmp_path / "code"
    for room in ROOMS:
        shutil.copytree(HOUSE / room, code / room, ignore=shutil.ignore_patterns("__pycache__"))
    (code / "providers" / "tiny.py").write_text(FILE, encoding="utf-8")
    bot = Bot(tmp_path / "home", code=code)
    bot.home.mkdir()

    with served(TinyVendor()) as vendor:
        refused = bot("connect", "tiny", "--key-stdin", "--base-url", vendor.url, stdin="tinykey-wrong")
        connected = bot.good("connect", "tiny", "--key-stdin", "--base-url", vendor.url, stdin=KEY)
        polled = bot.good("poll", "--once", "--provider", "tiny")

    assert refused.code == 1
    assert "Tiny AI is connected" in connected.out
    assert polled.out.splitlines() == ["Tiny AI (tiny) bill: 2 rows", "Tiny AI (tiny) tokens: 3 rows"]
    assert vendor.methods == {"GET"}
    # The bill of $1.20 goes to the teams by their tokens, 1 to 2; the rent is nobody's.
    answer = bot.ask(f"spend {DAY.date()}..{DAY.date()} by project by model")
    assert amounts(answer) == {
        "blue tiny-1": 800_000_000,
        "red tiny-1": 400_000_000,
        "(not attributed) (not attributed)": 50_000_000,
    }
    assert answer["total"]["billed"] == "1.25"
    assert answer["basis"] == "billed"
    assert not (HOUSE / "providers" / "tiny.py").exists()
