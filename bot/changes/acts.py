"""What people do about an incident: acknowledge, snooze, expect, call it false, know, mute, and take it back.

The messages show it wherever they were posted: state belongs to the workspace, not to a platform.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.changes.audit import audit_entry
from bot.changes.notices import announce_change
from bot.changes.posts import edits, step_name
from bot.changes.rights import for_admins
from bot.errors import CommandError
from bot.ports import Asked
from bot.reports.frame import load_frame
from bot.views.acts import Act as ActDone
from bot.views.acts import act_words, false_words, muted_words, watched_words
from bot.views.errors import no_such_alert, nothing_to_take_back, only_of_spikes, over_already
from bot.views.settings import changed_view
from bot.views.times import Clock
from spend.feedback import Raised, Said, Word, raised, with_word
from spend.notify import Incident, IncidentKind, IncidentState, Step

MUTED_FOR = timedelta(days=30)
EXPECTED_UNTIL = time(
    18, 0
)  # of the next day: the same job may run once more before anybody has to look again

type_until = Callable[[Incident, datetime, ZoneInfo], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that can be done. `until`: how long it stays quiet, None = as the state itself says.

    word: what messages call it, where that is not the state's own word. is_told: the alert channels are told who did
    it. admins: what only they may do, in words. says: what spikes are judged by from now on; such an act, and taking it
    back, also makes sense when the spike is over.
    """

    state: IncidentState
    word: str = ""
    until: type_until | None = None
    is_told: bool = False
    admins: str = ""
    says: Word | None = None


def _after(span: timedelta) -> type_until:
    return lambda _incident, now, _zone: now + span


def _next_evening(_incident: Incident, now: datetime, zone: ZoneInfo) -> datetime:
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, EXPECTED_UNTIL, zone).astimezone(UTC)


def _end_of_period(incident: Incident, _now: datetime, zone: ZoneInfo) -> datetime:
    day_after = date.fromisoformat(incident.evidence["last"]) + timedelta(days=1)
    return datetime.combine(day_after, time(), zone).astimezone(UTC)


_MUTED = "muted"
_MUTES = "mute alerts"
ACTS = {
    "ack": Act(state=IncidentState.ACKNOWLEDGED),
    "known": Act(state=IncidentState.ACKNOWLEDGED, word="known"),
    "snooze_1h": Act(state=IncidentState.SNOOZED, until=_after(timedelta(hours=1))),
    "snooze_1d": Act(
        state=IncidentState.SNOOZED, until=_after(timedelta(days=1)), admins="snooze for a whole day"
    ),
    "expected": Act(
        state=IncidentState.EXPECTED,
        until=_next_evening,
        admins="mark alerts as expected",
        says=Word.EXPECTED,
    ),
    "false_alarm": Act(
        state=IncidentState.EXPECTED,
        word="false_alarm",
        is_told=True,
        admins="call alerts false",
        says=Word.FALSE,
    ),
    "mute_key": Act(
        state=IncidentState.EXPECTED, word=_MUTED, until=_after(MUTED_FOR), is_told=True, admins=_MUTES
    ),
    "mute_budget": Act(
        state=IncidentState.EXPECTED, word=_MUTED, until=_end_of_period, is_told=True, admins=_MUTES
    ),
    "watch_again": Act(state=IncidentState.OPEN, is_told=True, admins="take that back"),
}
_SAID_ONCE = (IncidentKind.BUDGET, IncidentKind.PROJECTED, IncidentKind.FIRST_SEEN)


async def act(asked: Asked, name: str, code: str) -> str:
    """Do what the button of this name says, pressed or typed, to the incident of a code, and say what was done.

    Raises CommandError; nothing is changed then.
    """
    found, incident = ACTS[name], await asked.store.incident_by_code(code)
    if incident is None:
        raise CommandError(no_such_alert(code))
    settings = await asked.store.settings()
    if found.admins:
        await for_admins(asked, found.admins)
    is_spike = incident.kind is IncidentKind.SPIKE
    if found.says and not is_spike:
        raise CommandError(only_of_spikes(code))
    may_be_over = incident.kind in _SAID_ONCE or (is_spike and (found.says or found is ACTS["watch_again"]))
    if incident.state is IncidentState.RESOLVED and not may_be_over:
        raise CommandError(over_already(code))
    zone = ZoneInfo(settings.zone)
    until = found.until(incident, asked.now, zone) if found.until else None
    frame = await load_frame(asked.house, asked.store, asked.now)
    deliveries = await edits(frame, incident, step_name(Step.ACTED, incident))
    said_before = await asked.store.feedback()
    if found is ACTS["watch_again"] and not _is_anything_said(incident, said_before):
        raise CommandError(nothing_to_take_back(code))
    async with asked.store.together():
        tuned = await _give_feedback(asked, found, incident, said_before) if is_spike else None
        await asked.store.act(
            incident.id,
            found.state,
            asked.actor.name,
            asked.now,
            audit=audit_entry(asked, name.replace("_", " "), code=incident.code),
            quiet_until=until,
            word=found.word,
            percent=tuned.percent if tuned else 0,
            deliveries=deliveries,
        )
        words = _done_words(asked, found, incident, until, tuned, frame.clock)
        if found.is_told:
            await announce_change(asked, changed_view(words, is_private=False), key=f"{name} {incident.code}")
    return words


def _is_anything_said(incident: Incident, feedback: Sequence[Said]) -> bool:
    """Tell whether there is something to take back: the last act, or what was said of its cause."""
    cause_id = incident.evidence.get("cause_id")
    return "act" in incident.evidence or any(
        incident.id == said.incident_id or (cause_id and cause_id == said.cause_id) for said in feedback
    )


def _done_words(
    asked: Asked, done: Act, incident: Incident, until: datetime | None, tuned: Raised | None, clock: Clock
) -> str:
    who, what = asked.actor.name, subject(incident)
    if tuned:
        return false_words(who, what, tuned.percent, tuned.until, clock)
    if done.is_told and done.says is None:
        return muted_words(who, what, until, clock) if until else watched_words(who, what)
    return act_words(ActDone(done.word or done.state.value, who, asked.now, until), clock)


async def _give_feedback(
    asked: Asked, done: Act, incident: Incident, before: Sequence[Said]
) -> Raised | None:
    """Keep what an act says about spikes, or take it back; returns by how much its cause was raised, if it was."""
    cause_id = str(incident.evidence.get("cause_id", ""))
    if done is ACTS["watch_again"]:
        await asked.store.take_back_feedback(incident.id, cause_id)
    if done.says is None:
        return None
    said = Said(
        incident_id=incident.id,
        dedup_key=incident.dedup_key,
        code=incident.code,
        cause_id=cause_id,
        word=done.says,
        by=asked.actor.name,
        at=asked.now,
    )
    await asked.store.keep_feedback(said)
    if done.says is not Word.FALSE:
        return None
    # said long ago already, it is forgotten and stays so
    now_raised = raised(with_word(before, said), asked.now)
    return next((each for each in now_raised if each.cause_id == cause_id), None)


def subject(incident: Incident) -> str:
    """Return what an incident is about, as people call it: a key, a connection or a budget."""
    evidence = incident.evidence
    if "budget_id" in evidence:
        scope = evidence["scope"]
        return str(scope["label"] or scope["value"] or "Everything")
    subject_id = evidence.get("subject", {}).get("api_key") or evidence.get("connection_id", "")
    return str(evidence.get("names", {}).get(subject_id) or subject_id or incident.code)
