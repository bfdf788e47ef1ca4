"""The metronome: a handful of interval ticks that only say "look now". What is due lives in the database.

APScheduler never keeps a job over a restart (memory store) and never runs one twice at a time; a tick that fails is
logged and comes again. It goes by the wall clock, so a clock that is set back would stop every tick until the old time
comes again: then all ticks are made due at once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger("spendbot.scheduler")


LOOK_S = 1.0
SET_BACK = timedelta(seconds=2)


def _wall_clock() -> datetime:
    return datetime.now(UTC)


class Scheduler:
    """Calls jobs at intervals until it is stopped. `wall_clock` is looked at every `look_s` seconds."""

    def __init__(self, wall_clock: Callable[[], datetime] = _wall_clock, look_s: float = LOOK_S) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._wall_clock, self._look_s = wall_clock, look_s
        self._watch: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[object]] = set()

    def every(self, seconds: float, name: str, job: Callable[[], Awaitable[object]]) -> None:
        """Call a job now and then every so many seconds; a call that is still running is not joined by another."""

        async def call() -> None:
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 - the scheduler runs calls as tasks
            self._running.add(task)
            try:
                await job()
            except (
                asyncio.CancelledError
            ):  # only at the end: it was given time, and what it did not commit comes again
                log.info("job_given_up", job=name)
            except Exception:  # the top of a job: it comes again at the next tick
                log.exception("job_failed", job=name)
            finally:
                self._running.discard(task)

        self._scheduler.add_job(
            call,
            "interval",
            seconds=seconds,
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()
        self._watch = asyncio.create_task(self._watch_clock())

    async def stop(self, timeout_s: float) -> None:
        """Start nothing more, and wait for what runs, at most so long."""
        self._scheduler.pause()
        if self._running:
            await asyncio.wait(self._running, timeout=timeout_s)

    def shut_down(self) -> None:
        """Forget every job."""
        if self._watch is not None:
            self._watch.cancel()
        self._scheduler.shutdown(wait=False)

    async def _watch_clock(self) -> None:
        latest = self._wall_clock()
        while True:
            await asyncio.sleep(self._look_s)
            now = self._wall_clock()
            if now < latest - SET_BACK:
                log.warning("clock_set_back", seconds=round((latest - now).total_seconds()))
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))
            latest = now
