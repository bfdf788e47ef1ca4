"""Telling: decide about a finding, keep the decision and queue what is to be said, in one transaction.

Chat platforms change the message that is there and tell growth in its thread; where nothing can be edited (the
console) only news is posted: the first message, thread lines, the end.
"""

from collections.abc import Sequence

from bot.changes.posts import Target, delivery, is_kept_in_database, posts, step_name
from bot.failpoints import FOUND, QUEUED, failpoint
from bot.reports.frame import Frame
from spend.notify import (
    Decision,
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
        deliveries = [delivery(step, target, Op.POST) for target in dict.fromkeys(targets)]
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
    for target in await posts(frame, so_far):
        if is_kept_in_database(frame, target):
            found += [delivery(step, target, Op.POST)] if decision.thread_line else []
            continue
        found += [delivery(step, target, Op.EDIT)] if decision.edits else []
        found += [delivery(step, target, Op.REPLY)] if decision.thread_line else []
    return found
