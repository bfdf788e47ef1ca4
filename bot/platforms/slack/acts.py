"""What a person did, as Slack told it: commands, presses, sent forms and the Home tab in one shape.

Facts: Slack, "Slash commands", "block_actions payload", "view_submission payload" and "app_home_opened", checked
2026-11-20.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_NAMELESS = ("directmessage", "privategroup", "")
_LONGEST_NOTE = 2900


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act. `id`: the same for every time Slack tells of it. user_team: whose member the person is, '' unknown.

    trigger_id opens a form, once and within 3 s. response_url: where an answer may be sent; '' on a view.
    is_on_message: it was done on a message, and that is what an answer through response_url can replace. is_on_answer:
    only this person sees that message. view_id: the modal it was done on.
    """

    id: str
    user_id: str
    user_name: str
    team_id: str
    user_team: str
    enterprise_id: str
    channel: str
    channel_name: str
    trigger_id: str
    response_url: str
    is_on_message: bool = False
    is_on_answer: bool = False
    view_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a form was opened: kept with it, so that what follows is shown there. `value`: the form's own."""

    value: str = ""
    channel: str = ""
    channel_name: str = ""
    response_url: str = ""

    def note(self) -> str:
        """Write it as a view's private_metadata; without the address where that would be too long."""
        kept = {"v": self.value, "c": self.channel, "n": self.channel_name, "r": self.response_url}
        text = json.dumps(kept)
        return text if len(text) <= _LONGEST_NOTE else json.dumps(kept | {"r": ""})


def read_origin(view: Mapping[str, Any]) -> Origin:
    """Read a view's private_metadata. What was not written by `note` is the form's value alone."""
    text = str(view.get("private_metadata") or "")
    try:
        kept = json.loads(text)
    except ValueError:
        return Origin(value=text)
    if not isinstance(kept, dict):
        return Origin(value=text)
    return Origin(
        value=str(kept.get("v") or ""),
        channel=str(kept.get("c") or ""),
        channel_name=str(kept.get("n") or ""),
        response_url=str(kept.get("r") or ""),
    )


def read_command(body: Mapping[str, Any]) -> tuple[Act, str]:
    """Return a slash command's act and its words, the command first."""
    act = Act(
        id=_text(body, "trigger_id"),
        user_id=_text(body, "user_id"),
        user_name=_text(body, "user_name"),
        team_id=_text(body, "team_id"),
        user_team="",
        enterprise_id=_text(body, "enterprise_id"),
        channel=_text(body, "channel_id"),
        channel_name=_channel_name(_text(body, "channel_name")),
        trigger_id=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
    )
    return act, f"{_text(body, 'command')} {unescaped(_text(body, 'text'))}".strip()


def read_interaction(body: Mapping[str, Any]) -> Act:
    """Return the act of a press or of a sent form. On a view, channel and address are those where it was opened."""
    user, container = part(body, "user"), part(body, "container")
    view = part(body, "view")
    origin = read_origin(view)
    channel = _text(part(body, "channel"), "id") or _text(container, "channel_id")
    return Act(
        id=_text(body, "trigger_id"),
        user_id=_text(user, "id"),
        user_name=_text(user, "name") or _text(user, "username"),
        team_id=_text(part(body, "team"), "id"),
        user_team=_text(user, "team_id"),
        enterprise_id=_text(part(body, "enterprise"), "id"),
        channel=channel or origin.channel,
        channel_name=_channel_name(_text(part(body, "channel"), "name")) or origin.channel_name,
        trigger_id=_text(body, "trigger_id"),
        response_url=_text(body, "response_url") or origin.response_url,
        is_on_message=bool(_text(body, "response_url")),
        is_on_answer=bool(container.get("is_ephemeral")),
        view_id=_text(view, "id") if view.get("type") == "modal" else "",
    )


def read_home(body: Mapping[str, Any]) -> Act | None:
    """Return the act of opening the Home tab; None for the other tabs."""
    event = part(body, "event")
    if event.get("tab", "home") != "home":
        return None
    return Act(
        id=_text(body, "event_id"),
        user_id=_text(event, "user"),
        user_name="",
        team_id=_text(body, "team_id"),
        user_team="",
        enterprise_id=_text(body, "enterprise_id"),
        channel="",
        channel_name="",
        trigger_id="",
        response_url="",
    )


def unescaped(text: str) -> str:
    """Return typed text as it was typed: Slack escapes three characters, and leaves mentions as `<#C…|name>`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _channel_name(name: str) -> str:
    return "" if name in _NAMELESS or name.startswith("mpdm-") else f"#{name.lstrip('#')}"


def _text(part: Mapping[str, Any], name: str) -> str:
    value = part.get(name)
    return value if isinstance(value, str) else ""


def part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object inside a body, an empty one where there is none."""
    value = body.get(name)
    return value if isinstance(value, dict) else {}
