"""What people said about spikes, and what follows from it: bounded, forgotten by itself, and taken back at once.

*expected*: a rise that was meant; its hours count as usual from then on. *false*: an alert about nothing; its hours
count as usual too, and the same cause must be larger before it speaks again. Pure: both follow from what is stored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from spend.window import DAY

FALSE_LASTS = 28 * DAY  # after the newest; then all of the cause is forgotten
PERCENT_EACH = 25
MOST_PERCENT = 200
PLAIN_PERCENT = 100


class Word(StrEnum):
    """What was said about a spike."""

    EXPECTED = "expected"
    FALSE = "false"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody said about one spike; what is said later about the same one replaces it.

    `cause_id` is the evidence's: a connection and the key that caused it, or the connection alone.
    """

    incident_id: str
    dedup_key: str
    code: str
    cause_id: str
    word: Word
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Raised:
    """A cause whose alerts were called false `calls` times: its spikes must be `percent` of the usual size to speak.

    `code`: of the spike that was called false last.
    """

    cause_id: str
    calls: int
    percent: int
    until: datetime
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What the judgement of spikes must know. `learned`: dedup keys of the spikes whose hours count as usual."""

    percents: Mapping[str, int] = field(default_factory=dict)
    learned: frozenset[str] = frozenset()

    def percent(self, cause_id: str) -> int:
        """Return how large a spike of this cause must be to speak, in percent of the usual size."""
        return self.percents.get(cause_id, PLAIN_PERCENT)


def with_word(kept: Iterable[Said], said: Said) -> list[Said]:
    """Return what is kept once something more is said: the same word again changes nothing, another one replaces it."""
    others = list(kept)
    if any((each.incident_id, each.word) == (said.incident_id, said.word) for each in others):
        return others
    return [*(each for each in others if each.incident_id != said.incident_id), said]


def raised(said: Iterable[Said], now: datetime) -> list[Raised]:
    """Return the causes whose alerts were called false and not forgotten yet, the newest call first."""
    by_cause: dict[str, list[Said]] = {}
    for each in said:
        if each.word is Word.FALSE:
            by_cause.setdefault(each.cause_id, []).append(each)
    found = []
    for cause_id, calls in by_cause.items():
        newest = max(calls, key=lambda call: (call.at, call.code))
        if now < newest.at + FALSE_LASTS:
            percent = min(MOST_PERCENT, PLAIN_PERCENT + PERCENT_EACH * len(calls))
            found.append(Raised(cause_id, len(calls), percent, newest.at + FALSE_LASTS, newest.code))
    return sorted(found, key=lambda one: (one.until, one.code), reverse=True)


def feedback_of(said: Iterable[Said], now: datetime) -> Feedback:
    """Return what follows from everything that was said."""
    kept = list(said)
    return Feedback(
        percents={one.cause_id: one.percent for one in raised(kept, now)},
        learned=frozenset(each.dedup_key for each in kept),
    )
