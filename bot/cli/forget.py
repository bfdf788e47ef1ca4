"""Delete everything of a workspace, after asking; keys first.

`home` is emptied and made anew at the next start. There is no way back but a backup.
"""

import argparse
import sys

from bot.config import Config
from bot.errors import CommandError
from bot.wiring import open_store, real_clock
from storage import NotFoundError


def describe(parser: argparse.ArgumentParser) -> None:
    """The workspace's name, and a way to say yes without a terminal."""
    parser.add_argument("workspace", metavar="WORKSPACE", help="its name, such as home")
    parser.add_argument("--yes", action="store_true", help="do not ask")


async def do(options: argparse.Namespace, config: Config) -> int:
    """Ask, then delete."""
    async with open_store(config, now=real_clock()) as store:
        try:
            workspace_id = await store.workspace_by_name(options.workspace)
        except NotFoundError as err:
            names = ", ".join(name for _, name in await store.workspaces())
            raise CommandError(f"{err.sentence} There are: {names}.") from None
        if not options.yes and not _is_sure(options.workspace):
            print("Nothing was deleted.")
            return 0
        await store.forget(workspace_id)
    print(f"Everything of {options.workspace} is deleted: keys, figures, settings and messages.")
    return 0


def _is_sure(name: str) -> bool:
    if not sys.stdin.isatty():
        raise CommandError(
            "This deletes everything of the workspace. Without a terminal to ask, say it with --yes."
        )
    print(f"This deletes every key, figure, setting and message of {name}. Type its name to go on: ", end="")
    return input().strip() == name
