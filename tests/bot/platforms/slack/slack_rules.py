"""What Slack takes, as far as it is known: its own models for most of it, and the rules that they miss.

`problems_of` names what Slack would refuse; `pings_and_links` finds whatever Slack would turn into a mention or a link.
Sources: Slack's Block Kit reference and the issues named in bot/platforms/slack/limits.py, checked 2026-11-20.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

type_json = Mapping[str, Any]

WHOLE_MESSAGE = 10_000
_KNOWN = {"rich_text", "table", "image", "section", "context", "actions", "input", "divider"}
_UNCHECKED_BY_SDK = {"rich_text", "table"}  # their models take long and check nothing but that there are rows
_HARMLESS = {"text", "link"}
_MARKUP = re.compile(r"<[^>]*>|<|>|&(?!amp;|lt;|gt;)")
_FILE = re.compile(r"F[A-Z0-9]{8,}")


def problems_of(blocks: Sequence[type_json], *, most: int = 50) -> list[str]:
    """Return what is wrong with the blocks of a message, [] when Slack takes them."""
    problems = [problem for block in blocks for problem in _problems_of_block(block)]
    if not 0 < len(blocks) <= most:
        problems.append(f"{len(blocks)} blocks")
    if sum(block["type"] == "table" for block in blocks) > 1:
        problems.append("two tables")
    if most == 50 and len(json.dumps(list(blocks), ensure_ascii=False)) >= WHOLE_MESSAGE:
        problems.append("the whole is too long")
    return problems


def pings_and_links(text: str, blocks: Sequence[type_json]) -> list[str]:
    """Return what Slack would make a mention or a link of: markup in `text` and mrkdwn, elements in rich text."""
    found = _MARKUP.findall(text)
    for element in walk(blocks):
        if element.get("type") == "mrkdwn":
            found += _MARKUP.findall(str(element["text"]))
        if element.get("type") == "plain_text" and element.get("emoji") is not False:
            found.append("emoji")
        if element.get("type") in ("user", "usergroup", "broadcast", "channel", "team", "emoji", "date"):
            found.append(str(element["type"]))
        found += [str(element["url"])] if "url" in element else []
    return found


def walk(node: object) -> Iterator[dict[str, Any]]:
    """Go through every object of a message, in its order."""
    ahead = [node]
    while ahead:
        here = ahead.pop()
        if isinstance(here, dict):
            yield here
            ahead += [child for child in reversed(here.values()) if isinstance(child, dict | list | tuple)]
        elif isinstance(here, list | tuple):
            ahead += reversed(here)


def texts_of(blocks: Sequence[type_json]) -> str:
    """Return all words that people can read, one element a line."""
    return "\n".join(str(each["text"]) for each in walk(blocks) if isinstance(each.get("text"), str))


def _problems_of_block(block: type_json) -> Iterator[str]:
    if block["type"] not in _KNOWN:
        yield f"{block['type']} is no block of ours"
    if block["type"] not in _UNCHECKED_BY_SDK:
        yield from _problems_by_sdk(block)
    for element in walk(block):
        yield from _problems_of_element(element)
    if block["type"] == "table":
        yield from _problems_of_table(block)
    if block["type"] == "actions":
        yield from _problems_of_actions(block)


def _problems_by_sdk(block: type_json) -> Iterator[str]:
    parsed = Block.parse(dict(block))
    try:
        if parsed is not None:
            parsed.validate_json()
    except SlackObjectFormationError as err:
        yield f"{block['type']}: {err}"


def _problems_of_element(element: type_json) -> Iterator[str]:
    kind, text = element.get("type"), element.get("text")
    if isinstance(text, str) and not 0 < len(text) <= 3_000:
        yield f"{kind} of {len(text)} characters"
    if kind in ("rich_text", "rich_text_section", "rich_text_preformatted") and not element["elements"]:
        yield f"{kind} without elements"
    if kind == "rich_text_section" and sum(len(each["text"]) for each in element["elements"]) > 3_100:
        yield "a section of more than 3,000 characters"
    if kind in ("rich_text_section", "rich_text_preformatted"):
        yield from (
            f"{each['type']} in text" for each in element["elements"] if each["type"] not in _HARMLESS
        )
    if "alt_text" in element and not 0 < len(element["alt_text"]) <= 2_000:
        yield "alt text"
    if "slack_file" in element and not _FILE.fullmatch(element["slack_file"]["id"]):
        yield "file id"
    options = element.get("options", [])
    if any(len(option["text"]["text"]) > 75 or not 0 < len(option["value"]) <= 150 for option in options):
        yield "an option"
    if "title" in element.get("confirm", {}):
        longest = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
        yield from (
            f"confirm {part}"
            for part, most in longest.items()
            if len(element["confirm"][part]["text"]) > most
        )


def _problems_of_table(table: type_json) -> Iterator[str]:
    rows = table["rows"]
    if not 0 < len(rows) <= 100:
        yield f"{len(rows)} rows"
    if len({len(row) for row in rows}) != 1 or not 0 < len(rows[0]) <= 20:
        yield "columns"
    if not all("align" in setting for setting in table["column_settings"]):
        yield "a column without align"
    if sum(len(each["text"]) for each in walk(rows) if isinstance(each.get("text"), str)) > WHOLE_MESSAGE:
        yield "cells of more than 10,000 characters"


def _problems_of_actions(row: type_json) -> Iterator[str]:
    ids = [element["action_id"] for element in row["elements"]]
    if len(set(ids)) != len(ids):
        yield "the same action_id twice"
    if not 0 < len(ids) <= 25:
        yield f"{len(ids)} elements"
    for element in walk(row):
        if element.get("type") == "button" and len(element["text"]["text"]) > 75:
            yield "button text"
        if len(element.get("value") or "") > (2_000 if element.get("type") == "button" else 150):
            yield "value"
        if element.get("type") == "overflow" and not 1 <= len(element["options"]) <= 5:
            yield "overflow"
