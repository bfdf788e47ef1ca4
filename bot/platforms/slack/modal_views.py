"""Modals that are no forms: one being prepared, one being checked, and one that says what came of it."""

from collections.abc import Mapping
from typing import Any

from bot.platforms.slack.limits import VIEW_TITLE, Block
from bot.platforms.slack.render import render
from bot.platforms.slack.words import label, plain_text
from bot.views.model import View
from bot.views.waiting import CHECKING, CLOSE, ONE_MOMENT, TITLE


def opening_view(note: str) -> Block:
    """Return the modal that stands open while its form is prepared."""
    return _modal(TITLE, [_words(ONE_MOMENT)], note)


def checking_view(sent: Mapping[str, Any]) -> Block:
    """Return the modal that stands in place of a form that was sent, under the same title."""
    title = str((sent.get("title") or {}).get("text") or TITLE)
    return _modal(title, [_words(CHECKING)], str(sent.get("private_metadata") or ""))


def result_view(view: View, note: str) -> Block:
    """Return the modal that says what came of a form. A modal takes no table block."""
    return _modal(TITLE, list(render(view, has_table=False).blocks), note)


def with_errors(form: Block, errors: Mapping[str, str]) -> Block:
    """Return a form with what was wrong under each field: only the answer to a form can mark the fields themselves."""
    blocks: list[Block] = []
    for block in form["blocks"]:  # type: ignore[attr-defined]
        blocks.append(block)
        wrong = errors.get(str(block.get("block_id")))
        if wrong:
            blocks.append({"type": "context", "elements": [plain_text(wrong)]})
    return {**form, "blocks": blocks}


def _modal(title: str, blocks: list[Block], note: str) -> Block:
    return {
        "type": "modal",
        "title": plain_text(label(title, VIEW_TITLE)),
        "close": plain_text(CLOSE),
        "blocks": blocks,
        "private_metadata": note,
    }


def _words(text: str) -> Block:
    return {"type": "section", "text": plain_text(text)}
