"""Forms: opened as the first response, read when they are sent, and opened again with what was typed.

Discord cannot show an error at a field: it is said privately, with a button that opens the form again. What was typed
is kept for that in memory, for some minutes, but never a key.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import discord

from bot.desk import Arrival, Desk, FieldErrors, Form, Reply
from bot.platforms.discord.answers import Spot, show, show_thought
from bot.platforms.discord.commands import mention
from bot.platforms.discord.components import acted_on
from bot.platforms.discord.conversation import Conversation
from bot.platforms.discord.form import render_form
from bot.platforms.discord.people import arrival_of
from bot.platforms.discord.render import render
from bot.views.form_errors import form_errors_view

MOST_KEPT = 200
type_typed = tuple[str, str, str]


class Forms:
    """Opens forms and reads what was filled in."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._keepable: dict[str, frozenset[str]] = {}
        self._typed: OrderedDict[type_typed, Mapping[str, str]] = OrderedDict()

    async def open(self, conversation: Conversation, arrival: Arrival, name: str, value: str = "") -> None:
        """Open a form, with what this person typed into it before; or say why there is none to fill in."""
        shown = await self._desk.form(arrival, name, value)
        if isinstance(shown, Reply):
            if shown.view is not None:
                await conversation.say_at_once(render(shown.view).payload())
            return
        self._keepable[shown.name] = frozenset(each.name for each in shown.fields if each.kind != "key")
        typed = self._typed.get((arrival.user_id, shown.name, shown.value), {})
        await conversation.open_form(render_form(_filled(shown, typed)))

    async def submitted(self, interaction: "discord.Interaction[Any]") -> None:
        """Do what a form was filled in for, and show what comes of it. Raises ChatError where that got lost."""
        arrival, conversation = arrival_of(interaction), Conversation(interaction)
        data: Mapping[str, Any] = dict(interaction.data or {})
        name, value = acted_on(str(data.get("custom_id", "")))
        values = dict(typed_values(data.get("components") or ()))
        await conversation.think()
        named = {field: mention(text, data) for field, text in values.items()}
        outcome = await self._desk.submit(arrival, name, named, value)
        if isinstance(outcome, FieldErrors):
            self._keep((arrival.user_id, name, value), values)
            view = form_errors_view(outcome.errors, form=name, value=value)
            await show(self._desk, arrival, Spot(conversation), view)
        else:
            self._typed.pop((arrival.user_id, name, value), None)
            await show_thought(self._desk, arrival, conversation, outcome)

    def _keep(self, key: type_typed, values: Mapping[str, str]) -> None:
        keepable = self._keepable.get(key[1], frozenset())
        self._typed[key] = {name: text for name, text in values.items() if name in keepable}
        while len(self._typed) > MOST_KEPT:
            self._typed.popitem(last=False)


def typed_values(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Return what was typed or chosen, by the name of the field; nothing for what was left empty."""
    for component in components:
        inner = component.get("component")
        yield from typed_values([*(component.get("components") or ()), *([inner] if inner else [])])
        chosen = component.get("values") or ()
        text = component.get("value") or (chosen[0] if chosen else "")
        if component.get("custom_id") and text:
            yield str(component["custom_id"]), str(text)


def _filled(form: Form, typed: Mapping[str, str]) -> Form:
    fields = tuple(replace(each, value=typed.get(each.name, each.value)) for each in form.fields)
    return replace(form, fields=fields)
