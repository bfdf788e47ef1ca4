"""Words that are too long to travel with a button: they are kept, and the button carries their name."""

from dataclasses import replace
from hashlib import sha256

from bot.errors import CommandError
from bot.ports import Asked
from bot.views.errors import button_too_old
from bot.views.model import Button, View
from storage import WorkspaceStore

ROOM = 100  # characters for action and value together: Discord's custom_id
_MARK = "~"


async def with_short_values(view: View, asked: Asked) -> View:
    """Return the view with the name of the words in place of each value that is too long."""
    buttons = tuple([await _short(button, asked) for button in view.buttons])
    return view if buttons == view.buttons else replace(view, buttons=buttons)


async def long_value(store: WorkspaceStore, value: str) -> str:
    """Return the words behind a button's value. Raises CommandError where they are not kept any more."""
    if not value.startswith(_MARK):
        return value
    words = await store.note(value)
    if not words:
        raise CommandError(button_too_old())
    return words


async def _short(button: Button, asked: Asked) -> Button:
    if len(button.action) + 1 + len(button.value) <= ROOM:
        return button
    name = f"{_MARK}{sha256(button.value.encode()).hexdigest()[:24]}"
    await asked.store.keep_note(name, button.value, asked.now)
    return replace(button, value=name)
