"""Filters as typed, turned into the exact values that storage knows; near misses become refusals."""

import fnmatch
from datetime import timedelta

from bot.errors import CommandError
from bot.query import AskedFilter
from bot.reports.cuts import COLUMNS
from bot.reports.frame import Frame
from bot.views.errors import nothing_matches
from storage import Filter

LOOK_BACK = timedelta(days=90)


async def resolve(frame: Frame, asked: tuple[AskedFilter, ...]) -> tuple[Filter, ...]:
    """Return one storage filter per dimension; several of one dimension mean any of them. Raises CommandError."""
    found: dict[str, set[str]] = {}
    for each in asked:
        found.setdefault(COLUMNS[each.dimension], set()).update(await matching(frame, each))
    return tuple(Filter(column, tuple(sorted(values))) for column, values in found.items())


async def matching(frame: Frame, asked: AskedFilter) -> set[str]:
    """Return the stored values that a pattern names, by name or by id, without regard to case.

    Raises CommandError with the nearest names when there is none.
    """
    column = COLUMNS[asked.dimension]
    if column == "connection_id":
        values = list(frame.names.connections)
    else:
        values = await frame.store.distinct(column, frame.today - LOOK_BACK)
    words = frame.names.ids_like(column, values)
    if column == "provider":
        words = {value: value for value in values}
        words |= {name: name for name in frame.provider_names if name not in words}
    pattern = asked.pattern.casefold()
    hits = {
        value
        for value, word in words.items()
        if fnmatch.fnmatchcase(word, pattern) or fnmatch.fnmatchcase(value.casefold(), pattern)
    }
    if not hits and column == "provider":
        names = {key: name.casefold() for key, name in frame.provider_names.items()}
        hits = {key for key, name in names.items() if fnmatch.fnmatchcase(name, pattern)}
    if not hits:
        raise _no_match(frame, asked, column, list(words))
    return hits


def _no_match(frame: Frame, asked: AskedFilter, column: str, values: list[str]) -> CommandError:
    shown = {(frame.names.name(column, value) or value): value for value in values}
    return CommandError(nothing_matches(asked.dimension, asked.pattern, list(shown), days=LOOK_BACK.days))
