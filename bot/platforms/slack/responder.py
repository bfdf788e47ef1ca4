"""Answers through an act's response URL: private ones, ones in place of a message, ones for the whole channel.

Facts: Slack, "Handling user interaction" (5 uses, 30 minutes, also where the app is not a member), checked 2026-11-20.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from bot.platforms.slack.calls import silent_logger
from bot.platforms.slack.refusals import SlackError, refused, slow_down
from bot.platforms.slack.render import SlackMessage

WORN_OUT = ("expired_url", "used_url", "no_such_response_url")
_LONGEST_WORD = 100
_LONGEST_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Responder:
    """Sends to one response URL."""

    url: str
    client: AsyncWebClient

    async def send(self, message: SlackMessage, *, for_all: bool = False, replaces: bool = False) -> None:
        """Send an answer; `replaces`: in the place of the message that the act was done on, or of the first answer.

        Waits once where Slack asks for a short wait. Raises SlackError; its word is in WORN_OUT when this address takes
        no more answers.
        """
        body: dict[str, Any] = {
            "text": message.text,
            "blocks": list(message.blocks),
            "response_type": "in_channel" if for_all else "ephemeral",
            "replace_original": replaces,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        try:
            await self._send(body)
        except SlackError as err:
            if err.retry_after_s is None or err.retry_after_s > _LONGEST_WAIT_S:
                raise
            await asyncio.sleep(err.retry_after_s)
            await self._send(body)

    async def _send(self, body: dict[str, Any]) -> None:
        webhook = AsyncWebhookClient(
            self.url, timeout=self.client.timeout, retry_handlers=[], logger=silent_logger()
        )
        webhook.proxy = self.client.proxy
        try:
            answer = await webhook.send_dict(body)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as err:
            raise SlackError(f"Slack cannot be reached ({type(err).__name__}).") from None
        except (aiohttp.ClientError, OSError, ValueError) as err:
            name = type(err).__name__
            raise SlackError(f"The connection to Slack broke ({name}).", outcome_known=False) from None
        _look_at(answer)


def _look_at(answer: WebhookResponse) -> None:
    """Raise SlackError unless it was taken. The body of a refusal is Slack's word for it, or JSON with that word."""
    if answer.status_code == 429:
        raise slow_down(str(answer.headers.get("Retry-After", "")))
    if answer.status_code >= 500:
        raise SlackError(f"Slack answered {answer.status_code}.", outcome_known=False)
    if answer.status_code >= 400:
        text = str(answer.body or "").strip()
        if text.startswith("{"):
            with suppress(ValueError, AttributeError):
                text = str(json.loads(text).get("error") or "")
        raise refused(text[:_LONGEST_WORD])
