"""The fault dial: what can go wrong between a vendor and its client, on demand or now and then."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

HTML_PAGE = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n<h1>502 Bad Gateway</h1>\n</body>\n</html>\n"


class FaultKind(StrEnum):
    """`status` answers with an error; `cut` sends half of the JSON; `drip` sends slowly; the rest never answer."""

    STATUS = "status"
    CUT = "cut"
    DRIP = "drip"
    RESET = "reset"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail. `body` None: the vendor's own error shape for `status`. `pause_s` is between dripped bytes."""

    kind: FaultKind
    status: int = 200
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    pause_s: float = 0.0

    @classmethod
    def answers(cls, status: int, *, retry_after: int | None = None, body: str | None = None) -> "Fault":
        """An error status, with the vendor's own body unless one is given."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return cls(FaultKind.STATUS, status, body, headers)

    @classmethod
    def html(cls, status: int = 502) -> "Fault":
        """A page of some gateway in between instead of JSON."""
        return cls(FaultKind.STATUS, status, HTML_PAGE, {"Content-Type": "text/html"})

    @classmethod
    def cut(cls) -> "Fault":
        """The right answer, of which only the first half arrives as a complete response."""
        return cls(FaultKind.CUT)

    @classmethod
    def drip(cls, pause_s: float) -> "Fault":
        """The right answer, a byte every `pause_s` seconds."""
        return cls(FaultKind.DRIP, pause_s=pause_s)

    @classmethod
    def reset(cls) -> "Fault":
        """The connection is closed without an answer."""
        return cls(FaultKind.RESET)

    @classmethod
    def hang(cls) -> "Fault":
        """No answer ever; the request ends when the client gives up or the server stops."""
        return cls(FaultKind.HANG)


@dataclass(slots=True)
class _Planned:
    path: str
    fault: Fault
    skip: int
    times: int


class FaultDial:
    """Decides for each request whether it fails. Planned faults come first, in the order they were planned.

    `throttle_one_in` N: about every Nth request gets a 429 with Retry-After of one second, chosen from `seed`; 0: none.
    """

    def __init__(self, *, seed: int = 0, throttle_one_in: int = 0) -> None:
        self._seed = seed
        self._throttle_one_in = throttle_one_in
        self._asked = 0
        self._planned: list[_Planned] = []

    def plan(self, path: str, fault: Fault, *, times: int = 1, after: int = 0) -> None:
        """Let the next `times` requests whose path contains `path` fail, after letting `after` of them through."""
        self._planned.append(_Planned(path, fault, after, times))

    @property
    def is_spent(self) -> bool:
        """True when everything planned has happened."""
        return not any(planned.times for planned in self._planned)

    def clear(self) -> None:
        """Forget everything planned that has not happened yet."""
        self._planned.clear()

    def next_for(self, path: str) -> Fault | None:
        """Return the fault of this request, None when it is to be answered; counts the request."""
        self._asked += 1
        for planned in self._planned:
            if planned.path in path and planned.times:
                if planned.skip:
                    planned.skip -= 1
                    continue
                planned.times -= 1
                return planned.fault
        return Fault.answers(429, retry_after=1) if self._is_throttled() else None

    def _is_throttled(self) -> bool:
        if not self._throttle_one_in:
            return False
        digest = hashlib.blake2b(f"{self._seed}:{self._asked}".encode(), digest_size=4).digest()
        return int.from_bytes(digest) % self._throttle_one_in == 0
