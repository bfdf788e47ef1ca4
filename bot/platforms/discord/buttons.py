"""Buttons: what is pressed is known by the button's own id, so that every message keeps working after a restart.

A red button asks first. Its question is a private message whose one button has a colour of its own: pressed, it does
what was asked about, and the answer takes the question's place.
"""

from collections.abc import Mapping
from typing import Any

import discord

from bot.desk import Desk
from bot.desk.actions import FORM_ACTIONS
from bot.platforms.discord.answers import SURE, show_pressed
from bot.platforms.discord.components import DANGER, acted_on
from bot.platforms.discord.conversation import Conversation
from bot.platforms.discord.modals import Forms
from bot.platforms.discord.people import arrival_of
from bot.platforms.discord.render import render
from bot.views.form_errors import sure_view
from bot.views.model import Button

type_json = dict[str, Any]


async def pressed(desk: Desk, forms: Forms, interaction: "discord.Interaction[Any]") -> None:
    """Do what a button says, and show what comes of it. Raises ChatError where that could not be shown."""
    arrival, conversation = arrival_of(interaction), Conversation(interaction)
    data: Mapping[str, Any] = dict(interaction.data or {})
    its_id = str(data.get("custom_id", ""))
    action, value = acted_on(its_id)
    style, label = _look(interaction, its_id)
    if style == DANGER:
        about = interaction.message.content if interaction.message is not None else ""
        await conversation.say_at_once(question(Button(label, action, value=value), about))
    elif action in FORM_ACTIONS:
        await forms.open(conversation, arrival, action, value)
    else:
        await conversation.keep()
        is_sure = style == SURE  # the question goes: it is no answer that words could stand under
        on_answer = is_private(interaction) and not is_sure
        reply = await desk.press(arrival, action, value, on_answer=on_answer)
        await show_pressed(desk, arrival, conversation, reply, in_place=is_sure)


def question(button: Button, about: str) -> type_json:
    """Return the question whether a button is meant, with the first line of the message it stands on."""
    body = render(sure_view(button)).payload()
    for row in body["components"]:
        for item in row["components"]:
            item["style"] = SURE
    return {**body, "embeds": [{"description": about}] if about else []}


def is_private(interaction: "discord.Interaction[Any]") -> bool:
    """Tell whether the button sits on an answer that only its reader sees."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def _look(interaction: "discord.Interaction[Any]", its_id: str) -> tuple[int, str]:
    """Return the style and the label of the button; (0, "") where its message does not tell."""
    rows = interaction.message.components if interaction.message is not None else []
    for row in rows:
        for item in getattr(row, "children", ()):
            if isinstance(item, discord.Button) and item.custom_id == its_id:
                return item.style.value, item.label or ""
    return 0, ""
