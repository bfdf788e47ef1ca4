"""The commands: text -> intent -> view. One file per command; `find` picks by the words, `answer` does the rest."""

import importlib
import pkgutil
from functools import cache
from zoneinfo import ZoneInfo

from bot.commands.spec import CommandSpec, ReadContext
from bot.commands.words import Words, nearest, shown, split_words
from bot.errors import CommandError
from bot.ports import Asked
from bot.views.errors import members_only, only_admins
from bot.views.model import View

_PLUMBING = ("spec", "windows", "words", "filters")


@cache
def all_specs() -> tuple[CommandSpec, ...]:
    """Return every command there is, by reading this folder: each file holds its SPECS. Longest paths first."""
    specs: list[CommandSpec] = []
    for module in pkgutil.iter_modules(__path__):
        if module.name not in _PLUMBING:
            specs += importlib.import_module(f"{__name__}.{module.name}").SPECS
    return tuple(sorted(specs, key=lambda spec: (-len(spec.path), spec.path)))


def find(text: str) -> tuple[CommandSpec, Words]:
    """Return the command that a text means and a cursor behind its path. `/` and `spend` in front may be left out.

    Raises CommandError when the text holds a key, cannot be split, or names no command.
    """
    words = split_words(text)
    if words and words[0].startswith("/"):
        words[0] = words[0][1:]
    if not words or words[0].lower() not in ("spend", "budget"):
        words.insert(0, "spend")
    lowered = tuple(word.lower() for word in words)
    for spec in all_specs():
        if lowered[: len(spec.path)] == spec.path:
            return spec, Words(words[len(spec.path) :])
    forms = [
        " ".join(spec.path[1:]) for spec in all_specs() if spec.path[0] == lowered[0] and len(spec.path) > 1
    ]
    said = " ".join(words[1:2])
    near = nearest(said, forms)
    raise CommandError(f'"{shown(said)}" is nothing /{lowered[0]} does. Nearest: /{lowered[0]} {near}.')


async def answer(text: str, asked: Asked) -> View:
    """Answer one command. Raises CommandError with a finished sentence; nothing is changed then."""
    spec, words = find(text)
    settings = await asked.store.settings()
    zone = ZoneInfo(settings.zone)
    context = ReadContext(today=asked.now.astimezone(zone).date(), first_weekday=settings.first_weekday)
    intent = spec.read(words, context)
    words.end(f"{spec.name} {spec.usage}".strip())
    if not asked.actor.may_ask:
        raise CommandError(members_only(settings.name))
    if spec.is_admin and not asked.actor.is_admin:
        raise CommandError(only_admins(spec.act, settings.admins))
    return await spec.answer(intent, asked)
