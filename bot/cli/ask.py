"""Answer any /spend or /budget words from what is stored; never polls.

Example: spendbot ask "spend today by model" --json
"""

import argparse
import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path

from bot import commands
from bot.commands.words import nearest, shown
from bot.config import Config
from bot.errors import CommandError, FailedError
from bot.places import person_at_the_console
from bot.platforms.console.render import render
from bot.ports import Asked, House
from bot.views.model import View
from bot.views.names import clean
from bot.wiring import open_house, real_clock
from storage.errors import NotFoundError

LOGS = False  # a question says what is wrong in its answer; only a picture that fails is logged


def describe(parser: argparse.ArgumentParser) -> None:
    """The words, and what to do with the answer."""
    parser.add_argument("words", nargs="+", help='what to ask, such as "spend today by model"')
    parser.add_argument("--json", action="store_true", help="print one JSON object with exact amounts")
    parser.add_argument(
        "--chart", metavar="FILE", type=Path, help="write the answer's picture to this PNG file"
    )
    parser.add_argument("--workspace", metavar="NAME", help="another workspace than home")


async def do(options: argparse.Namespace, config: Config) -> int:
    """Print the answer."""
    text = options.words[0] if len(options.words) == 1 else " ".join(map(_quoted, options.words))
    commands.find(text)  # words that cannot be read touch nothing
    async with open_house(config, clock=real_clock) as house:
        view = await ask(house, text, workspace=options.workspace)
        picture = await _write_picture(house, view, options.chart) if options.chart else None
        if options.json:
            print(json.dumps(view.data if view.data is not None else _plain(view), ensure_ascii=False))
        else:
            is_colour = sys.stdout.isatty() and not config.plain_output
            print(render(view, picture=str(picture) if picture else "", colour=is_colour))
    return 2 if view.is_refusal else 0


async def ask(house: House, text: str, *, workspace: str | None = None) -> View:
    """Answer words as the person at the console, in the home workspace or the one that is named."""
    now = house.now()
    store = house.store.workspace(await _workspace_id(house, workspace, now))
    actor, place = await person_at_the_console(store)
    return await commands.answer(text, Asked(store=store, house=house, actor=actor, place=place, now=now))


async def _workspace_id(house: House, name: str | None, now: datetime) -> str:
    if name is None:
        return await house.store.home(now)
    try:
        return await house.store.workspace_by_name(name)
    except NotFoundError:
        known = [known for _, known in await house.store.workspaces()]
        raise CommandError(
            f'No workspace is named "{shown(clean(name))}". Nearest: {nearest(name, known)}.'
        ) from None


async def _write_picture(house: House, view: View, path: Path) -> Path | None:
    if view.chart is None:
        print("spendbot: this answer has no picture.", file=sys.stderr)
        return None
    from bot.logs import set_up_logs

    set_up_logs(house.config["LOG_LEVEL"], house.config["LOG_FORMAT"])
    png = await house.pictures.draw(view, theme="light")
    if png is None:
        raise FailedError("The picture could not be drawn; the log says why.")
    try:
        await asyncio.to_thread(path.write_bytes, png)
    except (OSError, ValueError) as err:
        raise CommandError(
            f"The picture cannot be written to {clean(str(path))[:200]} ({type(err).__name__})."
        ) from None
    return path


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word and '"' not in word else word


def _plain(view: View) -> dict[str, object]:
    return {"title": view.title, "lead": str(view.lead), "facts": [str(row) for row in view.body]}
