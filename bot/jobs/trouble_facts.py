"""What is wrong with figures now, read from storage: refused keys, stale figures, missing bills, missing prices."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.reports.frame import Frame
from bot.reports.rules import ledger_rules
from bot.views.trouble import TroubleEvidence
from spend.notify import Incident
from spend.usage import Role
from spend.window import DAY, HOUR, Window, floor_hour, utc_day
from storage import Connection, ConnectionState, DayState, Filter, StreamState

STALE_AFTER = timedelta(hours=2)
BILL_PATIENCE = timedelta(hours=48)
LOOK_BACK = 35 * DAY
UNPRICED_WINDOW = 2 * DAY
CURRENCY = "USD"

PREFIX = "trouble:"  # of the dedup keys made here
_STATUS = re.compile(r"\((\d{3})\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that is wrong with the figures of one connection."""

    dedup_key: str
    facts: TroubleEvidence
    reason: str
    connection_id: str


def broken_connections(frame: Frame) -> list[Trouble]:
    """Return connections whose key is refused."""
    return [
        Trouble(
            dedup_key=f"{PREFIX}broken:{connection.id}",
            connection_id=connection.id,
            reason="the provider refuses its key",
            facts=TroubleEvidence(
                what="broken",
                connection=connection.label,
                provider=frame.provider_name(connection.provider),
                key_hint=connection.key_hint.lstrip("…"),
                status=_status(connection.state_reason),
                since=frame.as_of(connection) or connection.state_since,
            ),
        )
        for connection in frame.connections
        if connection.state is ConnectionState.BROKEN
    ]


def stale_connections(frame: Frame) -> list[Trouble]:
    """Return connections that are asked, but whose figures end two hours ago or earlier.

    Figures that are old because nobody asked are no trouble: the next poll brings them.
    """
    found = []
    for connection in frame.connections:
        as_of = frame.as_of(connection)
        is_asked = connection.state is ConnectionState.ACTIVE and any(
            _is_asked_in_vain(state, frame.now) for state in connection.streams if state.role is Role.USAGE
        )
        if as_of is None or not is_asked or frame.now - as_of < STALE_AFTER:
            continue
        facts = TroubleEvidence(
            what="stale",
            connection=connection.label,
            provider=frame.provider_name(connection.provider),
            since=as_of,
            poll_minutes=_poll_minutes(frame, connection),
        )
        found.append(
            Trouble(
                dedup_key=f"{PREFIX}stale:{connection.id}",
                connection_id=connection.id,
                reason="no new figures for two hours",
                facts=facts,
            )
        )
    return found


async def missing_bills(frame: Frame) -> list[Trouble]:
    """Return settled days since connecting that have use, no bill line, and are two more days overdue (R7)."""
    today = frame.now.date()
    found = []
    for state in await frame.store.day_states((frame.now - LOOK_BACK).date(), today):
        connection = next((c for c in frame.connections if c.id == state.connection_id), None)
        if connection is None or not state.is_bill_missing or state.day < connection.connected_at.date():
            continue
        rules = ledger_rules(frame.house.provider(connection.provider), connection)
        settles_at = utc_day(state.day).end + rules.settles_after
        if frame.now >= settles_at + BILL_PATIENCE:
            found.append(await _missing_bill(frame, connection, state, (frame.now - settles_at).days))
    return found


async def unpriced_models(frame: Frame, told: Sequence[Incident]) -> list[Trouble]:
    """Return models without a price that were used since connecting, in the last two days or since they were told."""
    began = [frame.now - UNPRICED_WINDOW]
    began += [
        datetime.fromisoformat(each.evidence["since"])
        for each in told
        if each.evidence.get("what") == "unpriced" and each.evidence.get("since")
    ]
    window = Window(floor_hour(min(began)), floor_hour(frame.now) + HOUR)
    by = ("connection_id", "model", "hour")
    hours: dict[tuple[str, str], list[tuple[datetime, int]]] = {}
    for piece in await frame.store.slices(window, by):
        connection_id, model, hour = piece.key
        connection = next((c for c in frame.connections if c.id == connection_id), None)
        if connection is None or not piece.unpriced_tokens or not model or not hour:
            continue
        at = datetime.fromisoformat(hour)
        if at + HOUR > connection.connected_at:
            hours.setdefault((connection_id, model), []).append((at, piece.unpriced_tokens))
    return [_unpriced(frame, *key, uses) for key, uses in sorted(hours.items())]


async def gap_nanos(frame: Frame, connection_id: str, since: datetime, until: datetime) -> int:
    """Return what a connection's estimates gained between two moments: what is known now less what was known then.

    What was known then is read from the totals as they were seen; usage reported late counts from an hour before.
    """
    window = Window(floor_hour(since) - HOUR, floor_hour(until) + HOUR)
    estimates = await frame.store.hour_estimates(window, CURRENCY)
    total = sum(each.nanos for each in estimates if each.connection_id == connection_id)
    before: dict[datetime, int] = {}
    # Oldest first within an hour, so the last one stays.
    for seen in await frame.store.as_seen(connection_id, window):
        if seen.seen_at <= since and seen.currency == CURRENCY:
            before[seen.hour] = seen.nanos
    return total - sum(before.values())


def _status(sentence: str) -> int | None:
    """Return the HTTP status a refusal names in brackets; the connection keeps nothing else of it."""
    found = _STATUS.search(sentence)
    return int(found[1]) if found else None


def _is_asked_in_vain(state: StreamState, now: datetime) -> bool:
    """Tell whether a stream has failed for two hours, or is answered without becoming fresher."""
    if state.failing_since is not None:
        return now - state.failing_since >= STALE_AFTER
    is_old = state.as_of is not None and now - state.as_of >= STALE_AFTER
    return is_old and state.last_success_at is not None and now - state.last_success_at < STALE_AFTER


def _poll_minutes(frame: Frame, connection: Connection) -> int:
    streams = frame.house.provider(connection.provider).info.streams
    every = min(reread.every for stream in streams if stream.role is Role.USAGE for reread in stream.rereads)
    return max(1, int(every.total_seconds()) // 60)


async def _missing_bill(frame: Frame, connection: Connection, state: DayState, overdue: int) -> Trouble:
    mine = (Filter("connection_id", (connection.id,)),)
    slices = await frame.store.slices(utc_day(state.day), (), mine)
    return Trouble(
        dedup_key=f"{PREFIX}bill_missing:{connection.id}:{state.day}",
        connection_id=connection.id,
        reason="a settled day has use and no bill",
        facts=TroubleEvidence(
            what="bill_missing",
            connection=connection.label,
            provider=frame.provider_name(connection.provider),
            day=state.day,
            days_overdue=overdue,
            nanos=sum(piece.nanos for piece in slices if piece.currency == CURRENCY),
        ),
    )


def _unpriced(frame: Frame, connection_id: str, model: str, uses: list[tuple[datetime, int]]) -> Trouble:
    connection = frame.names.connections[connection_id]
    return Trouble(
        dedup_key=f"{PREFIX}unpriced:{connection_id}:{model}",
        connection_id=connection_id,
        reason="used without a known price",
        facts=TroubleEvidence(
            what="unpriced",
            connection=connection.label,
            provider=frame.provider_name(connection.provider),
            model=model,
            tokens=sum(tokens for _, tokens in uses),
            since=max(min(at for at, _ in uses), connection.connected_at),
        ),
    )
