"""How fast one credential may ask: a token bucket that allows bursts for paging and keeps the long run slow.

Facts: no numeric limit is published for OpenAI's organization endpoints (about one request a second was measured as
safe); Anthropic asks for one a minute sustained and allows bursts for paging. Checked 2026-11-21.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

BURST = 5000  # 90 days of three streams fit, were there a page for every hour: first figures do not wait
PER_SECOND = 1.0


class Pacer:
    """The bucket of one credential. Requests are let through in the order they came."""

    def __init__(
        self,
        *,
        burst: float = BURST,
        per_second: float = PER_SECOND,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._sleep = sleep
        self._tokens = burst
        self._filled_at = clock()

    async def wait_turn(self) -> None:
        """Take one request out of the bucket and wait until it may be sent."""
        self.charge()
        if self._tokens < 0:
            await self._sleep(-self._tokens / self._per_second)

    def charge(self) -> None:
        """Take one request out of the bucket without waiting: a repeat has waited by its back-off already."""
        now = self._clock()
        gained = max(0.0, now - self._filled_at) * self._per_second
        self._tokens = min(self._burst, self._tokens + gained) - 1
        self._filled_at = now
