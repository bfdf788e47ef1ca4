"""Time buckets: cut a window to whole buckets, and walk the rows of a report's buckets."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from providers._fields import list_of, object_of, wrong
from spend.window import Window

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def aligned(window: Window, bucket: timedelta) -> Window:
    """Return the window widened to whole buckets in UTC: its start floored, its end raised.

    >>> five, six = (datetime(2026, 11, 17, hour, tzinfo=UTC) for hour in (5, 6))
    >>> day = aligned(Window(five, six), timedelta(days=1))
    >>> f"{day.start:%m-%d %H:%M} {day.end:%m-%d %H:%M}"
    '11-17 00:00 11-18 00:00'
    """
    start = window.start - (window.start - _EPOCH) % bucket
    end = window.end + (_EPOCH - window.end) % bucket
    return Window(start, max(end, start + bucket))


def rows_in(
    buckets: Sequence[Any],
    window: Window,
    *,
    edges: tuple[str, str],
    read_time: Callable[[Mapping[str, Any], str], datetime],
) -> Iterator[tuple[datetime, int, Mapping[str, Any]]]:
    """Yield (bucket start, bucket width in seconds, row) of every row; `edges` are the names of start and end.

    Buckets outside the window are passed over: their rows belong to another read, which replaces another window.
    """
    for item in buckets:
        bucket = object_of(item, "data")
        start, end = read_time(bucket, edges[0]), read_time(bucket, edges[1])
        if end <= start:
            raise wrong(edges[1])
        rows = list_of(bucket, "results")
        if window.covers(start):
            for row in rows:
                yield start, int((end - start).total_seconds()), object_of(row, "results")
