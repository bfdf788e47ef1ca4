"""When something is due: the summary once per local day, polls spread by connection, failures backed off.

Pure: what is due follows from the clock passed in and from what was done last, so a restart changes nothing.
"""

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from spend.window import DAY, day_of, local_midnight

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=15)
_MINUTE = timedelta(minutes=1)
_MICROSECOND = timedelta(microseconds=1)


def occurrence(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """Return the instant (UTC) at which clocks show `at` on a local date; None where the zone skipped that date.

    Where clocks skip the time, it is as much later as they are set forward; where they show it twice, the first one.
    It always lies inside its own day, so occurrences of different days never trade places.
    """
    start, end = local_midnight(day, zone), local_midnight(day + DAY, zone)
    if start == end:
        return None
    moment = datetime.combine(day, at.replace(tzinfo=None), zone).astimezone(UTC)
    return min(max(moment, start), end - _MINUTE)


def is_due(now: datetime, last_done_on: date | None, at: time, zone: ZoneInfo) -> date | None:
    """Return the local date whose turn it is and was not done yet; None if nothing is due.

    After downtime it is the newest date only: one late summary, not one per missed day. `last_done_on`: the date last
    returned and done, or the date on which it was switched on after `at`; None = never, so the newest turn is due.
    """
    due_on = _newest_turn(now, at, zone)
    return due_on if last_done_on is None or due_on > last_done_on else None


def next_due(now: datetime, last_done_on: date | None, at: time, zone: ZoneInfo) -> datetime:
    """Return when it is due next: `now` itself if it is due already, else the next turn after what was done."""
    if is_due(now, last_done_on, at, zone):
        return now
    day = max(_newest_turn(now, at, zone), last_done_on or date.min)
    while True:
        day += DAY
        moment = occurrence(day, at, zone)
        if moment is not None:
            return moment


def spread(key: str, span: timedelta) -> timedelta:
    """Return a delay in `[0, span)` that follows from the key (a connection's id) alone.

    Added to a due time it keeps connections apart from each other, and always in the same way.
    """
    return timedelta(microseconds=span // _MICROSECOND * _share(key) // 2**32)


def back_off(failures: int, key: str, retry_after: timedelta | None = None) -> timedelta:
    """Return how long to wait after the nth failure in a row: 30 s, doubled each time, at most 15 minutes.

    Up to a fifth is taken off by the key (a connection's id), so that what failed together does not return together.
    What the provider asked for (`retry_after`) is a minimum, also beyond 15 minutes.
    """
    doubling = min(max(failures, 1) - 1, 10)  # far beyond the cap already; keeps the number small
    delay = min(FIRST_DELAY * (1 << doubling), LONGEST_DELAY)
    return max(delay - spread(f"{key}:{failures}", delay / 5), retry_after or timedelta(0))


def _newest_turn(now: datetime, at: time, zone: ZoneInfo) -> date:
    day = day_of(now, zone)
    while (moment := occurrence(day, at, zone)) is None or moment > now:
        day -= DAY
    return day


def _share(text: str) -> int:
    """Return a number from 0 to 2**32 - 1 that follows from the text alone."""
    return int.from_bytes(sha256(text.encode()).digest()[:4])
