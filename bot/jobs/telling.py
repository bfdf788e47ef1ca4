"""Telling: decide about a finding, keep the decision and queue what is to be said, in one transaction.

Chat platforms change the message that is there and tell growth in its thread; where nothing can be edited (the
console) only news is posted: the first message, thread lines, the end.
"""

from collections.abc import Sequence
from typing import NamedTuple

from bot.failpoints import FOUND, QUEUED, failpoint
from bot.reports.frame import Frame
from spend.notify import (
    Decision,
    DeliveryState,
    Finding,
    Incident,
    IncidentKind,
    NewDelivery,
    Op,
    Step,
    decide,
    hush_expected,
)

_OF_BUDGETS = (IncidentKind.BUDGET, IncidentKind.PROJECTED)
_SILENCED_TOGETHER = dict.fromkeys(_OF_BUDGETS, _OF_BUDGETS)
_NEVER_POSTED = (DeliveryState.FAILED, DeliveryState.SUPERSEDED)


class Target(NamedTuple):
    """Where something is told. `channel` is the platform's id of a channel, or `@` and the id of one person."""

    platform: str
    installation_id: str
    channel: str


async def tell(frame: Frame, finding: Finding, *, besides: Sequence[Target] = ()) -> Incident | None:
    """Decide about a finding now and keep it; returns its incident, None where it stays quiet and was never told.

    It goes to the alert channels and to the places `besides` them.
    """
    store, now = frame.store, frame.now
    so_far = await store.incident(finding.dedup_key)
    hushed = await store.incidents(kinds=_SILENCED_TOGETHER.get(finding.kind, (finding.kind,)), quiet_at=now)
    finding = hush_expected(finding, hushed, now=now)
    decision = decide(so_far, finding, now=now)
    if decision.step in (Step.FIRST, Step.REPEAT):
        targets = [*await alert_targets(frame, finding), *besides]
        step = step_name(decision.step, so_far)
        deliveries = [_delivery(step, target, Op.POST) for target in dict.fromkeys(targets)]
    elif so_far is None or decision.step is Step.QUIET:
        deliveries = []
    else:
        deliveries = await _changes(frame, so_far, decision)
    if deliveries:
        failpoint(FOUND)
    incident = await store.tell(finding, decision, deliveries, now)
    if deliveries:
        failpoint(QUEUED)
    return incident


async def alert_targets(frame: Frame, finding: Finding) -> list[Target]:
    """Return where alerts go; until a chat channel is chosen also directly to whoever connected what it is about."""
    channels = await frame.store.channels("alerts")
    targets = [Target(each.platform, each.installation_id, each.channel) for each in channels]
    if all(is_kept_in_database(frame, target) for target in targets):
        targets += await _people(frame, str(finding.evidence.get("connection_id", "")))
    return targets


def budget_target(channel: str) -> list[Target]:
    """Return the place a budget names (`platform:installation:channel`), none where it names none."""
    return [Target(*channel.split(":", 2))] if channel.count(":") >= 2 else []


def is_kept_in_database(frame: Frame, target: Target) -> bool:
    """Tell whether posting there is a row of the database: such messages are never edited."""
    platform = frame.house.platforms.get(target.platform)
    return platform is not None and platform.keeps_in_database


def step_name(step: Step, so_far: Incident | None) -> str:
    """Name a step: plain the first time, `grew-2` the second."""
    told = so_far.told_steps if so_far else ()
    number = 1 + sum(name.partition("-")[0] == step.value for name in told)
    return step.value if number == 1 else f"{step.value}-{number}"


async def edits(frame: Frame, incident: Incident, step: str) -> list[NewDelivery]:
    """Return what changes the messages of an incident wherever it was posted and can be changed."""
    posts = await _posts(frame, incident)
    return [_delivery(step, target, Op.EDIT) for target in posts if not is_kept_in_database(frame, target)]


async def _posts(frame: Frame, incident: Incident) -> list[Target]:
    posts = [
        Target(each.platform, each.installation_id, each.channel)
        for each in await frame.store.deliveries(incident_id=incident.id)
        if each.op is Op.POST and each.state not in _NEVER_POSTED
    ]
    return list(dict.fromkeys(posts))


async def _people(frame: Frame, connection_id: str) -> list[Target]:
    """Return whoever connected one connection (or all), on platforms that can tell a person directly."""
    homes = {each.platform: each for each in await frame.store.installations() if each.removed_at is None}
    found = []
    for connection in frame.connections:
        if connection_id and connection.id != connection_id:
            continue
        platform, _, person = connection.connected_by.partition(":")
        target = Target(platform, homes[platform].id, f"@{person}") if platform in homes else None
        if target and platform in frame.house.platforms and not is_kept_in_database(frame, target):
            found.append(target)
    return found


async def _changes(frame: Frame, so_far: Incident, decision: Decision) -> list[NewDelivery]:
    """Return what a growing or ended incident adds in the places where it was posted."""
    step = step_name(decision.step, so_far)
    found = []
    for target in await _posts(frame, so_far):
        if is_kept_in_database(frame, target):
            found += [_delivery(step, target, Op.POST)] if decision.thread_line else []
            continue
        found += [_delivery(step, target, Op.EDIT)] if decision.edits else []
        found += [_delivery(step, target, Op.REPLY)] if decision.thread_line else []
    return found


def _delivery(step: str, target: Target, op: Op) -> NewDelivery:
    return NewDelivery(
        step=step,
        installation_id=target.installation_id,
        platform=target.platform,
        channel=target.channel,
        op=op,
    )
