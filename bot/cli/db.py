"""Look after the database: upgrade its schema, check it, or make a consistent copy while others write.

spendbot db upgrade | check | backup FILE
"""

import argparse
import sys
from pathlib import Path

from bot.config import Config
from bot.errors import CommandError
from bot.wiring import open_store, real_clock


def describe(parser: argparse.ArgumentParser) -> None:
    """What to do, and where the copy goes."""
    parser.add_argument("action", choices=("upgrade", "check", "backup"), metavar="upgrade|check|backup")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the new file of a backup")


async def do(options: argparse.Namespace, config: Config) -> int:
    """Opening the database upgrades it; the rest is asked for."""
    if (options.action == "backup") != (options.file is not None):
        raise CommandError("A backup needs a file that does not exist yet: spendbot db backup FILE.")
    async with open_store(config, now=real_clock()) as store:
        match options.action:
            case "upgrade":
                print(f"The schema is at {await store.schema_version()}, the newest there is.")
            case "backup":
                await store.backup(options.file)
                print(f"Copied to {options.file}. The master key is not in it.")
            case _:
                problems = await store.check()
                for problem in problems:
                    print(f"spendbot: {problem}", file=sys.stderr)
                print("Nothing is wrong." if not problems else f"{len(problems)} problems.")
                return 1 if problems else 0
    return 0
