"""Reading one stream once: the present, then a piece of the past. One window of one stream = one transaction.

All pages of a window are in memory before anything is written, and no transaction is open while a vendor is waited
for. A crash repeats work and never doubles it.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.failpoints import FETCHED, PAST_ENDED, PAST_SAVED, READ, SAVED, TROUBLED, failpoint
from bot.ports import House
from bot.reports.rules import ledger_rules
from providers import (
    FetchOptions,
    Provider,
    ProviderAuthError,
    ProviderError,
    ProviderRequestError,
    ReadClient,
    Stream,
    aligned,
)
from spend.due import back_off, spread
from spend.pricing import PriceRules, price_usage
from spend.usage import CostRecord, PricedUsage, Role, UsageRecord
from spend.window import DAY, Window, split_window, utc_midnight
from storage import Connection, StreamState, WindowRead, WindowSaved, WorkspaceStore

log = structlog.get_logger("spendbot.poll")

FIRST_LOOK = timedelta(days=2)  # a new connection's first window: figures stand within a minute
BROKEN_RETRY = timedelta(hours=1)
PAST_WINDOWS_A_POLL = 4  # while the bot runs, the past is loaded beside the present, not before it
PRICE_BATCH = 500  # records priced before the event loop gets its turn


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOutcome:
    """What one read of one stream did; `error` is a finished sentence, '' when it went well."""

    connection: str
    provider: str
    stream: str
    rows: int = 0
    changed_hours: tuple[datetime, ...] = ()
    history_done: bool = True
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPlan:
    """How much to read. `everything`: the longest span and all history, due or not (poll --once, connect).

    `skip`: streams that are not read. `on_progress` is told of each window of history that was saved.
    """

    everything: bool = False
    skip: frozenset[str] = frozenset()
    on_progress: Callable[[StreamState, Window], None] | None = None


async def price_in_batches(
    house: House, connection: Connection, rules: PriceRules, records: Sequence[UsageRecord]
) -> list[PricedUsage]:
    """Estimate records, letting the event loop have its turn between batches."""
    priced: list[PricedUsage] = []
    for start in range(0, len(records), PRICE_BATCH):
        priced += price_usage(
            records[start : start + PRICE_BATCH],
            provider=connection.provider,
            connection_id=connection.id,
            book=house.prices,
            rules=rules,
        )
        await asyncio.sleep(0)
    return priced


class StreamReader:
    """Reads the streams of one connection during one poll. `refused`: the sentence of a key that is refused."""

    def __init__(
        self,
        house: House,
        store: WorkspaceStore,
        connection: Connection,
        provider: Provider,
        client: ReadClient,
        price_rules: PriceRules,
        options: FetchOptions,
        plan: PollPlan,
    ) -> None:
        self._options = options
        self._house, self._store, self._connection, self._provider = house, store, connection, provider
        self._client, self._price_rules, self._plan = client, price_rules, plan
        self._rules = ledger_rules(provider, connection)
        self._streams = {stream.name: stream for stream in provider.info.streams}
        self.refused = ""

    async def read(self, state: StreamState) -> StreamOutcome:
        """Read one stream; note how it went and when it is due again."""
        started = self._house.now()
        stream = self._streams[state.stream]
        saved: list[WindowSaved] = []
        is_done, error = state.backfill_done, ""
        try:
            window = await self._present(stream, state, started)
            saved += await self._read_window(stream, window, is_history=False)
            past, is_done = await self._read_past(stream, state, window)
            saved += past
        except ProviderError as err:
            error = err.sentence
            await self._failed(stream, state, err)
        else:
            if state.failing_since is not None:
                log.info("stream_back", connection_id=self._connection.id, stream=stream.name)
            next_due = self._next_due(stream, started, is_done)
            await self._store.stream_succeeded(
                self._connection.id, stream.name, self._house.now(), next_due_at=next_due
            )
            failpoint(READ)
        return StreamOutcome(
            connection=self._connection.label,
            provider=self._connection.provider,
            stream=stream.name,
            rows=sum(each.rows for each in saved),
            changed_hours=tuple(sorted({hour for each in saved for hour in each.changed_hours})),
            history_done=is_done,
            error=error,
        )

    async def _present(self, stream: Stream, state: StreamState, now: datetime) -> Window:
        """The trailing window that is due: the longest span whose time has come, longer where the bot was away."""
        if state.last_success_at is None:
            return aligned(Window(now - FIRST_LOOK, now), stream.bucket)
        spans = [reread.span for reread in stream.rereads]
        last = await self._store.last_reread(self._connection.id, stream.name, spans, now)
        due = [
            reread.span
            for reread in stream.rereads
            if self._plan.everything or (last[reread.span] or now - reread.every) + reread.every <= now
        ]
        start = now - max(due, default=min(spans))
        return aligned(Window(min(start, state.as_of or start), now), stream.bucket)

    async def _read_past(
        self, stream: Stream, state: StreamState, present: Window
    ) -> tuple[list[WindowSaved], bool]:
        """Load history towards its goal, newest first, in windows of at most 7 days. Returns also if it is done."""
        if state.backfill_done or state.history_goal is None:
            return [], True
        edge = min(state.history_from or present.start, present.start)
        goal = aligned(Window(state.history_goal, state.history_goal), stream.bucket).start
        saved: list[WindowSaved] = []
        while edge > goal and (self._plan.everything or len(saved) < PAST_WINDOWS_A_POLL):
            window = Window(max(goal, edge - min(stream.longest_window, 7 * DAY)), edge)
            try:
                saved += await self._read_window(stream, window, is_history=True)
            except ProviderRequestError as err:
                if err.status != 400:
                    raise
                # The vendor has no older data.
                await self._store.finish_backfill(self._connection.id, stream.name)
                failpoint(PAST_ENDED)
                return saved, True
            edge = window.start
            if self._plan.on_progress is not None:
                self._plan.on_progress(state, window)
        return saved, edge <= goal

    async def _read_window(self, stream: Stream, window: Window, *, is_history: bool) -> list[WindowSaved]:
        saved = []
        for piece in split_window(window, stream.longest_window):
            once = await self._read_piece(stream, piece, is_history)
            saved.append(
                await self._read_piece(stream, piece, is_history) if once.needs_second_read else once
            )
        return saved

    async def _read_piece(self, stream: Stream, window: Window, is_history: bool) -> WindowSaved:
        read_at = as_of = self._house.now()
        records: list[UsageRecord | CostRecord] = []
        async for page in self._provider.fetch(self._client, stream, window, self._options):
            records.extend(page.records)
            as_of = min(as_of, page.refreshed_at or as_of)
        usage = [record for record in records if isinstance(record, UsageRecord)]
        failpoint(FETCHED)
        saved = await self._store.save_window(
            WindowRead(
                connection_id=self._connection.id,
                stream=stream.name,
                window=window,
                read_at=read_at,
                as_of=as_of,
                rules=self._rules,
                usage=await price_in_batches(self._house, self._connection, self._price_rules, usage),
                bill=[record for record in records if isinstance(record, CostRecord)],
                is_history=is_history,
            )
        )
        failpoint(PAST_SAVED if is_history else SAVED)
        return saved

    def _next_due(self, stream: Stream, started: datetime, is_history_done: bool) -> datetime:
        """When the shortest re-read is due, at the moment a day settles, or soon while history is missing."""
        floor = started + self._provider.info.min_interval
        if not is_history_done:
            return floor
        soonest = min(reread.every for reread in stream.rereads)
        due = started + soonest + spread(self._connection.id + stream.name, soonest / 10)
        if stream.role is Role.COST:
            settles = utc_midnight(started.date()) + stream.settles_after
            due = min([due, *(at for at in (settles, settles + DAY) if at > started)])
        return max(floor, due)

    async def _failed(self, stream: Stream, state: StreamState, err: ProviderError) -> None:
        now = self._house.now()
        credential = self._connection.id + stream.name
        wait = err.retry_after or back_off(state.failures + 1, credential)
        if isinstance(err, ProviderAuthError):
            self.refused, wait = err.sentence, BROKEN_RETRY
        if state.failing_since is None:
            log.warning(
                "stream_failed", connection_id=self._connection.id, stream=stream.name, error=err.sentence
            )
        await self._store.stream_failed(self._connection.id, stream.name, now, now + wait, err.sentence)
        failpoint(TROUBLED)
