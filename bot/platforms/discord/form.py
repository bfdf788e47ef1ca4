"""A form as a Discord modal, in the form of Discord's HTTP API. Pure.

Discord cannot hide what is typed; the label of a key says so, and comes with the form. The button that sends a modal
always reads "Submit" there. Facts: Discord's own description of its HTTP API, July 2026.
"""

from typing import Any

from bot.desk import Field, Form
from bot.platforms.discord.components import custom_id
from bot.platforms.discord.escape import cut_middle, one_line, plain
from bot.platforms.discord.fit import fitted
from bot.platforms.discord.limits import (
    CHOICE_LABEL,
    CHOICE_VALUE,
    CHOICES,
    CUSTOM_ID,
    FIELD_HINT,
    FIELD_LABEL,
    MODAL_PARTS,
    MODAL_TITLE,
    TEXT_DISPLAY,
    TEXT_VALUE,
    units,
)
from bot.platforms.discord.lines import markdown

TEXT_DISPLAY_TYPE, LABEL = 10, 18
STRING_SELECT, TEXT_INPUT, CHANNEL_SELECT = 3, 4, 8
_ONE_LINE = 1
_TEXT_CHANNELS = [0, 5]  # a guild's text and announcement channels
_LONGEST_LINE = 1000


def render_form(form: Form) -> dict[str, Any]:
    """Return the data of the response that opens the modal.

    The text above the fields is left out where it would be one part too many. Raises ValueError for a form that no
    modal can hold: more than five fields, or an id beyond 100 characters.
    """
    form_id = custom_id(form.name, form.value)
    if len(form.fields) > MODAL_PARTS or units(form_id) > CUSTOM_ID:
        raise ValueError(f"The form {form.name} does not fit into a modal.")
    text = fitted(
        [markdown(line, _LONGEST_LINE) for line in form.text], [], "", most=TEXT_DISPLAY, most_rows=0
    )
    above = [{"type": TEXT_DISPLAY_TYPE, "content": text}] if text and len(form.fields) < MODAL_PARTS else []
    return {
        "title": _cut(form.title, MODAL_TITLE) or form.name,
        "custom_id": form_id,
        "components": [*above, *(_label(field) for field in form.fields)],
    }


def _label(field: Field) -> dict[str, Any]:
    hint = _cut(field.hint, FIELD_HINT)
    return {
        "type": LABEL,
        "label": _cut(field.label, FIELD_LABEL) or field.name,
        **({"description": hint} if hint else {}),
        "component": {"custom_id": field.name, "required": field.is_required, **_input(field)},
    }


def _input(field: Field) -> dict[str, Any]:
    if field.kind == "choice":
        options = [_option(field, value, label) for value, label in field.choices if _is_choice(value)]
        return {"type": STRING_SELECT, "options": options[:CHOICES]}
    if field.kind == "channel":
        chosen = (
            {"default_values": [{"id": field.value, "type": "channel"}]} if field.value.isdecimal() else {}
        )
        return {"type": CHANNEL_SELECT, "channel_types": _TEXT_CHANNELS, **chosen}
    value = one_line(field.value).strip()
    stands_there = {"value": value} if 0 < units(value) <= TEXT_VALUE else {}
    return {"type": TEXT_INPUT, "style": _ONE_LINE, "max_length": TEXT_VALUE, **stands_there}


def _is_choice(value: str) -> bool:
    """Tell whether a value can be sent back whole: cut, it would be another one."""
    return 0 < units(value) <= CHOICE_VALUE


def _option(field: Field, value: str, label: str) -> dict[str, Any]:
    return {"value": value, "label": _cut(label, CHOICE_LABEL) or value, "default": value == field.value}


def _cut(text: str, most: int) -> str:
    return cut_middle(plain(text).strip(), most)
