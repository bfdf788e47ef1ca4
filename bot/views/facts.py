"""What several views are told: exact amounts, moments and names, no words. Filled by reports, read by views.

Amounts are integer nano-units; names are raw (the views clean and cut them); days are local dates of the workspace.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from charts.spec import Mark
from spend.budgets import Period as BudgetPeriod
from spend.usage import Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """All spend of a window in one currency. `before_nanos`: the comparison's, None where there is none."""

    nanos: int
    currency: str = "USD"
    billed_nanos: int = 0
    estimated_nanos: int = 0
    before_nanos: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendRow:
    """One group of an answer. `labels`: one raw name per asked dimension, twins told apart (`names.tell_apart`).

    `tokens` and `requests` are None where unknown. `nanos` is 0 and `basis` UNPRICED when no amount is known.
    is_other: the sum of groups that are not listed. is_unread: a day or hour that nobody read, its amount not known.
    """

    labels: tuple[str, ...]
    nanos: int
    currency: str = "USD"
    basis: Basis = Basis.ESTIMATED
    tokens: int | None = None
    requests: int | None = None
    before_nanos: int | None = None
    is_other: bool = False
    is_unread: bool = False

    @property
    def is_known(self) -> bool:
        """Tell whether there is an amount at all."""
        return not self.is_unread and self.basis is not Basis.UNPRICED


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Tokens of a model without a price. They are in no total."""

    model: str
    kind: str
    tokens: int


@dataclass(frozen=True, slots=True)
class History:
    """How far the history of a workspace is loaded. `complete_from`: the first local date without gaps."""

    days_loaded: int
    days_wanted: int
    complete_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSpike:
    """A spike that is not over. `cause`: a key's raw name, or '' when several share it. `usual_nanos` 0: nothing.

    place: the connection's label.
    """

    cause: str
    nanos: int
    since: datetime
    usual_nanos: int = 0
    currency: str = "USD"
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Burn rates, all in nano-units: per hour over the last 3 h and 24 h, usual at this time, and per active day.

    until: the moment these hours end, where that is a while ago; None = about now.
    """

    hourly_3h_nanos: int
    hourly_24h_nanos: int
    usual_hourly_nanos: int | None = None
    daily_nanos: int | None = None
    active_days: int = 0
    of_days: int = 7
    currency: str = "USD"
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """A forecast of a period's end. `limit`: the budget it is held against; `over_on`: when it is passed."""

    nanos: int
    low_nanos: int
    high_nanos: int
    currency: str = "USD"
    limit: Decimal | None = None
    over_on: date | None = None


@dataclass(frozen=True, slots=True)
class NotEnoughDays:
    """No forecast: it needs more complete days. `from_day`: the first day that can have one."""

    needed: int
    there: int
    from_day: date


@dataclass(frozen=True, slots=True)
class TooIrregular:
    """No forecast: days differ too much for one number; the 80 % range is what can be said. limit: of the budget."""

    low_nanos: int
    high_nanos: int
    currency: str = "USD"
    limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DayAmount:
    """One day (or hour) of a picture, by its start on the local clock, with the comparison's amount if there is one."""

    day: date
    nanos: int
    mark: Mark = Mark.BILLED
    before_nanos: int | None = None


@dataclass(frozen=True, slots=True)
class FanDay:
    """The forecast of the running total at the end of a day."""

    day: date
    nanos: int
    low_nanos: int
    high_nanos: int


@dataclass(frozen=True, slots=True)
class HourAmount:
    """One hour of a day: everything, of it the cause of a spike, and what is usual with its band."""

    start: datetime
    nanos: int
    cause_nanos: int = 0
    mark: Mark = Mark.ESTIMATED
    usual_nanos: int | None = None
    low_nanos: int = 0
    high_nanos: int = 0


PER_PERIOD = {BudgetPeriod.DAY: "a day", BudgetPeriod.WEEK: "a week", BudgetPeriod.MONTH: "a month"}
