"""The metronome: ticks come again and again, whatever a tick or the wall clock does."""

import asyncio
from datetime import UTC, datetime, timedelta

from structlog.testing import capture_logs

from bot.scheduler import Scheduler

LONGEST_S = 10


async def test_a_tick_that_fails_is_logged_and_comes_again() -> None:
    came = asyncio.Event()
    times = 0

    async def fail_once() -> None:
        nonlocal times
        times += 1
        if times == 1:
            raise ValueError("for once")
        came.set()

    scheduler = Scheduler()
    scheduler.every(0.01, "tick", fail_once)
    with capture_logs() as logged:
        scheduler.start()
        await asyncio.wait_for(came.wait(), LONGEST_S)
        scheduler.shut_down()

    assert [(each["event"], each["job"]) for each in logged] == [("job_failed", "tick")]


async def test_a_clock_that_is_set_back_makes_every_tick_due_at_once() -> None:
    """An hour's tick has come; it comes again though its hour is not over, because nobody knows when it would be."""
    now = datetime(2026, 11, 19, tzinfo=UTC)
    ticks: asyncio.Queue[datetime] = asyncio.Queue()

    async def tick() -> None:
        ticks.put_nowait(now)

    scheduler = Scheduler(lambda: now, look_s=0.01)
    scheduler.every(3600, "tick", tick)
    with capture_logs() as logged:
        scheduler.start()
        await asyncio.wait_for(ticks.get(), LONGEST_S)
        now -= timedelta(days=1)
        await asyncio.wait_for(ticks.get(), LONGEST_S)
        scheduler.shut_down()

    assert [(each["event"], each["seconds"]) for each in logged] == [("clock_set_back", 86400)]
