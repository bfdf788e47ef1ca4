"""Everything at once: two vendors, a Slack and a Discord on loopback, and the real process between them."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.demo.vendors import SimulatedVendors
from bot.demo.vendors.account import Counts, Fee, StoredMeter, UsageRow
from tests.bot.demo.shop import MESSAGE, ROW, Shop, shop
from tests.e2e.processes import Bot, Done, Running
from tests.fakes.discord.server import Discord
from tests.fakes.discord.world import GUILD_ID
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.world import Message

MILLION = 1_000_000
PATIENCE_S = 40.0
DAYS = 12


def real_now() -> datetime:
    """The processes under test have no other clock."""
    return datetime.now(UTC)


class GrowingMeter(StoredMeter):
    """A meter that goes on counting."""

    def add(self, row: UsageRow) -> None:
        """Count a row more."""
        self._rows.setdefault(row.start, []).append(row)


@dataclass
class Town:
    """The parts. `opus` and `gpt` are the vendors' meters: what is added there was used just now."""

    bot: Bot
    running: Running
    slack: FakeSlack
    discord: Discord
    vendors: SimulatedVendors
    gpt: GrowingMeter
    opus: GrowingMeter

    async def run(self, *words: str, stdin: str = "") -> Done:
        """Run a command of the command line beside the running bot."""
        return await asyncio.to_thread(self.bot.good, *words, stdin=stdin)

    async def poll(self) -> None:
        """Let everything be read now."""
        await self.run("poll", "--once")

    def days_pass(self, days: int) -> None:
        """Let the accounts have been connected so many days ago: processes have no clock that could be moved."""
        moved = int(timedelta(days=days) / timedelta(microseconds=1))
        with sqlite3.connect(self.bot.database) as database:
            database.execute("UPDATE connection SET connected_at = connected_at - ?", (moved,))

    async def slack_says(self, channel: str, words: str) -> Message:
        """Wait for a message that people see in a Slack channel."""

        def look() -> Message | None:
            found = [each for each in self.slack.world.in_channel(channel) if words in each.text + each.words]
            return found[-1] if found else None

        found = await self.slack.world.until(look, timeout_s=PATIENCE_S)
        assert found is not None
        return found


def usual_rows(hours: int) -> tuple[list[UsageRow], list[UsageRow]]:
    """A small company until now: $1.40 and $2.50 an hour."""
    this_hour = real_now().replace(minute=0, second=0, microsecond=0)
    starts = [int((this_hour - timedelta(hours=back)).timestamp()) for back in range(1, hours)]
    gpt = [replace(ROW, start=start, counts=Counts(out=MILLION // 10, requests=10)) for start in starts]
    opus = [replace(MESSAGE, start=start, counts=Counts(out=MILLION // 10, requests=10)) for start in starts]
    return gpt, opus


def runaway_rows() -> Sequence[UsageRow]:
    """A loop that began an hour ago: $100 an hour."""
    this_hour = real_now().replace(minute=0, second=0, microsecond=0)
    starts = [int((this_hour - timedelta(hours=back)).timestamp()) for back in (1, 0)]
    return [replace(MESSAGE, start=start, counts=Counts(out=4 * MILLION, requests=400)) for start in starts]


@asynccontextmanager
async def town(home: Path, *, port: int = 0, **settings: str) -> AsyncIterator[Town]:
    """Start everything; the bot knows the addresses of all of it by its settings alone."""
    await asyncio.to_thread(home.mkdir, exist_ok=True)
    whole, (gpt_rows, opus_rows) = shop(), usual_rows(DAYS * 24)
    no_fees: tuple[Fee, ...] = ()
    gpt, opus = GrowingMeter(gpt_rows, no_fees), GrowingMeter(opus_rows, no_fees)
    accounts = Shop(replace(whole.openai, meter=gpt), replace(whole.anthropic, meter=opus))
    async with FakeSlack() as slack, Discord() as discord, SimulatedVendors(accounts, real_now) as vendors:
        bot = Bot(
            home,
            {
                "SLACK_BOT_TOKEN": slack.world.bot_token,
                "SLACK_APP_TOKEN": slack.world.app_token,
                "SLACK_API_URL": slack.api_url,
                "DISCORD_TOKEN": discord.token,
                "DISCORD_GUILDS": GUILD_ID,
                "DISCORD_API_URL": discord.url,
                "OPENAI_BASE_URL": vendors.openai.base_url,
                "ANTHROPIC_BASE_URL": vendors.anthropic.base_url,
                **settings,
            },
        )
        with bot.running("run") as running:
            try:
                yield Town(bot, running, slack, discord, vendors, gpt, opus)
            except BaseException:
                print(running.err)  # pytest shows it with what failed
                raise
            finally:
                await asyncio.to_thread(running.kill)
