"""What the loopback chat services share as processes of their own: a control page, a first line, and an end."""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

type_handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def serve_control(
    port: int, *, act: type_handler, seen: type_handler, about: Mapping[str, str], seconds: float
) -> None:
    """Serve POST /{what} and GET /seen for so many seconds; say `about` and where that is as one line of JSON."""
    app = web.Application()
    app.router.add_post("/{what}", act)
    app.router.add_get("/seen", seen)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    control_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    sys.stdout.write(json.dumps({**about, "control_url": control_url}) + "\n")
    sys.stdout.flush()
    await asyncio.sleep(seconds)
    await runner.cleanup()


def words_of(description: str | None) -> argparse.ArgumentParser:
    """Return a reader of the command line: the two ports and how long it serves."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--control-port", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=60)
    return parser
