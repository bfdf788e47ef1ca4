"""From an HTTP answer to decoded JSON or to the error that says what has to happen next.

No sentence made here holds a key, a query or an address; the vendor's own words are kept apart in `text`, cleaned.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import NoReturn

from providers._base import ProviderInfo, Secret, type_json
from providers._errors import (
    ProviderAuthError,
    ProviderError,
    ProviderRateLimitedError,
    ProviderReplyError,
    ProviderRequestError,
    ProviderUnavailableError,
)

LONGEST_WAIT = timedelta(minutes=15)
_SECONDS = re.compile(r"\d{1,9}(\.\d{1,3})?")
_KEY_LIKE = re.compile(r"\b(?:sk|sess|xai|eyJ)[-\w*.]{6,}|[\w*-]{32,}|https?://\S+")
_TEXT_LENGTH = 300
_SPEND_CAP = "enforced_spend_limit_reached"  # Anthropic: a 429 that lasts until the next month


def decode(body: bytes, info: ProviderInfo) -> type_json:
    """Return the decoded JSON, every fraction as Decimal.

    Raises ProviderUnavailableError for a body that is not whole JSON (an edge server's page, a cut answer) and
    ProviderReplyError for numbers that are none (NaN, Infinity) and for absurd nesting.
    """

    def refuse(_: str) -> NoReturn:
        raise ProviderReplyError(f"{info.name} answered with a number that is none.")

    try:
        return json.loads(body, parse_float=Decimal, parse_constant=refuse)
    except RecursionError:
        raise ProviderReplyError(f"{info.name} answered with JSON nested too deeply.") from None
    except ValueError:
        raise ProviderUnavailableError(
            f"{info.name} answered with something that is not whole JSON."
        ) from None


def error_for(
    status: int, headers: Mapping[str, str], body: bytes, *, info: ProviderInfo, key: Secret, now: datetime
) -> ProviderError:
    """Return the error for an answer that is not 200."""
    words, code = _vendor_words(body, key)
    wait = retry_after(headers.get("retry-after", ""), now)
    if status in (401, 403):
        return _refusal(status, words, info)
    if status == 429:
        if code == _SPEND_CAP:
            return ProviderRateLimitedError(
                f"{info.name} answers nothing until next month: the organization reached its spend limit (429).",
                status=status,
                retry_after=_until_next_month(now),
            )
        return ProviderRateLimitedError(
            f"{info.name} asks to slow down (429).", status=status, retry_after=wait
        )
    if status >= 500 or status == 408:
        return ProviderUnavailableError(
            f"{info.name} is in trouble ({status}).", status=status, retry_after=wait
        )
    if 300 <= status < 400:
        return ProviderRequestError(
            f"{info.name} answered with a redirect, which is never followed.", status=status
        )
    return ProviderRequestError(
        f"{info.name} does not take this request ({status}).", status=status, text=words
    )


def retry_after(value: str, now: datetime) -> timedelta | None:
    """Read a Retry-After header (seconds, or an HTTP date), at most 15 minutes; None when absent or unreadable."""
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return min(timedelta(seconds=float(value)), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta(0)), LONGEST_WAIT)


def is_spend_cap(error: BaseException) -> bool:
    """Tell whether a refusal lasts until the next month, so that repeating it soon is pointless."""
    wait = getattr(error, "retry_after", None)
    return isinstance(error, ProviderRateLimitedError) and wait is not None and wait > LONGEST_WAIT


def _refusal(status: int, words: str, info: ProviderInfo) -> ProviderAuthError:
    """401 and 403. OpenAI has sent "Missing scopes" with both, so the words come before the status."""
    if status == 403 or "missing scopes" in words.lower():
        sentence = f"{info.name} accepts the key but lets it read no usage (403). {info.no_right_hint}"
        return ProviderAuthError(sentence.strip(), status=403)
    return ProviderAuthError(
        f"{info.name} refuses this key (401). Check that it was copied whole and is not revoked.", status=401
    )


def _vendor_words(body: bytes, key: Secret) -> tuple[str, str]:
    """Return the vendor's error message, without anything key-like, and its error code; '' where there is none."""
    try:
        error = json.loads(body)["error"]
        message, details = error.get("message"), error.get("details")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "", ""
    code = details.get("error_code") if isinstance(details, dict) else None
    text = message if isinstance(message, str) else ""
    text = _KEY_LIKE.sub("…", text.replace(key.reveal(), "…"))
    printable = "".join(c if c.isprintable() else " " for c in text)
    return printable[:_TEXT_LENGTH], code if isinstance(code, str) else ""


def _until_next_month(now: datetime) -> timedelta:
    first = (now.astimezone(UTC).replace(day=28) + timedelta(days=4)).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    return first - now
