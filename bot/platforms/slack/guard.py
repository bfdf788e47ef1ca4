"""The door of HTTP mode: what is let through to Bolt, and why the rest is not. Pure checks on bytes and headers.

Bolt by itself answers 500 to a malformed time or signature, logs the body of what it refuses and runs a replayed
request again. So a request is looked at here first, in an order in which a stranger's costs least.

Facts: Slack, "Verifying requests from Slack" (signature over `v0:time:body`, 5 minutes), checked 2026-11-20.
"""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

LONGEST_BODY = 1024 * 1024
LONGEST_AGE_S = 300
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
_TIME = re.compile(r"[0-9]{9,11}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
_MOST_FIELDS = 100


class Refusal(Enum):
    """Why a request is not let in: the status it is answered with, and words that hold nothing of it."""

    METHOD = (405, "not a POST")
    CONTENT_TYPE = (415, "neither a form nor JSON")
    ENCODED = (415, "a compressed body")
    TOO_LONG = (413, "a body over 1 MiB")
    SLOW = (408, "a body that does not end")
    UNREADABLE = (400, "a body that cannot be read")
    UNSIGNED = (401, "no signature in Slack's form")
    BAD_SIGNATURE = (401, "a signature of another secret")
    OLD = (401, "signed more than 5 minutes away from this machine's clock")
    REPLAYED = (409, "seen before")
    MALFORMED = (400, "a body of no known form")
    UNKNOWN = (400, "signed, and of a form that is not known here")

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.value[0]

    @property
    def words(self) -> str:
        """The reason."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Signed:
    """What came: headers by lower-case name, the body as it was sent."""

    headers: Mapping[str, str]
    body: bytes


@dataclass
class Replays:
    """The signatures of the last minutes. Only those that Slack made get in, so no stranger can fill it."""

    _until: dict[str, float] = field(default_factory=dict)

    def is_new(self, signature: str, sent_at: int, now: float) -> bool:
        """Note a signature; False when it was there already. It is kept for as long as it would be let in."""
        for old in [each for each, until in self._until.items() if until < now]:
            del self._until[old]
        if signature in self._until:
            return False
        self._until[signature] = sent_at + LONGEST_AGE_S
        return True


def refuse_unread(method: str, headers: Mapping[str, str]) -> Refusal | None:
    """Judge a request by its head alone, before its body is read."""
    if method != "POST":
        return Refusal.METHOD
    if content_type(headers) not in (JSON, FORM):
        return Refusal.CONTENT_TYPE
    if headers.get("content-encoding", "identity") != "identity":
        return Refusal.ENCODED
    length = headers.get("content-length", "0")
    if not length.isascii() or not length.isdecimal() or len(length) > 10 or int(length) > LONGEST_BODY:
        return Refusal.TOO_LONG
    return None if _is_signed(headers) else Refusal.UNSIGNED


def refuse(request: Signed, *, secret: str, now: float, replays: Replays) -> Refusal | None:
    """Judge a whole request whose head passed `refuse_unread`; None lets it in, once.

    A good signature over an old time is `OLD`: this machine's clock is wrong, or somebody kept the request.
    """
    if len(request.body) > LONGEST_BODY:
        return Refusal.TOO_LONG
    if not _is_signed(request.headers):
        return Refusal.UNSIGNED
    sent_at, signature = _time_of(request.headers), request.headers["x-slack-signature"]
    if not hmac.compare_digest(signature, signature_of(secret, sent_at, request.body)):
        return Refusal.BAD_SIGNATURE
    if abs(now - int(sent_at)) > LONGEST_AGE_S:
        return Refusal.OLD
    if read_body(content_type(request.headers), request.body) is None:
        return Refusal.MALFORMED
    if not replays.is_new(signature, int(sent_at), now):
        return Refusal.REPLAYED
    return None


def seconds_ahead(headers: Mapping[str, str], now: float) -> int:
    """Return how far this machine's clock is ahead of a signed request's (negative: behind)."""
    return round(now - int(_time_of(headers)))


def signature_of(secret: str, sent_at: str, body: bytes) -> str:
    """Return Slack's signature of a body."""
    digest = hmac.new(secret.encode(), b"v0:" + sent_at.encode() + b":" + body, sha256)
    return f"v0={digest.hexdigest()}"


def content_type(headers: Mapping[str, str]) -> str:
    """Return the content type without its parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def read_body(kind: str, body: bytes) -> dict[str, Any] | None:
    """Return what a body says, as Bolt will read it; None when it is none of Slack's forms."""
    try:
        text = body.decode()
        if kind == JSON:
            return _object(text)
        if text.lstrip().startswith("{"):
            return None
        fields = dict(
            parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS)
        )
        if "payload" in fields:
            return _object(fields["payload"])
        return fields if "command" in fields or "ssl_check" in fields else None
    except (ValueError, RecursionError):
        return None


def _object(text: str) -> dict[str, Any] | None:
    found = json.loads(text)
    return found if isinstance(found, dict) and isinstance(found.get("type"), str) else None


def _is_signed(headers: Mapping[str, str]) -> bool:
    signature = headers.get("x-slack-signature", "")
    return bool(_TIME.fullmatch(_time_of(headers)) and _SIGNATURE.fullmatch(signature))


def _time_of(headers: Mapping[str, str]) -> str:
    return headers.get("x-slack-request-timestamp", "")
