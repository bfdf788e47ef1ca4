"""Slack's limits as this bot keeps them, and the size of what is sent.

Facts: Slack's Block Kit reference (blocks, block elements, composition objects, views), models of slack_sdk 3.47, both
checked 2026-11-20. Slack's own figure stands behind ours where ours is lower: what nobody can take in is cut earlier.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

Block: TypeAlias = dict[str, object]
"""A block, an element or an object of Block Kit, as it is sent."""

MESSAGE_JSON = 9_800
"""The whole of a message's blocks as JSON. Slack refuses from about 13,000 on (`msg_blocks_too_long`), undocumented:
bolt-js #2509."""

MESSAGE_BLOCKS = 50
HOME_BLOCKS = 100
TEXT = 4_000  # of 40,000; Slack asks for 4,000
SENTENCE = 700  # so that it fits TEXT with each of its characters escaped
PROSE = 3_000  # lead and body together; a section takes 3,000
PROSE_JSON = 5_000
PROSE_BESIDE_TABLE_JSON = 2_600
LINE_JSON = 2_000
PARAGRAPH_LINES = 40
CONTEXT = 600  # of 3,000

TABLE_ROWS = 100  # header, total and what is left out count
TABLE_COLUMNS = 5  # of 20; a phone shows three
HEADING = 40
CELL = 100
PREFORMATTED_COLUMNS = 34  # a phone wraps wider lines, and the columns are lost: nx #36933
ALT = 500  # of 2,000

BUTTONS_IN_ROW = 5  # of 25; more would wrap
OVERFLOW_OPTIONS = 5
ACTIONS_JSON = 2_600
BUTTON_LABEL = 60  # of 75
BUTTON_VALUE = 1_000  # of 2,000
OPTION_VALUE = 150
URL = 1_000  # of 3,000
CONFIRM_TITLE = 60  # of 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30

VIEW_TITLE = 24  # submit and close too
FORM_LINES = 20
FORM_FIELDS = 20  # of 100 blocks in a modal
INPUT_LABEL = 150  # of 2,000
INPUT_HINT = 500  # of 2,000
INPUT_TEXT = 3_000
OPTIONS = 100
OPTION_LABEL = 75
PRIVATE_METADATA = 3_000


def size(blocks: Mapping[str, object] | Sequence[Mapping[str, object]]) -> int:
    """Count the characters of what is sent, as JSON."""
    return len(json.dumps(blocks, ensure_ascii=False))


def most_that_fit(most: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number up to `most` that fits; 0 fits."""
    if fits(most):
        return most
    least = 0
    while least < most - 1:
        middle = (least + most) // 2
        least, most = (middle, most) if fits(middle) else (least, middle)
    return least
