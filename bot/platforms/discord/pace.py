"""How fast Discord may be asked: what it said about waiting, and how many refusals are safe. Pure; times in seconds.

Facts: Discord's API reference, Rate Limits (checked 2026-11-20): buckets per route and channel in headers, a global
limit, and a ban of the address after 10,000 answers of 401, 403 or 429 within 10 minutes.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any

INVALID = (401, 403, 429)
INVALID_WINDOW_S = 600.0
MOST_INVALID = 500  # a twentieth of what Discord bans for
UNSAID_WAIT_S = 5.0  # a 429 that does not say how long, as its proxies send
EVERYTHING = "*"
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 600.0


class Pace:
    """What Discord told about waiting, by bucket (`POST /channels/1/messages`). `now` is a monotonic time."""

    def __init__(self) -> None:
        self._closed_until: dict[str, float] = {}
        self._invalid: deque[float] = deque()

    def wait_s(self, bucket: str, now: float) -> float:
        """Return how long a request of this bucket must wait; 0 when it may go."""
        until = max(self._closed_until.get(bucket, 0.0), self._closed_until.get(EVERYTHING, 0.0))
        return max(until - now, self._safety_s(now), 0.0)

    def learn(
        self, bucket: str, status: int, headers: Mapping[str, str], body: object, now: float
    ) -> float | None:
        """Take in an answer; return how long Discord asks to wait when it is a 429, else None."""
        self._closed_until = {key: until for key, until in self._closed_until.items() if until > now}
        if status in INVALID:
            self._invalid.append(now)
        if status == 429:
            wait_s = asked_wait_s(headers, body)
            is_global = "X-RateLimit-Global" in headers or (
                isinstance(body, dict) and body.get("global") is True
            )
            self._closed_until[EVERYTHING if is_global else bucket] = now + wait_s
            return wait_s
        if headers.get("X-RateLimit-Remaining") == "0":
            self._closed_until[bucket] = now + _seconds(headers.get("X-RateLimit-Reset-After"), 0.0)
        return None

    def _safety_s(self, now: float) -> float:
        while self._invalid and now - self._invalid[0] > INVALID_WINDOW_S:
            self._invalid.popleft()
        return INVALID_WINDOW_S - (now - self._invalid[0]) if len(self._invalid) >= MOST_INVALID else 0.0


def asked_wait_s(headers: Mapping[str, str], body: object) -> float:
    """Return the wait a 429 asks for: the body is exact, the header whole seconds; a default where neither says."""
    said: Any = body.get("retry_after") if isinstance(body, dict) else None
    return _seconds(said, _seconds(headers.get("Retry-After"), UNSAID_WAIT_S))


def bucket_of(method: str, path: str) -> str:
    """Return the bucket of a request: its method, its route and its channel, without the message's id.

    >>> bucket_of("PATCH", "/channels/12/messages/34")
    'PATCH /channels/12/messages'
    """
    return f"{method} /" + "/".join(path.strip("/").split("?")[0].split("/")[:3])


def _seconds(said: object, otherwise: float) -> float:
    """Read seconds; not a number, negative or not finite: otherwise."""
    try:
        value = float(str(said))
    except ValueError:
        return otherwise
    return value if 0 <= value < 86_400 else otherwise


class IdentifyPace:
    """How long to wait before a new session: nothing at first, then twice as long each time within an hour.

    That is at most about 12 in an hour, far from the 1,000 a day after which Discord resets a token.
    """

    def __init__(self) -> None:
        self._at: deque[float] = deque()

    def wait_s(self, now: float) -> float:
        """Return how long to wait still."""
        while self._at and now - self._at[0] > 3600:
            self._at.popleft()
        if not self._at:
            return 0.0
        pause_s: float = min(FIRST_PAUSE_S * 2 ** (len(self._at) - 1), LONGEST_PAUSE_S)
        return max(self._at[-1] + pause_s - now, 0.0)

    def identified(self, now: float) -> None:
        """Take note of a new session."""
        self._at.append(now)
