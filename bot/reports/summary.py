"""The morning summary's evidence: the last complete day, the month, the budgets, and what a lead should know.

Amounts are sums of spend cells of local days of the workspace, so that its parts make its totals.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.reports.budgets import budget_label, scope_filters
from bot.reports.compare import Base, base_slices
from bot.reports.cuts import add_up, columns_for, connections_with_money, totals_of, unpriced_of
from bot.reports.days import day_amounts
from bot.reports.frame import Frame
from bot.reports.outlook import month_outlook
from bot.reports.restatements import summary_restatements
from bot.reports.summary_events import day_incident, newcomer, passed_thresholds
from bot.reports.trust import bill_due, trust_of
from bot.views.budget import BudgetState
from bot.views.facts import Outlook, Total
from bot.views.footer import SourceState, Trust, usage_of
from bot.views.model import View
from bot.views.restatement import restatement_words
from bot.views.sentences import loading, not_priced
from bot.views.summary import BillIn, Mover, SummaryEvidence, summary_view
from spend.budgets import period_dates
from spend.notify import IncidentKind, IncidentState
from spend.usage import Basis, Role
from spend.window import DAY, dates, hours_of_day, month_start, utc_day, utc_days
from storage import Slice

WEEK = timedelta(days=7)
MEAN_DAYS = 7
PICTURE_DAYS = 14
_MONDAY = 0
_UNSETTLED = (IncidentState.OPEN, IncidentState.ACKNOWLEDGED, IncidentState.SNOOZED)


async def summary_view_now(frame: Frame) -> View:
    """Return yesterday's summary at once, as a private answer."""
    return summary_view(await summary_evidence(frame, frame.today - DAY), frame.clock)


async def summary_evidence(
    frame: Frame, day: date, *, last: SummaryEvidence | None = None
) -> SummaryEvidence:
    """Read what the summary of a complete local day says: yesterday, or an earlier one when it is told late.

    `last`: the summary told before; what it said already is left out.
    """
    slices = await frame.store.day_slices(day, day, ("connection_id", "model", "kind"), ())
    month = await frame.store.day_slices(month_start(day), day, ("connection_id",), ())
    currency = _main_currency(month)
    total = await _compared(frame, day, day, WEEK, currency)
    morning = day + DAY
    is_week = morning.weekday() == frame.settings.first_weekday
    week = await _compared(frame, day - 6 * DAY, day, WEEK, currency) if is_week else None
    is_monday = is_week and morning.weekday() == _MONDAY
    first = day - 6 * DAY if is_week else day
    outlook = (await month_outlook(frame, (), currency))[0] if frame.today.month == day.month else None
    return SummaryEvidence(
        day=day,
        total=total,
        month=_total(month, None, currency),
        as_of=frame.newest_as_of or frame.now,
        sources=frame.sources(connections_with_money(month)),
        trust=await _trust(frame, day, slices),
        outlook=outlook if isinstance(outlook, Outlook) else None,
        week=week,
        weekend=await _compared(frame, day - 2 * DAY, day, WEEK, currency) if is_monday else None,
        mean_7_nanos=await _mean(frame, day, currency),
        movers=await _movers(frame, first, day, currency) if (week or total).before_nanos is not None else (),
        budgets=await _budgets(frame, day),
        incident=await day_incident(frame, day, currency),
        bill_in=await _bill_in(frame, day, last),
        newcomer=await newcomer(frame, day, currency),
        passed=await passed_thresholds(frame, first, day),
        notes=await _notes(frame, day, slices, month, currency),
        days=await day_amounts(frame, day - (PICTURE_DAYS - 1) * DAY, day, (), currency),
        is_anything_open=await _is_anything_open(frame),
    )


def _main_currency(slices: Sequence[Slice]) -> str:
    """Return the currency the summary is in: of the month, USD first, then by code."""
    with_money = [total.currency for total in totals_of(slices, None) if total.nanos]
    return with_money[0] if with_money else "USD"


async def _compared(frame: Frame, first: date, last: date, back: timedelta, currency: str) -> Total:
    """Return the total of some days, with that of the same days earlier where both are wholly known."""
    now = await frame.store.day_slices(first, last, ("connection_id",), ())
    earlier = None
    if _is_known(frame, first - back) and frame.has_read(last):
        base = Base(first - back, last - back, None, "range")
        earlier = await base_slices(frame, base, ("connection_id",), ())
    return _total(now, earlier, currency)


def _total(slices: Sequence[Slice], earlier: Sequence[Slice] | None, currency: str) -> Total:
    found = [total for total in totals_of(slices, earlier) if total.currency == currency]
    before = None if earlier is None else sum(piece.nanos for piece in earlier if piece.currency == currency)
    return found[0] if found else Total(nanos=0, currency=currency, before_nanos=before)


def _is_known(frame: Frame, day: date) -> bool:
    """Tell whether a day is loaded from every connection, and none is missing since."""
    return not frame.has_gap and frame.complete_from is not None and frame.complete_from <= day


async def _trust(frame: Frame, day: date, slices: Sequence[Slice]) -> Trust:
    """Say the basis of the day: one that reaches into an unsettled UTC day is estimated until that is billed."""
    trust = await trust_of(frame, day, day, slices)
    if trust.basis is Basis.MIXED and any(piece.estimated_nanos for piece in slices):
        trust = replace(
            trust,
            basis=Basis.ESTIMATED,
            billed_to=None,
            bill_due_at=bill_due(frame, utc_days(hours_of_day(day, frame.zone))),
        )
    return replace(trust, estimated_day=day if trust.basis is Basis.ESTIMATED else None)


async def _mean(frame: Frame, day: date, currency: str) -> int | None:
    """Return the mean of the 7 days before the day, in nano-units rounded down; None where they are not all known."""
    if not _is_known(frame, day - MEAN_DAYS * DAY):
        return None
    totals = await frame.store.daily_totals(day - MEAN_DAYS * DAY, day - DAY, (), currency)
    return sum(each.nanos for each in totals.values()) // MEAN_DAYS


async def _movers(frame: Frame, first: date, last: date, currency: str) -> tuple[Mover, ...]:
    """Return the change of every project against the same days a week before; they sum to the change of the total."""
    columns = columns_for(("project",))
    now = add_up(frame, ("project",), await frame.store.day_slices(first, last, columns, ()))
    before = add_up(frame, ("project",), await frame.store.day_slices(first - WEEK, last - WEEK, columns, ()))
    changes = {
        key[0]: (now[key, code].nanos if (key, code) in now else 0)
        - (before[key, code].nanos if (key, code) in before else 0)
        for key, code in now.keys() | before.keys()
        if code == currency
    }
    movers = [Mover(name, nanos) for name, nanos in changes.items() if nanos]
    return tuple(sorted(movers, key=lambda mover: (-abs(mover.nanos), mover.name)))


async def _budgets(frame: Frame, day: date) -> tuple[BudgetState, ...]:
    """Return where each budget stood at the end of the day, in the period the day belongs to."""
    found = []
    for budget in await frame.store.budgets():
        period = period_dates(budget, day, first_weekday=frame.settings.first_weekday)
        if period is None:
            continue
        filters = await scope_filters(frame, budget)
        slices = await frame.store.day_slices(period[0], day, ("model", "kind"), filters)
        found.append(
            BudgetState(
                label=budget_label(frame, budget),
                period=budget.period,
                limit=budget.limit,
                spent_nanos=sum(piece.nanos for piece in slices if piece.currency == budget.currency),
                currency=budget.currency,
                unpriced=unpriced_of(slices),
            )
        )
    return tuple(found)


async def _bill_in(frame: Frame, day: date, last: SummaryEvidence | None) -> BillIn | None:
    """Return the newest UTC day whose bill came in from every account, unless the last summary said so already.

    Estimated: tokens at their prices, and as billed what no usage report can estimate.
    """
    accounts = {c.id for c in frame.connections if any(stream.role is Role.COST for stream in c.streams)}
    states = await frame.store.day_states(day - WEEK, day)
    settled = [
        each
        for each in dates(day - WEEK, day)
        if accounts and accounts <= {s.connection_id for s in states if s.day == each and s.is_settled}
    ]
    if not settled or (last and last.bill_in and settled[-1] <= last.bill_in.day):
        return None
    slices = await frame.store.slices(utc_day(settled[-1]), ("connection_id", "kind"), ())
    currency = _main_currency(slices)
    mine = [piece for piece in slices if piece.currency == currency]
    estimated = sum(piece.estimate_nanos or piece.billed_nanos for piece in mine)
    billed = sum(piece.nanos for piece in mine)
    local = await frame.store.daily_totals(settled[-1], settled[-1], (), currency)
    local_nanos = local[settled[-1]].nanos if settled[-1] in local else 0
    return BillIn(settled[-1], billed, estimated, local_nanos) if billed else None


async def _notes(
    frame: Frame, day: date, slices: Sequence[Slice], month: Sequence[Slice], currency: str
) -> tuple[str, ...]:
    """Return what else must be said, as sentences: other money, no price, what is broken, slightly changed bills."""
    others = [total for total in totals_of(month, None) if total.currency != currency and total.nanos]
    notes = [f"{total.currency} is counted apart and not added." for total in others]
    unpriced = unpriced_of([replace(piece, key=piece.key[1:]) for piece in slices])
    if unpriced:
        notes.append(f"Not counted: {not_priced(unpriced)}.")
    history = frame.history()
    if history and not _is_known(frame, month_start(day)):
        notes.append(loading(history, frame.clock))
    notes += [f"{words}." for words in _broken_words(frame, day)]
    notes += [restatement_words(found, frame.clock) for found in await summary_restatements(frame)]
    return tuple(notes)


def _broken_words(frame: Frame, day: date) -> list[str]:
    """Name what gives no figures: `No figures from Harbor Anthropic since Fri 11:40 (its key is refused)`.

    So of one that nobody stopped, where its figures end before the day does.
    """
    words = []
    end = hours_of_day(day, frame.zone).end
    for source in usage_of(frame.sources(frozenset())):
        since = source.as_of or source.since
        is_stopped = source.state in (SourceState.BROKEN, SourceState.PAUSED)
        is_late = source.state is SourceState.STALE and source.as_of is not None and source.as_of < end
        if is_stopped or is_late:
            when = f" since {frame.clock.near(since)}" if since else ""
            why = f" ({source.reason})" if source.reason else ""
            words.append(f"No figures from {source.connection}{when}{why}")
    return words


async def _is_anything_open(frame: Frame) -> bool:
    kinds = (IncidentKind.SPIKE, IncidentKind.TROUBLE)
    return frame.has_gap or bool(await frame.store.incidents(states=_UNSETTLED, kinds=kinds))
