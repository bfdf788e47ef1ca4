"""The bot was removed from its chat places: with the last one of a workspace its keys are destroyed."""

from datetime import datetime, timedelta

import structlog

from bot.failpoints import DESTROYED, failpoint
from bot.ports import House
from storage import AuditEntry, Installation, WorkspaceStore

log = structlog.get_logger("spendbot.removal")

_AT_ONCE = timedelta(0)


async def destroy_keys_of_left_workspaces(house: House, now: datetime) -> int:
    """Destroy the keys of every workspace whose last chat place is gone for good; returns how many there were.

    Discord places count as gone after a grace, because an outage is not a removal. History stays.
    """
    destroyed = 0
    for workspace_id, _name in await house.store.workspaces():
        destroyed += await _destroy(house, house.store.workspace(workspace_id), now)
    return destroyed


async def _destroy(house: House, store: WorkspaceStore, now: datetime) -> int:
    places = [each for each in await store.installations() if each.platform != "console"]
    if not places or not all(_is_gone(house, each, now) for each in places):
        return 0
    for place in places:
        await store.forget_channels(place.id)
    connections = await store.connections()
    for connection in connections:
        detail = {"label": connection.label, "why": "removed from its last chat place"}
        audit = AuditEntry(at=now, who="spendbot", where="", what="disconnected", detail=detail)
        await store.disconnect(connection.id, now, audit)
        failpoint(DESTROYED)
    if connections:
        log.warning("keys_destroyed", workspace_id=store.workspace_id, connections=len(connections))
    return len(connections)


def _is_gone(house: House, place: Installation, now: datetime) -> bool:
    grace = house.config["REMOVAL_GRACE"] if place.platform == "discord" else _AT_ONCE
    return place.removed_at is not None and place.removed_at + grace <= now
