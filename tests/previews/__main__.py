"""Draw the messages: `python -m tests.previews --dir docs/messages`, or all of them with `--all`."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.previews import discord, slack
from tests.previews.browser import Browser, find_chromium

DRAWERS = {"slack": slack.draw, "discord": discord.draw}


async def draw(folder: Path, chromium: str, platforms: Sequence[str], *, everything: bool) -> None:
    """Write the pictures of some platforms into a folder."""
    async with Browser(chromium) as browser:
        for platform in platforms:
            async for name, png in DRAWERS[platform](browser, everything=everything):
                path = folder / f"{platform}-{name}.png"
                path.write_bytes(png)
                print(path)


def main() -> int:
    """Draw and return the exit code: 1 when there is no browser to draw with."""
    parser = argparse.ArgumentParser(prog="spendbot previews", description=__doc__)
    parser.add_argument("--dir", type=Path, required=True, help="where the pictures go")
    parser.add_argument("--all", action="store_true", help="every message, narrow and wide, light and dark")
    parser.add_argument("--only", choices=DRAWERS, help="the messages of one platform")
    words = parser.parse_args()
    chromium = find_chromium()
    if not chromium:
        print("There is no Chromium: install chromium, or say in CHROMIUM where it is.", file=sys.stderr)
        return 1
    words.dir.mkdir(parents=True, exist_ok=True)
    platforms = [words.only] if words.only else list(DRAWERS)
    asyncio.run(draw(words.dir, chromium, platforms, everything=words.all))
    return 0


if __name__ == "__main__":
    sys.exit(main())
