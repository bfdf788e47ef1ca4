"""Shows what the desk replies to an act: privately, in place of an answer, or to all.

A private answer is text, and is replaced by itself with its picture in it: 2 of the 5 uses of its response URL. What
such an address replaces is the message the act was done on. So an answer beside that message, and one for all, wait for
their picture and are sent once. A command was done on no message: Slack may show the second answer as a message of its
own (slackapi/bolt-python issue 1268, bolt-js issue 2287), so a picture that is ready soon goes along at once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Arrival, How, Reply
from bot.errors import ChatError
from bot.platforms.slack.acts import Act
from bot.platforms.slack.calls import called
from bot.platforms.slack.plainer import Drawing, Tables, send_drawn
from bot.platforms.slack.refusals import SlackError
from bot.platforms.slack.render import SlackMessage
from bot.platforms.slack.responder import WORN_OUT, Responder
from bot.platforms.slack.upload import Picture, Uploads
from bot.views.footer import without_picture
from bot.views.model import View

log = structlog.get_logger("spendbot.slack")

PICTURE_S = 10.0
BESIDE_S = 5.0
SOON_S = 1.5

type_draw = Callable[[View, Arrival], Awaitable[bytes | None]]
type_send = Callable[[SlackMessage], Awaitable[None]]
type_send_in_place = Callable[[SlackMessage, bool], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answers:
    """Shows replies. `draw` makes a view's picture, None when there is no room for it."""

    client: AsyncWebClient
    uploads: Uploads
    draw: type_draw
    tables: Tables = field(default_factory=Tables)

    async def show(self, reply: Reply | None, act: Act, arrival: Arrival) -> None:
        """Show a reply that is no form. A failure is logged: there is nobody left to tell."""
        if reply is None or reply.how is How.NOTHING or reply.view is None:
            return
        try:
            if reply.how is How.POST:
                await self._to_all(reply.view, act, arrival)
            else:
                await self._to_one(reply.view, act, arrival, replaces=reply.how is How.REPLACE)
        except SlackError as err:
            log.warning("slack_answer_lost", error=err.sentence, word=err.word)

    async def _to_one(self, view: View, act: Act, arrival: Arrival, *, replaces: bool) -> None:
        sends = self._way_to_one(act)
        if view.chart is None:
            await self._send(Drawing(view=view), lambda drawn: sends(drawn, replaces))
        elif act.is_on_message and not replaces:
            drawing = await self._pictured(view, arrival, within_s=BESIDE_S)
            await self._send(drawing, lambda drawn: sends(drawn, False))
        else:
            patience_s = 0.0 if replaces or not act.response_url else SOON_S
            await self._text_then_picture(
                view, arrival, lambda drawn: sends(drawn, replaces), sends, patience_s
            )

    async def _text_then_picture(
        self, view: View, arrival: Arrival, first: type_send, then: type_send_in_place, patience_s: float
    ) -> None:
        """Send the text after so many seconds at most; then the same in its place with the picture."""
        pictured = asyncio.create_task(self._pictured(view, arrival, within_s=PICTURE_S))
        try:
            ready, _ = await asyncio.wait({pictured}, timeout=patience_s)
            if ready:
                await self._send(pictured.result(), first)
                return
            await self._send(Drawing(view=view), first)
            await self._send(await pictured, lambda drawn: then(drawn, True))
        finally:
            pictured.cancel()

    async def _to_all(self, view: View, act: Act, arrival: Arrival) -> None:
        drawing = (
            Drawing(view=view)
            if view.chart is None
            else await self._pictured(view, arrival, within_s=PICTURE_S)
        )
        if act.response_url:
            responder = Responder(act.response_url, self.client)
            await self._send(drawing, lambda drawn: responder.send(drawn, for_all=True))
        else:
            await self._send(drawing, lambda drawn: self._post(act.channel, drawn))

    async def _send(self, drawing: Drawing, send: type_send) -> None:
        await send_drawn(drawing, send, tables=self.tables)

    async def _pictured(self, view: View, arrival: Arrival, *, within_s: float) -> Drawing:
        """Return the view with its picture, or saying that it was left out."""
        assert view.chart is not None  # noqa: S101 - callers looked
        try:
            async with asyncio.timeout(within_s):
                png = await self.draw(view, arrival)
                if png is not None:
                    file_id = await self.uploads.bring(Picture(png, view.chart.alt))
                    return Drawing(view=view, file_id=file_id)
        except (TimeoutError, ChatError) as err:
            log.info("slack_picture_late", error=str(err))
        return Drawing(view=without_picture(view))

    def _way_to_one(self, act: Act) -> type_send_in_place:
        """Return how this person alone is told: where they acted, else directly, first a message and then its edits."""
        direct = _Direct(self.client, act.user_id)
        if not act.response_url:
            return direct.send
        responder = Responder(act.response_url, self.client)

        async def send(drawn: SlackMessage, replaces: bool) -> None:
            if direct.place is not None:
                return await direct.send(drawn, replaces)
            try:
                await responder.send(drawn, replaces=replaces)
            except SlackError as err:
                if err.word not in WORN_OUT:
                    raise
                await direct.send(drawn, replaces)

        return send

    async def _post(self, channel: str, drawn: SlackMessage) -> None:
        body = {"channel": channel, "text": drawn.text, "blocks": list(drawn.blocks), "unfurl_links": False}
        await called(lambda: self.client.api_call("chat.postMessage", json=body))


@dataclass
class _Direct:
    """A direct message and its edit: where an act has no response URL (on the Home tab), or none any more."""

    client: AsyncWebClient
    user_id: str
    place: tuple[str, str] | None = None

    async def send(self, drawn: SlackMessage, replaces: bool) -> None:
        body: dict[str, object] = {"text": drawn.text, "blocks": list(drawn.blocks)}
        if replaces and self.place is not None:
            channel, ts = self.place
            await called(
                lambda: self.client.api_call("chat.update", json=body | {"channel": channel, "ts": ts})
            )
            return
        body |= {"channel": self.user_id, "unfurl_links": False, "unfurl_media": False}
        answer = await called(lambda: self.client.api_call("chat.postMessage", json=body))
        self.place = (str(answer.get("channel")), str(answer.get("ts")))
