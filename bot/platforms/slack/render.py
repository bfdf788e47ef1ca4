"""A view as a Slack message. Pure; adds no word of its own but what a cut or a repeat needs.

Blocks come in the order of the slots: lead and body, table, picture, footer, buttons. `text` is the lead again,
escaped: the notification, and all that a client without blocks shows.
"""

from dataclasses import dataclass

from bot.platforms.slack.buttons import actions
from bot.platforms.slack.limits import (
    ALT,
    CONTEXT,
    MESSAGE_JSON,
    PROSE_BESIDE_TABLE_JSON,
    PROSE_JSON,
    Block,
    size,
)
from bot.platforms.slack.prose import paragraph_words, prose, sentence
from bot.platforms.slack.table_text import table_text
from bot.platforms.slack.tables import row_words, table_block
from bot.platforms.slack.words import escape, label, one_line, plain_text, shorten
from bot.views.footer import repeated
from bot.views.model import View
from bot.views.text import more


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """A message as Slack takes it: `text` is escaped, `blocks` are Block Kit."""

    text: str
    blocks: tuple[Block, ...]


def render(
    view: View, *, file_id: str = "", is_possible_repeat: bool = False, has_table: bool = True
) -> SlackMessage:
    """Draw a view, within all limits of a message.

    file_id: its picture, where Slack has it ready; without one there is none. is_possible_repeat: its footer says so.
    has_table: False where Slack refused a `table` block; it is text of 34 columns then.
    """
    room = PROSE_BESIDE_TABLE_JSON if view.table else PROSE_JSON
    blocks = [prose(view.lead, view.body, otherwise=view.title, room=room)]
    picture = [image(view.chart.alt, file_id)] if view.chart and file_id else []
    end = ending(view, is_possible_repeat=is_possible_repeat)
    if view.table:
        room = MESSAGE_JSON - size([*blocks, *picture, *end])
        draw = table_block if has_table else table_text
        blocks.append(draw(view.table.for_chat, room))
    return SlackMessage(escape(sentence(view.lead, view.title)), (*blocks, *picture, *end))


def render_plain(view: View, *, is_possible_repeat: bool = False) -> SlackMessage:
    """Draw a view as one block of plain text, for when Slack refuses its blocks: `text` alone would be parsed."""
    table = view.table.for_chat if view.table else None
    rows = [*table.rows, *([table.total] if table.total else [])] if table else []
    lines = [sentence(each, "") for each in view.body] + [row_words(row) for row in rows]
    first, last = sentence(view.lead, view.title), _footer(view, 0, is_possible_repeat=is_possible_repeat)
    words = paragraph_words([first, *filter(None, lines)], last)
    return SlackMessage(escape(first), ({"type": "section", "text": plain_text(words)},))


def image(alt: str, file_id: str) -> Block:
    """Build the picture: a file of Slack's, with the words that stand for it."""
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": label(alt, ALT)}


def ending(view: View, *, is_possible_repeat: bool = False) -> list[Block]:
    """Build footer and buttons, each only where there is one."""
    row, left_out = actions(view.buttons)
    footer = _footer(view, left_out, is_possible_repeat=is_possible_repeat)
    return [*([context(footer)] if footer else []), *([row] if row else [])]


def context(words: str) -> Block:
    """Build the small grey line."""
    return {"type": "context", "elements": [plain_text(words)]}


def _footer(view: View, left_out: int, *, is_possible_repeat: bool) -> str:
    parts = (shorten(one_line(view.footer), CONTEXT), more(left_out, "button") if left_out else "")
    footer = " · ".join(filter(None, parts))
    return repeated(footer) if is_possible_repeat else footer
