"""Draw the messages of docs: `python -m tests.previews --dir docs/messages`; those named, in all their looks."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from simcord.backend.errors import SetupError

from tests.previews import discord, slack
from tests.previews.browser import Browser, find_chromium

DRAWERS = {"slack": slack, "discord": discord}


async def draw(folder: Path, chromium: str, platforms: Sequence[str], names: Sequence[str]) -> None:
    """Write the pictures of some platforms into a folder; names: in all looks, none: those of docs."""
    async with Browser(chromium) as browser:
        for platform in platforms:
            drawer = DRAWERS[platform]
            chosen = [name for name in names or drawer.SHOWN if name in drawer.NAMES]
            async for name, png in drawer.draw(browser, chosen, drawer.LOOKS if names else drawer.LOOKS[:1]):
                path = folder / f"{platform}-{name}.png"
                path.write_bytes(png)
                print(path)


def main() -> int:
    """Draw and return the exit code: 1 when there is no browser to draw with."""
    parser = argparse.ArgumentParser(prog="spendbot previews", description=__doc__)
    parser.add_argument("--dir", type=Path, required=True, help="where the pictures go")
    parser.add_argument("names", nargs="*", help="messages to draw in all looks, such as: month spike")
    parser.add_argument("--all", action="store_true", help="every message in all looks")
    parser.add_argument("--only", choices=DRAWERS, help="the messages of one platform")
    words = parser.parse_args()
    chromium = find_chromium()
    if not chromium:
        print("There is no Chromium: install chromium, or say in CHROMIUM where it is.", file=sys.stderr)
        return 1
    words.dir.mkdir(parents=True, exist_ok=True)
    platforms = [words.only] if words.only else list(DRAWERS)
    names = list(dict.fromkeys((*slack.NAMES, *discord.NAMES))) if words.all else words.names
    try:
        asyncio.run(draw(words.dir, chromium, platforms, names))
    except SetupError as err:
        print(f"{err} ./spendbot previews has it.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
