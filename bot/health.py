"""The health page: truthful about the database, the event loop and every connection's age."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.ports import House, type_handler
from storage import ConnectionState, StorageError

STALE_AFTER = timedelta(hours=2)
DATABASE_TIMEOUT_S = 5


async def health(house: House, last_tick_at: datetime | None) -> tuple[bool, dict[str, Any]]:
    """Return whether everything works and what was seen: database, loop, each connection's age in seconds.

    A platform that is down, a broken or a stale connection is told and does not make the bot unhealthy: restarting
    would not mend it.
    """
    now = house.now()
    database, connections = await _database(house, now)
    lag = None if last_tick_at is None else (now - last_tick_at).total_seconds()
    is_alive = lag is None or lag < 60
    is_well = database == "ok" and is_alive
    return is_well, {
        "status": "ok" if is_well else "failing",
        "database": database,
        "loop": {"late_s": round(await _loop_lag(), 3), "last_tick_s_ago": lag},
        "platforms": {name: house.down.get(name, "ok") for name in sorted(house.platforms)},
        "connections": connections,
    }


async def _database(house: House, now: datetime) -> tuple[str, list[dict[str, Any]]]:
    try:
        async with asyncio.timeout(DATABASE_TIMEOUT_S):
            rows = []
            for workspace_id, _name in await house.store.workspaces():
                for connection in await house.store.workspace(workspace_id).connections():
                    as_of = min((s.as_of for s in connection.streams if s.as_of), default=None)
                    age = None if as_of is None else int((now - as_of).total_seconds())
                    is_stale = as_of is None or now - as_of > STALE_AFTER
                    state = connection.state.value
                    if connection.state is ConnectionState.ACTIVE and is_stale:
                        state = "stale" if as_of else "loading"
                    rows.append({"provider": connection.provider, "state": state, "age_s": age})
            return "ok", rows
    except (StorageError, TimeoutError, OSError) as err:
        return getattr(err, "sentence", "no answer"), []


async def _loop_lag() -> float:
    """Return how late the event loop calls back, in seconds."""
    loop = asyncio.get_running_loop()
    asked = loop.time()
    await asyncio.sleep(0)
    return loop.time() - asked


@asynccontextmanager
async def web_server(
    house: House, last_tick: "LastTick", handlers: Mapping[str, type_handler] | None = None
) -> AsyncIterator[None]:
    """Serve /healthz while the block runs: 200 when well, 503 when not. It names no workspace and no key.

    `handlers` take requests of any method on paths of their own: a chat platform in HTTP mode. Without HTTP_PORT
    nothing is served.
    """
    host, port = house.config["HTTP_HOST"], house.config["HTTP_PORT"]
    if not port:
        yield
        return

    async def answer(_request: web.Request) -> web.Response:
        is_well, seen = await health(house, last_tick.at)
        body = json.dumps(seen)
        return web.Response(text=body, status=200 if is_well else 503, content_type="application/json")

    app = web.Application()
    app.router.add_get("/healthz", answer)
    for path, handler in (handlers or {}).items():
        app.router.add_route("*", path, handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()


class LastTick:
    """When the bot last looked for something to do."""

    def __init__(self) -> None:
        self.at: datetime | None = None
