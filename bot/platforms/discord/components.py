"""Buttons as Discord components: rows of five, rarer ones in rows of their own behind them.

`custom_id` is `action:value`. A button whose id would not fit, or is there already, is left out: cut, it would act on
something else.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.platforms.discord.escape import cut_middle, plain
from bot.platforms.discord.limits import BUTTON_LABEL, BUTTON_URL, BUTTONS_IN_ROW, CUSTOM_ID, ROWS, units
from bot.views.model import Button

ACTION_ROW, BUTTON = 1, 2
SECONDARY, DANGER, LINK = 2, 4, 5


def custom_id(action: str, value: str) -> str:
    """Return the id of a button or form, `action:value`; `acted_on` reads it back."""
    return f"{action}:{value}"


def acted_on(custom_id: str) -> tuple[str, str]:
    """Return the action and the value of an id.

    >>> acted_on("by_model:spend today by model"), acted_on("share:")
    (('by_model', 'spend today by model'), ('share', ''))
    """
    action, _, value = custom_id.partition(":")
    return action, value


def button_rows(buttons: Sequence[Button]) -> tuple[dict[str, Any], ...]:
    """Return the action rows of a message; none for no buttons."""
    usable = list(_usable(buttons))
    rows = [
        row
        for is_rare in (False, True)
        for row in _in_rows([_button(button) for button in usable if button.is_rare is is_rare])
    ]
    return tuple(rows[:ROWS])


def _usable(buttons: Sequence[Button]) -> Iterator[Button]:
    seen: set[str] = set()
    for button in buttons:
        target = button.url or custom_id(button.action, button.value)
        if plain(button.label).strip() and target not in seen and _fits(button):
            seen.add(target)
            yield button


def _fits(button: Button) -> bool:
    if button.url:
        parts = urlsplit(button.url)
        return parts.scheme == "https" and bool(parts.netloc) and units(button.url) <= BUTTON_URL
    return units(custom_id(button.action, button.value)) <= CUSTOM_ID


def _button(button: Button) -> dict[str, Any]:
    label = cut_middle(plain(button.label).strip(), BUTTON_LABEL)
    if button.url:
        return {"type": BUTTON, "style": LINK, "label": label, "url": button.url}
    style = DANGER if button.confirm else SECONDARY
    return {
        "type": BUTTON, "style": style, "label": label, "custom_id": custom_id(button.action, button.value)
    }  # fmt: skip


def _in_rows(buttons: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(buttons), BUTTONS_IN_ROW):
        yield {"type": ACTION_ROW, "components": list(buttons[start : start + BUTTONS_IN_ROW])}
