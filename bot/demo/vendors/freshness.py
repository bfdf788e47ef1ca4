"""When what happened becomes visible at the vendor: usage minutes late, bills hours late, some corrected later."""

from dataclasses import dataclass

from bot.demo.vendors.account import HOUR_S, Counts, UsageRow

LATE_PART_S = 90 * 60
RESTATED_AFTER_S = 12 * HOUR_S


@dataclass(frozen=True, slots=True)
class Lag:
    """How late a vendor is, in seconds. Bills are hourly pieces of a day that show up `cost_s` after the hour's end."""

    usage_s: int
    cost_s: int


OPENAI_LAG = Lag(usage_s=7 * 60, cost_s=5 * HOUR_S)
ANTHROPIC_LAG = Lag(usage_s=4 * 60, cost_s=3 * HOUR_S)


def reported(row: UsageRow, now: int) -> Counts:
    """Return what the vendor believes of the whole row at `now`.

    That is less of a late row at first, more of one that is restated later, and nothing of a withdrawn one in the end.
    """
    end = row.start + HOUR_S
    if row.is_late and now < end + LATE_PART_S:
        return row.counts.share(4, 5)
    if row.is_restated and now < end + RESTATED_AFTER_S:
        return row.counts.share(26, 25)
    if row.is_withdrawn and now >= end + RESTATED_AFTER_S:
        return Counts()
    return row.counts


def visible(row: UsageRow, *, start: int, end: int, now: int, lag: Lag) -> Counts:
    """Return what a usage report shows at `now` of this row within [start, end); use is even over `active_s`."""
    whole = reported(row, now)
    until = min(end, now - lag.usage_s)
    return _until(row, whole, until).minus(_until(row, whole, min(start, until)))


def is_billed(row: UsageRow, *, now: int, lag: Lag) -> bool:
    """True once the row's hour is on the bill; bills take the final counts."""
    return row.start + HOUR_S + lag.cost_s <= now


def _until(row: UsageRow, whole: Counts, moment: int) -> Counts:
    elapsed = max(0, min(moment - row.start, row.active_s))
    return whole if elapsed == row.active_s else whole.share(elapsed, row.active_s)
