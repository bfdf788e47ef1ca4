"""`/spend connect | connections | disconnect`: the accounts whose spend is counted.

A key is never an argument: `connect` opens a form where the platform has one, and says how to do it on the server.
"""

from dataclasses import dataclass

from bot.changes.audit import audit_entry
from bot.changes.notices import announce_change
from bot.commands.filters import connection_named
from bot.commands.spec import CommandSpec, Param, ReadContext
from bot.commands.words import Words, nearest, shown
from bot.errors import CommandError
from bot.ports import Asked
from bot.reports.frame import load_frame
from bot.reports.status import connection_states
from bot.views.connect import disconnect_confirm_view, disconnected_view, how_to_connect_view
from bot.views.model import View
from bot.views.status import connections_view
from providers import provider_names


@dataclass(frozen=True, slots=True)
class Connect:
    """Ask for a provider's key. `provider` '' = not said."""

    provider: str


@dataclass(frozen=True, slots=True)
class ListConnections:
    """Show every connection."""


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Destroy a connection's key; its figures stay. Asks first unless confirmed."""

    label: str
    is_confirmed: bool


def read_connect(words: Words, _context: ReadContext) -> Connect:
    """Read an optional provider."""
    return Connect(words.take().lower())


def read_list(_words: Words, _context: ReadContext) -> ListConnections:
    """`/spend connections` takes nothing."""
    return ListConnections()


def read_disconnect(words: Words, _context: ReadContext) -> Disconnect:
    """Read a connection's name; a closing `now` confirms."""
    parts = []
    while words:
        parts.append(words.take())
    is_confirmed = len(parts) > 1 and parts[-1].lower() == "now"
    label = " ".join(parts[:-1] if is_confirmed else parts)
    if not label:
        raise CommandError("Which one? Nearest: /spend disconnect NAME. /spend connections shows the names.")
    return Disconnect(label, is_confirmed)


async def answer_connect(intent: Connect, asked: Asked) -> View:
    """Say how a key is connected: by the platform's form, or on the server."""
    known = sorted(provider_names())
    if intent.provider and intent.provider not in known:
        near = nearest(intent.provider, known)
        raise CommandError(
            f'"{shown(intent.provider)}" is no provider. Nearest: {near}. There are: {", ".join(known)}.'
        )
    chosen = [intent.provider] if intent.provider else known
    infos = [asked.house.provider(name).info for name in chosen]
    return how_to_connect_view([(info.key, info.name, info.key_hint) for info in infos])


async def answer_list(_intent: ListConnections, asked: Asked) -> View:
    """Show every connection and how fresh it is."""
    frame = await load_frame(asked.house, asked.store, asked.now)
    return connections_view(frame.clock, await connection_states(frame), frame.sources(frozenset()))


async def answer_disconnect(intent: Disconnect, asked: Asked) -> View:
    """Ask first; once confirmed the key is destroyed and the alert channels are told by whom."""
    found = connection_named(intent.label, await asked.store.connections())
    if not intent.is_confirmed:
        return disconnect_confirm_view(found.label, found.id)
    audit = audit_entry(asked, "disconnected", label=found.label)
    view = disconnected_view(found.label, asked.actor.name)
    async with asked.store.together():
        await asked.store.disconnect(found.id, asked.now, audit)
        await announce_change(asked, view, key=f"disconnected {found.id}")
    return view


SPECS = (
    CommandSpec(
        path=("spend", "connect"),
        help="Connect a provider's account with a key that may read usage.",
        usage="[PROVIDER]",
        example="/spend connect anthropic",
        params=(Param("provider", "choice", "Whose account", tuple(sorted(provider_names()))),),
        is_admin=True,
        act="connect providers",
        read=read_connect,
        answer=answer_connect,
    ),
    CommandSpec(
        path=("spend", "connections"),
        help="The connected accounts and how fresh they are.",
        example="/spend connections",
        read=read_list,
        answer=answer_list,
    ),
    CommandSpec(
        path=("spend", "disconnect"),
        help="Destroy a connection's key; its figures stay.",
        usage="NAME [now]",
        example='/spend disconnect "Harbor OpenAI"',
        params=(Param("name", "name", "Which connection", is_required=True),),
        is_admin=True,
        act="disconnect providers",
        read=read_disconnect,
        answer=answer_disconnect,
    ),
)
