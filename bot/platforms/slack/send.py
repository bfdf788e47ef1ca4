"""Slack as `ports.Platform`: posts, edits, thread lines, pictures. Every post is made once, and says what came of it.

The id of a message is `channel:ts`: a person's id is a channel to post to, but only Slack's own id of that direct
message can be used to change what was posted there.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms.slack.calls import called
from bot.platforms.slack.membership import may_post
from bot.platforms.slack.plainer import FILE_WAITS_S, Drawing, Tables, send_drawn
from bot.platforms.slack.refusals import SlackError
from bot.platforms.slack.render import SlackMessage, render
from bot.platforms.slack.upload import Picture, Uploads
from bot.ports import Outgoing

_ASK_AGAIN_AFTER_S = 60.0

type_send = Callable[[SlackMessage], Awaitable[AsyncSlackResponse]]
T = TypeVar("T")


@dataclass(eq=False)
class SlackPlatform:
    """Posts into one Slack workspace. `trouble`: why nothing can be posted anywhere, '' while it can (not `stopped`).

    file_waits_s: the waits when Slack says that a picture it called ready is not.
    """

    client: AsyncWebClient
    uploads: Uploads
    file_waits_s: Sequence[float] = FILE_WAITS_S
    clock: Callable[[], float] = time.monotonic
    trouble: str = ""
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    name: str = "slack"
    theme: str = "light"
    keeps_in_database: bool = False
    drops_repeats_for: timedelta = timedelta(0)
    can_find: bool = False
    tables: Tables = field(default_factory=Tables)
    _asked_at: float = field(default=float("-inf"), init=False)

    async def post(self, message: Outgoing) -> str:
        """Post a message."""
        return await self._post(message, {})

    async def edit(self, message: Outgoing) -> str:
        """Change a message. Raises where its picture cannot be shown, so that it can follow in the thread."""
        channel, ts = place_of(message)

        def send(drawn: SlackMessage) -> Awaitable[AsyncSlackResponse]:
            body = {"channel": channel, "ts": ts, "text": drawn.text, "blocks": list(drawn.blocks)}
            return self.client.api_call("chat.update", json=body)

        await self._guarded(lambda: self._drawn(message, send, needs_picture=True))
        return f"{channel}:{ts}"

    async def reply(self, message: Outgoing) -> str:
        """Answer in a thread; a picture that no message can show goes there as a file."""
        channel, ts = place_of(message)
        if message.picture is not None and message.view.chart is not None:
            return await self._guarded(lambda: self._picture_in_thread(message, channel, ts))
        return await self._post(message, {"channel": channel, "thread_ts": ts})

    async def find(self, channel: str, code: str) -> str:
        """Nothing is looked for: reading channels would need rights that this app does not ask for."""
        return ""

    async def upload(self, message: Outgoing) -> str:
        """Bring the picture to Slack, seen by nobody, and wait until a message may show it."""
        if message.picture is None or message.view.chart is None:
            return ""
        picture = Picture(message.picture, message.view.chart.alt)
        return await self._guarded(lambda: self.uploads.bring(picture))

    async def may_post(self, channel: str, external_id: str) -> bool:
        """Find out unseen; where Slack does not say, the first message will tell. A token knows its own team only."""
        return await may_post(self.client, channel)

    async def private_channel(self, user_id: str) -> str:
        """A person's own id is the channel that reaches only them (chat.postMessage, scope chat:write)."""
        return user_id

    async def _post(self, message: Outgoing, where: dict[str, str]) -> str:
        def send(drawn: SlackMessage) -> Awaitable[AsyncSlackResponse]:
            body: dict[str, Any] = {
                "channel": message.channel,
                "text": drawn.text,
                "blocks": list(drawn.blocks),
                "unfurl_links": False,
                "unfurl_media": False,
                **where,
            }
            return self.client.api_call("chat.postMessage", json=body)

        answer = await self._guarded(lambda: self._drawn(message, send))
        return f"{answer.get('channel') or message.channel}:{answer.get('ts')}"

    async def _picture_in_thread(self, message: Outgoing, channel: str, ts: str) -> str:
        chart, png = message.view.chart, message.picture
        assert chart is not None and png is not None  # noqa: S101, PT018 - `reply` looked
        text = render(message.view, is_possible_repeat=message.is_possible_repeat).text
        await self.uploads.share(Picture(png, chart.alt), channel=channel, thread_ts=ts, text=text)
        return message.parent

    async def _drawn(
        self, message: Outgoing, send: type_send, *, needs_picture: bool = False
    ) -> AsyncSlackResponse:
        drawing = Drawing(
            view=message.view,
            file_id=message.file_id,
            is_possible_repeat=message.is_possible_repeat,
            needs_picture=needs_picture,
        )
        return await send_drawn(
            drawing,
            lambda drawn: called(partial(send, drawn)),
            tables=self.tables,
            file_waits_s=self.file_waits_s,
        )

    async def _guarded(self, call: Callable[[], Awaitable[T]]) -> T:
        """Make a call unless the token is known to be refused; then ask about it once a minute instead."""
        if self.trouble:
            await self._ask_about_token()
        try:
            return await call()
        except SlackError as err:
            if err.is_token:
                self.stop(err.sentence)
            raise

    def stop(self, sentence: str) -> None:
        """Post nothing more until Slack takes the token again, and say why."""
        self.trouble, self._asked_at = sentence, self.clock()
        self.stopped.set()

    def resume(self) -> None:
        """Post again: Slack takes the token."""
        self.trouble = ""
        self.stopped.clear()

    async def _ask_about_token(self) -> None:
        if self.clock() - self._asked_at < _ASK_AGAIN_AFTER_S:
            raise SlackError(self.trouble, is_token=True)
        self._asked_at = self.clock()
        await called(self.client.auth_test)
        self.resume()


def make_platform(client: AsyncWebClient) -> SlackPlatform:
    """Return the platform that posts with this client's token."""
    return SlackPlatform(client, Uploads(client))


def place_of(message: Outgoing) -> tuple[str, str]:
    """Return channel and ts of the message that is changed or answered."""
    channel, _, ts = message.parent.rpartition(":")
    return channel or message.channel, ts
