"""The commands: text -> intent -> view. One file per command; `find` picks by the words, `answer` does the rest."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo

from bot.changes.rights import for_admins
from bot.commands.spec import CommandSpec, Param, ReadContext
from bot.commands.words import Words, nearest, shown, split_words
from bot.errors import CommandError
from bot.keyshapes import refuse_keys
from bot.ports import Asked
from bot.views.errors import members_only
from bot.views.model import View

_PLUMBING = ("spec", "windows", "words", "filters", "here")
_QUESTION_WORDS = frozenset(
    (
        "today",
        "yesterday",
        "week",
        "month",
        "this",
        "last",
        "since",
        "by",
        "then",
        "top",
        "vs",
        "versus",
        "against",
    )
)


@cache
def all_specs() -> tuple[CommandSpec, ...]:
    """Return every command there is, by reading this folder: each file holds its SPECS. Longest paths first."""
    specs = (spec for file in _files() for spec in _specs_in(file))
    return tuple(sorted(specs, key=lambda spec: (-len(spec.path), spec.path)))


@cache
def _files() -> tuple[str, ...]:
    return tuple(m.name for m in pkgutil.iter_modules(__path__) if m.name not in _PLUMBING)


def _specs_in(file: str) -> tuple[CommandSpec, ...]:
    specs: tuple[CommandSpec, ...] = importlib.import_module(f"{__name__}.{file}").SPECS
    return specs


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
    likely = _likely_file(lowered)
    spec = _meant(lowered, _specs_in(likely)) if likely else None
    if spec is None:
        spec = _meant(lowered, all_specs())
        forms = [spec.path[1:] for spec in all_specs() if spec.path[0] == lowered[0]]
        if spec is None or (spec.path == ("spend",) and _is_near_a_command(lowered[1:2], forms)):
            raise CommandError(_no_command(lowered[0], words[1:], [path for path in forms if path]))
    return spec, Words(words[len(spec.path) :], spec.name)


def _likely_file(lowered: Sequence[str]) -> str:
    """Return the file that most words lead to by themselves, '' for none: loading all takes longer than an answer."""
    if lowered[0] == "budget":
        return "budget"
    if len(lowered) == 1 or lowered[1] in _QUESTION_WORDS:
        return "spend"
    return lowered[1] if lowered[1] in _files() and lowered[1] != "spend" else ""


def _meant(lowered: tuple[str, ...], specs: Iterable[CommandSpec]) -> CommandSpec | None:
    return next((spec for spec in specs if lowered[: len(spec.path)] == spec.path), None)


def _is_near_a_command(said: Sequence[str], forms: Iterable[tuple[str, ...]]) -> bool:
    """Tell whether the first word behind /spend is a command with a slip in it, or only the first half of one."""
    commands = {path[0] for path in forms if path}
    return any(word not in _QUESTION_WORDS and get_close_matches(word, commands, 1, 0.75) for word in said)


def _no_command(root: str, said: Sequence[str], forms: Sequence[tuple[str, ...]]) -> str:
    """Say what is no command, with the nearest; of a group (`price`) two words are looked at."""
    if not said:
        return f"A word is missing behind /{root}. Nearest: /{root} list."
    is_group = any(len(path) > 1 and path[0] == said[0].lower() for path in forms)
    words = " ".join(said[: 2 if is_group else 1])
    near = nearest(words, [" ".join(path) for path in forms])
    count = 2 if is_group else 1
    mended = Words(said, f"/{root}")
    for _ in said[:count]:
        mended.take()
    return (
        f'"{shown(words)}" is nothing /{root} does. Nearest: {mended.mended(near, taken=len(said[:count]))}.'
    )


def find_typed(path: tuple[str, ...], options: Mapping[str, str]) -> tuple[CommandSpec, Words]:
    """Return the command of a path and its words, made of typed options by the names of its parameters.

    Raises CommandError when an option holds a key or is nothing that the command takes.
    """
    spec = next((spec for spec in all_specs() if spec.path == path), None)
    if spec is None:
        raise CommandError(f'"{shown(" ".join(path))}" is no command. /spend help shows what there is.')
    params = {param.name: param for param in spec.params}
    for name in options:
        if name not in params:
            raise CommandError(f'"{shown(name)}" is nothing {spec.name} takes.')
    return spec, Words(
        [word for name in params if options.get(name) for word in _typed(params[name], options[name])],
        spec.name,
    )


def _typed(param: Param, value: str) -> list[str]:
    """Put one option into words; what may hold several words is split, a name stays whole."""
    refuse_keys(value)
    value = " ".join("".join(char if char.isprintable() else " " for char in value).split())
    parts = split_words(value) if param.kind in ("window", "dimension", "filter", "text") else [value]
    before, _, behind = param.form.partition("{}")
    return [*before.split(), *parts, *behind.split()]


async def answer(text: str, asked: Asked) -> View:
    """Answer one command. Raises CommandError with a finished sentence; nothing is changed then."""
    return await answer_words(*find(text), asked)


async def answer_words(spec: CommandSpec, words: Words, asked: Asked) -> View:
    """Answer a command whose words were found, like `answer`."""
    settings = await asked.store.settings()
    zone = ZoneInfo(settings.zone)
    context = ReadContext(today=asked.now.astimezone(zone).date(), first_weekday=settings.first_weekday)
    intent = spec.read(words, context)
    words.end(f"{spec.name} {spec.usage}".strip())
    if not asked.actor.may_ask:
        raise CommandError(members_only(settings.name))
    if spec.is_admin:
        await for_admins(asked, spec.act)
    return await spec.answer(intent, asked)
