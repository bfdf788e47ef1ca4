"""What goes wrong next: a fault waits for a method of the Web API, `response_url`, `upload` or `*` (any of them)."""

from dataclasses import dataclass, field

from aiohttp import web

RETRY_AFTER_S = 7
TAKEN = "taken"


@dataclass
class Fault:
    """One way to fail, so many times (0: until it is mended).

    kind: "429", "500", "502 page" (a proxy's page in HTML), "garbage" (half an answer), "reset", "silent": nothing was
    taken. The same followed by " taken": it was taken, and the answer says or fails otherwise. Any other word is
    Slack's own error, such as "not_in_channel".
    """

    method: str
    kind: str
    times: int = 1
    retry_after_s: int = RETRY_AFTER_S
    detail: dict[str, object] = field(default_factory=dict)

    @property
    def is_taken(self) -> bool:
        """Whether what was asked is done all the same."""
        return self.kind.endswith(f" {TAKEN}")

    @property
    def name(self) -> str:
        """How it fails."""
        return self.kind.removesuffix(f" {TAKEN}")


@dataclass
class Faults:
    """The faults that wait."""

    waiting: list[Fault] = field(default_factory=list)

    def take(self, method: str) -> Fault | None:
        """Return the fault that the next call of a method meets, and count it."""
        for fault in self.waiting:
            if fault.method in (method, "*"):
                if fault.times == 1:
                    self.waiting.remove(fault)
                elif fault.times:
                    fault.times -= 1
                return fault
        return None

    def mend(self, method: str = "") -> None:
        """Take away the faults of a method, or all of them."""
        self.waiting = [each for each in self.waiting if method and each.method != method]


FAILING = ("429", "500", "502 page", "garbage", "reset", "silent")


def answer_of(fault: Fault, request: web.Request) -> web.StreamResponse | None:
    """Return the answer of a fault that is none of Slack's own words; None where the connection is to break."""
    if fault.name == "429":
        body = {"ok": False, "error": "ratelimited"}
        return web.json_response(body, status=429, headers={"Retry-After": str(fault.retry_after_s)})
    if fault.name == "500":
        return web.json_response({"ok": False, "error": "internal_error"}, status=500)
    if fault.name == "502 page":
        return web.Response(text="<html>Bad gateway</html>", status=502, content_type="text/html")
    if fault.name == "garbage":
        return web.Response(text='{"ok": tr', content_type="application/json")
    if fault.name == "reset" and request.transport is not None:
        request.transport.abort()
    return None
