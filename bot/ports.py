"""What commands and jobs are given: the house they work in, who asks, and how a message leaves it.

No command, job or view knows which platform it talks to: they see `Asked` and `Platform`, nothing else.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from bot.views.model import View

if TYPE_CHECKING:
    from aiohttp import web

    from bot.config import Config
    from providers import Provider
    from providers._http import HttpPool
    from spend.pricing import PriceBook
    from storage import Store, WorkspaceStore

type_clock = Callable[[], datetime]
type_handler = Callable[["web.Request"], Awaitable["web.StreamResponse"]]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. `id` is `platform:user id`; `name` is what people see. Guests and outsiders may not ask."""

    id: str
    name: str
    is_admin: bool = False
    may_ask: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is done: a channel of an installation. `channel_name` is what people see (`#ai-spend`)."""

    platform: str
    installation_id: str
    channel: str
    channel_name: str = ""
    is_member: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One command being answered: the workspace's store and everything an answer may depend on."""

    store: "WorkspaceStore"
    house: "House"
    actor: Actor
    place: Place
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A view on its way to a channel. `nonce` is stable for one delivery; `parent` the message to edit or answer.

    `file_id`: its picture, where the platform has it already (`Platform.upload`); else `picture` holds the PNG.
    `is_possible_repeat`: an earlier attempt may have arrived, and its footer says so.
    """

    view: View
    channel: str
    nonce: str
    code: str
    parent: str = ""
    picture: bytes | None = None
    file_id: str = ""
    installation_id: str = ""
    is_possible_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What `spendbot doctor` found. state: ok, warn or fail. `next_step`: what to do, '' = nothing."""

    state: str
    what: str
    words: str
    next_step: str = ""


class Platform(Protocol):
    """A chat platform. Every method raises ChatError; its `outcome_known` says whether the message may be there.

    `keeps_in_database`: posting there is a row in the transaction that sets a delivery to sent (the console, which is
    `WritesText` too). `drops_repeats_for`: how long it drops a second message with the same nonce (zero: never).
    `can_find`: `find` works, so that a message of unknown outcome can be looked for before it is sent again.
    `theme`: the card of pictures that suits it, "light" or "dark", where the workspace has chosen none.
    """

    name: str
    theme: str
    keeps_in_database: bool
    drops_repeats_for: timedelta
    can_find: bool

    async def post(self, message: Outgoing) -> str:
        """Post a message and return the platform's id of it."""

    async def edit(self, message: Outgoing) -> str:
        """Change the message `parent` and return its id."""

    async def reply(self, message: Outgoing) -> str:
        """Answer in the thread of `parent` and return the id of the answer."""

    async def find(self, channel: str, code: str) -> str:
        """Return the id of the bot's own recent message that carries a delivery's code, '' when there is none.

        The code is a word of its own in the footer: `K7Q2` is not found in `K7Q2-2`.
        """

    async def upload(self, message: Outgoing) -> str:
        """Bring the picture there, wait until it can be shown and return its id; '' where it travels in the message.

        An uploaded picture that no message shows is seen by nobody.
        """

    async def may_post(self, channel: str, external_id: str) -> bool:
        """Tell whether a message would be taken in a channel, without posting; True where nobody can say.

        external_id: of the installation (team, server) whose channel it must be: another's is refused.
        """

    async def private_channel(self, user_id: str) -> str:
        """Return the channel in which one person is told something privately, '' when there is none."""


@runtime_checkable
class WritesText(Protocol):
    """What a platform that keeps its messages in the database can do: write a view as text."""

    def text(self, view: View, *, picture: str) -> str:
        """Return the message as it will be read; `picture` names the file its chart was drawn to, '' = none."""


class Pictures(Protocol):
    """Draws a view's chart off the event loop."""

    async def warm(self) -> None:
        """Load what drawing needs, before anybody waits for it."""

    async def draw(self, view: View, *, theme: str) -> bytes | None:
        """Return PNG bytes; None when the view has no chart or there is no room in the queue."""


def _nobody_waits() -> None:
    """What is queued waits for the next tick where no bot runs in this process."""


@dataclass(kw_only=True)
class House:
    """Everything that is built once per process, by `bot/wiring.py`. The clock is real but for the demo and tests.

    HTTP clients and prices are built when they are first used: a question that only reads what is stored needs neither.
    `wake`: something was queued, so that whoever delivers need not wait for its next tick. `down`: why a platform is
    not listened to, by its name.
    """

    config: "Config"
    clock: type_clock
    store: "Store"
    pictures: Pictures
    provider: Callable[[str], "Provider"]
    make_http: Callable[[], "HttpPool"]
    make_prices: Callable[[], "PriceBook"]
    pictures_folder: Path
    platforms: dict[str, Platform] = field(default_factory=dict)
    fencing: int = 0
    names_read_at: dict[str, datetime] = field(default_factory=dict)
    wake: Callable[[], None] = _nobody_waits
    down: dict[str, str] = field(default_factory=dict)

    def now(self) -> datetime:
        """The present moment by this house's clock."""
        return self.clock()

    @cached_property
    def http(self) -> "HttpPool":
        """The clients of all providers."""
        return self.make_http()

    @cached_property
    def prices(self) -> "PriceBook":
        """The price book."""
        return self.make_prices()

    async def close(self) -> None:
        """Close what was opened on the way."""
        if "http" in self.__dict__:
            await self.http.aclose()
