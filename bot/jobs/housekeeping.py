"""Housekeeping: removes what is older than its keeping time. Usage, bills and cells are kept for ever unless set."""

from datetime import timedelta

import structlog

from bot.changes.removal import destroy_keys_of_left_workspaces
from bot.ports import House

log = structlog.get_logger("spendbot.housekeeping")


async def clean(house: House) -> dict[str, int]:
    """Remove what has outlived its time in every workspace; returns how many rows of each kind went.

    Keys of workspaces that the bot was removed from go too, once their grace is over.
    """
    await destroy_keys_of_left_workspaces(house, house.now())
    keep = {kind: timedelta(days=days) for kind, days in house.config.keep_days.items()}
    removed: dict[str, int] = {}
    for workspace_id, _name in await house.store.workspaces():
        counts = await house.store.workspace(workspace_id).clean(house.now(), keep)
        for kind, count in counts.items():
            removed[kind] = removed.get(kind, 0) + count
    if any(removed.values()):
        log.info("cleaned", **{kind: count for kind, count in removed.items() if count})
    return removed
