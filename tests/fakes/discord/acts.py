"""What people do on the loopback Discord (interactions), and what became of each."""

import time
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.world import APP_ID, DANA, MIRA, Message, World, type_body

MANAGE_GUILD, MEMBER_RIGHTS = 1 << 5, 274877991936
COMMAND, PRESS, TYPING, FORM = 2, 3, 4, 5
ANSWER_WITHIN_S, TOKEN_LIVES_S = 3.0, 15 * 60.0
NAMES = {MIRA: "Mira Okafor", DANA: "Dana Weiss"}
_OPTION_TYPES = {bool: 5, int: 4, float: 10}


@dataclass
class Act:
    """One interaction. `first`: the kind of its first response, 0 = none yet. `took_s`: how long that took.

    `original`: the id of the message that answers it; `followups` those behind it. `modal`: the form that was opened.
    """

    id: str
    token: str
    payload: type_body
    user: str
    channel: str
    world: World
    at: float = field(default_factory=time.monotonic)
    first: int = 0
    took_s: float = 0.0
    original: str = ""
    followups: list[str] = field(default_factory=list)
    modal: type_body | None = None
    choices: list[type_body] | None = None
    refusals: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def answer(self) -> Message | None:
        """The message that answers it, None while the bot thinks or where there is none."""
        message = self.world.message(self.original) if self.original else None
        return None if message is None or message.is_thinking else message

    @property
    def text(self) -> str:
        """What the answer says now, '' while there is none."""
        return self.answer.text if self.answer else ""

    @property
    def more(self) -> list[Message]:
        """The messages behind the answer."""
        return [m for each in self.followups if (m := self.world.message(each)) is not None]

    async def answered(self) -> Message:
        """Wait for its answer."""
        await self.world.until(lambda: self.answer)
        assert self.answer is not None
        return self.answer

    async def with_picture(self) -> Message:
        """Wait until its answer shows a picture."""
        await self.world.until(lambda: self.answer and self.answer.attachments)
        return await self.answered()

    async def followed(self, count: int = 1) -> Message:
        """Wait for so many messages behind the answer, and return the last."""
        await self.world.until(lambda: len(self.more) >= count)
        return self.more[-1]

    async def opened(self) -> type_body:
        """Wait for the form it opens."""
        await self.world.until(lambda: self.modal)
        assert self.modal is not None
        return self.modal

    async def suggested(self) -> list[str]:
        """Wait for its suggestions."""
        await self.world.until(lambda: self.choices is not None)
        return [choice["name"] for choice in self.choices or ()]

    async def acknowledged(self) -> int:
        """Wait for its first response, and return its kind."""
        await self.world.until(lambda: self.first)
        return self.first


def interaction(
    world: World,
    kind: int,
    data: type_body,
    *,
    user: str,
    channel: str,
    is_admin: bool,
    in_dm: bool = False,
    by_user_install: bool = False,
    message: Message | None = None,
    same_as: Act | None = None,
) -> Act:
    """Return what Discord sends for one thing a person did. `same_as`: it is delivered once more."""
    guild = None if in_dm else world.guild_of(channel)
    act_id = same_as.id if same_as else world.new_id()
    person = {"id": user, "username": NAMES.get(user, user).lower().replace(" ", "."), "discriminator": "0"}
    person |= {"global_name": NAMES.get(user, f"Person {user[-3:]}"), "avatar": None}
    payload: type_body = {
        "id": act_id,
        "application_id": APP_ID,
        "type": kind,
        "token": same_as.token if same_as else f"act-{act_id}",
        "version": 1,
        "data": data,
        "channel_id": channel,
        "locale": "en-US",
        "entitlements": [],
        "app_permissions": "117760",
        "attachment_size_limit": 10 << 20,
        "authorizing_integration_owners": {"1": user}
        if by_user_install
        else {"0": guild.id if guild else "0"},
        "context": 0 if guild else 1,
    }
    if guild is None:
        payload["user"] = person
        payload["channel"] = {"id": channel, "type": 1, "recipients": [person]}
    else:
        rights = MEMBER_RIGHTS | (MANAGE_GUILD if is_admin else 0)
        payload["guild_id"] = guild.id
        payload["guild"] = {"id": guild.id, "locale": "en-US", "features": []}
        payload["guild_locale"] = "en-US"
        payload["member"] = _member(person, rights)
        payload["channel"] = {
            "id": channel,
            "type": 0,
            "name": guild.channels[channel].name,
            "guild_id": guild.id,
            "permissions": str(rights),
            "position": 0,
        }
    if message is not None:
        payload["message"] = as_message(world, message)
    return Act(act_id, payload["token"], payload, user, channel, world)


def _member(person: type_body, rights: int) -> type_body:
    return {
        "user": person,
        "permissions": str(rights),
        "roles": [],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
        "nick": None,
        "avatar": None,
    }


def command_data(world: World, words: str, options: dict[str, Any], focused: str = "") -> type_body:
    """Return the data of a command or of its suggestions. Raises KeyError for what was never synced."""
    root, *path = words.split()
    command = next((each for each in world.commands if each["name"] == root), None)
    if command is None:
        raise KeyError(f"/{root} was never synced")
    here: list[type_body] = command.get("options", [])
    nodes = []
    for name in path:
        node = next(option for option in here if option["name"] == name and option["type"] in (1, 2))
        nodes.append(node)
        here = node.get("options", [])
    known = {option["name"]: option for option in here}
    given: list[type_body] = []
    for name, value in options.items():
        option: type_body = {"name": name, "type": known[name]["type"], "value": value}
        given.append(option | ({"focused": True} if name == focused else {}))
    for node in reversed(nodes):
        given = [{"name": node["name"], "type": node["type"], "options": given}]
    data: type_body = {"id": command["id"], "name": root, "type": 1, "options": given}
    channels = [str(o["value"]) for o in given_leaves(given) if o["type"] == 7]
    return data | (resolved_channels(world, channels) if channels else {})


def resolved_channels(world: World, channels: list[str]) -> type_body:
    """Return what Discord says about channels that were chosen."""
    return {"resolved": {"channels": {each: _resolved(world, each) for each in channels}}}


def given_leaves(options: list[type_body]) -> list[type_body]:
    """Return the options with a value, below all groups."""
    leaves = []
    for option in options:
        leaves += given_leaves(option["options"]) if "options" in option else [option]
    return leaves


def _resolved(world: World, channel_id: str) -> type_body:
    channel = world.channel(channel_id)
    name = channel.name if channel else ""
    return {"id": channel_id, "type": 0, "name": name, "permissions": str(MEMBER_RIGHTS)}


def as_message(world: World, message: Message) -> type_body:
    """Return a message as Discord's API writes it."""
    from tests.fakes.discord.world import BOT_ID

    body = message.body
    guild = world.guild_of(message.channel)
    return {
        "id": message.id,
        "channel_id": message.channel,
        **({"guild_id": guild.id} if guild else {}),
        "author": {"id": BOT_ID, "username": "spendbot", "discriminator": "0", "avatar": None, "bot": True},
        "content": body.get("content") or "",
        "embeds": list(body.get("embeds") or ()),
        "components": list(body.get("components") or ()),
        "attachments": [
            {
                "id": each.id,
                "filename": each.filename,
                "description": each.description,
                "size": len(each.content),
                "url": f"https://cdn.discordapp.com/{each.id}/{each.filename}",
                "proxy_url": f"https://media.discordapp.net/{each.id}/{each.filename}",
                "content_type": "image/png",
            }
            for each in message.attachments
        ],
        "timestamp": "2026-11-19T13:05:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "pinned": False,
        "type": 19 if message.answers else 0,
        "flags": 64 if message.only_for else 0,
        **({"nonce": message.nonce} if message.nonce else {}),
        **({"message_reference": {"message_id": message.answers}} if message.answers else {}),
    }
