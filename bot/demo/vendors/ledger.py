"""The vendor's own books: what it charges for what it served, in plain integers of nano-dollars.

Independent on purpose of `spend/` and of any price library: tests compare the bot's figures with these.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from bot.demo.vendors.account import DAY_S, HOUR_S, Account, Fee, Model, UsageRow
from bot.demo.vendors.freshness import Lag, is_billed

SEARCH_NANOS = 10_000_000  # a web search at either vendor: $10 per 1000


class LineKey(NamedTuple):
    """What tells two lines of one day's bill apart, at the finest cut the vendor keeps."""

    project: str | None
    key: str | None
    text: str
    cost_type: str
    model: str | None = None
    tier: str | None = None
    context_window: str | None = None
    token_type: str | None = None


class Charge(NamedTuple):
    """A piece of a bill line: one usage row's part in it. `quantity` is tokens, None where bills do not say."""

    key: LineKey
    nanos: int
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of one UTC day's bill, after the discount."""

    day: date
    key: LineKey
    nanos: int
    quantity: int | None


Billing = Callable[[UsageRow, Model], Iterable[Charge]]


class Ledger:
    """One account's bills and the list-price worth of its usage.

    `keep_days`: how many finished days are remembered (0 for crowds of accounts, whose days are made anew each time).
    """

    def __init__(self, account: Account, billing: Billing, lag: Lag, *, keep_days: int = 400) -> None:
        self._account = account
        self._billing = billing
        self._lag = lag
        self._keep_days = keep_days
        self._finished: dict[date, list[BillLine]] = {}

    def bill(self, day: date, *, now: datetime | None = None) -> list[BillLine]:
        """Return the lines of one UTC day as they stand at `now` (None: for ever), in a fixed order."""
        moment = None if now is None else int(now.timestamp())
        fees = [fee for fee in self._account.meter.fees_on(day) if moment is None or fee.appears_at <= moment]
        return [*self._metered(day, moment), *_fee_lines(fees)]

    def billed_nanos(self, first: date, last: date | None = None, *, now: datetime | None = None) -> int:
        """Return the bill of the UTC days from `first` to `last`, both included."""
        return sum(line.nanos for day in _days(first, last or first) for line in self.bill(day, now=now))

    def billed_by(self, first: date, last: date, *fields: str) -> dict[tuple[str | None, ...], int]:
        """Return final bill totals by `day` or any field of LineKey; None where the bill does not name it."""
        totals: dict[tuple[str | None, ...], int] = {}
        for day in _days(first, last):
            for line in self.bill(day):
                name = tuple(str(day) if field == "day" else getattr(line.key, field) for field in fields)
                totals[name] = totals.get(name, 0) + line.nanos
        return totals

    def used_by(self, start: datetime, end: datetime, *fields: str) -> dict[tuple[str | None, ...], int]:
        """Return the list-price worth of usage in the hours of [start, end), by `day` or fields of UsageRow."""
        totals: dict[tuple[str | None, ...], int] = {}
        for row in self._rows(int(start.timestamp()), int(end.timestamp())):
            day = str(datetime.fromtimestamp(row.start, UTC).date())
            name = tuple(day if field == "day" else getattr(row, field) for field in fields)
            totals[name] = totals.get(name, 0) + self.worth_nanos(row)
        return totals

    def worth_nanos(self, row: UsageRow) -> int:
        """Return what one row costs at list price, web searches included."""
        return sum(charge.nanos for charge in self._charges(row))

    def _metered(self, day: date, now: int | None) -> list[BillLine]:
        start = _midnight(day)
        is_final = now is None or now >= start + DAY_S + self._lag.cost_s
        if is_final and day in self._finished:
            return self._finished[day]
        rows = (
            row
            for row in self._rows(start, start + DAY_S)
            if now is None or is_billed(row, now=now, lag=self._lag)
        )
        lines = self._sum_up(day, (charge for row in rows for charge in self._charges(row)))
        if is_final and len(self._finished) < self._keep_days:
            self._finished[day] = lines
        return lines

    def _sum_up(self, day: date, charges: Iterable[Charge]) -> list[BillLine]:
        nanos: dict[LineKey, int] = {}
        quantities: dict[LineKey, int | None] = {}
        for key, amount, quantity in charges:
            nanos[key] = nanos.get(key, 0) + amount
            before = quantities.get(key, 0)
            quantities[key] = None if quantity is None or before is None else before + quantity
        pays = 100 - self._account.discount_percent
        return [
            BillLine(day, key, _percent(nanos[key], pays), quantities[key])
            for key in sorted(nanos, key=_order)
        ]

    def _rows(self, start: int, end: int) -> Iterator[UsageRow]:
        for hour in range(start, end, HOUR_S):
            yield from (row for row in self._account.meter.rows_at(hour) if not row.is_withdrawn)

    def _charges(self, row: UsageRow) -> Iterable[Charge]:
        return self._billing(row, self._account.models[row.model])


def _fee_lines(fees: Sequence[Fee]) -> list[BillLine]:
    return [
        BillLine(fee.day, LineKey(fee.project, fee.key, fee.text, fee.cost_type), fee.nanos, None)
        for fee in fees
    ]


def _percent(nanos: int, percent: int) -> int:
    """Round half-even, as bills do, without leaving the integers."""
    whole, rest = divmod(nanos * percent, 100)
    return whole + (rest > 50 or (rest == 50 and whole % 2 == 1))


def _order(key: LineKey) -> tuple[str, ...]:
    return tuple(part or "" for part in key)


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
