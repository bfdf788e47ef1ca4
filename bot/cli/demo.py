"""Tell the whole story with simulated vendors; no account is needed.

Writes transcript.md and the pictures into DIR. On a terminal it stays open for typed commands, unless --fast is said.
"""

import argparse
import shutil
import sys
from datetime import timedelta
from pathlib import Path

from bot.config import Config, load_config
from bot.errors import CommandError
from bot.wiring import open_house
from providers import provider_names

DEFAULT_FOLDER = "spendbot-demo"
MARKER = "made-by-spendbot-demo"


def describe(parser: argparse.ArgumentParser) -> None:
    """Where it writes, and how the story varies."""
    parser.add_argument(
        "--dir", type=Path, default=Path(DEFAULT_FOLDER), metavar="DIR", help="where it writes"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another story of the same kind")
    parser.add_argument("--days", type=int, default=60, metavar="N", help="how long the story is, 30 to 180")
    parser.add_argument("--fast", action="store_true", help="end by itself after the story")


def config(options: argparse.Namespace) -> Config:
    """Return settings of the demo's own: a house under DIR, nothing from the environment."""
    if not 30 <= options.days <= 180:
        raise CommandError(f"A story has 30 to 180 days; {options.days} is not among them.")
    house = fresh_house(options.dir)
    return load_config(
        {"SPENDBOT_LOG_LEVEL": "error"},
        providers=tuple(provider_names()),
        keepable=(),
        data_dir=house / "data",
        config_dir=house / "key",
    )


async def do(options: argparse.Namespace, config: Config) -> int:
    """Tell the story; on a terminal, go on with typed commands."""
    from bot.demo.clock import StoryClock
    from bot.demo.driver import Demo
    from bot.demo.prompt import converse
    from bot.demo.story import harbor_notes
    from bot.demo.transcript import Transcript
    from bot.demo.vendors import SimulatedVendors

    story = harbor_notes(seed=options.seed, days=options.days, openai_discount_percent=15)
    clock = StoryClock(story.start + timedelta(days=1, hours=9))
    transcript = Transcript(options.dir, colour=sys.stdout.isatty() and not config.plain_output)
    async with (
        SimulatedVendors(story, clock, seed=options.seed, throttle_one_in=97) as vendors,
        open_house(config, clock=clock) as house,
    ):
        demo = Demo(house, story, vendors, clock, transcript)
        try:
            await demo.tell()
            if not options.fast and sys.stdin.isatty():
                clock.let_go()
                await converse(demo)
        finally:
            print(f"\nWritten: {transcript.save()}")
    return 0


def fresh_house(folder: Path) -> Path:
    """Return the demo's own folder inside DIR. What an earlier demo wrote is removed; nothing else is touched."""
    house = folder / "house"
    if house.exists():
        if not (house / MARKER).exists():
            raise CommandError(f"{house} was not made by the demo. Choose another folder with --dir.")
        shutil.rmtree(house)
        for old in [folder / "transcript.md", *folder.glob("[0-9][0-9]-*.png")]:
            old.unlink(missing_ok=True)
    try:
        house.mkdir(parents=True)
        (house / MARKER).touch()
    except OSError as err:
        raise CommandError(
            f"{folder} cannot be written ({type(err).__name__}). Choose another with --dir."
        ) from None
    return house
