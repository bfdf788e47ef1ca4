"""What a picture shows: finished words and plain geometry, made by views, drawn by `charts.png.draw`.

Every text arrives finished (money is put into words in `bot/views/text.py` only) and raw: cleaning and
cutting are the drawing's work. Amounts are floats in main currency units, for lengths only; no figure is ever
written from them. A series that is longer than a phone can show is thinned or summed by the drawing.
Importing this module costs nothing: no drawing library is loaded.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias


class Mark(StrEnum):
    """How sure an amount is: billed is solid, estimated and open (the current hour or day) are light.

    Where nothing is billed yet (hours of a day), whole hours are given as billed and the subtitle says what they are.
    """

    BILLED = "billed"
    ESTIMATED = "estimated"
    OPEN = "open"
    MISSING = "missing"


class Role(StrEnum):
    """What a mark is there for: the subject (blue), context (grey), what is over or new (orange)."""

    SUBJECT = "subject"
    CONTEXT = "context"
    ACCENT = "accent"


@dataclass(frozen=True, slots=True)
class GridLine:
    """One horizontal line with its value in words. `charts.scale.grid_values` proposes the values."""

    value: float
    label: str


@dataclass(frozen=True, slots=True)
class AxisLabel:
    """Words under the base line. `at` counts slots or days from the left; a bar's middle is index + 0.5."""

    at: float
    text: str
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """One bar in time. `label` stands above it (give few: the peak, the subject). Missing has no amount."""

    amount: float
    mark: Mark = Mark.BILLED
    role: Role = Role.SUBJECT
    label: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A running total at `at` days from the window's start. `mark` is that of the stretch that ends here."""

    at: float
    amount: float
    mark: Mark = Mark.BILLED


@dataclass(frozen=True, slots=True)
class FanPoint:
    """The forecast of the running total at `at` days from the window's start, with its range."""

    at: float
    amount: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Limit:
    """A budget: its amount, and the words beside its line."""

    amount: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The running total of a month against the last one, with forecast, range and budget.

    `days` is the length of the window; `spent` starts at (0, 0) and ends now; `fan` starts where it ends.
    Labels of what is not there stay empty.
    """

    kind: ClassVar[str] = "trend"
    title: str
    subtitle: str
    alt: str
    days: float
    spent: tuple[Point, ...]
    now_label: str = ""
    compared: tuple[Point, ...] = ()
    compared_label: str = ""
    fan: tuple[FanPoint, ...] = ()
    forecast_label: str = ""
    range_label: str = ""
    budget: Limit | None = None
    grid: tuple[GridLine, ...] = ()
    axis: tuple[AxisLabel, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """One layer of stacked bars: its name, and an amount for each slot."""

    name: str
    amounts: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Amounts per day (or hour, week) of a window, with the comparison as a grey step line.

    `compared` has one amount per slot, None where there is none. `layers` (at most four and "other", largest
    first) split each bar; the slots keep the totals and marks.
    """

    kind: ClassVar[str] = "bars"
    title: str
    subtitle: str
    alt: str
    slots: tuple[Slot, ...]
    compared: tuple[float | None, ...] = ()
    compared_label: str = ""
    layers: tuple[Series, ...] = ()
    budget: Limit | None = None
    grid: tuple[GridLine, ...] = ()
    axis: tuple[AxisLabel, ...] = ()


@dataclass(frozen=True, slots=True)
class StripPart:
    """One provider's part of the whole: `label` "Anthropic 76%", `share` 0 to 1."""

    label: str
    share: float


@dataclass(frozen=True, slots=True)
class Slice:
    """One row of a breakdown. `compared`: the same slice in the comparison. "other" has Role.CONTEXT."""

    name: str
    money: str
    share: str
    amount: float
    compared: float | None = None
    role: Role = Role.SUBJECT


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """Rows by size, at most seven and "other". `strip` for two or more providers; `note`: the last line."""

    kind: ClassVar[str] = "breakdown"
    title: str
    subtitle: str
    alt: str
    rows: tuple[Slice, ...]
    strip: tuple[StripPart, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """One budget. `spent_of` "$352.01 of $400", `percent` "88%", `note` "a month · about $277, fits".

    `is_over`: it is over its limit or on course to be.
    """

    name: str
    spent_of: str
    percent: str
    note: str
    spent: float
    limit: float
    forecast: float | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """Budgets one under the other, the tightest first."""

    kind: ClassVar[str] = "budgets"
    title: str
    subtitle: str
    alt: str
    rows: tuple[BudgetRow, ...]


@dataclass(frozen=True, slots=True)
class SpikeSlot:
    """One hour: what everything else spent, and the cause on top of it."""

    rest: float
    cause: float = 0.0
    mark: Mark = Mark.BILLED


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual spend of one hour and its band."""

    amount: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """The hours of a day with the cause stacked on top in orange, over the usual band.

    `hours` is the length of the day (23 and 25 happen); `slots` end with the last known hour, `usual` covers
    the day. `told` marks when it was announced ("told 11:20"), in hours from the left.
    """

    kind: ClassVar[str] = "spike"
    title: str
    subtitle: str
    alt: str
    hours: int
    slots: tuple[SpikeSlot, ...]
    cause_name: str
    cause_pace: str
    usual: tuple[Usual, ...] = ()
    usual_label: str = ""
    told: AxisLabel | None = None
    grid: tuple[GridLine, ...] = ()
    axis: tuple[AxisLabel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Spend of each hour of the day: the busiest block is the subject, batches are labelled context.

    `hours`: how many the axis has where some are still to come; those have no slot.
    """

    kind: ClassVar[str] = "hours"
    title: str
    subtitle: str
    alt: str
    slots: tuple[Slot, ...]
    hours: int = 0
    grid: tuple[GridLine, ...] = ()
    axis: tuple[AxisLabel, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a change: `money` signed in words ("+$100.25", U+2212 for minus), `amount` signed."""

    name: str
    money: str
    amount: float
    is_bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """From one total to another: rises then falls, by size; then the change, then the new total.

    `before` and `after` are (name, money), `change` the sum of `steps`.
    """

    kind: ClassVar[str] = "waterfall"
    title: str
    subtitle: str
    alt: str
    before: tuple[str, str]
    steps: tuple[Change, ...]
    change: Change
    after: tuple[str, str]


@dataclass(frozen=True, slots=True)
class MonthBar:
    """The month as one budget bar. `limit` may be None: then the bar is scaled to the forecast."""

    heading: str
    spent: float
    spent_label: str
    forecast: float | None = None
    limit: Limit | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The morning picture: the last days (`axis`: weekday letters), the month as one bar, three movers."""

    kind: ClassVar[str] = "summary"
    title: str
    subtitle: str
    alt: str
    slots: tuple[Slot, ...]
    axis: tuple[AxisLabel, ...] = ()
    month: MonthBar | None = None
    movers_heading: str = ""
    movers: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A month that is over, as it was forecast on each of its days, with the range, against what it came to.

    `days`: how many the month has; a day stands at the middle of its slot. `actual` has the word before its amount
    ("billed") as `actual_word`. `dot`: the day that is talked about, with `dot_label`. The axis need not start at zero.
    """

    kind: ClassVar[str] = "record"
    title: str
    subtitle: str
    alt: str
    days: int
    shown: tuple[FanPoint, ...]
    actual: Limit
    actual_word: str = ""
    held_label: str = ""
    dot: FanPoint | None = None
    dot_label: str = ""
    grid: tuple[GridLine, ...] = ()
    axis: tuple[AxisLabel, ...] = ()


ChartSpec: TypeAlias = Trend | Bars | Breakdown | Budgets | Spike | Hours | Waterfall | Summary | Record
