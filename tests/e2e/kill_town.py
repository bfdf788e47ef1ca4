"""What bots are killed between: two vendors with books, a Slack and a Discord that count at their own doors.

All servers live in a thread beside the campaign. Their meters go on counting where a round says so, and forget it at
the end of the round; homes to begin a round with are made once and copied.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.demo.vendors import SimulatedVendors
from bot.demo.vendors.account import Counts, StoredMeter, UsageRow
from bot.failpoints import KEY_KEPT
from tests.bot.demo.shop import MESSAGE, ROW, Shop, shop
from tests.e2e.warm import WarmBot, Zygote
from tests.fakes.discord.server import Discord
from tests.fakes.discord.world import GUILD_ID
from tests.fakes.slack.server import FakeSlack

T = TypeVar("T")
MILLION = 1_000_000
DAYS = 12  # long enough for the line that joins the bill of a settled day, 9 days back
CONNECTED_DAYS_AGO = 8  # in the first week spikes stay quiet
PATIENCE_S = 40


class GrowingMeter(StoredMeter):
    """A meter that goes on counting, and can forget what it counted since it was made."""

    def __init__(self, rows: list[UsageRow]) -> None:
        super().__init__(rows)
        self._first = {start: list(each) for start, each in self._rows.items()}
        self.known = tuple(rows)

    def add(self, row: UsageRow) -> None:
        """Count a row more."""
        self._rows.setdefault(row.start, []).append(row)

    def forget(self) -> None:
        """Be as it was made."""
        self._rows = {start: list(each) for start, each in self._first.items()}


@dataclass
class Town:
    """All of it, and a way to do things in its event loop."""

    loop: asyncio.AbstractEventLoop
    slack: FakeSlack
    discord: Discord
    vendors: SimulatedVendors
    gpt: GrowingMeter
    opus: GrowingMeter
    homes: dict[str, WarmBot] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        """What a bot is told of it."""
        return {
            "SLACK_BOT_TOKEN": self.slack.world.bot_token,
            "SLACK_APP_TOKEN": self.slack.world.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_GUILDS": GUILD_ID,
            "DISCORD_API_URL": self.discord.url,
            "REMOVAL_GRACE": "0s",
        }

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the loop and return what comes of it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE_S)

    def let(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something in the loop without waiting: whoever it is done to may die of it."""
        asyncio.run_coroutine_threadsafe(_shrug(work), self.loop)

    def listens(self, platform: str) -> bool:
        """Tell whether a bot is connected there."""
        connected = (
            self.slack.sockets.connections if platform == "slack" else self.discord.gateway.is_connected
        )
        return bool(connected)

    def connect(self, bot: WarmBot, provider: str) -> int:
        """Connect one vendor on the command line and return the exit code."""
        vendor = self.vendors.openai if provider == "openai" else self.vendors.anthropic
        return bot(*connect_words(self, provider), stdin=vendor.admin_key).code

    def spend(self, times: int) -> None:
        """Let a loop at Anthropic run away: $100 an hour, tripled each time; the last whole hour and this one count."""
        hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        for back in (1, 0):
            start = int((hour - timedelta(hours=back)).timestamp())
            counts = Counts(out=4 * MILLION * 3**times, requests=400)
            self.opus.add(replace(MESSAGE, start=start, counts=counts))

    def calm_down(self) -> None:
        """Forget what a round did to vendors and platforms; messages stay."""
        self.gpt.forget()
        self.opus.forget()
        self.slack.faults.mend()
        self.discord.faults.waiting.clear()
        self.discord.world.guilds[GUILD_ID].is_here = True


def connect_words(town: Town, provider: str) -> tuple[str, ...]:
    """Return the command that connects a vendor; its key goes to standard input."""
    vendor = town.vendors.openai if provider == "openai" else town.vendors.anthropic
    return ("connect", provider, "--key-stdin", "--base-url", vendor.base_url)


async def _shrug(work: Awaitable[Any]) -> None:
    try:
        await work
    except (TimeoutError, ConnectionError, RuntimeError):  # nobody was there any more
        return


@contextmanager
def kill_town(folder: Path, zygote: Zygote) -> Iterator[Town]:
    """Start all servers, and make the homes that rounds begin with."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    stack = AsyncExitStack()

    def do(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(PATIENCE_S)

    try:
        whole, meters = shop(), usual_meters()
        accounts = Shop(replace(whole.openai, meter=meters[0]), replace(whole.anthropic, meter=meters[1]))
        vendors = SimulatedVendors(accounts, lambda: datetime.now(UTC), seed=5, throttle_one_in=40)
        slack, discord = do(_made(FakeSlack)), do(_made(Discord))
        for server in (slack, discord, vendors):
            do(stack.enter_async_context(server))
        town = Town(loop, slack, discord, vendors, *meters)
        make_homes(town, folder, zygote)
        yield town
    finally:
        do(stack.aclose())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE_S)
        loop.close()


async def _made(kind: Callable[[], T]) -> T:
    """Make something in the loop it will live in."""
    return kind()


def usual_meters() -> tuple[GrowingMeter, GrowingMeter]:
    """Return what a small company used until an hour ago, so that all of it is reported: $1.40 and $2.50 an hour."""
    this_hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    starts = [int((this_hour - timedelta(hours=back)).timestamp()) for back in range(2, DAYS * 24)]
    counts = Counts(out=MILLION // 10, requests=10)
    return (
        GrowingMeter([replace(ROW, start=start, counts=counts) for start in starts]),
        GrowingMeter([replace(MESSAGE, start=start, counts=counts) for start in starts]),
    )


def make_homes(town: Town, folder: Path, zygote: Zygote) -> None:
    """Make a home with nothing in it, one whose keys were just kept, and one that is at work on both platforms."""
    for name in ("fresh", "kept", "working"):
        (folder / name).mkdir()
        town.homes[name] = WarmBot(folder / name, town.settings, zygote=zygote)
        town.homes[name].good("init")
    for provider in ("openai", "anthropic"):
        kept = town.homes["kept"]
        kept.kill_at = KEY_KEPT
        assert town.connect(kept, provider) == -9
        kept.kill_at = ""
        assert town.connect(town.homes["working"], provider) == 0
    with town.homes["working"].running("run") as run:
        for platform in ("slack", "discord"):
            run.wait_for(lambda _, there=platform: town.listens(there), within_s=PATIENCE_S)
        town.do(town.discord.connected())
        town.do(town.slack.command("alerts here"))
        town.do(town.discord.slash("spend alerts here"))
        run.wait_for(lambda _: len(channels(town.homes["working"])) == 2, within_s=PATIENCE_S)
        run.wait_for(lambda _: not open_deliveries(town.homes["working"]), within_s=PATIENCE_S)
        assert run.terminate()[0] == 0
    moved = int(timedelta(days=CONNECTED_DAYS_AGO) / timedelta(microseconds=1))
    with closing(sqlite3.connect(town.homes["working"].database)) as database, database:
        database.execute("UPDATE connection SET connected_at = connected_at - ?", (moved,))


def rows(bot: WarmBot, query: str) -> list[tuple[Any, ...]]:
    """Ask a bot's database something."""
    with closing(sqlite3.connect(f"file:{bot.database}?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()


def channels(bot: WarmBot) -> list[tuple[Any, ...]]:
    """Return the chat channels that alerts go to."""
    return rows(bot, "SELECT channel FROM channel WHERE purpose = 'alerts' AND platform != 'console'")


def open_deliveries(bot: WarmBot) -> list[tuple[Any, ...]]:
    """Return what is still to be told."""
    return rows(bot, "SELECT id FROM delivery WHERE state IN ('queued', 'leased', 'unknown')")
