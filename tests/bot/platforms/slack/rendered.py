"""A view with every slot, and what its parts look like as Slack blocks."""

from dataclasses import replace
from typing import Any

from bot.platforms.slack.render import SlackMessage, render
from bot.views.model import Button, Link, Name, Table, View, line
from charts.spec import Bars, Slot

VIEW = View(
    title="spike",
    lead=line("Spike: ", Name("agents-nightly"), " spent $11.55 since 10:00, usually nothing."),
    body=(line("All of it ", Name("claude-opus-5"), " in R&D. ", Link("Keys", "https://example.com/keys")),),
    table=Table(
        ("Model", "Today", "Share"),
        (("claude-opus-5", "$95.41", "57%"), ("gpt-5.2", "$71.18", "")),
        ("Total", "$166.59", "100%"),
        frozenset({1, 2}),
    ),
    chart=Bars(title="t", subtitle="", alt="Bars, $11.55 at 10:00.", slots=(Slot(1.0),)),
    footer="Data to 11:15 CET · estimated · K7Q2",
    buttons=(Button("Acknowledge", "ack", value="K7Q2"),),
)


FILE = "F0123456789"


def blocks_of(message: SlackMessage) -> list[dict[str, Any]]:
    return [dict(block) for block in message.blocks]


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def raw(words: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": words}


def bold_cell(words: str) -> dict[str, Any]:
    section = {"type": "rich_text_section", "elements": [text(words, bold=True)]}
    return {"type": "rich_text", "elements": [section]}


def buttons_of(*buttons: Button) -> list[dict[str, Any]]:
    row: list[dict[str, Any]] = blocks_of(render(replace(VIEW, buttons=buttons)))[-1]["elements"]
    return row


def button(label: str, action: str, **more: Any) -> dict[str, Any]:
    words = {"type": "plain_text", "text": label, "emoji": False}
    return {"type": "button", "action_id": action, "text": words} | more
