"""Tell Discord which commands there are, only when they changed: it limits how often one may do so."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any

import aiohttp
import discord
import structlog

from bot.ports import House

log = structlog.get_logger("spendbot.discord")

NOTE = "discord commands"
SYNC_TIME_S = 60.0
AGAIN_AFTER_S = (60.0, 300.0, 900.0)


def fingerprint(application_id: int, commands: Sequence[dict[str, Any]]) -> str:
    """Return what is remembered of commands that Discord took, for this application."""
    text = json.dumps(commands, sort_keys=True, ensure_ascii=False)
    return f"{application_id}:{sha256(text.encode()).hexdigest()}"


async def keep_in_sync(
    house: House, client: discord.Client, commands: Sequence[dict[str, Any]], stopping: asyncio.Event
) -> None:
    """Send the commands if Discord does not have them; where that fails, later again. The bot works meanwhile."""
    for pause_s in (*AGAIN_AFTER_S, 0.0):
        if await sync(house, client, commands) or not pause_s:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await stopping.wait()
        if stopping.is_set():
            return


async def sync(house: House, client: discord.Client, commands: Sequence[dict[str, Any]]) -> bool:
    """Send the commands if they are not what was sent last; True when Discord has them."""
    application_id = client.application_id or 0
    store = house.store.workspace(await house.store.home(house.now()))
    mark = fingerprint(application_id, commands)
    if await store.note(NOTE) == mark:
        return True
    try:
        async with asyncio.timeout(SYNC_TIME_S):
            await client.http.bulk_upsert_global_commands(application_id, payload=list(commands))
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as err:
        status = err.status if isinstance(err, discord.HTTPException) else 0
        log.warning("commands_not_synced", error=type(err).__name__, status=status)
        return False
    await store.keep_note(NOTE, mark, house.now())
    log.info("commands_synced", count=len(commands))
    return True
