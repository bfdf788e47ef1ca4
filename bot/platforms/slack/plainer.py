"""A view on its way out: where Slack refuses its blocks (nothing was shown then), it goes in a plainer form.

First the picture goes, then the table, then all but the words.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.platforms.slack.refusals import SlackError
from bot.platforms.slack.render import SlackMessage, render, render_plain
from bot.views.footer import without_picture
from bot.views.model import View

T = TypeVar("T")
FILE_WAITS_S = (0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A view and how it is drawn. `needs_picture`: without its picture there is no point in sending it."""

    view: View
    file_id: str = ""
    is_possible_repeat: bool = False
    needs_picture: bool = False


async def send_drawn(
    drawing: Drawing,
    send: Callable[[SlackMessage], Awaitable[T]],
    *,
    file_waits_s: Sequence[float] = FILE_WAITS_S,
) -> T:
    """Send a view and return what `send` returns. Raises SlackError for whatever another form would not mend.

    file_waits_s: the waits when Slack says that a picture it called ready is not.
    """
    view, file_id, has_table = drawing.view, drawing.file_id, True
    waits = list(file_waits_s)
    while True:
        repeat = drawing.is_possible_repeat
        drawn = render(view, file_id=file_id, is_possible_repeat=repeat, has_table=has_table)
        try:
            return await send(drawn)
        except SlackError as err:
            if not err.is_about_blocks:
                raise
            if file_id and err.is_about_a_file:
                if waits:
                    await asyncio.sleep(waits.pop(0))
                    continue
                if drawing.needs_picture:
                    raise
                view, file_id = without_picture(view), ""
            elif view.table is not None and has_table:
                has_table = False
            else:
                return await send(render_plain(view, is_possible_repeat=repeat))
