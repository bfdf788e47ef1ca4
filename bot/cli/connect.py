"""Connect an account of a provider: its key is checked before it is stored, then history is loaded.

The key is asked for at a hidden prompt, or read from standard input with --key-stdin. It is never an argument.
"""

import argparse
import asyncio
import getpass
import sys

from bot.commands.words import nearest, shown
from bot.config import Config
from bot.errors import CommandError
from bot.jobs.connect import ConnectRequest, check_label, connect
from bot.jobs.poll import poll_everything
from bot.places import person_at_the_console
from bot.platforms.console.render import render
from bot.ports import House
from bot.reports.connected import connected_facts
from bot.views.connect import connected_view, history_short_view
from bot.wiring import open_house
from providers import BadBaseUrlError, CheckResult, Secret, check_base_url, provider_names
from spend.window import Window
from storage import Connection, StreamState, WorkspaceStore

LONGEST_KEY = 4096


def describe(parser: argparse.ArgumentParser) -> None:
    """The provider, and how the connection is called and reached."""
    parser.add_argument("provider", metavar="PROVIDER", help="openai, anthropic ...")
    parser.add_argument("--label", default="", help="the name shown beside its figures")
    parser.add_argument("--base-url", default="", help="what the vendor's SDK calls base URL")
    parser.add_argument("--key-stdin", action="store_true", help="read the key from standard input")
    parser.add_argument("--allow-private", action="store_true", help="the base URL may be a private address")


async def do(options: argparse.Namespace, config: Config) -> int:
    """Check the key, keep it, load two days and then the history. Exit 1 when the history is not whole."""
    request = await _request(options, config)
    async with open_house(config) as house:
        store = house.store.workspace(await house.store.home(house.now()))
        actor, _place = await person_at_the_console(store)
        connection, result = await connect(house, store, actor, request)
        error = await _load(house, store, connection)
        return await _report(house, store, connection, result, error)


async def _request(options: argparse.Namespace, config: Config) -> ConnectRequest:
    known = sorted(provider_names())
    if options.provider not in known:
        near = nearest(options.provider, known)
        raise CommandError(
            f'"{shown(options.provider)}" is no provider. Nearest: {near}. There are: {", ".join(known)}.'
        )
    allow_private = options.allow_private or bool(config["ALLOW_PRIVATE"])
    try:
        if options.base_url:
            check_base_url(options.base_url, allow_private)
    except BadBaseUrlError as err:
        raise CommandError(err.sentence) from None
    return ConnectRequest(
        provider=options.provider,
        key=Secret(await asyncio.to_thread(_read_key, options.key_stdin)),
        label=check_label(options.label),
        base_url=options.base_url,
        allow_private=allow_private,
    )


def _read_key(from_stdin: bool) -> str:
    if from_stdin:
        text = sys.stdin.read(LONGEST_KEY + 1)
    elif sys.stdin.isatty():
        text = getpass.getpass("Key (not shown): ")
    else:
        raise CommandError("There is no terminal to ask for the key. Give it on standard input: --key-stdin.")
    key = text.strip()
    if not key:
        raise CommandError("No key was given. Nothing was changed.")
    if len(text) > LONGEST_KEY or not key.isascii() or not key.isprintable() or " " in key:
        raise CommandError(
            "That is no key: a key is one word of letters, digits, - and _. Nothing was changed."
        )
    return key


async def _load(house: House, store: WorkspaceStore, connection: Connection) -> str:
    """Load the present and the past; returns why it is not whole, '' when it is."""
    bar = _Progress(connection)
    outcomes = await poll_everything(house, store, connection, bar.show)
    bar.end()
    if len(outcomes) < len(connection.streams):
        return "Another process is reading it now."
    return next((outcome.error for outcome in outcomes if outcome.error), "")


async def _report(
    house: House, store: WorkspaceStore, connection: Connection, result: CheckResult, error: str
) -> int:
    facts = await connected_facts(house, store, connection.id, result.sentence)
    print(render(connected_view(facts)))
    if error:
        short = history_short_view(
            connection.label,
            days_missing=max(1, facts.days_wanted - facts.days_loaded),
            days_wanted=facts.days_wanted,
            reason=error.rstrip(".")[:1].lower() + error.rstrip(".")[1:],
        )
        print(f"spendbot: {short.lead}", file=sys.stderr)
    return 1 if error else 0


class _Progress:
    """A bar of the history that is loaded, on a terminal only."""

    def __init__(self, connection: Connection) -> None:
        self._is_shown = sys.stderr.isatty()
        self._wanted = {s.stream: s.history_goal for s in connection.streams}
        self._left: dict[str, float] = {}
        self._connected_at = connection.connected_at

    def show(self, state: StreamState, window: Window) -> None:
        """Draw how much of the history stands there after this window."""
        goal = self._wanted.get(state.stream)
        if not self._is_shown or goal is None:
            return
        self._left[state.stream] = max(0.0, (window.start - goal) / (self._connected_at - goal))
        done = 1 - max(self._left.values())
        print(f"\rhistory [{'#' * int(done * 30):30}] {done:4.0%}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the bar's line."""
        if self._left:
            print(file=sys.stderr)
