"""What people do: type a command, press a button, send a form, open the Home tab; and Slack's payloads for each."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.web_api import shown
from tests.fakes.slack.world import APP, Channel, Message, Modal, Person, World, type_json

SLASH, INTERACTIVE, EVENTS = "slash_commands", "interactive", "events_api"


@dataclass
class Act:
    """Something a person did. `ack`: what the app acknowledged it with, None when it did not within 3 s."""

    kind: str
    payload: type_json
    ack: type_json | None = None
    took_s: float | None = None
    statuses: list[int] = field(default_factory=list)


def slash(world: World, command: str, text: str, person: Person, place: Channel, response_url: str) -> Act:
    """Return a slash command."""
    payload = {
        "token": "unused",
        "team_id": person.team_id,
        "team_domain": "harbor-notes",
        "channel_id": place.id,
        "channel_name": place.name,
        "user_id": person.id,
        "user_name": person.name.lower().replace(" ", "."),
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": world.new_trigger(person.id),
        **({"enterprise_id": world.enterprise_id} if world.enterprise_id else {}),
    }
    return Act(SLASH, payload)


def pressed(world: World, person: Person, block: type_json, element: type_json) -> type_json:
    """Return the part of a block_actions payload that is the same on every surface."""
    action = {name: element[name] for name in ("type", "action_id", "value", "text") if name in element}
    if element["type"] == "overflow":
        action = {
            "type": "overflow",
            "action_id": element["action_id"],
            "selected_option": element["selected"],
        }
    return {
        "type": "block_actions",
        **_who(world, person),
        "trigger_id": world.new_trigger(person.id),
        "actions": [
            {**action, "block_id": block.get("block_id", "b"), "action_ts": f"{world.clock.now():.6f}"}
        ],
    }


def press_on_message(
    world: World, message: Message, label: str, person: Person, place: Channel, response_url: str
) -> Act:
    """Return a press of the button (or overflow entry) with this label under a message."""
    block, element = find_element(message.blocks, label)
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": place.id,
        "is_ephemeral": bool(message.only_for),
    }
    told = {} if message.only_for else {"message": {**message.versions[-1], "ts": message.ts}}
    return Act(
        INTERACTIVE,
        {
            **pressed(world, person, block, element),
            "container": container,
            "channel": {"id": place.id, "name": place.name},
            "response_url": response_url,
            **told,
        },
    )


def press_on_view(world: World, view: type_json, label: str, person: Person) -> Act:
    """Return a press of the button with this label on a modal or Home tab."""
    block, element = find_element(view["blocks"], label)
    container = {"type": "view", "view_id": view["id"]}
    return Act(INTERACTIVE, {**pressed(world, person, block, element), "container": container, "view": view})


def submission(world: World, modal: Modal, values: dict[str, str], person: Person) -> Act:
    """Return a form that is sent; fields are named by block_id or label. Fields left alone keep what they show.

    Raises AssertionError where the client would not let it be sent: an unknown choice, a required field left empty.
    """
    state: type_json = {}
    left = dict(values)
    for block in (each for each in modal.view["blocks"] if each["type"] == "input"):
        label, element = block["label"]["text"], block["element"]
        name = next((key for key in (block["block_id"], label) if key in left), "")
        value = _field_value(element, left.pop(name) if name else None)
        empty = not any(value.get(key) for key in value if key != "type")
        assert block.get("optional") or not empty, f"{label} is required"
        state[block["block_id"]] = {element["action_id"]: value}
    assert not left, f"no such field: {sorted(left)}"
    return Act(
        INTERACTIVE,
        {
            "type": "view_submission",
            **_who(world, person),
            "trigger_id": world.new_trigger(person.id),
            "view": {**shown(world, modal), "state": {"values": state}},
            "response_urls": [],
        },
    )


def event(world: World, event_body: type_json) -> Act:
    """Return an event."""
    return Act(
        EVENTS,
        {
            "token": "unused",
            "team_id": world.team_id,
            "api_app_id": APP,
            "event": {"event_ts": f"{world.clock.now():.6f}", **event_body},
            "type": "event_callback",
            "event_id": world.new_id("Ev"),
            "event_time": int(world.clock.now()),
            "authorizations": [
                {
                    "enterprise_id": world.enterprise_id or None,
                    "team_id": world.team_id,
                    "user_id": "U0SPENDBOT",
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
        },
    )


def as_http_body(act: Act) -> tuple[str, str]:
    """Return (content type, body) of an act in HTTP mode."""
    from urllib.parse import urlencode

    if act.kind == EVENTS:
        return "application/json", json.dumps(act.payload)
    form = act.payload if act.kind == SLASH else {"payload": json.dumps(act.payload)}
    return "application/x-www-form-urlencoded", urlencode(form)


def find_element(blocks: list[type_json], label: str) -> tuple[type_json, type_json]:
    """Return the block and the element with this label or action_id; for an overflow entry, what is selected."""
    seen = []
    for block in blocks:
        elements = block.get("elements", []) if block["type"] == "actions" else []
        for element in [*elements, *([block["accessory"]] if "accessory" in block else [])]:
            if element["type"] == "overflow":
                for option in element["options"]:
                    seen.append(option["text"]["text"])
                    if label == option["text"]["text"]:
                        return block, {**element, "selected": option}
            elif "text" in element:
                seen.append(element["text"]["text"])
                if label in (element["text"]["text"], element.get("action_id")):
                    return block, element
    raise AssertionError(f"no button {label!r} among {seen}")


def _who(world: World, person: Person) -> type_json:
    user = {
        "id": person.id,
        "username": person.name.lower().replace(" ", "."),
        "name": person.name.lower().replace(" ", "."),
        "team_id": person.team_id,
    }
    return {
        "user": user,
        "team": {"id": world.team_id, "domain": "harbor-notes"},
        "enterprise": {"id": world.enterprise_id} if world.enterprise_id else None,
        "is_enterprise_install": False,
        "api_app_id": APP,
        "token": "unused",
    }


def _field_value(element: type_json, value: str | None) -> type_json:
    kind: str = element["type"]
    if kind in ("static_select", "radio_buttons"):
        options: list[Any] = element["options"]
        chosen = element.get("initial_option")
        if value is not None:
            fits = [each for each in options if value in (each["value"], each["text"]["text"])]
            assert fits, f"no such choice: {value}"
            chosen = fits[0]
        return {"type": kind, "selected_option": chosen}
    if kind == "conversations_select":
        return {"type": kind, "selected_conversation": value or element.get("initial_conversation")}
    if kind == "channels_select":
        return {"type": kind, "selected_channel": value or element.get("initial_channel")}
    return {"type": kind, "value": element.get("initial_value") if value is None else value}
