"""What is in this Slack: people, channels, files, and all that a person would see, with every earlier version of it."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.canaries import SLACK_APP_TOKEN, SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET

T = TypeVar("T")
type_json = dict[str, Any]

TEAM, OTHER_TEAM, ENTERPRISE = "T0HARBOR1", "T0OUTSIDE", "E0HARBOR1"
BOT_USER, APP = "U0SPENDBOT", "A0SPENDBOT"
GENERAL, ELSEWHERE = "C0AISPEND1", "C0ELSEWHERE"
SCOPES = ("commands", "chat:write", "files:write", "files:read", "users:read")
_TRIGGER_LIFE_S = 3.0


@dataclass
class Clock:
    """Slack's clock: the machine's, moved on by hand where a test wants time to pass."""

    ahead_s: float = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead_s

    def forward(self, seconds: float) -> None:
        """Let time pass at once."""
        self.ahead_s += seconds


@dataclass
class Person:
    """Somebody with an account. `team_id` is another team's for an outsider of a shared channel."""

    id: str
    name: str
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    team_id: str = TEAM
    deleted: bool = False


@dataclass
class Channel:
    """A conversation. `dm_with`: the one person it is with, for a direct message."""

    id: str
    name: str
    has_bot: bool = True
    is_archived: bool = False
    dm_with: str = ""


@dataclass
class File:
    """An uploaded file. It can be shown once `asked` times files.info was called and so many seconds have passed."""

    id: str
    name: str
    length: int
    alt: str
    content: bytes = b""
    is_complete: bool = False
    completed_at: float = 0.0
    asked: int = 0
    shared_in: list[str] = field(default_factory=list)


@dataclass
class Message:
    """A message as people see it. `only_for`: the one person who sees it (ephemeral), '' = everybody there."""

    ts: str
    channel: str
    versions: list[type_json]
    thread_ts: str = ""
    only_for: str = ""
    is_deleted: bool = False

    @property
    def text(self) -> str:
        """What its notification says now."""
        return str(self.versions[-1].get("text", ""))

    @property
    def blocks(self) -> list[type_json]:
        """Its blocks now."""
        return list(self.versions[-1].get("blocks") or [])

    @property
    def pictures(self) -> list[str]:
        """The ids of the files it shows now."""
        return [block["slack_file"]["id"] for block in self.blocks if "slack_file" in block]

    @property
    def words(self) -> str:
        """Every word of its blocks now, in order."""
        return " ".join(texts_in(self.blocks))


@dataclass
class Modal:
    """A view on somebody's screen. `errors`: what stands at its fields."""

    id: str
    user: str
    versions: list[type_json]
    hash: str
    is_open: bool = True
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def view(self) -> type_json:
        """The view as it is shown now."""
        return self.versions[-1]

    @property
    def words(self) -> str:
        """Every word of it now, its title first."""
        view = self.view
        return " ".join(texts_in([view.get("title", {}), *view["blocks"]]))


@dataclass
class Trigger:
    """What lets an app open a modal, once and for 3 s."""

    user: str
    expires_at: float
    is_used: bool = False


@dataclass
class ResponseUrl:
    """Where an answer to one act may be sent: 5 times within 30 minutes. `original`: the message it replaces."""

    channel: str
    user: str
    expires_at: float
    uses: int = 0
    original: Message | None = None


@dataclass
class Call:
    """A call of the Web API that arrived. `outcome`: ok, an error's word, or the fault it met."""

    method: str
    arguments: type_json
    at: float
    outcome: str = ""


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text of blocks, in order."""
    if isinstance(value, list):
        for each in value:
            yield from texts_in(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name == "text" and isinstance(each, str):
                yield each
            elif name not in ("value", "action_id", "block_id"):
                yield from texts_in(each)


@dataclass
class World:
    """Everything there. `ready_after_asks`, `ready_after_s`: how long a file is worked on before it can be shown.

    scheduled: the channel of each message that will be posted one day. commands_replace: the second answer to a command
    may stand in place of the first one; False: it is a message of its own, as people report it.
    """

    clock: Clock = field(default_factory=Clock)
    team_id: str = TEAM
    team_name: str = "Harbor Notes"
    enterprise_id: str = ""
    is_enterprise_install: bool = False
    bot_token: str = SLACK_BOT_TOKEN
    app_token: str = SLACK_APP_TOKEN
    signing_secret: str = SLACK_SIGNING_SECRET
    scopes: tuple[str, ...] = SCOPES
    ready_after_asks: int = 0
    ready_after_s: float = 0.0
    commands_replace: bool = True
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    modals: dict[str, Modal] = field(default_factory=dict)
    homes: dict[str, list[type_json]] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    scheduled: dict[str, str] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    refusals_shown: list[tuple[str, str]] = field(default_factory=list)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _last_number: int = 0

    def __post_init__(self) -> None:
        for person in (
            Person("U0MIRAOKA", "Mira Okafor", is_admin=True),
            Person("U0DANAWEI", "Dana Weiss"),
            Person("U0GUESTGU", "Guest Gunnar", is_restricted=True),
            Person("U0SINGLES", "Single Sanna", is_restricted=True, is_ultra_restricted=True),
            Person("U0OUTSIDE", "Outside Otto", team_id=OTHER_TEAM),
        ):
            self.people[person.id] = person
        self.channels[GENERAL] = Channel(GENERAL, "ai-spend")
        self.channels[ELSEWHERE] = Channel(ELSEWHERE, "elsewhere", has_bot=False)

    def number(self) -> int:
        """Return a number that was not given out before."""
        self._last_number += 1
        return self._last_number

    def new_id(self, first: str) -> str:
        """Return an id in Slack's form, such as F00000001A."""
        return f"{first}{self.number():08d}A"

    def new_ts(self) -> str:
        """Return the id of a new message: its time, later than that of every other."""
        return f"{int(self.clock.now())}.{self.number():06d}"

    def new_trigger(self, user: str) -> str:
        """Return a trigger id for what this person just did."""
        trigger_id = f"{self.number()}.{self.number()}.{'0' * 32}"
        self.triggers[trigger_id] = Trigger(user, self.clock.now() + _TRIGGER_LIFE_S)
        return trigger_id

    def dm_with(self, user: str) -> Channel:
        """Return the direct messages between the bot and a person."""
        for channel in self.channels.values():
            if channel.dm_with == user:
                return channel
        channel = Channel(self.new_id("D"), "directmessage", dm_with=user)
        self.channels[channel.id] = channel
        return channel

    def is_ready(self, file: File) -> bool:
        """Tell whether a file can be shown already."""
        waited = self.clock.now() - file.completed_at
        return file.is_complete and file.asked >= self.ready_after_asks and waited >= self.ready_after_s

    def in_channel(self, channel: str = GENERAL, *, thread_ts: str = "") -> list[Message]:
        """Return the messages that everybody in a channel sees, or those of one thread."""
        return [
            each
            for each in self.messages
            if (each.channel, each.only_for, each.thread_ts) == (channel, "", thread_ts)
            and not each.is_deleted
        ]

    def private_for(self, user: str) -> list[Message]:
        """Return what only this person sees, anywhere: ephemeral answers."""
        return [each for each in self.messages if each.only_for == user and not each.is_deleted]

    def told_directly(self, user: str) -> list[Message]:
        """Return the bot's direct messages to a person."""
        ids = [each.id for each in self.channels.values() if each.dm_with == user]
        return [each for each in self.messages if each.channel in ids and not each.only_for]

    def called(self, method: str) -> list[Call]:
        """Return the calls of one method."""
        return [call for call in self.calls if call.method == method]

    async def note_change(self) -> None:
        """Wake whoever waits for something to be there."""
        async with self._changed:
            self._changed.notify_all()

    async def until(self, see: Callable[[], T], *, timeout_s: float = 30.0) -> T:
        """Wait until something is there (truthy) and return it; TimeoutError when it does not come."""
        async with self._changed, asyncio.timeout(timeout_s):
            while not (found := see()):
                await self._changed.wait()
            return found
