"""The methods of the Web API that a bot like ours calls. Each takes its arguments and returns the answer's fields."""

import json
from collections.abc import Callable
from typing import Any

from tests.fakes.slack.blocks import refused_in_message, wrong_in_view
from tests.fakes.slack.world import APP, BOT_USER, Channel, Message, Modal, World, type_json

type_method = Callable[[World, type_json], type_json]


class RefusedError(Exception):
    """Slack's answer is an error. `error`: its word; `more`: further fields of the answer."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


def auth_test(world: World, _arguments: type_json) -> type_json:
    """Who the token is."""
    names = {"url": "https://harbor-notes.slack.test/", "team": world.team_name, "user": "spendbot"}
    ids = {"team_id": world.team_id, "user_id": BOT_USER, "bot_id": "B0SPENDBOT", "app_id": APP}
    enterprise = {"enterprise_id": world.enterprise_id} if world.enterprise_id else {}
    return {**names, **ids, **enterprise, "is_enterprise_install": world.is_enterprise_install}


def users_info(world: World, arguments: type_json) -> type_json:
    """One person."""
    person = world.people.get(arguments.get("user", ""))
    if person is None:
        raise RefusedError("user_not_found")
    return {
        "user": {
            "id": person.id,
            "team_id": person.team_id,
            "name": person.name.lower().replace(" ", "."),
            "real_name": person.name,
            "deleted": person.deleted,
            "is_admin": person.is_admin,
            "is_owner": person.is_owner,
            "is_restricted": person.is_restricted,
            "is_ultra_restricted": person.is_ultra_restricted,
            "is_bot": False,
            "profile": {"display_name": person.name.split()[0], "real_name": person.name},
        }
    }


def post_message(world: World, arguments: type_json) -> type_json:
    """Post; a person's id as the channel is their direct messages."""
    channel = writable(world, arguments.get("channel", ""))
    version = message_version(world, arguments)
    thread = arguments.get("thread_ts", "")
    if thread and not _find(world, channel.id, thread):
        raise RefusedError("thread_not_found")
    message = Message(world.new_ts(), channel.id, [version], thread_ts=thread)
    world.messages.append(message)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": {**version, "ts": message.ts, "user": BOT_USER},
    }


def update_message(world: World, arguments: type_json) -> type_json:
    """Change one of the bot's own messages; here a person's id is no channel."""
    channel = world.channels.get(arguments.get("channel", ""))
    if channel is None:
        raise RefusedError("channel_not_found")
    message = _find(world, channel.id, arguments.get("ts", ""))
    if message is None or message.only_for:
        raise RefusedError("message_not_found")
    writable(world, channel.id)
    message.versions.append(message_version(world, arguments))
    return {"channel": channel.id, "ts": message.ts, "text": message.text}


def post_ephemeral(world: World, arguments: type_json) -> type_json:
    """Show one person something in a channel."""
    channel = writable(world, arguments.get("channel", ""))
    if arguments.get("user") not in world.people:
        raise RefusedError("user_not_in_channel")
    version = message_version(world, arguments)
    message = Message(world.new_ts(), channel.id, [version], only_for=arguments["user"])
    world.messages.append(message)
    return {"message_ts": message.ts}


def schedule_message(world: World, arguments: type_json) -> type_json:
    """Keep a message for later: refused as a post would be."""
    channel = writable(world, arguments.get("channel", ""))
    message_version(world, arguments)
    ahead = int(arguments.get("post_at", 0)) - world.clock.now()
    if not 0 < ahead < 120 * 86400:
        raise RefusedError("time_in_past" if ahead <= 0 else "time_too_far")
    scheduled = world.new_id("Q")
    world.scheduled[scheduled] = channel.id
    return {"channel": channel.id, "scheduled_message_id": scheduled, "post_at": arguments["post_at"]}


def delete_scheduled(world: World, arguments: type_json) -> type_json:
    """Take back what was kept for later."""
    if world.scheduled.pop(arguments.get("scheduled_message_id", ""), "") != arguments.get("channel"):
        raise RefusedError("invalid_scheduled_message_id")
    return {}


def open_conversation(world: World, arguments: type_json) -> type_json:
    """The direct messages with a person."""
    if arguments.get("users") not in world.people:
        raise RefusedError("user_not_found")
    return {"channel": {"id": world.dm_with(arguments["users"]).id}}


def conversation_info(world: World, arguments: type_json) -> type_json:
    """One channel."""
    channel = world.channels.get(arguments.get("channel", ""))
    if channel is None:
        raise RefusedError("channel_not_found")
    return {"channel": {"id": channel.id, "name": channel.name, "is_member": channel.has_bot}}


def open_view(world: World, arguments: type_json) -> type_json:
    """Open a modal for whoever the trigger id belongs to."""
    user = _use_trigger(world, arguments.get("trigger_id", ""))
    modal = Modal(world.new_id("V"), user, [checked_view(world, arguments)], _hash(world))
    world.modals[modal.id] = modal
    return {"view": shown(world, modal)}


def update_view(world: World, arguments: type_json) -> type_json:
    """Change a modal that is open."""
    modal = world.modals.get(arguments.get("view_id", ""))
    if modal is None or not modal.is_open:
        raise RefusedError("not_found")
    if arguments.get("hash", modal.hash) != modal.hash:
        raise RefusedError("hash_conflict")
    change_view(world, modal, checked_view(world, arguments))
    return {"view": shown(world, modal)}


def publish_view(world: World, arguments: type_json) -> type_json:
    """Set somebody's Home tab."""
    if arguments.get("user_id") not in world.people:
        raise RefusedError("user_not_found")
    view = checked_view(world, arguments)
    world.homes.setdefault(arguments["user_id"], []).append(view)
    return {"view": {**view, "id": world.new_id("V"), "hash": _hash(world)}}


METHODS: dict[str, tuple[type_method, str]] = {
    "auth.test": (auth_test, ""),
    "users.info": (users_info, "users:read"),
    "chat.postMessage": (post_message, "chat:write"),
    "chat.update": (update_message, "chat:write"),
    "chat.postEphemeral": (post_ephemeral, "chat:write"),
    "chat.scheduleMessage": (schedule_message, "chat:write"),
    "chat.deleteScheduledMessage": (delete_scheduled, "chat:write"),
    "conversations.open": (open_conversation, "im:write"),
    "conversations.info": (conversation_info, "channels:read"),
    "views.open": (open_view, ""),
    "views.update": (update_view, ""),
    "views.publish": (publish_view, ""),
}


FORMS_ONLY = ("files.getUploadURLExternal", "files.completeUploadExternal", "files.info", "users.info")
"""Methods that read no JSON body."""


def writable(world: World, channel_id: str) -> Channel:
    """Return a channel that the bot may write in, or raise as Slack does."""
    if channel_id in world.people:
        return world.dm_with(channel_id)
    channel = world.channels.get(channel_id)
    if channel is None:
        raise RefusedError("channel_not_found")
    if channel.is_archived:
        raise RefusedError("is_archived")
    if not channel.has_bot:
        raise RefusedError("not_in_channel")
    return channel


def message_version(world: World, arguments: type_json) -> type_json:
    """Return what a message says, checked."""
    blocks = _decoded(arguments.get("blocks"))
    if not arguments.get("text") and not blocks:
        raise RefusedError("no_text")
    if blocks is not None:
        error, wrong = refused_in_message(blocks, lambda file_id: _is_ready(world, file_id))
        if error:
            raise RefusedError(error, errors=wrong, response_metadata={"messages": wrong})
    kept = {name: arguments[name] for name in ("text", "unfurl_links", "unfurl_media") if name in arguments}
    return {**kept, "blocks": blocks or [], "at": world.clock.now()}


def checked_view(world: World, arguments: type_json) -> type_json:
    """Return the view of a call, checked."""
    view = _decoded(arguments.get("view"))
    wrong = wrong_in_view(view, lambda file_id: _is_ready(world, file_id))
    if wrong:
        raise RefusedError("invalid_arguments", response_metadata={"messages": wrong})
    assert isinstance(view, dict)
    return view


def change_view(world: World, modal: Modal, view: type_json) -> None:
    """Show another version of a modal."""
    modal.versions.append(view)
    modal.errors = {}
    modal.hash = _hash(world)


def shown(world: World, modal: Modal) -> type_json:
    """Return a modal as payloads and answers carry it."""
    ids = {
        "id": modal.id,
        "hash": modal.hash,
        "team_id": world.team_id,
        "app_id": APP,
        "bot_id": "B0SPENDBOT",
    }
    return {"private_metadata": "", "callback_id": "", **modal.view, **ids, "root_view_id": modal.id}


def _use_trigger(world: World, trigger_id: str) -> str:
    trigger = world.triggers.get(trigger_id)
    if trigger is None:
        raise RefusedError("invalid_trigger_id")
    if world.clock.now() > trigger.expires_at:
        raise RefusedError("expired_trigger_id")
    if trigger.is_used:
        raise RefusedError("exchanged_trigger_id")
    trigger.is_used = True
    return trigger.user


def _is_ready(world: World, file_id: str) -> bool:
    return file_id in world.files and world.is_ready(world.files[file_id])


def _find(world: World, channel: str, ts: str) -> Message | None:
    return next((each for each in world.messages if (each.channel, each.ts) == (channel, ts)), None)


def _hash(world: World) -> str:
    return f"{int(world.clock.now())}.{world.number():08x}"


def _decoded(value: Any) -> Any:
    """Return blocks or a view, which come as JSON or, in a form, as JSON text."""
    return json.loads(value) if isinstance(value, str) else value
