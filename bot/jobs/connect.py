"""Connecting an account: recognise the key, check it at the provider, refuse what would count twice, seal it.

Nothing is kept unless all of that went well. Loading history afterwards is an ordinary poll.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.errors import CommandError, FailedError
from bot.failpoints import CHECKED, KEY_KEPT, failpoint
from bot.ports import Actor, House
from bot.views.connect import connected_twice, counted_twice
from providers import (
    BadBaseUrlError,
    CheckResult,
    FetchOptions,
    Provider,
    ProviderAuthError,
    ProviderError,
    ReadClient,
    Secret,
    check_base_url,
)
from storage import (
    AuditEntry,
    Connection,
    ConnectionState,
    DuplicateConnectionError,
    NewConnection,
    WorkspaceStore,
)

HISTORY = timedelta(days=90)
LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectRequest:
    """What somebody wants to connect. Empty label: the provider's name; empty base URL: the setting's, the vendor's."""

    provider: str
    key: Secret
    label: str = ""
    base_url: str = ""
    allow_private: bool = False
    where: str = "command line"


async def connect(
    house: House, store: WorkspaceStore, actor: Actor, request: ConnectRequest
) -> tuple[Connection, CheckResult]:
    """Check a key and keep it. Raises CommandError (wrong words or kind of key) or FailedError (refused, no answer)."""
    provider = house.provider(request.provider)
    wrong_kind = provider.recognise(request.key.reveal())
    if wrong_kind:
        raise CommandError(wrong_kind)
    holder = await store.holder_of_key(request.key.reveal())
    if holder is not None and holder.state is ConnectionState.ACTIVE:
        raise FailedError(connected_twice(holder.label))
    base_url = _base_url(house, provider, request)
    client = _client(house, provider, base_url, request)
    try:
        result = await provider.check(client, now=house.now())
        idle = await _counted_already(store, provider, client)
    except ProviderError as err:
        raise FailedError(err.sentence) from err
    failpoint(CHECKED)
    now = house.now()
    streams = [(s.name, s.role) for s in provider.info.streams if s.name in result.can_read]
    new = NewConnection(
        provider=provider.info.key,
        label=idle.label if idle else await _label(store, provider, request.label, result),
        key=request.key.reveal(),
        base_url=base_url,
        allow_private=request.allow_private,
        connected_by=actor.id,
        streams=streams,
        history_goal=now - HISTORY,
        account_id=result.account_id,
        account_name=result.account_name,
        powers=result.powers,
    )
    audit = AuditEntry(
        at=now, who=actor.id, where=request.where, what="connected", detail={"label": new.label}
    )
    try:
        connection = await store.add_connection(new, now, audit)
    except DuplicateConnectionError as err:
        raise FailedError(err.sentence) from err
    failpoint(KEY_KEPT)
    return connection, result


def check_label(label: str) -> str:
    """Return a label as it will be kept. Raises CommandError for one that cannot be read or is too long."""
    clean = " ".join(label.split())
    if not clean.isprintable() or len(clean) > LONGEST_LABEL:
        raise CommandError(f"A name has at most {LONGEST_LABEL} printable characters. Choose a shorter one.")
    return clean


def _base_url(house: House, provider: Provider, request: ConnectRequest) -> str:
    url = (
        request.base_url
        or house.config.base_urls.get(provider.info.key, "")
        or provider.info.default_base_url
    )
    try:
        return check_base_url(url, request.allow_private)
    except BadBaseUrlError as err:
        raise CommandError(err.sentence) from None


def _client(house: House, provider: Provider, base_url: str, request: ConnectRequest) -> ReadClient:
    from providers._http import CHECK

    return house.http.client_for(
        provider,
        base_url,
        request.key,
        allow_private=request.allow_private,
        credential=f"check {provider.info.key}",
        limits=CHECK,
    )


async def _counted_already(
    store: WorkspaceStore, provider: Provider, client: ReadClient
) -> Connection | None:
    """R13: return the idle connection that reported these projects before; raise FailedError for one that still does.

    Names that cannot be read are passed over: then the key and the account decide.
    """
    try:
        names = await provider.names(client, FetchOptions())
    except ProviderAuthError:
        return None
    idle = None
    for name in names:
        owner = await store.owner_of_project(provider.info.key, name.id) if name.what == "project" else None
        if owner is not None and owner.state is ConnectionState.ACTIVE:
            raise FailedError(counted_twice(name.name or name.id, owner.label))
        idle = idle or owner
    return idle


async def _label(store: WorkspaceStore, provider: Provider, asked: str, result: CheckResult) -> str:
    if asked:
        return check_label(asked)
    taken = {connection.label for connection in await store.connections(include_disconnected=True)}
    base = " ".join((result.account_name or provider.info.name).split())[: LONGEST_LABEL - 4]
    if base in taken and result.account_name:
        base = f"{base} {provider.info.name}"[: LONGEST_LABEL - 4]
    number, label = 2, base
    while label in taken:
        label, number = f"{base} {number}", number + 1
    return label
