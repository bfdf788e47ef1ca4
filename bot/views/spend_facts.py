"""What an answer about spend is told. Filled by reports, read by `spend.py` and what belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.views.facts import (
    DayAmount,
    FanDay,
    History,
    HourAmount,
    NotEnoughDays,
    OpenSpike,
    Outlook,
    Pace,
    SpendRow,
    TooIrregular,
    Total,
    Unpriced,
)
from bot.views.footer import Source, Trust
from bot.views.periods import Period, PeriodKind
from bot.views.times import Clock
from bot.views.unread import is_unread
from spend.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyOne:
    """Everything in the window is one model on one key."""

    model: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSpend:
    """The last day with spend before an empty window."""

    day: date
    nanos: int
    currency: str = "USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A key that changed, inside the group that changed most."""

    key: str
    nanos: int
    before_nanos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """Today's line in the answer about a month. `base`: the same weekday last week to the same minute."""

    total: Total
    period: Period
    base: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendFacts:
    """Everything an answer about spend says.

    words: what was asked ("spend today by model"); uncut: the same without its cut; filters: the words of its filters.
    `by`: the asked dimensions, () for none (rows are providers then).
    rows: every group, zero lines left out, days and hours with their zero ones. `base`: the comparison; its amounts are
    `before_nanos` of totals and rows. is_change: it was asked for with `vs`. top: only so many groups were asked for.
    providers: rows by provider, for the strip of the picture. drivers: with is_change, what changed inside the largest
    change. today, outlook: the month's answer. pace, hours: today's. days, fan: the picture of a month or a window.
    others_are_read: a connection that has no part in what was asked is read, so that the bot runs.
    since_midnight: the first day of the first connection. last_spend: before an empty window; None = never.
    """

    clock: Clock
    words: str
    window: Window
    period: Period
    rows: tuple[SpendRow, ...]
    totals: tuple[Total, ...]
    sources: tuple[Source, ...]
    trust: Trust
    by: tuple[str, ...] = ()
    base: Period | None = None
    is_change: bool = False
    top: int | None = None
    provider_names: Mapping[str, str] = field(default_factory=dict)
    providers: tuple[SpendRow, ...] = ()
    drivers: tuple[Driver, ...] = ()
    today: Today | None = None
    spikes: tuple[OpenSpike, ...] = ()
    outlook: Outlook | NotEnoughDays | TooIrregular | None = None
    pace: Pace | None = None
    hours: tuple[HourAmount, ...] = ()
    days: tuple[DayAmount, ...] = ()
    fan: tuple[FanDay, ...] = ()
    unpriced: tuple[Unpriced, ...] = ()
    history: History | None = None
    only: OnlyOne | None = None
    last_spend: LastSpend | None = None
    connected_days: int | None = None
    price_version: str = ""
    warnings: tuple[str, ...] = ()
    has_picture: bool = True
    uncut: str = ""
    others_are_read: bool = False
    filters: str = ""

    @property
    def main(self) -> Total:
        """The total of the first currency."""
        return self.totals[0]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all was spent."""
        return not any(row.nanos or row.tokens for row in self.rows)

    @property
    def is_unread(self) -> bool:
        """Tell whether nothing of the window was read by anyone, so that no amount of it is known."""
        return is_unread(self.sources, self.window)

    @property
    def is_first_day(self) -> bool:
        """Tell whether the first connection was made today and nothing older is known."""
        return self.connected_days == 0 and self.period.kind is PeriodKind.TODAY and self.base is None
