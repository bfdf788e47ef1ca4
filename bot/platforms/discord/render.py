"""A view as a Discord message, as plain dicts in the form of Discord's HTTP API. Pure; knows the limits, adds no word
but how much was left out.

Slots: the lead is `content` in bold, because phones show nothing of an embed in a notification; body and table are the
description of one embed without a title; the picture is its image, the footer its footer; the tone is its colour.
"""

from dataclasses import dataclass
from typing import Any

from bot.platforms.discord.components import button_rows
from bot.platforms.discord.escape import cut_middle, plain
from bot.platforms.discord.fit import fitted
from bot.platforms.discord.limits import ALT_TEXT, CONTENT, DESCRIPTION, EMBEDS_TOGETHER, FOOTER, units
from bot.platforms.discord.lines import bold, markdown
from bot.platforms.discord.table import MOST_ROWS, row_lines, total_line
from bot.platforms.discord.typed import typed
from bot.views.footer import repeated
from bot.views.model import Tone, View, line

CHART_FILE = "chart.png"
MENTIONS_OFF: dict[str, Any] = {"parse": []}
_LONGEST_LINE = 1000
_COLOURS = {Tone.NEUTRAL: 0x1F6FB2, Tone.ATTENTION: 0xC2500A, Tone.TROUBLE: 0x7E306E, Tone.CLOSED: 0x8A919A}


@dataclass(frozen=True, slots=True)
class DiscordMessage:
    """What is sent. `alt`: the description of the attached picture, '' where the message has none."""

    content: str
    embed: dict[str, Any] | None
    components: tuple[dict[str, Any], ...]
    alt: str = ""

    def payload(self) -> dict[str, Any]:
        """Return the whole body for a post or an edit, mentions off.

        With a picture its bytes go along as the multipart file `files[0]`, named `chart.png`. Without one the list of
        attachments is empty, so that an edit takes an earlier picture away.
        """
        attachment = {"id": "0", "filename": CHART_FILE, "description": self.alt}
        return {
            "content": self.content,
            "embeds": [self.embed] if self.embed else [],
            "components": list(self.components),
            "attachments": [attachment] if self.alt else [],
            "allowed_mentions": MENTIONS_OFF,
        }


def render(view: View, *, has_picture: bool = False, is_possible_repeat: bool = False) -> DiscordMessage:
    """Write a view for Discord. has_picture: its PNG is sent along. is_possible_repeat: its footer says so."""
    alt = _alt(view) if has_picture else ""
    footer = repeated(view.footer) if is_possible_repeat else view.footer
    return DiscordMessage(
        content=bold(view.lead, CONTENT) or bold(line(view.title), CONTENT),
        embed=_embed(view, footer, has_picture=bool(alt)),
        components=button_rows(view.buttons),
        alt=alt,
    )


def _embed(view: View, footer: str, *, has_picture: bool) -> dict[str, Any] | None:
    """The one embed; None where only the lead has something to say."""
    embed: dict[str, Any] = {}
    foot = cut_middle(typed(plain(footer)).strip(), FOOTER)
    description = _description(view, min(DESCRIPTION, EMBEDS_TOGETHER - units(foot)))
    if description:
        embed["description"] = description
    if has_picture:
        embed["image"] = {"url": f"attachment://{CHART_FILE}"}
    if foot:
        embed["footer"] = {"text": foot}
    return {"color": _COLOURS[view.tone], **embed} if embed else None


def _description(view: View, most: int) -> str:
    body = [words for item in view.body if (words := markdown(item, _LONGEST_LINE))]
    table = view.table.for_chat if view.table else None
    rows, total = (row_lines(table), total_line(table)) if table else ([], "")
    return fitted(body, rows, total, most=most, most_rows=MOST_ROWS)


def _alt(view: View) -> str:
    return cut_middle(plain(view.chart.alt).strip(), ALT_TEXT) if view.chart else ""
