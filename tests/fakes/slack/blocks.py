"""What Slack refuses in blocks and views: its own SDK's models, and the rules these leave out.

Limits: Slack's Block Kit reference and slack_sdk 3.47.0, checked 2026-11-21; the total of about 13,000 characters is
undocumented (slackapi/bolt-js issue 2509).
"""

from collections.abc import Callable
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.fakes.slack.world import texts_in, type_json

MESSAGE_BLOCKS, VIEW_BLOCKS, TOTAL_CHARACTERS = 50, 100, 13_000
NOT_IN_MESSAGES, NOT_IN_HOMES = frozenset({"alert"}), frozenset({"markdown"})
NOT_IN_MODALS = frozenset({"markdown", "table"})
VIEW_TEXT, METADATA, CALLBACK = 24, 3000, 255


def refused_in_message(blocks: Any, is_ready: Callable[[str], bool]) -> tuple[str, list[str]]:
    """Return the error's word and what is wrong with a message's blocks; ("", []) when they are fine."""
    if not isinstance(blocks, list):
        return "invalid_blocks_format", []
    wrong = _wrong(blocks, is_ready, NOT_IN_MESSAGES)
    if len(blocks) > MESSAGE_BLOCKS:
        wrong.append(f"no more than {MESSAGE_BLOCKS} items allowed [json-pointer:/blocks]")
    if sum(1 for block in blocks if block.get("type") == "table") > 1:
        return "invalid_attachments", ["only_one_table_allowed"]
    if wrong:
        return "invalid_blocks", wrong
    if sum(len(text) for text in texts_in(blocks)) > TOTAL_CHARACTERS:
        return "msg_blocks_too_long", []
    return "", []


def wrong_in_view(view: Any, is_ready: Callable[[str], bool]) -> list[str]:
    """Return what is wrong with a modal or a Home tab."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return ["unsupported type [json-pointer:/view/type]"]
    barred = NOT_IN_MODALS if view["type"] == "modal" else NOT_IN_HOMES
    wrong = _wrong(view.get("blocks") or [], is_ready, barred)
    if len(view.get("blocks") or []) > VIEW_BLOCKS:
        wrong.append(f"no more than {VIEW_BLOCKS} items allowed [json-pointer:/view/blocks]")
    if len(view.get("private_metadata", "")) > METADATA or len(view.get("callback_id", "")) > CALLBACK:
        wrong.append("must be shorter [json-pointer:/view]")
    if view["type"] == "modal":
        wrong += _wrong_labels(view)
    return wrong


def _wrong_labels(view: type_json) -> list[str]:
    wrong = []
    for name in ("title", "submit", "close"):
        text = view.get(name)
        if text is None:
            if name == "title":
                wrong.append("missing required field: title")
        elif text.get("type") != "plain_text" or not 0 < len(text.get("text", "")) <= VIEW_TEXT:
            wrong.append(f"must be less than {VIEW_TEXT + 1} characters [json-pointer:/view/{name}]")
    if any(block.get("type") == "input" for block in view["blocks"]) and "submit" not in view:
        wrong.append("`submit` is required when an `input` block is in the `blocks` array")
    return wrong


def _wrong(blocks: list[type_json], is_ready: Callable[[str], bool], barred: frozenset[str]) -> list[str]:
    wrong = []
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        where = f"[json-pointer:/blocks/{index}]"
        if block.get("type") in barred:
            wrong.append(f"unsupported type: {block['type']} {where}")
        if block.get("block_id") in seen:
            wrong.append(f"`block_id` must be unique {where}")
        seen.update([block["block_id"]] if block.get("block_id") else [])
        wrong += [f"{each} {where}" for each in _wrong_in_block(block, is_ready)]
    return wrong


def _wrong_in_block(block: type_json, is_ready: Callable[[str], bool]) -> list[str]:
    try:
        parsed = Block.parse(block)
        if parsed is None:
            return [f"unsupported type: {block.get('type')}"]
        parsed.validate_json()
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError) as err:
        return [str(err)]
    wrong = []
    if "slack_file" in block and not is_ready(block["slack_file"].get("id", "")):
        wrong.append("invalid slack file")
    if block["type"] in ("section", "context") and _longest(block) > 3000:
        wrong.append("must be less than 3001 characters")
    if block["type"] == "table":
        wrong += _wrong_in_table(block)
    actions = [each["action_id"] for each in block.get("elements", []) if each.get("action_id")]
    if len(set(actions)) != len(actions):
        wrong.append("`action_id` must be unique")
    return wrong


def _longest(block: type_json) -> int:
    return max((len(text) for text in texts_in(block)), default=0)


def _wrong_in_table(block: type_json) -> list[str]:
    rows = block.get("rows", [])
    if not 1 <= len(rows) <= 100 or any(not 1 <= len(row) <= 20 for row in rows):
        return ["a table has 1 to 100 rows of 1 to 20 cells"]
    if len({len(row) for row in rows}) > 1:
        return ["every row of a table has as many cells"]
    kinds = {cell.get("type") for row in rows for cell in row}
    return [] if kinds <= {"raw_text", "raw_number", "rich_text"} else [f"unsupported cell: {sorted(kinds)}"]
