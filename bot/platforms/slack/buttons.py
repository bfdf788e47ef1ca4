"""Buttons: one row of at most five, the rarer ones in a menu at its end.

`action_id` is the action, with `.2` and so on where a message has it twice; that of a link begins with `link:`, because
Slack reports its press too. A choice of the menu carries `action:value`. `read.pressed` takes them apart again.

Facts: Slack, "Button element", "Overflow menu element" and "Confirmation dialog object", checked 2026-11-20. A menu has
one confirm for all its choices, so a button that asks first never goes there.
"""

from collections.abc import Iterable, Sequence

from bot.platforms.slack.limits import (
    ACTIONS_JSON,
    BUTTON_LABEL,
    BUTTON_VALUE,
    BUTTONS_IN_ROW,
    CONFIRM_BUTTON,
    CONFIRM_TEXT,
    CONFIRM_TITLE,
    OPTION_VALUE,
    OVERFLOW_OPTIONS,
    Block,
    size,
)
from bot.platforms.slack.prose import is_web
from bot.platforms.slack.words import label, one_line, plain_text, shorten
from bot.views.model import Button

LINK = "link:"
MENU = "more"
_CANCEL = "Cancel"


def actions(buttons: Sequence[Button]) -> tuple[Block | None, int]:
    """Build the row, None without buttons, and count the buttons that found no room in it.

    A button whose value or address is too long to come back whole is among those: cut, it would do something else.
    """
    usable = [button for button in buttons if _is_usable(button)]
    while usable:
        row, menu = _split(usable)
        block: Block = {"type": "actions", "elements": _elements(row, menu)}
        if size(block) <= ACTIONS_JSON:
            return block, len(buttons) - len(row) - len(menu)
        usable.pop()
    return None, len(buttons)


def _split(buttons: Sequence[Button]) -> tuple[list[Button], list[Button]]:
    """Tell the row from the menu. All stand in the row while they fit and at most one is rare."""
    rare = [button for button in buttons if button.is_rare and _may_hide(button)]
    if len(buttons) <= BUTTONS_IN_ROW and len(rare) < 2:
        return list(buttons), []
    row = [button for button in buttons if button not in rare][: BUTTONS_IN_ROW - 1]
    menu = [button for button in buttons if button not in row and _may_hide(button)]
    return row, menu[:OVERFLOW_OPTIONS]


def _elements(row: Iterable[Button], menu: Sequence[Button]) -> list[Block]:
    elements: list[Block] = []
    used: dict[str, int] = {}
    for button in row:
        action_id = f"{LINK}{button.action}" if button.url else button.action
        used[action_id] = used.get(action_id, 0) + 1
        elements.append(
            _button(button, action_id if used[action_id] == 1 else f"{action_id}.{used[action_id]}")
        )
    if menu:
        elements.append({"type": "overflow", "action_id": MENU, "options": [_option(each) for each in menu]})
    return elements


def _button(button: Button, action_id: str) -> Block:
    element: Block = {"type": "button", "action_id": action_id, "text": plain_text(_label(button))}
    if button.url:
        element["url"] = button.url
    elif button.value:
        element["value"] = button.value
    if button.confirm:
        element["confirm"] = _confirm(button)
    return element


def _option(button: Button) -> Block:
    option: Block = {"text": plain_text(_label(button)), "value": _choice(button)}
    return option | {"url": button.url} if button.url else option


def _choice(button: Button) -> str:
    return f"{LINK if button.url else ''}{button.action}:{'' if button.url else button.value}"


def _confirm(button: Button) -> Block:
    return {
        "title": plain_text(label(button.label, CONFIRM_TITLE, button.action)),
        "text": plain_text(shorten(one_line(button.confirm), CONFIRM_TEXT) or _label(button)),
        "confirm": plain_text(label(button.label, CONFIRM_BUTTON, button.action)),
        "deny": plain_text(_CANCEL),
    }


def _label(button: Button) -> str:
    return label(button.label, BUTTON_LABEL, button.action)


def _is_usable(button: Button) -> bool:
    is_whole = len(button.value) <= BUTTON_VALUE and _survives(button.value)
    return is_web(button.url) if button.url else is_whole


def _survives(value: str) -> bool:
    """A lone surrogate cannot be sent at all."""
    return not any("\ud800" <= char <= "\udfff" for char in value)


def _may_hide(button: Button) -> bool:
    return not button.confirm and len(_choice(button)) <= OPTION_VALUE
