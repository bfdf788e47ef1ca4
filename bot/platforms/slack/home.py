"""The Home tab: several views one under the other, parted by a line, without pictures.

Facts: Slack, "Table block": Home tabs take it, and a message takes one; whether a Home tab takes two is not said, so
the second is lines. Checked 2026-11-20.
"""

from collections.abc import Iterable, Sequence

from bot.platforms.slack.limits import HOME_BLOCKS, MESSAGE_JSON, Block
from bot.platforms.slack.prose import prose
from bot.platforms.slack.render import context, ending
from bot.platforms.slack.table_text import table_text
from bot.platforms.slack.tables import table_block, table_lines
from bot.views.model import Table, View
from bot.views.text import more

_BLOCKS_OF_A_VIEW = 5  # with its divider
_MOST_VIEWS = HOME_BLOCKS // _BLOCKS_OF_A_VIEW - 1


def render_home(views: Sequence[View], *, has_table: bool = True) -> Block:
    """Return the view that `views.publish` takes. has_table: False where Slack refused a `table` block."""
    blocks: list[Block] = []
    for view in views[:_MOST_VIEWS]:
        is_first_table = all(block["type"] != "table" for block in blocks)
        blocks += [{"type": "divider"}] if blocks else []
        blocks += _blocks(view, is_first_table=is_first_table, has_table=has_table)
    if len(views) > _MOST_VIEWS:
        blocks.append(context(more(len(views) - _MOST_VIEWS, "message")))
    return {"type": "home", "blocks": blocks}


def _blocks(view: View, *, is_first_table: bool, has_table: bool) -> Iterable[Block]:
    yield prose(view.lead, view.body, otherwise=view.title)
    if view.table:
        yield _table(view.table.for_chat, is_first_table=is_first_table, has_table=has_table)
    yield from ending(view)


def _table(table: Table, *, is_first_table: bool, has_table: bool) -> Block:
    if not has_table:
        return table_text(table, MESSAGE_JSON)
    return table_block(table, MESSAGE_JSON) if is_first_table else table_lines(table)
