"""The morning summary: once per local day and workspace, after downtime the newest only.

What was told is an incident `summary:<date>`, so a restart tells nothing twice; the date is the one on which it was
due, where the summary's clock hangs.
"""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.changes.audit import SUMMARY_SET
from bot.failpoints import FOUND, QUEUED, failpoint
from bot.ports import House
from bot.reports.frame import Frame, load_frame
from bot.reports.restatements import small_restatements
from bot.reports.summary import summary_evidence
from bot.views.evidence import from_evidence, to_evidence
from bot.views.summary import SummaryEvidence
from spend.due import is_due, occurrence
from spend.notify import Decision, Finding, Incident, IncidentKind, NewDelivery, Op, Step
from spend.usage import Role
from spend.window import DAY, hours_of_day
from storage import Channel, Connection, ConnectionState, Settings, WorkspaceStore

_PREFIX = "summary:"
_LOOK_BACK = 40 * DAY


async def summarise(house: House, store: WorkspaceStore, now: datetime) -> Incident | None:
    """Queue the summary if it is due now; returns it, None where nothing is due or its figures are being read.

    Nothing is due where it is switched off, has no channel, or nothing is connected. It waits while the day is
    still being read, but not for an account that fails.
    """
    settings = await store.settings()
    if not settings.summary_at:
        return None
    last = await _last_told(store, now)
    due_on = await _due_on(store, settings, last, now)
    channels = await store.channels("summary") if due_on is not None else []
    if due_on is None or not channels:
        return None
    frame = await load_frame(house, store, now)
    day = _day_of(settings, due_on)
    if not frame.connections or _is_being_read(frame, day):
        return None
    return await _tell(frame, due_on, day, last, channels)


async def _tell(
    frame: Frame, due_on: date, day: date, last: Incident | None, channels: list[Channel]
) -> Incident | None:
    before = from_evidence(SummaryEvidence, last.evidence) if last else None
    changed_bills = await small_restatements(frame)
    evidence = await summary_evidence(frame, day, last=before)
    finding = Finding(
        kind=IncidentKind.SUMMARY,
        dedup_key=f"{_PREFIX}{due_on}",
        evidence=to_evidence(evidence),
        is_over=True,
        reason="due",
    )
    failpoint(FOUND)
    deliveries = [_post(channel) for channel in channels]
    async with frame.store.together():
        incident = await frame.store.tell(
            finding, Decision(step=Step.FIRST, reason=finding.reason), deliveries, frame.now
        )
        if changed_bills:
            await frame.store.mark_restatements_told(changed_bills)
    failpoint(QUEUED)
    return incident


async def _last_told(store: WorkspaceStore, now: datetime) -> Incident | None:
    told = await store.incidents(kinds=(IncidentKind.SUMMARY,), since=now - _LOOK_BACK)
    return max(told, key=lambda each: each.dedup_key, default=None)


async def _due_on(
    store: WorkspaceStore, settings: Settings, last: Incident | None, now: datetime
) -> date | None:
    """Return the local date whose summary is due; what was due when it was switched on or connected is not."""
    zone = ZoneInfo(settings.summary_zone or settings.zone)
    at = time.fromisoformat(settings.summary_at)
    starts = [entry.at for entry in await store.audit_entries(1, what=SUMMARY_SET)]
    starts += (
        [min(each.connected_at for each in connections)] if (connections := await store.connections()) else []
    )
    done = [day for start in starts if (day := is_due(start, None, at, zone))]
    done += [date.fromisoformat(last.dedup_key.removeprefix(_PREFIX))] if last else []
    return is_due(now, max(done, default=None), at, zone)


def _day_of(settings: Settings, due_on: date) -> date:
    """Return the day that the summary due on a date tells: the last one complete in the workspace's zone by then."""
    clock = ZoneInfo(settings.summary_zone or settings.zone)
    moment = occurrence(due_on, time.fromisoformat(settings.summary_at), clock)
    return (moment.astimezone(ZoneInfo(settings.zone)).date() if moment else due_on) - DAY


def _is_being_read(frame: Frame, day: date) -> bool:
    """Tell whether some account's figures of the day will be there in a moment."""
    end = hours_of_day(day, frame.zone).end
    return any(_is_behind(frame, connection, end) for connection in frame.connections)


def _is_behind(frame: Frame, connection: Connection, end: datetime) -> bool:
    if connection.state is not ConnectionState.ACTIVE:
        return False
    if any(stream.failures for stream in connection.streams if stream.role is Role.USAGE):
        return False
    as_of = frame.as_of(connection)
    return as_of is None or as_of < end


def _post(channel: Channel) -> NewDelivery:
    return NewDelivery(
        step=Step.FIRST.value,
        installation_id=channel.installation_id,
        platform=channel.platform,
        channel=channel.channel,
        op=Op.POST,
    )
