"""Whether the bot may post in a channel, found out unseen: a message is scheduled for far ahead and taken back.

The scopes that would tell (channels:read, groups:read) let an app read the list of all channels, which this one does
not ask for.

Facts: Slack, "chat.scheduleMessage" (scope chat:write; refuses with not_in_channel as a post would; up to 120 days
ahead) and "chat.deleteScheduledMessage", checked 2026-11-29.
"""

import time

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.calls import called, read
from bot.platforms.slack.refusals import SlackError

log = structlog.get_logger("spendbot.slack")

_AHEAD_S = 100 * 86400
_WORDS = "spendbot looked whether it may post here."


async def may_post(client: AsyncWebClient, channel: str) -> bool:
    """Tell whether a message would be taken there. Where Slack does not say, the first message will tell."""
    try:
        at = int(time.time()) + _AHEAD_S
        answer = await called(
            lambda: client.api_call(
                "chat.scheduleMessage", json={"channel": channel, "post_at": at, "text": _WORDS}
            )
        )
    except SlackError as err:
        return not err.permanent
    scheduled = answer.get("scheduled_message_id")
    if scheduled:
        await _take_back(client, str(answer.get("channel") or channel), str(scheduled))
    return True


async def _take_back(client: AsyncWebClient, channel: str, scheduled: str) -> None:
    body = {"channel": channel, "scheduled_message_id": scheduled}
    try:
        await read(lambda: client.api_call("chat.deleteScheduledMessage", json=body))
    except SlackError as err:
        log.warning("slack_schedule_left", error=err.sentence)
