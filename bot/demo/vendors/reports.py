"""Buckets, pages and groups: the part of a usage or cost report that both vendors share."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.demo.vendors.account import DAY_S, HOUR_S, Counts, Meter, UsageRow
from bot.demo.vendors.cursors import Cursors, StaleCursorError
from bot.demo.vendors.freshness import Lag, visible
from bot.demo.vendors.parameters import Query, bad

WIDTHS = {"1m": 60, "1h": HOUR_S, "1d": DAY_S}
DEFAULT_LIMITS = {"1m": 60, "1h": 24, "1d": 7}

Dimensions = Mapping[str, Any]
Bucket = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportQuery:
    """One question, parsed. Times are Unix seconds on bucket borders; `question` identifies it without its page."""

    start: int
    end: int
    width: int
    limit: int
    groups: tuple[str, ...]
    filters: Mapping[str, frozenset[str]]
    question: Hashable
    page: str | None


def question_of(secret: str, path: str, query: Query) -> Hashable:
    """Return what a cursor is bound to: who asks, what, and every parameter but the page."""
    return secret, path, tuple(sorted(item for item in query.items() if item[0] != "page"))


def one_page(asked: ReportQuery, cursors: Cursors) -> tuple[list[Bucket], str | None]:
    """Return the buckets of the page asked for, empty ones included, and the cursor of the next (None: last page).

    Raises the vendor's 400 for a cursor of another question.
    """
    position = 0
    if asked.page is not None:
        try:
            position = cursors.redeem(asked.page, asked.question)
        except StaleCursorError:
            raise bad("Invalid page cursor for these parameters.", "page", "invalid_value") from None
    starts = range(asked.start + position * asked.width, asked.end, asked.width)
    buckets = [(start, start + asked.width) for start in starts[: asked.limit]]
    after = position + asked.limit
    return buckets, cursors.issue(asked.question, after) if len(starts) > asked.limit else None


def usage_of(
    meter: Meter,
    bucket: Bucket,
    asked: ReportQuery,
    *,
    cut: Callable[[UsageRow], Dimensions | None],
    now: int,
    lag: Lag,
) -> list[tuple[Dimensions, Counts]]:
    """Return the usage of one bucket by the dimensions asked for. `cut` gives a row's dimensions, None to skip it."""
    start, end = bucket
    pieces = []
    for row in _rows_of(meter, start, end):
        dimensions = cut(row)
        if dimensions is not None and passes(dimensions, asked.filters):
            counts = visible(row, start=start, end=end, now=now, lag=lag)
            if any(counts):
                pieces.append((dimensions, counts))
    return grouped(pieces, asked.groups)


def passes(dimensions: Dimensions, filters: Mapping[str, frozenset[str]]) -> bool:
    """True when every filtered dimension has one of the values asked for; true/false is compared as a word."""
    return all(_word(dimensions[name]) in values for name, values in filters.items())


def grouped(
    pieces: Iterable[tuple[Dimensions, Counts]], groups: Sequence[str]
) -> list[tuple[Dimensions, Counts]]:
    """Add up pieces that agree in the grouped dimensions; all other dimensions become None."""
    totals: dict[tuple[Any, ...], Counts] = {}
    for dimensions, counts in pieces:
        name = tuple(dimensions[group] for group in groups)
        totals[name] = totals[name].plus(counts) if name in totals else counts
    names = sorted(totals, key=lambda name: tuple(_word(part) for part in name))
    return [(dict(zip(groups, name, strict=True)), totals[name]) for name in names]


def _rows_of(meter: Meter, start: int, end: int) -> Iterator[UsageRow]:
    for hour in range(start - start % HOUR_S, end, HOUR_S):
        yield from meter.rows_at(hour)


def _word(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
