"""Chat places: which workspace a Slack team or a Discord server belongs to, the first words there, and its end."""

from datetime import datetime

import structlog

from bot.changes.removal import destroy_keys_of_left_workspaces
from bot.failpoints import REMOVED, failpoint
from bot.ports import House
from spend.notify import Decision, Finding, IncidentKind, NewDelivery, Op, Step
from storage import AuditEntry, Installation, StorageError, WorkspaceStore

log = structlog.get_logger("spendbot.desk")


async def joined(house: House, platform: str, external_id: str, name: str) -> Installation | None:
    """Link a chat place to the workspace it belongs to, and return it; None where it belongs to none.

    The Slack team of the bot's token and the Discord servers of DISCORD_GUILDS belong to the home workspace.
    """
    now = house.now()
    known = await house.store.installation(platform, external_id)
    is_ours = platform == "slack" or external_id in house.config["DISCORD_GUILDS"]
    if not is_ours:
        return None
    if known is not None and known.removed_at is None and known.name == name:
        return known
    workspace_id = known.workspace_id if known is not None else await house.store.home(now)
    audit = AuditEntry(at=now, who=platform, where=name, what="installed", detail={"id": external_id})
    try:
        place = await house.store.workspace(workspace_id).add_installation(platform, external_id, name, audit)
    except StorageError as err:
        log.warning("place_not_linked", platform=platform, error=err.sentence)
        return None
    log.info("place_linked", platform=platform, workspace_id=workspace_id)
    return place


async def left(house: House, platform: str, external_id: str) -> None:
    """Stop what is done for a chat place; where it was the last one, keys go too once its grace is over."""
    place = await house.store.installation(platform, external_id)
    if place is None or place.removed_at is not None:
        return
    now = house.now()
    audit = AuditEntry(at=now, who=platform, where=place.name, what="removed", detail={"id": external_id})
    await house.store.workspace(place.workspace_id).remove_installation(place.id, now, audit)
    failpoint(REMOVED)
    log.warning("place_removed", platform=platform, workspace_id=place.workspace_id)
    await destroy_keys_of_left_workspaces(house, now)


async def greet(store: WorkspaceStore, place: Installation, channel: str, now: datetime) -> bool:
    """Keep that a place was greeted, and queue the greeting in a channel ('' = it is said as an answer).

    Returns False where it was greeted before.
    """
    finding = Finding(
        kind=IncidentKind.GREETING,
        dedup_key=f"greeting:{place.id}",
        evidence={"workspace": place.name, "connected": [each.label for each in await store.connections()]},
        is_over=True,
        reason="the first words in a new place",
    )
    if await store.incident(finding.dedup_key) is not None:
        return False
    post = NewDelivery(
        step=Step.FIRST.value,
        installation_id=place.id,
        platform=place.platform,
        channel=channel,
        op=Op.POST,
    )
    decision = Decision(step=Step.FIRST, reason=finding.reason)
    await store.tell(finding, decision, [post] if channel else [], now)
    return True
