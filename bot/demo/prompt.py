"""The prompt at the end of the demo: typed commands with history and completion, while the bot goes on looking."""

import asyncio
from collections.abc import Iterable

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.patch_stdout import patch_stdout

from bot import commands
from bot.commands.filters import DIMENSIONS, FILTERS
from bot.commands.windows import WINDOW_WORDS
from bot.demo.driver import Demo

LEAVE = ("quit", "exit", "bye")
LOOK_EVERY_S = 10


async def converse(demo: Demo) -> None:
    """Answer typed commands until quit, Ctrl-D or Ctrl-C."""
    print("Type /spend or /budget commands; Tab completes, quit leaves.\n")
    session: PromptSession[str] = PromptSession(
        completer=WordCompleter(list(completions()), sentence=True, ignore_case=True)
    )
    looking = asyncio.create_task(_keep_looking(demo))
    try:
        while True:
            with patch_stdout():
                words = (await session.prompt_async("spendbot> ")).strip()
            if words.lower() in LEAVE:
                return
            if words:
                await demo.ask(words)
    except (EOFError, KeyboardInterrupt):
        return
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


def completions() -> Iterable[str]:
    """Return what can be typed: every command's example and name, windows, dimensions, filters."""
    for spec in commands.all_specs():
        yield spec.name
        if spec.example:
            yield spec.example
    for window in WINDOW_WORDS:
        yield f"/spend {window}"
        for dimension in DIMENSIONS:
            yield f"/spend {window} by {dimension}"
    for name in FILTERS:
        yield f"/spend {name}:"


async def _keep_looking(demo: Demo) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        await demo.look()
