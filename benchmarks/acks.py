"""How fast commands are acknowledged while many arrive at once and pictures are drawn.

    python -m benchmarks.acks [--requests 200] [--charts 10] [--seconds 5]

A real process that was just started, a Slack and a Discord on loopback that measure at their own door. Half of the
requests go to each platform, evenly over so many seconds (0 = all at once); the first ones ask for a picture, which is
drawn while the others come. Exit 1 when one was not acknowledged within the platforms' 3 seconds.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.e2e.town import Town, town
from tests.fakes.slack.server import DANA

LIMIT_S = 3.0
WITH_PICTURE, WITHOUT = "last 7 days by model", "help"


async def measure(requests: int, charts: int, seconds: float) -> list[float]:
    """Return the seconds to each ack; one that never came counts as the limit."""
    with tempfile.TemporaryDirectory() as folder:
        async with town(Path(folder) / "home") as here:
            await _ready(here)
            words = [WITH_PICTURE] * charts + [WITHOUT] * (requests - charts)
            asked = [
                _ask(here, said, number % 2 == 0, number * seconds / requests)
                for number, said in enumerate(words)
            ]
            return list(await asyncio.gather(*asked))


async def _ask(here: Town, words: str, on_slack: bool, after_s: float) -> float:
    await asyncio.sleep(after_s)
    return await (_slack(here, words) if on_slack else _discord(here, words))


async def _ready(here: Town) -> None:
    await here.slack.world.until(lambda: bool(here.slack.sockets.connections), timeout_s=60.0)
    await here.discord.connected()
    for provider, vendor in (("openai", here.vendors.openai), ("anthropic", here.vendors.anthropic)):
        await here.run("connect", provider, "--key-stdin", stdin=f"{vendor.admin_key}\n")


async def _slack(here: Town, words: str) -> float:
    act = await here.slack.command(words, user=DANA)
    return LIMIT_S if act.took_s is None else act.took_s


async def _discord(here: Town, words: str) -> float:
    options = {"window": "last 7 days", "by": "model"} if words == WITH_PICTURE else {}
    act = await here.discord.slash("spend show" if options else "spend help", **options)
    await act.acknowledged()
    return act.took_s


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--charts", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args(arguments)
    times = sorted(asyncio.run(measure(options.requests, options.charts, options.seconds)))
    middle, late = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(f"{len(times)} requests within {options.seconds:g} s, {options.charts} with a picture")
    print(f"ack: median {middle:.3f} s, p99 {late:.3f} s, longest {times[-1]:.3f} s (limit {LIMIT_S:.0f} s)")
    return 1 if times[-1] >= LIMIT_S else 0


if __name__ == "__main__":
    raise SystemExit(main())
