"""The poll: read the streams of one connection that are due, all at the same time.

One connection's failure never stops another's; permanent refusals mark the connection broken and it is asked hourly.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.changes.audit import KEY_USED
from bot.failpoints import CLAIMED, KEY_OPENED, NAMED, failpoint
from bot.jobs.read_stream import BROKEN_RETRY, PollPlan, StreamOutcome, StreamReader
from bot.ports import House
from providers import FetchOptions, Provider, ProviderError, ReadClient, Secret
from spend.window import Window
from storage import AuditEntry, Connection, ConnectionState, StreamState, WorkspaceStore
from storage.errors import KeyUnreadableError, NotFoundError

log = structlog.get_logger("spendbot.poll")

LEASE = timedelta(minutes=10)
TRY_AGAIN = timedelta(seconds=30)  # after what no vendor is to blame for, such as a full disk
BUSY_WAITS_S = (0.5, 1, 2, 4, 8)
NAMES_EVERY = timedelta(hours=24)
AT_ONCE = 64  # connections read at the same time; each holds only its own pages in memory
DUE_LIMIT = 2000


class Poller:
    """Starts a read of every connection that has something due; a slow vendor never holds up the others."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._running: dict[tuple[str, str], asyncio.Task[list[StreamOutcome]]] = {}
        self._unfinished: set[tuple[str, str]] = set()

    async def tick(self) -> None:
        """Start what is due and not being read already; returns at once."""
        await self._release_unfinished()
        due = await self._house.store.due_streams(self._house.now(), DUE_LIMIT)
        for owner in dict.fromkeys((stream.workspace_id, stream.connection_id) for stream in due):
            if owner not in self._running:
                task = asyncio.create_task(self._read(*owner))
                self._running[owner] = task
                task.add_done_callback(partial(self._ended, owner))

    async def _release_unfinished(self) -> None:
        """Let what ended badly be read again soon; it may be that the database could not be written until now."""
        now = self._house.now()
        for workspace_id, connection_id in self._unfinished - self._running.keys():
            store = self._house.store.workspace(workspace_id)
            await store.release_streams(connection_id, now, now + TRY_AGAIN)
            self._unfinished.discard((workspace_id, connection_id))

    def _ended(self, owner: tuple[str, str], _task: asyncio.Task[list[StreamOutcome]]) -> None:
        self._running.pop(owner, None)

    async def drain(self, timeout_s: float | None = None) -> list[StreamOutcome]:
        """Wait for the reads under way and return their outcomes; those that outlast the time are cancelled.

        A cancelled read loses nothing: what was not committed is read again.
        """
        tasks = list(self._running.values())
        if not tasks:
            return []
        done, late = await asyncio.wait(tasks, timeout=timeout_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return [outcome for task in done for outcome in task.result()]

    async def _read(self, workspace_id: str, connection_id: str) -> list[StreamOutcome]:
        store = self._house.store.workspace(workspace_id)
        async with self._gate:
            try:
                connection = await store.connection(connection_id)
                return await poll_connection(self._house, store, connection, PollPlan())
            except Exception:  # the top of one connection's poll: the others go on
                log.exception("poll_failed", connection_id=connection_id)
                self._unfinished.add((workspace_id, connection_id))
                return []


async def poll_connection(
    house: House, store: WorkspaceStore, connection: Connection, plan: PollPlan
) -> list[StreamOutcome]:
    """Read one connection's due streams (or all of them, as the plan says); an outcome per stream that was read."""
    now = house.now()
    due = [state for state in connection.streams if plan.everything or _is_due(state, now)]
    claimed = [
        state
        for state in due
        if state.stream not in plan.skip
        and await store.claim_stream(connection.id, state.stream, now, LEASE, only_due=not plan.everything)
    ]
    if not claimed:
        return []
    failpoint(CLAIMED)
    provider = house.provider(connection.provider)
    try:
        client = await open_client(house, store, connection, provider, why="poll")
    except (KeyUnreadableError, NotFoundError) as err:
        now = house.now()
        await store.set_state(connection.id, ConnectionState.BROKEN, err.sentence, now)
        await store.release_streams(connection.id, now, now + BROKEN_RETRY)
        raise
    failpoint(KEY_OPENED)
    options = FetchOptions(user_names=(await store.settings()).user_names)
    reader = StreamReader(
        house, store, connection, provider, client, await store.price_rules(), options, plan
    )
    ended = await asyncio.gather(*(reader.read(state) for state in claimed), return_exceptions=True)
    # Raised only when all have ended: nobody goes on reading behind the back of whoever tries again.
    for each in ended:
        if isinstance(each, BaseException):
            raise each
    outcomes = [each for each in ended if isinstance(each, StreamOutcome)]
    await _note_state(store, connection, outcomes, reader.refused, house.now())
    if not reader.refused:
        await _refresh_names(house, store, connection, provider, client, options)
    return outcomes


def _is_due(state: StreamState, now: datetime) -> bool:
    """As the store sees it: a last read that lies ahead was noted before the clock was set back."""
    return state.next_due_at <= now or (state.last_success_at is not None and state.last_success_at > now)


async def poll_everything(
    house: House,
    store: WorkspaceStore,
    connection: Connection,
    on_progress: Callable[[StreamState, Window], None] | None = None,
) -> list[StreamOutcome]:
    """Read every stream with its whole history, due or not; wait a while for those that another process reads now.

    Streams that stay with the other process have no outcome.
    """
    outcomes: list[StreamOutcome] = []
    for wait_s in (*BUSY_WAITS_S, 0):
        read = frozenset(outcome.stream for outcome in outcomes)
        plan = PollPlan(everything=True, skip=read, on_progress=on_progress)
        outcomes += await poll_connection(house, store, connection, plan)
        if len(outcomes) == len(connection.streams):
            break
        await asyncio.sleep(wait_s)
        connection = await store.connection(connection.id)
    return outcomes


async def open_client(
    house: House, store: WorkspaceStore, connection: Connection, provider: Provider, *, why: str
) -> ReadClient:
    """Return a client that holds the connection's key for the length of one poll; the use is audited."""
    now = house.now()
    audit = AuditEntry(at=now, who="spendbot", where=why, what=KEY_USED, detail={"connection": connection.id})
    key = await store.open_key(connection.id, now, audit)
    return house.http.client_for(
        provider,
        connection.base_url,
        Secret(key),
        allow_private=connection.allow_private,
        credential=connection.id,
    )


async def _refresh_names(
    house: House,
    store: WorkspaceStore,
    connection: Connection,
    provider: Provider,
    client: ReadClient,
    options: FetchOptions,
) -> None:
    """Read the names behind the ids once a day, and after a start. Failing costs only names."""
    last = house.names_read_at.get(connection.id)
    now = house.now()
    if last is not None and now - last < NAMES_EVERY:
        return
    house.names_read_at[connection.id] = now
    try:
        names = await provider.names(client, options)
    except ProviderError as err:
        log.info("names_unread", connection_id=connection.id, error=err.sentence)
        return
    listed = [(each.what, each.id, each.name, each.maker, each.project, each.created_at) for each in names]
    await store.save_names(connection.id, listed, now)
    failpoint(NAMED)


async def _note_state(
    store: WorkspaceStore,
    connection: Connection,
    outcomes: Sequence[StreamOutcome],
    refused: str,
    now: datetime,
) -> None:
    if refused:
        if await store.set_state(connection.id, ConnectionState.BROKEN, refused, now):
            log.warning("connection_broken", connection_id=connection.id, provider=connection.provider)
    elif connection.state is ConnectionState.BROKEN and any(not outcome.error for outcome in outcomes):
        await store.set_state(connection.id, ConnectionState.ACTIVE, "", now)
        log.info("connection_back", connection_id=connection.id, provider=connection.provider)
