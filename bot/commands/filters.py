"""Dimensions, filters and names as people type them: `by model by day`, `provider:openai`, `"Harbor OpenAI"`."""

from collections.abc import Iterable

from bot.commands.words import Words, close_to, nearest, shown
from bot.errors import CommandError
from bot.query import AskedFilter
from bot.views.errors import not_a_dimension, too_many_dimensions
from storage import Connection

DIMENSIONS = (
    "provider",
    "connection",
    "model",
    "project",
    "key",
    "user",
    "tier",
    "kind",
    "token class",
    "day",
    "hour",
)
FILTERS = ("provider", "connection", "model", "project", "key", "user", "tier", "kind")
_SPELLINGS = {
    "service tier": "tier",
    "service_tier": "tier",
    "api key": "key",
    "api_key": "key",
    "workspace": "project",
    "token_class": "token class",
    "token-class": "token class",
    "tokens": "token class",
    "class": "token class",
}


def take_dimensions(words: Words, so_far: tuple[str, ...]) -> tuple[str, ...]:
    """Read what stands behind `by`: one or two dimensions, with `by`, `and` or a comma between. Raises CommandError."""
    found = list(so_far)
    while True:
        goes_on = words.peek().endswith(",") or words.peek(1) == ","
        found.append(_dimension(words))
        words.take_if(",")
        if not words.take_if("by", "and", "then by") and not goes_on:
            break
    wanted = list(dict.fromkeys(found))
    if len(wanted) > 2:
        raise CommandError(too_many_dimensions(wanted))
    return tuple(wanted)


def take_filter(words: Words) -> AskedFilter | None:
    """Read `dimension:pattern` where the cursor stands; None when it is no filter. Raises CommandError."""
    name, colon, _ = words.peek().partition(":")
    if not colon or not name or name.isdecimal():
        return None
    word = words.take()
    pattern, taken = word.partition(":")[2], 1
    if not pattern and words:
        pattern, taken = words.take(), 2
    dimension = _SPELLINGS.get(name, name)
    if dimension not in FILTERS:
        near = words.mended(_filter(nearest(name, FILTERS), pattern or "NAME"), taken=taken)
        raise CommandError(f'"{shown(name)}" is nothing to filter by. Nearest: {near}.')
    if not pattern:
        raise CommandError(f'{dimension}: needs a name behind the colon, such as {dimension}:"a name".')
    return AskedFilter(dimension, pattern)


def _filter(dimension: str, pattern: str) -> str:
    return f'{dimension}:"{pattern}"' if " " in pattern else f"{dimension}:{pattern}"


def connection_named(label: str, connections: Iterable[Connection]) -> Connection:
    """Return the connection of this name, whatever the case. Raises CommandError with the nearest name."""
    by_label = {connection.label.casefold(): connection for connection in connections}
    found = by_label.get(label.casefold())
    if found is None:
        near = f" Nearest: {by_label[nearest(label, by_label)].label}." if by_label else ""
        raise CommandError(f"No connection is named {shown(label)}.{near}")
    return found


def _dimension(words: Words) -> str:
    pair = f"{words.peek()} {words.peek(1)}"
    if pair in DIMENSIONS or pair in _SPELLINGS:
        words.take()
        words.take()
        return _SPELLINGS.get(pair, pair)
    if not words:
        raise CommandError("What to cut by is missing. Nearest: /spend by model.")
    word = words.take()
    said = word.lower().rstrip(",")
    for name in (said, said.removesuffix("s")):
        if name in DIMENSIONS or name in _SPELLINGS:
            return _SPELLINGS.get(name, name)
    near = close_to(said, DIMENSIONS) or "model"
    raise CommandError(not_a_dimension(shown(word), near, words.mended(near)))
