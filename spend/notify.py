"""What is worth telling, and whether to tell it now: findings, incidents, and the decision between them.

`decide` is pure: (incident so far, finding, now) -> first, grew, repeat, resolved, quiet. The caller stores incident,
decision and deliveries in one transaction; nothing is said that is not stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
    """What a decision says to do."""

    FIRST = "first"
    GREW = "grew"
    REPEAT = "repeat"
    RESOLVED = "resolved"
    QUIET = "quiet"


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
    """An incident as stored. `told_nanos` is the size last told; `told_steps` the steps already said, in order.

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

    `step` is a Step plus a running number where a step can come again (`grew-2`). `parent_platform_id` is the platform's
    id of the message to edit or answer. `resends` counts attempts of unknown outcome. `order` sorts within a channel.
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


def decide(so_far: Incident | None, finding: Finding, *, now: datetime) -> Decision:
    """Decide whether to speak about a finding. Rules: messages.md 3.4 as docs/alerts.md repeats them."""
    raise NotImplementedError
