"""What a person did about an incident, in words: the last line of its message, for everybody to see."""

from dataclasses import dataclass
from datetime import datetime

from bot.views.names import short
from bot.views.times import Clock


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did about an incident. `state`: acknowledged, expected, snoozed, muted, known or a false alarm.

    percent: how large a spike of its cause must be since then, of one that was called false.
    """

    state: str
    by: str
    at: datetime
    quiet_until: datetime | None = None
    percent: int = 0


_DONE = {
    "acknowledged": "Acknowledged",
    "expected": "Marked expected",
    "snoozed": "Snoozed",
    "muted": "Muted",
    "known": "Marked known",
    "false_alarm": "Called a false alarm",
}


def state_words(state: str) -> str:
    """Return an act or a stored state as a word in the middle of a sentence: `called a false alarm`, `muted`."""
    return _DONE[state].lower().removeprefix("marked ") if state in _DONE else state


def act_words(act: Act, clock: Clock) -> str:
    """Say what a person did, as the last body line: until when it stays quiet."""
    done, until = f"{_DONE[act.state]} by {short(act.by)}", ""
    if act.quiet_until:
        until = f" until {clock.near(act.quiet_until)}"
    match act.state:
        case "snoozed" | "muted":
            return f"{done}{until}."
        case "expected":
            return f"{done} at {clock.near(act.at)}: the same cause stays quiet{until}."
        case "false_alarm":
            return f"{done} at {clock.near(act.at)}: the next one must be {_times(act.percent)} as large to speak."
        case "known":
            return f"{done} at {clock.near(act.at)}."
        case _:
            return f"{done} at {clock.near(act.at)}: quiet until it doubles."


def acted_words(act: Act, clock: Clock) -> str:
    """Say what a person had done about what is over."""
    return f"{_DONE[act.state]} by {short(act.by)} at {clock.near(act.at)}."


def muted_words(by: str, what: str, until: datetime, clock: Clock) -> str:
    """Say in the channels that somebody muted something."""
    return f"{short(by)} muted alerts about {short(what)} until {clock.near(until)}."


def false_words(by: str, what: str, percent: int, until: datetime, clock: Clock) -> str:
    """Say in the channels that somebody called an alert false, and what follows."""
    return f"{short(by)} called a spike of {short(what)} false: {must_be(percent, until, clock)}."


def must_be(percent: int, until: datetime, clock: Clock) -> str:
    """`until Dec 27 its spikes must be 1.5 times as large to be told`"""
    return f"until {clock.on(clock.day_of(until))} its spikes must be {_times(percent)} as large to be told"


def _times(percent: int) -> str:
    return "twice" if percent == 200 else f"{percent / 100:g} times"


def watched_words(by: str, what: str) -> str:
    """Say in the channels that somebody took quiet back."""
    return f"{short(by)} turned alerts about {short(what)} on again."
