"""A view on its way out: where Slack refuses its blocks (nothing was shown then), it goes in a plainer form.

A table goes as text, a picture that is not ready waits a little and then stays away, at last only the words go.
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


@dataclass(eq=False)
class Tables:
    """Whether a place takes `table` blocks. Once one was refused and went as text, the next goes so at once."""

    are_taken: bool = True


async def send_drawn(
    drawing: Drawing,
    send: Callable[[SlackMessage], Awaitable[T]],
    *,
    tables: Tables,
    file_waits_s: Sequence[float] = FILE_WAITS_S,
) -> T:
    """Send a view and return what `send` returns. Raises SlackError for whatever another form would not mend.

    file_waits_s: the waits when Slack says that a picture it called ready is not.
    """
    view, file_id, has_table = drawing.view, drawing.file_id, tables.are_taken
    waits, is_too_long = list(file_waits_s), False
    while True:
        repeat = drawing.is_possible_repeat
        drawn = render(view, file_id=file_id, is_possible_repeat=repeat, has_table=has_table)
        try:
            answer = await send(drawn)
        except SlackError as err:
            if not err.is_about_blocks:
                raise
            if view.table is not None and has_table and not err.is_about_a_file:
                has_table, is_too_long = False, err.word == "msg_blocks_too_long"
            elif file_id and (err.is_about_a_file or not err.problems):
                if waits:
                    await asyncio.sleep(waits.pop(0))
                    continue
                if drawing.needs_picture:
                    raise
                view, file_id = without_picture(view), ""
            else:
                return await send(render_plain(view, is_possible_repeat=repeat))
        else:
            tables.are_taken = has_table or is_too_long
            return answer
