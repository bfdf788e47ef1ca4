"""What is said of figures that end before now: since when they are missing, whose they are, what to do about it.

What was not read is not known, and what is not known is not zero: nothing is compared or forecast over it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.views.footer import Source, SourceState, usage_of
from bot.views.model import Line, line
from bot.views.names import short
from bot.views.text import listed
from bot.views.times import Clock
from spend.window import Window

LONG_UNREAD = timedelta(days=1)
NOT_READ = "not read"
_MISSING = (SourceState.BROKEN, SourceState.PAUSED)


def is_long_unread(as_of: datetime | None, now: datetime) -> bool:
    """Tell whether figures end more than a day ago, so that whole days of them are missing."""
    return as_of is not None and now - as_of > LONG_UNREAD


def is_missing(source: Source, now: datetime) -> bool:
    """Tell whether a source leaves a gap that nothing is compared or forecast over: broken, paused, or long unread."""
    return source.state in _MISSING or is_long_unread(source.as_of, now)


def long_unread(sources: Sequence[Source], now: datetime) -> list[Source]:
    """Return a source per connection that nobody stopped and nobody reads."""
    return [s for s in usage_of(sources) if s.state not in _MISSING and is_long_unread(s.as_of, now)]


def cut_short(sources: Sequence[Source], window: Window, now: datetime) -> list[Source]:
    """Return the long unread sources whose figures end before a window does."""
    return [s for s in long_unread(sources, now) if s.as_of and s.as_of < window.end]


def known_to(sources: Sequence[Source]) -> datetime | None:
    """Return the moment up to which anything is known; None before the first read."""
    return max((s.as_of for s in usage_of(sources) if s.as_of), default=None)


def is_unread(sources: Sequence[Source], window: Window) -> bool:
    """Tell whether nothing of a window was read by anyone, though something before it was."""
    known = known_to(sources)
    return known is not None and known <= window.start


def figures_end(clock: Clock, sources: Sequence[Source]) -> str:
    """`Figures end on Thu Nov 19, 23:00, 10 days ago`; whose they are where others are read. '' without a date."""
    everyone = usage_of(sources)
    old = long_unread(sources, clock.now) or [s for s in everyone if s.as_of and s.state not in _MISSING]
    moments = [source.as_of for source in old if source.as_of]
    if not moments:
        return ""
    end = min(moments)
    whose = "" if len(old) == len(everyone) else f" of {_names(old)}"
    return f"Figures{whose} end on {clock.day(clock.day_of(end))}, {clock.time(end)}, {clock.age(end)}"


def next_step(clock: Clock, sources: Sequence[Source], *, others_are_read: bool = False) -> Line:
    """Say who is not read any more and what to look at: the program itself where nobody is, and nothing failed.

    others_are_read: a source that is not among these, as it has no part in what was asked, is read.
    """
    old = long_unread(sources, clock.now)
    if not old:
        return line()
    failing = [source for source in old if source.reason]
    if failing:
        return line(f"Every read of {_names(failing)} since failed. /spend status shows what is read.")
    verb = "was" if len(old) == 1 else "were"
    words = f"{_names(old)} {verb} not read since."
    if len(old) == len(usage_of(sources)) and not others_are_read:
        return line(f"{words} Is spendbot run running? /spend status shows what is read.")
    return line(f"{words} /spend status shows what is read.")


def names_of(labels: Sequence[str]) -> str:
    """List connections by their labels, of many the first two."""
    names = [short(label) for label in labels]
    return listed(names if len(names) < 4 else [*names[:2], f"{len(names) - 2} more"])


def _names(sources: Sequence[Source]) -> str:
    return names_of([source.connection for source in sources])
