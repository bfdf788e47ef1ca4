"""The heartbeat: an address that is called after each good pass, so that a dead bot is not taken for a quiet day."""

from datetime import datetime, timedelta

import aiohttp
import structlog

log = structlog.get_logger("spendbot.heartbeat")

EVERY = timedelta(minutes=1)
TIMEOUT_S = 10


class Heartbeat:
    """Calls one address, at most once a minute. The address may hold a secret: it is never logged."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._last_at: datetime | None = None
        self._is_failing = False

    async def beat(self, now: datetime) -> None:
        """Call the address unless that was done within the last minute; failing is logged once."""
        if (
            self._last_at is not None and timedelta(0) <= now - self._last_at < EVERY
        ):  # the clock may be set back
            return
        self._last_at = now
        error = await self._call()
        if error and not self._is_failing:
            log.warning("heartbeat_failed", error=error)
        self._is_failing = bool(error)

    async def _call(self) -> str:
        try:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(self._url, allow_redirects=False) as answer,
            ):
                return "" if answer.status < 400 else f"status {answer.status}"
        except (aiohttp.ClientError, TimeoutError, OSError) as err:
            return type(err).__name__
