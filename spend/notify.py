"""What is worth telling, and whether to tell it now: findings, incidents, and the decision between them.

`decide` is pure: (incident so far, finding, now) -> first, grew, repeat, resolved, quiet. The caller stores incident,
decision and deliveries in one transaction; nothing is said that is not stored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class IncidentKind(StrEnum):
    """What an incident is about. `notice` is something a person did; `greeting` is said once per installation."""

    SPIKE = "spike"
    BUDGET = "budget"
    PROJECTED = "projected"
    FIRST_SEEN = "first_seen"
    TROUBLE = "trouble"
    RESTATEMENT = "restatement"
    SUMMARY = "summary"
    NOTICE = "notice"
    GREETING = "greeting"


class IncidentState(StrEnum):
    """The life of an incident."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    EXPECTED = "expected"
    RESOLVED = "resolved"


class Step(StrEnum):
    """What a decision says to do. `acted`: a person did something about it, and the messages show who."""

    FIRST = "first"
    GREW = "grew"
    REPEAT = "repeat"
    RESOLVED = "resolved"
    QUIET = "quiet"
    ACTED = "acted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a detector found, at one moment. `evidence` is JSON-ready (text, int, bool, lists, dicts; no floats for
    money: nano-units as int) and holds everything a message about it says, so that nothing is asked again at send time.

    `dedup_key` names the incident in its workspace: the same key is the same incident. `is_over`: it has ended.
    `size_nanos`: the money it is about, for growth. `is_loud` False: learned from loaded history or below a floor;
    recorded, never told. `reason`: why it speaks or not, in words.
    """

    kind: IncidentKind
    dedup_key: str
    evidence: Mapping[str, Any]
    size_nanos: int = 0
    is_over: bool = False
    is_loud: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident as stored. `told_steps`: the steps already said, in order.

    `told_nanos`, `told_at`: of the last post or thread line, which people are notified of. `size_nanos`, `updated_at`:
    what the message shows since its last edit; quiet decisions leave them alone.
    `code` is the short code people see in footers (`K7Q2`). `acted_by`/`acted_at`: who last acknowledged, snoozed ...
    """

    id: str
    kind: IncidentKind
    dedup_key: str
    code: str
    state: IncidentState
    opened_at: datetime
    updated_at: datetime
    evidence: Mapping[str, Any]
    size_nanos: int = 0
    told_nanos: int = 0
    told_at: datetime | None = None
    told_steps: tuple[str, ...] = ()
    resolved_at: datetime | None = None
    quiet_until: datetime | None = None
    acted_by: str = ""
    acted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with a finding, and why. Kept even when it is to stay quiet.

    `edits`: change the messages that are there; `thread_line`: also tell it in the incident's thread.
    """

    step: Step
    reason: str
    edits: bool = False
    thread_line: bool = False


class Op(StrEnum):
    """What a delivery does in its channel."""

    POST = "post"
    EDIT = "edit"
    REPLY = "reply"
    ATTACH = "attach"


class DeliveryState(StrEnum):
    """The life of a delivery: rows before messages."""

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One step of telling an incident in one channel, as stored. Unique: (incident, step, channel, op).

    `step` is a Step plus a running number where a step can come again (`grew-2`). `parent_platform_id` is the
    platform's id of the message to edit or answer. `resends` counts attempts of unknown outcome. `order` sorts within
    a channel.
    """

    id: str
    incident_id: str
    step: str
    installation_id: str
    platform: str
    channel: str
    op: Op
    state: DeliveryState
    order: int
    evidence: Mapping[str, Any]
    not_before: datetime
    created_at: datetime
    code: str = ""
    lease_until: datetime | None = None
    fencing: int = 0
    resends: int = 0
    platform_id: str = ""
    parent_platform_id: str = ""
    file_id: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A delivery to be queued, in the transaction that keeps the decision."""

    step: str
    installation_id: str
    platform: str
    channel: str
    op: Op
    evidence: Mapping[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None


GROWTH_PERCENT = 25
EDIT_EVERY = timedelta(minutes=15)
FLAPS_FOR = timedelta(hours=1)

_HAVE_AN_END = frozenset({IncidentKind.SPIKE, IncidentKind.TROUBLE})
_NOT_NOW = {IncidentState.SNOOZED: "snoozed", IncidentState.EXPECTED: "marked expected"}


def decide(so_far: Incident | None, finding: Finding, *, now: datetime) -> Decision:
    """Decide whether to speak about a finding: first, grew, repeat, resolved or quiet, with the reason in words.

    Spikes and trouble live: they grow, end and may come back; every other kind is said once per dedup key.
    `so_far.told_nanos` is the size told by the last post or thread line, `size_nanos` and `updated_at` what the message
    shows since its last edit. Growth edits at most every 15 minutes, sooner from +25 %; each doubling of what was told
    also gets a thread line. Acknowledged: quiet until it doubles. Snoozed, expected: quiet until `quiet_until`.
    """
    if so_far is None:
        return _decide_new(finding)
    if so_far.state is IncidentState.RESOLVED:
        return _decide_closed(so_far, finding, now)
    if finding.is_over:
        return _decide_end(so_far, now)
    if not finding.is_loud:
        return Decision(step=Step.QUIET, reason=finding.reason)
    if so_far.kind not in _HAVE_AN_END:
        return Decision(step=Step.QUIET, reason="said already")
    if _is_silenced(so_far, now):
        return Decision(step=Step.QUIET, reason=_NOT_NOW[so_far.state])
    return _decide_growth(so_far, finding, now)


def hush_expected(finding: Finding, incidents: Iterable[Incident], *, now: datetime) -> Finding:
    """Return the finding, quiet while another incident of the same cause is marked expected, snoozed or muted.

    That lasts until `quiet_until`, also when that incident is over. A cause is the evidence's `cause_id`; findings
    without one are never hushed.
    """
    cause = finding.evidence.get("cause_id")
    is_hushed = cause is not None and any(
        incident.dedup_key != finding.dedup_key
        and incident.evidence.get("cause_id") == cause
        and incident.quiet_until is not None
        and now < incident.quiet_until
        for incident in incidents
    )
    return (
        replace(finding, is_loud=False, reason="its cause is expected or snoozed") if is_hushed else finding
    )


def _decide_new(finding: Finding) -> Decision:
    if not finding.is_loud:
        return Decision(step=Step.QUIET, reason=finding.reason)
    if finding.is_over and finding.kind is IncidentKind.SPIKE:
        return Decision(step=Step.FIRST, reason="came and went before it could be told: one message for both")
    if finding.is_over:
        return Decision(step=Step.QUIET, reason="over before it was told")
    if finding.evidence.get("is_late"):
        return Decision(step=Step.FIRST, reason="told as found late")
    return Decision(step=Step.FIRST, reason=finding.reason or "new")


def _decide_closed(so_far: Incident, finding: Finding, now: datetime) -> Decision:
    if finding.is_over or not finding.is_loud:
        return Decision(step=Step.QUIET, reason="over and told" if finding.is_over else finding.reason)
    if so_far.kind not in _HAVE_AN_END:
        return Decision(step=Step.QUIET, reason="said already")
    if so_far.quiet_until is not None and now < so_far.quiet_until:
        return Decision(step=Step.QUIET, reason="back, but still snoozed or expected")
    if so_far.kind is IncidentKind.SPIKE:
        if finding.size_nanos < 2 * so_far.told_nanos:
            return Decision(step=Step.QUIET, reason="back, but less than twice what was told")
    elif so_far.resolved_at is not None and now - so_far.resolved_at < FLAPS_FOR:
        return Decision(step=Step.QUIET, reason="back within the hour: waits until it stays")
    return Decision(step=Step.REPEAT, reason="back after it was over")


def _decide_end(so_far: Incident, now: datetime) -> Decision:
    if so_far.kind not in _HAVE_AN_END:
        return Decision(step=Step.QUIET, reason="nothing to take back")
    if so_far.told_at is None:
        return Decision(step=Step.QUIET, reason="over before it was told")
    is_silenced = _is_silenced(so_far, now)
    reason = f"over; {_NOT_NOW[so_far.state]}, so only the message changes" if is_silenced else "over"
    return Decision(step=Step.RESOLVED, reason=reason, edits=True, thread_line=not is_silenced)


def _decide_growth(so_far: Incident, finding: Finding, now: datetime) -> Decision:
    size, shown = finding.size_nanos, so_far.size_nanos
    if size >= 2 * so_far.told_nanos > 0:
        return Decision(step=Step.GREW, reason="twice what was last told", edits=True, thread_line=True)
    if so_far.state is IncidentState.ACKNOWLEDGED:
        return Decision(step=Step.QUIET, reason="acknowledged, and not twice what was told")
    if size <= shown:
        return Decision(step=Step.QUIET, reason="nothing new to say")
    if size * 100 >= shown * (100 + GROWTH_PERCENT):
        return Decision(step=Step.GREW, reason=f"{GROWTH_PERCENT}% more than shown", edits=True)
    if now - so_far.updated_at >= EDIT_EVERY:
        return Decision(step=Step.GREW, reason="more than shown 15 minutes ago", edits=True)
    return Decision(step=Step.QUIET, reason="grew by less than 25% within 15 minutes")


def _is_silenced(incident: Incident, now: datetime) -> bool:
    """Tell whether someone asked for quiet that still lasts; expected without an end lasts as long as the incident."""
    if incident.state not in _NOT_NOW:
        return False
    if incident.quiet_until is None:
        return incident.state is IncidentState.EXPECTED
    return now < incident.quiet_until
