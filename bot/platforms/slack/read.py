"""What a person pressed or sent, in our words: the other direction of `buttons` and `forms`.

Facts: Slack, "block_actions payload" and "View interaction payloads", checked 2026-11-20.
"""

from collections.abc import Mapping
from typing import Any

from bot.platforms.slack.buttons import LINK, MENU


def pressed(action: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return action and value of one entry of a payload's `actions`; None for a link, which only leads away."""
    action_id, value = str(action.get("action_id") or ""), str(action.get("value") or "")
    if action_id == MENU:
        choice = str((action.get("selected_option") or {}).get("value") or "")
        if choice.startswith(LINK):
            return None
        action_id, _, value = choice.partition(":")
    return None if action_id.startswith(LINK) else (action_id.partition(".")[0], value)


def submitted(view: Mapping[str, Any]) -> tuple[str, dict[str, str], str]:
    """Return a sent form: its name, what was filled in by field name ('' = nothing), and the form's own value."""
    fields = (view.get("state") or {}).get("values") or {}
    values = {name: _filled(next(iter(inputs.values()), {})) for name, inputs in fields.items()}
    return str(view.get("callback_id") or ""), values, str(view.get("private_metadata") or "")


def _filled(element: Mapping[str, Any]) -> str:
    option = element.get("selected_option") or {}
    return str(element.get("value") or option.get("value") or element.get("selected_conversation") or "")
