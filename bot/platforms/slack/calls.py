"""Calls of Slack's Web API through its SDK: one attempt each, a deadline, and every failure as a SlackError.

The SDK by itself sends a call again when the connection breaks, and so posts twice: its retries are off. Its loggers
write message texts and request bodies: they are off too.

Facts: slack_sdk 3.47.0, `web/async_internal_utils.py`; Slack, "Rate limits" (429 with Retry-After), checked 2026-11-20.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms.slack.refusals import SlackError, refused, slow_down

CALL_S = 12
SLACK = "https://slack.com/api/"
_LONGEST_PATIENCE_S = 5.0

type_call = Callable[[], Awaitable[AsyncSlackResponse]]


def silent_logger() -> logging.Logger:
    """Return a logger that writes nothing; Bolt and the SDK get it, as theirs would write what people said."""
    logger = logging.getLogger("spendbot.slack.sdk")
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
    return logger


def make_client(token: str, api_url: str = "", *, timeout_s: int = CALL_S) -> AsyncWebClient:
    """Return a client that makes each call once. `api_url`: another address of the Web API, ending in /api/."""
    base_url = api_url or SLACK
    client = AsyncWebClient(
        token=token, base_url=base_url, timeout=timeout_s, retry_handlers=[], logger=silent_logger()
    )
    host = urlsplit(base_url).hostname or ""
    if host in ("127.0.0.1", "::1", "localhost") or proxy_bypass(host):
        client.proxy = None  # the SDK takes a proxy from the environment and knows no exceptions
    return client


async def called(call: type_call) -> AsyncSlackResponse:
    """Make a call once and return Slack's answer. Raises SlackError.

    Nothing of the answer or of the request is chained to the error: both may hold tokens.
    """
    try:
        return await call()
    except SlackApiError as err:
        raise _failed(err) from None
    except (
        aiohttp.ClientConnectorError,
        aiohttp.ConnectionTimeoutError,
        aiohttp.ClientHttpProxyError,
    ) as err:
        raise SlackError(f"Slack cannot be reached ({type(err).__name__}).") from None
    except TimeoutError:
        raise SlackError("Slack did not answer in time.", outcome_known=False) from None
    except (aiohttp.ClientError, OSError) as err:
        name = type(err).__name__
        raise SlackError(f"The connection to Slack broke ({name}).", outcome_known=False) from None
    except (
        SlackClientError,
        AttributeError,
        TypeError,
        ValueError,
    ) as err:  # the SDK on an answer of no known form
        raise SlackError(
            f"Slack's answer is no answer ({type(err).__name__}).", outcome_known=False
        ) from None


async def read(call: type_call) -> AsyncSlackResponse:
    """Make a call that only reads: once more when it broke, and after a short wait when Slack asks for one."""
    try:
        return await called(call)
    except SlackError as err:
        if err.retry_after_s is not None and err.retry_after_s <= _LONGEST_PATIENCE_S:
            await asyncio.sleep(err.retry_after_s)
        elif err.outcome_known:
            raise
        return await called(call)


def _failed(err: SlackApiError) -> SlackError:
    """Tell a failed call by its status and Slack's word, never by the text of the exception."""
    status = getattr(err.response, "status_code", None)
    headers: Mapping[str, str] = getattr(err.response, "headers", None) or {}
    body = getattr(err.response, "data", None)
    known: Mapping[str, Any] = body if isinstance(body, dict) else {}
    word = str(known.get("error") or "")
    if status == 429:
        return slow_down(headers.get("Retry-After", ""))
    if status is None or status >= 500:
        return SlackError(f"Slack answered {status or 'half an answer'}.", word=word, outcome_known=False)
    if not word:
        is_known = 400 <= status < 500
        return SlackError(f"Slack answered {status} without a word.", outcome_known=is_known)
    return refused(word, _problems(known), headers.get("Retry-After", ""))


def _problems(body: Mapping[str, Any]) -> tuple[str, ...]:
    told = body.get("errors") or (body.get("response_metadata") or {}).get("messages") or []
    return tuple(str(each) for each in told) if isinstance(told, list) else ()
