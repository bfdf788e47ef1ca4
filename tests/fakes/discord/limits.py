"""What Discord refuses in a message, a form or a command: the limits a person's client relies on.

Facts: Discord's API reference and its OpenAPI description, checked 2026-11-20.
"""

from collections.abc import Iterator
from typing import Any

CONTENT, EMBEDS, ALL_EMBEDS, DESCRIPTION, FOOTER = 2000, 10, 6000, 4096, 2048
ROWS, ROW, CUSTOM_ID, LABEL, ALT = 5, 5, 100, 80, 1024
MODAL_TITLE, MODAL_PARTS, MODAL_LABEL, CHOICES, CHOICE = 45, 5, 45, 25, 100


def wrong_message(body: dict[str, Any]) -> str:
    """Return what Discord would refuse in a message, '' when it takes it."""
    return next(_message(body), "")


def _message(body: dict[str, Any]) -> Iterator[str]:
    if len(body.get("content") or "") > CONTENT:
        yield "content: Must be 2000 or fewer in length."
    embeds = body.get("embeds") or ()
    if len(embeds) > EMBEDS or sum(_embed_size(embed) for embed in embeds) > ALL_EMBEDS:
        yield "embeds: Embed size exceeds maximum size of 6000"
    for embed in embeds:
        if len(embed.get("description") or "") > DESCRIPTION:
            yield "description: Must be 4096 or fewer in length."
        if len((embed.get("footer") or {}).get("text", "")) > FOOTER:
            yield "footer.text: Must be 2048 or fewer in length."
    for attachment in body.get("attachments") or ():
        if len(attachment.get("description") or "") > ALT:
            yield "attachments.description: Must be 1024 or fewer in length."
    yield from _rows(body.get("components") or ())
    if body.get("allowed_mentions", {}).get("parse") != []:
        yield "allowed_mentions: this bot must never be able to ping"


def _embed_size(embed: dict[str, Any]) -> int:
    size = len(embed.get("title") or "") + len(embed.get("description") or "")
    return size + len((embed.get("footer") or {}).get("text", ""))


def _rows(rows: Any) -> Iterator[str]:
    if len(rows) > ROWS:
        yield "components: Must be 5 or fewer in length."
    ids: list[str] = []
    for row in rows:
        items = row.get("components", ())
        if not 1 <= len(items) <= ROW:
            yield "components.components: Must be between 1 and 5 in length."
        for item in items:
            if len(item.get("label") or "") > LABEL:
                yield "label: Must be 80 or fewer in length."
            if "url" not in item:
                ids.append(item.get("custom_id") or "")
    if any(not 1 <= len(each) <= CUSTOM_ID for each in ids):
        yield "custom_id: Must be between 1 and 100 in length."
    if len(set(ids)) != len(ids):
        yield "components: Component custom id cannot be duplicated"


def wrong_modal(form: dict[str, Any]) -> str:
    """Return what Discord would refuse in a form, '' when it opens it."""
    if not 1 <= len(form.get("title") or "") <= MODAL_TITLE:
        return "title: Must be between 1 and 45 in length."
    if not 1 <= len(form.get("custom_id") or "") <= CUSTOM_ID:
        return "custom_id: Must be between 1 and 100 in length."
    parts = form.get("components") or ()
    if not 1 <= len(parts) <= MODAL_PARTS:
        return "components: Must be between 1 and 5 in length."
    labels = [part.get("label") or "" for part in parts if part.get("type") == 18]
    return "label: Must be 45 or fewer in length." if any(len(x) > MODAL_LABEL for x in labels) else ""


def wrong_choices(choices: list[dict[str, Any]]) -> str:
    """Return what Discord would refuse in suggestions, '' when it shows them."""
    if len(choices) > CHOICES:
        return "choices: Must be 25 or fewer in length."
    texts = [text for choice in choices for text in (choice["name"], str(choice["value"]))]
    return (
        "choices: Must be between 1 and 100 in length."
        if any(not 1 <= len(t) <= CHOICE for t in texts)
        else ""
    )
