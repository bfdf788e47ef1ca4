"""Suggestions while something is typed: names of models, projects, keys, connections and budgets, from memory.

What is known is read once a minute per workspace at most, so that a suggestion costs no query while people type.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.commands.filters import DIMENSIONS, FILTERS
from bot.commands.windows import WINDOW_WORDS
from bot.ports import House
from bot.reports.cuts import COLUMNS
from bot.reports.frame import load_frame
from spend.budgets import Budget
from storage import WorkspaceStore

MOST = 25  # what Discord shows
LONGEST = 100
FRESH_FOR = timedelta(seconds=60)
LOOK_BACK = timedelta(days=90)
READ_TIME_S = 1.5
PERIODS = ("monthly", "weekly", "daily")
_NAMED = ("model", "project", "key", "connection", "provider")


@dataclass(frozen=True, slots=True)
class Known:
    """The names of a workspace by dimension, and the scopes of its budgets, as they were at a moment."""

    at: datetime
    names: dict[str, tuple[str, ...]]
    scopes: tuple[str, ...]


class Suggestions:
    """Suggestions for every workspace."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._known: dict[str, Known] = {}
        self._reading: dict[str, asyncio.Task[Known]] = {}

    async def suggest(self, store: WorkspaceStore, kind: str, typed: str) -> list[str]:
        """Return at most 25 values for a kind of parameter, those that begin as typed first; [] when it takes long."""
        known = await self._now_known(store)
        return matching(typed, _values(known, kind, typed)) if known else []

    async def _now_known(self, store: WorkspaceStore) -> Known | None:
        """Return what is remembered; what is old is used once more while it is read anew."""
        known = self._known.get(store.workspace_id)
        if known is not None and self._house.now() - known.at < FRESH_FOR:
            return known
        task = self._reading.get(store.workspace_id) or self._start(store)
        if known is not None:
            return known
        done, _ = await asyncio.wait({task}, timeout=READ_TIME_S)
        return task.result() if done else None

    def _start(self, store: WorkspaceStore) -> asyncio.Task[Known]:
        task = asyncio.create_task(self._read(store))
        self._reading[store.workspace_id] = task
        task.add_done_callback(lambda _done: self._reading.pop(store.workspace_id, None))
        return task

    async def _read(self, store: WorkspaceStore) -> Known:
        frame = await load_frame(self._house, store, self._house.now())
        names: dict[str, tuple[str, ...]] = {}
        for dimension in _NAMED:
            column = COLUMNS[dimension]
            ids: Iterable[str] = (
                [connection.id for connection in frame.connections]
                if dimension == "connection"
                else await store.distinct(column, frame.today - LOOK_BACK)
            )
            named = {frame.names.name(column, each) or each for each in ids}
            names[dimension] = tuple(sorted(name for name in named if name))
        scopes = tuple(dict.fromkeys(_scope(budget) for budget in await store.budgets()))
        known = Known(frame.now, names, scopes)
        self._known[store.workspace_id] = known
        return known


def matching(typed: str, values: Sequence[str]) -> list[str]:
    """Return the values that begin with what was typed, then those that hold it; at most 25, none too long."""
    said = typed.strip().casefold()
    fitting = [value for value in values if len(value) <= LONGEST]
    found = [(place, value) for value in fitting if (place := value.casefold().find(said)) >= 0]
    return [value for place, value in sorted(found, key=lambda each: each[0] > 0)][:MOST]


def _values(known: Known, kind: str, typed: str) -> Sequence[str]:
    """Return everything that a parameter of this kind could be."""
    match kind:
        case "window":
            return WINDOW_WORDS
        case "dimension":
            return DIMENSIONS
        case "period":
            return PERIODS
        case "filter":
            return _named(known, FILTERS, typed)
        case "scope":
            return list(dict.fromkeys(["everything", *known.scopes, *_named(known, _NAMED, typed)]))
        case "name":
            return [*known.names["connection"], *known.names["model"]]
        case _:
            return known.names.get(kind, ())


def _named(known: Known, dimensions: Sequence[str], typed: str) -> list[str]:
    """Return `model:gpt-5.2` for every name of these dimensions; before anything is typed only how one begins."""
    if not typed.strip():
        return [f"{dimension}:" for dimension in dimensions]
    return [_quoted(dimension, name) for dimension in dimensions for name in known.names.get(dimension, ())]


def _quoted(dimension: str, name: str) -> str:
    return f'{dimension}:"{name}"' if " " in name else f"{dimension}:{name}"


def _scope(budget: Budget) -> str:
    scope = budget.scope
    return (
        "everything" if scope.dimension == "workspace" else f"{scope.dimension}:{scope.label or scope.value}"
    )
