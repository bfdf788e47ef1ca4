"""Reading spend: slices, day totals, hourly estimates, and what is known of each day. Sums are made in SQL."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import BigInteger, cast, func, select, tuple_, update

from spend.window import Window, utc_day, utc_days
from storage import _slices
from storage._scope import Scope
from storage.tables._types import table_of
from storage.tables.cells import AsSeenRow, DayStateRow, RestatementRow, spend_cell, spend_day
from storage.tables.records import usage_record
from storage.values import AsSeen, DailyTotal, DayState, Filter, HourEstimate, Restatement, SeenHour, Slice

_state = table_of(DayStateRow)
_restatement = table_of(RestatementRow)
_as_seen = table_of(AsSeenRow)

_DAY_S = 86_400
_NO_DAY = (date(1, 1, 2), date(1, 1, 1))  # an empty range
_MOST_ROWS = 100_000  # of one answer: more would hold up the event loop


class Cells(Scope):
    """What the workspace spent."""

    async def slices(
        self,
        window: Window,
        by: Sequence[str],
        filters: Sequence[Filter] = (),
        *,
        dates: tuple[date, date] | None = None,
    ) -> list[Slice]:
        """Return spend of a window by columns, per currency; a slice's key holds their values in order.

        Hours count when they start in the window. Money without an hour counts when its UTC day lies wholly inside,
        or, where the window stands for local days, when its date is one of `dates` (first and last; R9).
        `by`: provider, connection_id, line_item, any dimension, `day` (UTC date) or `hour` (`2026-11-03T14:00Z`, ''
        = no hour). Largest first. Raises StorageError for other columns.
        """
        columns = _slices.key_columns(by, times=("day", "hour"))
        filtered = _slices.filter_columns(filters)
        days = utc_days(window)
        whole = dates or tuple(day for day in days if _lies_inside(day, window))
        touched = [*days, *whole] or _NO_DAY
        values = {
            "of_workspace": self.workspace_id,
            "hours_from": window.start,
            "hours_to": window.end,
            "day_from": min(touched),
            "day_to": max(touched),
            "whole_from": (whole or _NO_DAY)[0],
            "whole_to": (whole or _NO_DAY)[-1],
            **_slices.filter_values(filters),
        }
        async with self._read() as tx:
            rows = (await tx.execute(_slices.of_cells(columns, filtered).limit(_MOST_ROWS), values)).all()
        return _largest_first([_slices.slice_of(row, len(columns)) for row in rows])

    async def day_slices(
        self,
        first: date,
        last: date,
        by: Sequence[str],
        filters: Sequence[Filter] = (),
        *,
        is_money_only: bool = False,
    ) -> list[Slice]:
        """Return spend of local days `first` to `last` by columns, per currency, as `slices` does; no `hour` here.

        `is_money_only` leaves out tokens by class, parts and requests.
        """
        columns = _slices.key_columns(by, times=("day",))
        filtered = _slices.filter_columns(filters)
        statement = _slices.of_days(columns, filtered, is_money_only=is_money_only).limit(_MOST_ROWS)
        values = {"of_workspace": self.workspace_id, "day_from": first, "day_to": last}
        async with self._read() as tx:
            rows = (await tx.execute(statement, values | _slices.filter_values(filters))).all()
        return _largest_first([_slices.slice_of(row, len(columns)) for row in rows])

    async def daily_totals(
        self, first: date, last: date, filters: Sequence[Filter] = (), currency: str = "USD"
    ) -> dict[date, DailyTotal]:
        """Return one currency's total of each local day that has any; days without spend are left out."""
        days = spend_day.c
        sums = [
            func.sum(days.billed_nanos + days.estimated_nanos),
            func.sum(days.estimated_nanos),
            func.sum(days.unpriced_tokens),
        ]
        question = (
            select(days.day, *(cast(each, BigInteger) for each in sums))
            .where(
                days.workspace_id == self.workspace_id,
                days.day.between(first, last),
                days.currency == currency,
                *_slices.matches(days, _slices.filter_columns(filters)),
            )
            .group_by(days.day)
            .order_by(days.day)
        )
        async with self._read() as tx:
            rows = (await tx.execute(question, _slices.filter_values(filters))).all()
        return {day: DailyTotal(*totals) for day, *totals in rows}

    async def hourly_totals(
        self, windows: Sequence[Window], filters: Sequence[Filter] = (), currency: str = "USD"
    ) -> dict[datetime, int]:
        """Return one currency's nano-units of each UTC hour that starts in a window and has any.

        Money without an hour is left out (R8). Only the windows' own days are read.
        """
        cells = spend_cell.c
        hour = _slices.floor_hour_of(cells.start).label("hour")
        conditions = _slices.matches(cells, _slices.filter_columns(filters))
        totals: dict[datetime, int] = {}
        async with self._read() as tx:
            for window in windows:
                days = utc_days(window) or _NO_DAY
                question = (
                    select(hour, cast(func.sum(cells.nanos), BigInteger))
                    .where(
                        cells.workspace_id == self.workspace_id,
                        cells.day.between(days[0], days[-1]),
                        cells.start >= window.start,
                        cells.start < window.end,
                        cells.width_s < _DAY_S,
                        cells.currency == currency,
                        *conditions,
                    )
                    .group_by(hour)
                )
                found = await tx.execute(question, _slices.filter_values(filters))
                totals.update((start, nanos) for start, nanos in found)
        return totals

    async def hour_estimates(self, window: Window, currency: str = "USD") -> list[HourEstimate]:
        """Return estimates by hour, connection, project, key and model (R10), oldest first.

        Usage without a known price is left out.
        """
        usage = usage_record.c
        keys = [usage.connection_id, _slices.floor_hour_of(usage.start).label("hour")]
        keys += [usage.project, usage.api_key, usage.model]
        question = (
            select(*keys, cast(func.sum(usage.estimate_nanos), BigInteger))
            .where(
                usage.workspace_id == self.workspace_id,
                usage.day.in_(utc_days(window)),
                usage.start >= window.start,
                usage.start < window.end,
                usage.currency == currency,
                usage.estimate_nanos.is_not(None),
            )
            .group_by(*keys)
            .order_by(keys[1], keys[0], *keys[2:])
            .limit(_MOST_ROWS)
        )
        async with self._read() as tx:
            rows = (await tx.execute(question)).all()
        return [
            HourEstimate(
                connection_id=row[0], hour=row[1], project=row[2], api_key=row[3], model=row[4], nanos=row[5]
            )
            for row in rows
        ]

    async def distinct(self, column: str, since: date) -> list[str]:
        """Return every value of a column that spend has from a local day on, '' left out, in order."""
        (name,) = _slices.key_columns([column], times=())
        value = spend_day.c[name]
        question = (
            select(value)
            .distinct()
            .where(spend_day.c.workspace_id == self.workspace_id, spend_day.c.day >= since, value != "")
            .order_by(value)
            .limit(_MOST_ROWS)
        )
        async with self._read() as tx:
            return list((await tx.execute(question)).scalars())

    async def price_versions(self, first: date, last: date) -> list[str]:
        """Return what the estimates of local days `first` to `last` were priced with, in order."""
        days = spend_day.c
        question = (
            select(days.price_version)
            .distinct()
            .where(
                days.workspace_id == self.workspace_id,
                days.day.between(first, last),
                days.price_version != "",
            )
            .order_by(days.price_version)
        )
        async with self._read() as tx:
            return list((await tx.execute(question)).scalars())

    async def day_states(self, first: date, last: date) -> list[DayState]:
        """Return what is known of UTC days `first` to `last`, per connection, in order; unknown days are left out."""
        question = (
            select(_state)
            .where(_state.c.workspace_id == self.workspace_id, _state.c.day.between(first, last))
            .order_by(_state.c.day, _state.c.connection_id)
        )
        async with self._read() as tx:
            rows = (await tx.execute(question)).all()
        return [
            DayState(
                connection_id=row.connection_id,
                day=row.day,
                is_settled=row.is_settled,
                is_bill_missing=row.is_bill_missing,
                bill_read_at=row.bill_read_at,
            )
            for row in rows
        ]

    async def restatements(self, since: datetime) -> list[Restatement]:
        """Return restatements seen at or after a moment, oldest first."""
        question = (
            select(_restatement)
            .where(_restatement.c.workspace_id == self.workspace_id, _restatement.c.seen_at >= since)
            .order_by(_restatement.c.seen_at, *_restatement.primary_key)
        )
        async with self._read() as tx:
            rows = (await tx.execute(question)).all()
        return [
            Restatement(
                connection_id=row.connection_id,
                day=row.day,
                currency=row.currency,
                before_nanos=row.before_nanos,
                after_nanos=row.after_nanos,
                seen_at=row.seen_at,
                told=row.told,
            )
            for row in rows
        ]

    async def mark_restatements_told(self, restatements: Sequence[Restatement]) -> None:
        """Note that these were told, so that they are told once."""
        keys = [(each.connection_id, each.day, each.currency, each.seen_at) for each in restatements]
        row = _restatement.c
        identity = tuple_(row.connection_id, row.day, row.currency, row.seen_at)
        told = update(_restatement).where(row.workspace_id == self.workspace_id, identity.in_(keys))
        async with self._write() as tx:
            await tx.execute(told.values(told=True))

    async def as_seen(self, connection_id: str, window: Window) -> list[AsSeen]:
        """Return how the hours of a window were seen to grow, by hour, then by when it was seen."""
        row = _as_seen.c
        question = (
            select(row.hour, row.seen_at, row.nanos, row.currency)
            .where(
                row.workspace_id == self.workspace_id,
                row.connection_id == connection_id,
                row.hour >= window.start,
                row.hour < window.end,
            )
            .order_by(row.hour, row.seen_at, row.currency)
            .limit(_MOST_ROWS)
        )
        async with self._read() as tx:
            return [AsSeen(*each) for each in (await tx.execute(question)).all()]

    async def hours_seen_since(self, moment: datetime) -> list[SeenHour]:
        """Return every change of an hour's estimate seen at or after a moment, of all connections, oldest first.

        `seen_at` is when the read behind it started, which is earlier than its commit: ask with an overlap.
        """
        row = _as_seen.c
        question = (
            select(row.connection_id, row.hour, row.seen_at, row.nanos, row.currency)
            .where(row.workspace_id == self.workspace_id, row.seen_at >= moment)
            .order_by(row.seen_at, row.connection_id, row.hour, row.currency)
            .limit(_MOST_ROWS)
        )
        async with self._read() as tx:
            return [SeenHour(*each) for each in (await tx.execute(question)).all()]


def _lies_inside(day: date, window: Window) -> bool:
    whole = utc_day(day)
    return window.start <= whole.start and whole.end <= window.end


def _largest_first(slices: list[Slice]) -> list[Slice]:
    return sorted(slices, key=lambda each: (-each.nanos, each.key, each.currency))
