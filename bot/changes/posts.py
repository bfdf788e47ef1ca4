"""Where an incident was posted, and what changes its messages there."""

from typing import NamedTuple

from bot.reports.frame import Frame
from spend.notify import DeliveryState, Incident, NewDelivery, Op, Step

_NEVER_POSTED = (DeliveryState.FAILED, DeliveryState.SUPERSEDED)


class Target(NamedTuple):
    """Where something is told. `channel` is the platform's id of a channel, or `@` and the id of one person."""

    platform: str
    installation_id: str
    channel: str


def step_name(step: Step, so_far: Incident | None) -> str:
    """Name a step: plain the first time, `grew-2` the second."""
    told = so_far.told_steps if so_far else ()
    number = 1 + sum(name.partition("-")[0] == step.value for name in told)
    return step.value if number == 1 else f"{step.value}-{number}"


def is_kept_in_database(frame: Frame, target: Target) -> bool:
    """Tell whether posting there is a row of the database: such messages are never edited."""
    platform = frame.house.platforms.get(target.platform)
    return platform is not None and platform.keeps_in_database


async def edits(frame: Frame, incident: Incident, step: str) -> list[NewDelivery]:
    """Return what changes the messages of an incident wherever it was posted and can be changed."""
    there = await posts(frame, incident)
    return [delivery(step, target, Op.EDIT) for target in there if not is_kept_in_database(frame, target)]


async def posts(frame: Frame, incident: Incident) -> list[Target]:
    """Return where an incident was posted, or will be."""
    found = [
        Target(each.platform, each.installation_id, each.channel)
        for each in await frame.store.deliveries(incident_id=incident.id)
        if each.op is Op.POST and each.state not in _NEVER_POSTED
    ]
    return list(dict.fromkeys(found))


def delivery(step: str, target: Target, op: Op) -> NewDelivery:
    """Return what is to be sent to a place."""
    return NewDelivery(
        step=step,
        installation_id=target.installation_id,
        platform=target.platform,
        channel=target.channel,
        op=op,
    )
