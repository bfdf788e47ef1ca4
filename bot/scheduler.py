"""The metronome: a handful of interval ticks that only say "look now". What is due lives in the database.

APScheduler never keeps a job over a restart (memory store) and never runs one twice at a time; a tick that fails is
logged and comes again.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger("spendbot.scheduler")


class Scheduler:
    """Calls jobs at intervals until it is stopped."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def every(self, seconds: float, name: str, job: Callable[[], Awaitable[object]]) -> None:
        """Call a job now and then every so many seconds; a call that is still running is not joined by another."""

        async def call() -> None:
            try:
                await job()
            except Exception:  # the top of a job: it comes again at the next tick
                log.exception("job_failed", job=name)

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

    def stop(self) -> None:
        """Start nothing more; what runs goes on."""
        self._scheduler.pause()

    def shut_down(self) -> None:
        """Forget every job."""
        self._scheduler.shutdown(wait=False)
