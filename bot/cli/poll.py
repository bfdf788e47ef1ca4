"""Read every stream of every connection once, due or not, history included.

Prints a line per connection and stream. Exit 1 if any of them failed, or while a connection is broken or paused.
"""

import argparse
import sys

from bot.config import Config
from bot.errors import CommandError
from bot.jobs.poll import poll_everything
from bot.jobs.read_stream import StreamOutcome
from bot.ports import House
from bot.wiring import open_house
from providers import provider_names
from storage import Connection, ConnectionState, StorageError, WorkspaceStore


def describe(parser: argparse.ArgumentParser) -> None:
    """`--once` says what this does; there is no other way to poll from the command line."""
    parser.add_argument("--once", action="store_true", required=True, help="one complete pass, now")
    parser.add_argument("--provider", metavar="P", help="only connections of this provider")


async def do(options: argparse.Namespace, config: Config) -> int:
    """Read everything; tell nothing: watching and announcing belong to `run`."""
    if options.provider is not None and options.provider not in provider_names():
        raise CommandError(
            f"{options.provider[:40]!r} is no provider. There are: {', '.join(sorted(provider_names()))}."
        )
    async with open_house(config) as house:
        return await poll_all(house, options.provider)


async def poll_all(house: House, only: str | None) -> int:
    """Poll every connection of every workspace once and print how each stream went."""
    await house.store.end_dead_claims(house.now())
    is_good, count = True, 0
    for workspace_id, _name in await house.store.workspaces():
        store = house.store.workspace(workspace_id)
        for connection in await store.connections():
            if only in (None, connection.provider):
                count += 1
                is_good = await _poll_one(house, store, connection) and is_good
    if not count:
        print("Nothing is connected yet. Next: spendbot connect openai", file=sys.stderr)
    return 0 if is_good else 1


async def _poll_one(house: House, store: WorkspaceStore, connection: Connection) -> bool:
    if connection.state is ConnectionState.PAUSED:
        print(f"{connection.label}: paused, not read")
        return False
    try:
        outcomes = await poll_everything(house, store, connection)
    except StorageError as err:
        print(f"spendbot: {connection.label}: {err.sentence}", file=sys.stderr)
        return False
    for outcome in sorted(outcomes, key=lambda each: each.stream):
        print(_line(outcome))
    busy = len(connection.streams) - len(outcomes)
    if busy:
        print(
            f"spendbot: {connection.label}: {busy} of {len(connection.streams)} streams are still being read by "
            "another process. Try again in a minute.",
            file=sys.stderr,
        )
    after = await store.connection(connection.id)
    is_whole = not busy and not any(outcome.error for outcome in outcomes)
    return is_whole and after.state is ConnectionState.ACTIVE


def _line(outcome: StreamOutcome) -> str:
    where = f"{outcome.connection} ({outcome.provider}) {outcome.stream}"
    if outcome.error:
        return f"{where}: failed. {outcome.error}"
    return f"{where}: {outcome.rows} rows{'' if outcome.history_done else ', history incomplete'}"
