"""The demo's clock: stands still until the story moves it; once it is let go it runs with real time."""

import time
from datetime import UTC, datetime, timedelta


class StoryClock:
    """Gives aware UTC. Only the demo has one; everything else is given it as any other clock."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)
        self._running_since: float | None = None

    def __call__(self) -> datetime:
        if self._running_since is None:
            return self._now
        return self._now + timedelta(seconds=time.monotonic() - self._running_since)

    def move_to(self, moment: datetime) -> None:
        """Set the time; a story only goes forward."""
        self._now = max(self._now, moment.astimezone(UTC))

    def let_go(self) -> None:
        """Run with real time from here on."""
        self._running_since = time.monotonic()
