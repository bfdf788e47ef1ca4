"""Show what the desk replies: the words at once, then the same message with its picture."""

from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.desk import Arrival, Desk, How, Reply
from bot.platforms.discord.attempt import bare
from bot.platforms.discord.components import custom_id
from bot.platforms.discord.conversation import Conversation
from bot.platforms.discord.render import CHART_FILE, render
from bot.platforms.discord.rest import BAD_REQUEST, File, RefusedError
from bot.views.footer import without_picture
from bot.views.model import View

log = structlog.get_logger("spendbot.discord")

SURE = 1  # Discord's "primary", which no renderer uses: pressed, it does what its message asks about


@dataclass
class Spot:
    """Where an answer stands: in place of what is there, or as a further message. What is put there may change."""

    conversation: Conversation
    is_original: bool = True
    is_private: bool = True
    _message_id: str = field(default="", init=False)

    async def put(self, body: dict[str, Any], file: File | None = None) -> None:
        """Show this there from now on. Raises ChatError."""
        files = [file] if file else []
        if self.is_original:
            await self.conversation.answer(body, files)
        elif self._message_id:
            await self.conversation.change(self._message_id, body, files)
        else:
            self._message_id = await self.conversation.say(body, private=self.is_private)


async def show(desk: Desk, arrival: Arrival, spot: Spot, view: View) -> None:
    """Show a view: text first, then with its picture; where none can be drawn now, it says so. Raises ChatError."""
    await _put(spot, body_of(view))
    if view.chart is None:
        return
    png = await desk.picture(view, arrival)
    if png is not None:
        try:
            await spot.put(render(view, has_picture=True).payload(), File(CHART_FILE, png))
            return
        except RefusedError as err:
            log.warning("picture_refused", status=err.status, code=err.code)
    await _put(spot, render(without_picture(view)).payload())


async def _put(spot: Spot, body: dict[str, Any]) -> None:
    """Show a message; where Discord refuses how it is made, its first line and its footer alone."""
    try:
        await spot.put(body)
    except RefusedError as err:
        if err.status != BAD_REQUEST:
            raise
        log.warning("answer_simplified", code=err.code)
        await spot.put(bare(body))


async def show_thought(desk: Desk, arrival: Arrival, conversation: Conversation, reply: Reply | None) -> None:
    """Show a reply where "is thinking" was said privately.

    What everybody may see is a message of its own: Discord takes the first one after "is thinking" for the private
    answer, so that has to be given, and is then taken back.
    """
    view = reply.view if reply is not None else None
    if reply is None or view is None:
        await conversation.take_back()
    elif reply.how is How.POST:
        await conversation.answer(render(view).payload())
        await show(desk, arrival, Spot(conversation, is_original=False, is_private=False), view)
        await conversation.take_back()
    else:
        await show(desk, arrival, Spot(conversation), view)


async def show_pressed(
    desk: Desk, arrival: Arrival, conversation: Conversation, reply: Reply | None, *, in_place: bool = False
) -> None:
    """Show a reply to a button. in_place: a private one takes the place of the message with the button."""
    if reply is None or reply.view is None:
        if in_place:
            await conversation.take_back()
        return
    is_original = reply.how is How.REPLACE or (in_place and reply.how is How.PRIVATE)
    spot = Spot(conversation, is_original=is_original, is_private=reply.how is not How.POST)
    await show(desk, arrival, spot, reply.view)


def body_of(view: View) -> dict[str, Any]:
    """Return a view as a message. What asks already is not asked again: its button does what it says."""
    asks = {custom_id(b.action, b.value) for b in view.buttons if b.confirm == str(view.lead)}
    body = render(view).payload()
    for row in body["components"]:
        for item in row["components"]:
            if item.get("custom_id") in asks:
                item["style"] = SURE
    return body
