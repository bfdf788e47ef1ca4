"""What is asked, as values: a window of local days, a filter. Made from words by commands, read by reports."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AskedWindow:
    """Local days `first` to `last`, both included. `kind` is the word that was said: it picks the comparison.

    kind: today, yesterday, week, month, days (last N days), last week, last month, range.
    """

    kind: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it spans."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, order=True)
class AskedFilter:
    """A dimension and what was typed behind the colon (`*` stands for anything)."""

    dimension: str
    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendQuery:
    """What to show: a window, up to two dimensions, at most `top` groups, filters, another window to compare with."""

    window: AskedWindow
    by: tuple[str, ...] = ()
    top: int | None = None
    filters: tuple[AskedFilter, ...] = ()
    versus: AskedWindow | None = None
