"""A channel that nobody can post in any more: admins are told another way, once, until it works again."""

from datetime import datetime

from bot.ports import House
from bot.views.evidence import to_evidence
from bot.views.trouble import TroubleEvidence
from spend.notify import (
    Decision,
    Delivery,
    Finding,
    Incident,
    IncidentKind,
    IncidentState,
    NewDelivery,
    Op,
    Step,
    decide,
)
from storage import WorkspaceStore

CONSOLE = "console"
_PREFIX = "channel:"


async def tell_admins(
    house: House, store: WorkspaceStore, about: Incident, failed: Delivery, reason: str, now: datetime
) -> None:
    """Queue a private message to each admin that a channel refuses the bot; on the console where none is reachable.

    Once per channel until something arrives there again. That such a message fails is told to nobody.
    """
    if about.dedup_key.startswith(_PREFIX):
        return
    finding = await _finding(store, about, failed, reason, now)
    decision = decide(await store.incident(finding.dedup_key), finding, now=now)
    ways = [] if decision.step is Step.QUIET else await _other_ways(house, store, decision.step)
    await store.tell(finding, decision, ways, now)


async def works_again(store: WorkspaceStore, sent: Delivery, now: datetime) -> None:
    """Close the trouble with a channel once something has arrived there."""
    incident = await store.incident(_key(sent))
    if incident is None or incident.state is IncidentState.RESOLVED:
        return
    finding = Finding(
        kind=IncidentKind.TROUBLE, dedup_key=incident.dedup_key, evidence=incident.evidence, is_over=True
    )
    await store.tell(finding, Decision(step=Step.RESOLVED, reason="a message arrived there again"), [], now)


async def _finding(
    store: WorkspaceStore, about: Incident, failed: Delivery, reason: str, now: datetime
) -> Finding:
    is_summary = about.kind is IncidentKind.SUMMARY
    channels = await store.channels("summary" if is_summary else "alerts")
    known = {(channel.installation_id, channel.channel): channel.name for channel in channels}
    found = TroubleEvidence(
        what="channel",
        purpose="The summary" if is_summary else "Alerts",
        place=known.get((failed.installation_id, failed.channel)) or failed.channel,
        platform_reason=reason.rstrip("."),
        since=now,
    )
    return Finding(
        kind=IncidentKind.TROUBLE,
        dedup_key=_key(failed),
        evidence=to_evidence(found),
        reason="nobody would see what is posted there",
    )


async def _other_ways(house: House, store: WorkspaceStore, step: Step) -> list[NewDelivery]:
    installations = [each for each in await store.installations() if each.removed_at is None]
    ways = []
    for admin in await _people(house, store):
        platform, _, person = admin.partition(":")
        home = next((each for each in installations if each.platform == platform), None)
        there = house.platforms.get(platform)
        if home is not None and there is not None and not there.keeps_in_database:
            ways.append(_post(step, home.id, platform, f"@{person}"))
    consoles = [each for each in installations if each.platform == CONSOLE]
    return ways or [_post(step, each.id, CONSOLE, CONSOLE) for each in consoles]


async def _people(house: House, store: WorkspaceStore) -> list[str]:
    """Return the admins that were named, and whoever connected what is counted: they would miss it."""
    named = [*(await store.settings()).admins, *house.config["ADMINS"]]
    connected = [each.connected_by for each in await store.connections()]
    return list(dict.fromkeys([*named, *connected]))


def _post(step: Step, installation_id: str, platform: str, channel: str) -> NewDelivery:
    return NewDelivery(
        step=step.value, installation_id=installation_id, platform=platform, channel=channel, op=Op.POST
    )


def _key(delivery: Delivery) -> str:
    return f"{_PREFIX}{delivery.installation_id}:{delivery.channel}"
