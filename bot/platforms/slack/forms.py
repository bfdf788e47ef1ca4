"""A form as a modal: what is said first, then one input per field. `read.submitted` is the way back.

A field's name is the `block_id` of its input, so that what was wrong can be said under it.

Facts: Slack, "Input block", "Plain-text input", "Select menu of static options", "Select menu of conversations" and
"Views", checked 2026-11-20. Slack has no input that hides what is typed.
"""

from bot.desk import Field, Form
from bot.platforms.slack.limits import (
    FORM_FIELDS,
    FORM_LINES,
    INPUT_HINT,
    INPUT_LABEL,
    INPUT_TEXT,
    OPTION_LABEL,
    OPTION_VALUE,
    OPTIONS,
    PRIVATE_METADATA,
    VIEW_TITLE,
    Block,
)
from bot.platforms.slack.prose import line_elements, paragraph
from bot.platforms.slack.words import label, one_line, plain, plain_text, shorten
from bot.views.text import more

INPUT = "input"
_CANCEL = "Cancel"


def render_form(form: Form) -> Block:
    """Return the view that `views.open` takes. What a key field holds is never put into it."""
    lines = [paragraph([elements]) for elements in map(line_elements, form.text[:FORM_LINES]) if elements]
    return {
        "type": "modal",
        "callback_id": form.name,
        "private_metadata": form.value[:PRIVATE_METADATA],
        "title": plain_text(label(form.title, VIEW_TITLE)),
        "submit": plain_text(label(form.submit, VIEW_TITLE)),
        "close": plain_text(_CANCEL),
        "blocks": [*lines, *(_input(field) for field in form.fields[:FORM_FIELDS])],
    }


def _input(field: Field) -> Block:
    element = {"choice": _choice, "channel": _channel}.get(field.kind, _typed)(field)
    hint = [one_line(field.hint)] if field.hint else []
    if len(field.choices) > OPTIONS:
        hint.append(more(len(field.choices) - OPTIONS, "choice"))
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(label(field.label, INPUT_LABEL, field.name)),
        "optional": not field.is_required,
        "element": {"action_id": INPUT, **element},
    }
    return block | ({"hint": plain_text(shorten(" ".join(hint), INPUT_HINT))} if any(hint) else {})


def _typed(field: Field) -> Block:
    value = "" if field.kind == "key" else plain(field.value)[:INPUT_TEXT]
    element: Block = {"type": "plain_text_input"}
    return element | ({"initial_value": value} if value else {})


def _choice(field: Field) -> Block:
    """A menu; a choice whose value would not come back whole is no choice."""
    whole = [choice for choice in field.choices if 0 < len(choice[0]) <= OPTION_VALUE]
    options = {value: _option(value, words) for value, words in whole[:OPTIONS]}
    chosen = options.get(field.value)
    element: Block = {"type": "static_select", "options": list(options.values())}
    return element | ({"initial_option": chosen} if chosen else {})


def _option(value: str, words: str) -> Block:
    return {"text": plain_text(label(words, OPTION_LABEL, value)), "value": value}


def _channel(field: Field) -> Block:
    """A choice of channels; one that outsiders share is not offered, as figures would reach them."""
    element: Block = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_external_shared_channels": True},
    }
    if field.value:
        return element | {"initial_conversation": field.value}
    return element | ({"default_to_current_conversation": True} if field.is_required else {})
