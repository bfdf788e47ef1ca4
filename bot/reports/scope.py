"""Which connections a question is about: those that can have spent something it counts.

A connection that is not read may have spent on what it never spent on before. So one is left out only where that cannot
be: an account's projects and keys are its own, a model is of its vendor, and names still to come may match a wildcard.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.query import AskedFilter
from bot.reports.cuts import COLUMNS
from bot.reports.frame import Frame
from storage import Filter

_WILD = frozenset("*?[")
_OWN = frozenset({"project", "api_key"})


def scoped(frame: Frame, filters: Sequence[Filter], asked: Sequence[AskedFilter]) -> Frame:
    """Return the frame with the connections only that can contribute to what filters keep.

    asked: the filters as they were said, wildcards included. The frame stays whole where every connection can, and
    where none of those that can is connected any more.
    """
    ids = {connection.id for connection in frame.connections}
    for each in filters:
        ids &= _contributing(frame, each, [a.pattern for a in asked if COLUMNS[a.dimension] == each.column])
    kept = tuple(connection for connection in frame.connections if connection.id in ids)
    return replace(frame, connections=kept) if kept else frame


def not_read(frame: Frame) -> tuple[str, ...]:
    """Return the labels of the connections that leave a gap: broken, paused or long unread."""
    return tuple(connection.label for connection in frame.connections if frame.leaves_gap(connection))


def readable_providers(frame: Frame) -> tuple[str, ...]:
    """Return the providers whose connections are all read, where others leave a gap; else none."""
    gaps = {c.provider for c in frame.connections if frame.leaves_gap(c)}
    unread = {c.provider for c in frame.connections if frame.as_of(c) is None}
    return tuple(sorted({c.provider for c in frame.connections} - gaps - unread)) if gaps else ()


def _contributing(frame: Frame, only: Filter, patterns: Sequence[str]) -> set[str]:
    everyone = {connection.id for connection in frame.connections}
    if only.column == "connection_id":
        return everyone & set(only.values)
    if only.column == "provider":
        return {connection.id for connection in frame.connections if connection.provider in only.values}
    is_own = only.column in _OWN
    if is_own and any(not _WILD.isdisjoint(pattern) for pattern in patterns):
        return everyone
    if not is_own and (only.column != "model" or any(pattern[:1] in _WILD for pattern in patterns)):
        return everyone
    owners = [frame.names.owners(only.column, value) for value in only.values]
    if not all(owners):
        return everyone
    found = set[str]().union(*owners)
    if is_own:
        return everyone & found
    vendors = {frame.names.connections[id_].provider for id_ in found if id_ in frame.names.connections}
    return {connection.id for connection in frame.connections if connection.provider in vendors}
