"""How often a vendor is asked, counted at the vendor: every five minutes on a usual day, every minute when it matters.

The loop spends $20 an hour from 10:00 to 16:20 beside a usual $1. Time is told minute by minute; nothing sleeps.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from bot.cli.ask import ask
from bot.demo.vendors import Fault
from spend.budgets import Budget, Period, Scope
from spend.notify import IncidentKind, IncidentState
from tests.bot.jobs.watching import Scene, local, minutes, scene, shop
from tests.storage.cast import by_mira

USAGE = "usage_report/messages"


@asynccontextmanager
async def morning(folder: Path, **loop: int) -> AsyncIterator[Scene]:
    """The shop at 09:50 on the day of the loop, just read."""
    async with scene(shop(**loop), local(8, 12), folder) as found:
        await found.connect("anthropic", label="Shop Anthropic")
        await found.watch.look()
        await found.at(local(19, 9, 50))
        yield found


async def asked_at(scene_: Scene, start: datetime, end: datetime) -> list[int]:
    """Let minutes pass, both ends included, and return those (since the hour) in which usage was asked for."""
    found = []
    for moment in minutes(start, end, 1):
        before = _requests(scene_)
        await scene_.at(moment)
        if _requests(scene_) > before:
            found.append(moment.minute)
    return found


def _requests(scene_: Scene) -> int:
    return sum(USAGE in request.path for request in scene_.vendors.anthropic.requests)


async def connection_words(scene_: Scene) -> str:
    return str((await ask(scene_.house, "spend status")).body[0])


async def test_a_vendor_is_asked_every_minute_while_a_spike_is_open_and_not_expected(tmp_path: Path) -> None:
    """Usually it is every five minutes, and up to half a minute that keeps connections apart."""
    async with morning(tmp_path) as loop:
        assert await asked_at(loop, local(19, 9, 51), local(19, 10, 1)) == [56]
        assert "asked every" not in await connection_words(loop)

        await loop.at(local(19, 10, 30))
        (spike,) = await loop.of_kind(IncidentKind.SPIKE)
        assert await asked_at(loop, local(19, 10, 31), local(19, 10, 34)) == [31, 32, 33, 34]
        said = await connection_words(loop)
        assert said.startswith(f"Shop Anthropic: asked every minute while {spike.code} is open, usage")
        loop.restart()
        assert await asked_at(loop, local(19, 10, 35), local(19, 10, 36)) == [35, 36]

        await loop.store.act(
            spike.id, IncidentState.EXPECTED, "slack:mira", loop.clock.now, audit=by_mira("expected")
        )
        await loop.watch.look()
        # The read at :37 was brought forward before it was called expected; then it is as slow as ever.
        assert await asked_at(loop, local(19, 10, 37), local(19, 10, 47)) == [37, 43]
        assert "asked every" not in await connection_words(loop)


async def test_a_high_hour_is_looked_at_every_minute_unless_the_vendor_asks_to_wait(tmp_path: Path) -> None:
    """$1.30 an hour beside the usual $1: too little of a budget of $66 a day. Then a 429 asks for two minutes."""
    async with morning(tmp_path, loop_tokens=260_000) as loop:
        everything = Budget(id="", scope=Scope(), period=Period.MONTH, limit=Decimal(2000))
        await loop.store.set_budget(everything, by_mira())
        await loop.at(local(19, 10, 50))
        assert await loop.of_kind(IncidentKind.SPIKE) == []

        assert await asked_at(loop, local(19, 10, 51), local(19, 10, 53)) == [51, 52, 53]
        said = await connection_words(loop)
        assert "asked every minute while its last hour is over twice the usual" in said

        loop.vendors.anthropic.faults.plan(USAGE, Fault.answers(429, retry_after=120), times=1)
        assert await asked_at(loop, local(19, 10, 54), local(19, 11, 2)) == [54, 56, 2]
        assert "asked every" not in await connection_words(loop)
