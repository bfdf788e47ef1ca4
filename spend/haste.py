"""When a connection is asked at its provider's floor instead of at its usual interval, and for how long.

Two things are worth a closer look: a spike of it that people were told of, and a last hour over twice the usual. Both
are bounded, so that what was judged wrongly falls back by itself; what people called expected, snoozed or muted does
not hurry anybody. Pure: everything follows from stored rows and the clock passed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from spend.notify import Incident, IncidentState
from spend.window import HOUR

LONGEST_AFTER_TOLD = timedelta(hours=6)  # from the last time people were told: each doubling begins it again
LONGEST_HIGH = timedelta(hours=4)  # high for so long and still no spike: it is a busy day
REST_AFTER_TROUBLE = timedelta(minutes=15)  # as long as the longest wait between two failures
HOURS_LOOKED_AT = 6  # enough to see that it has been high for too long
TIMES_USUAL = 2
_LEAST_KNOWN = timedelta(minutes=18)  # a younger hour is held against this much of what is usual

_SILENCED = (IncidentState.SNOOZED, IncidentState.EXPECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class HourSoFar:
    """One hour of a connection. `known`: how much of it was read. `usual_nanos`: of the whole hour; None = unknown."""

    start: datetime
    observed_nanos: int
    usual_nanos: int | None
    known: timedelta = HOUR


@dataclass(frozen=True, slots=True)
class Haste:
    """Until when a connection is asked at the floor. `code`: of the open spike it is for, '' = for its last hour."""

    until: datetime
    code: str = ""


def haste(
    now: datetime, *, spikes: Sequence[Incident], hours: Sequence[HourSoFar], least_nanos: int
) -> Haste | None:
    """Return why and until when one connection is asked at the floor; None = at its usual interval.

    spikes: its spikes that are not over. hours: its last hours, newest first. least_nanos: a smaller excess over the
    usual of one hour is nothing to hurry for.
    """
    told = [
        Haste((spike.told_at or spike.opened_at) + LONGEST_AFTER_TOLD, spike.code)
        for spike in spikes
        if spike.state not in _SILENCED
    ]
    for_spike = max(told, key=lambda one: one.until, default=None)
    if for_spike is not None and now < for_spike.until:
        return for_spike
    if spikes:
        return None  # silenced, or told long ago: the hours are high because of it
    for_hours = _high_until(hours, least_nanos)
    return Haste(for_hours) if for_hours is not None and now < for_hours else None


def brought_forward(*, last_success_at: datetime, next_due_at: datetime, floor: timedelta) -> datetime | None:
    """Return when a healthy stream is asked at the floor; None where it is due by then anyway.

    It is counted from the end of the last read, so two reads never begin closer together than the floor.
    """
    soonest = last_success_at + floor
    return soonest if soonest < next_due_at else None


def _high_until(hours: Sequence[HourSoFar], least_nanos: int) -> datetime | None:
    """Return until when the hours that are high in a row are worth hurrying for; None if the last one is not high."""
    newest_high = 0 if hours and _is_high(hours[0], least_nanos) else 1  # the newest may only just have begun
    in_a_row = list(takewhile(lambda hour: _is_high(hour, least_nanos), hours[newest_high:]))
    return in_a_row[-1].start + LONGEST_HIGH if in_a_row else None


def _is_high(hour: HourSoFar, least_nanos: int) -> bool:
    if hour.usual_nanos is None:
        return False
    usual = hour.usual_nanos * max(hour.known, _LEAST_KNOWN) // HOUR
    return hour.observed_nanos > TIMES_USUAL * usual and hour.observed_nanos - usual >= least_nanos
