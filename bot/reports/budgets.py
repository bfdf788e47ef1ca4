"""Where budgets stand: what their scope has spent in the running period, and where the period will end."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from bot.query import AskedFilter
from bot.reports.cuts import COLUMNS, totals_of, unpriced_of
from bot.reports.frame import Frame
from bot.reports.outlook import forecast, outlook_of
from bot.reports.scope import not_read, scoped
from bot.reports.spikes import open_spike_incidents, spike_of
from bot.views.budget import BudgetState
from bot.views.facts import Outlook
from spend.budgets import Budget, Standing, period_dates, used_up_at
from spend.forecast import Forecast
from spend.money import to_nanos
from spend.window import hours_of_days
from storage import Filter, Slice

EVERYTHING = "Everything"


async def scope_filters(frame: Frame, budget: Budget) -> tuple[Filter, ...]:
    """Return the storage filters of what a budget counts; wildcards of models are matched against known models."""
    scope = budget.scope
    if scope.dimension == "workspace":
        return ()
    column = COLUMNS[scope.dimension]
    if "*" not in scope.value:
        return (Filter(column, (scope.value,)),)
    start = frame.today.replace(day=1)
    known = await frame.store.distinct(column, min(start, frame.complete_from or start))
    matching = tuple(value for value in known if fnmatchcase(value.casefold(), scope.value.casefold()))
    return (Filter(column, matching or (scope.value,)),)


def budget_frame(frame: Frame, budget: Budget, filters: Sequence[Filter]) -> Frame:
    """Return the frame with the connections only that can contribute to what a budget counts."""
    scope = budget.scope
    return scoped(frame, filters, (AskedFilter(scope.dimension, scope.value),) if filters else ())


async def standing(frame: Frame, budget: Budget) -> Standing | None:
    """Return where a budget stands; None before it starts."""
    period = period_dates(budget, frame.today, first_weekday=frame.settings.first_weekday)
    if period is None:
        return None
    filters = await scope_filters(frame, budget)
    slices = await _spent(frame, period[0], filters)
    found = await forecast(
        budget_frame(frame, budget, filters), period[0], period[1], filters, budget.currency
    )
    return Standing(
        budget=budget,
        first=period[0],
        last=period[1],
        spent_nanos=sum(piece.nanos for piece in slices if piece.currency == budget.currency),
        forecast=found if isinstance(found, Forecast) else None,
        unpriced_tokens=sum(piece.unpriced_tokens for piece in slices),
    )


async def budget_state(frame: Frame, budget: Budget) -> BudgetState:
    """Return what answers say of a budget."""
    at = await standing(frame, budget)
    label = budget_label(frame, budget)
    if at is None:
        return BudgetState(
            label=label, period=budget.period, limit=budget.limit, spent_nanos=0, currency=budget.currency
        )
    filters = await scope_filters(frame, budget)
    slices = await _spent(frame, at.first, filters)
    own = budget_frame(frame, budget, filters)
    outlook = outlook_of(at.forecast, budget.currency, budget.limit)
    state = BudgetState(
        label=label,
        period=budget.period,
        limit=budget.limit,
        spent_nanos=at.spent_nanos,
        currency=budget.currency,
        outlook=outlook if isinstance(outlook, Outlook) else None,
        is_unread=own.is_unread(at.first) and not at.spent_nanos,
        not_read=not_read(own),
        over_on=at.forecast.crosses(to_nanos(budget.limit)) if at.forecast else None,
        left_out=tuple(
            (total.nanos, total.currency)
            for total in totals_of(slices, None)
            if total.currency != budget.currency and total.nanos
        ),
        unpriced=unpriced_of(slices),
    )
    return replace(state, today_if=await _emptied_by(own, budget, at))


def budget_label(frame: Frame, budget: Budget) -> str:
    """Return what people call what a budget counts."""
    scope = budget.scope
    if scope.dimension == "workspace":
        return EVERYTHING
    if scope.dimension == "provider":
        return frame.provider_names.get(scope.value, scope.value)
    return frame.names.name(COLUMNS[scope.dimension], scope.value) or scope.label or scope.value


async def budget_states(frame: Frame) -> tuple[BudgetState, ...]:
    """Return every budget and where it stands."""
    return tuple([await budget_state(frame, budget) for budget in await frame.store.budgets()])


async def _spent(frame: Frame, first: date, filters: tuple[Filter, ...]) -> list[Slice]:
    return await frame.store.day_slices(first, frame.today, ("model", "kind"), filters)


async def _emptied_by(frame: Frame, budget: Budget, at: Standing) -> str:
    """Return the key of an open spike that uses up the budget before today ends, '' where none does."""
    for incident in await open_spike_incidents(frame):
        cause = spike_of(frame, incident).cause
        evidence = incident.evidence
        if not cause or not counts_spike(frame, budget, evidence):
            continue
        gone = used_up_at(
            limit_nanos=at.limit_nanos,
            spent_nanos=at.spent_nanos,
            per_hour_nanos=int(evidence["pace_nanos_per_hour"]),
            as_of=frame.newest_as_of or frame.now,
        )
        if gone is not None and gone < hours_of_days(frame.today, frame.today, frame.zone).end:
            return cause
    return ""


def counts_spike(frame: Frame, budget: Budget, evidence: Mapping[str, Any]) -> bool:
    """Tell whether a spike's money, as its evidence has it, is in a budget's scope (a part of it is enough)."""
    scope, subject = budget.scope, evidence["subject"]
    match scope.dimension:
        case "workspace":
            return True
        case "key":
            return bool(subject["api_key"] == scope.value)
        case "project":
            return any(name == scope.value for name, _ in subject["by_project"])
        case "model":
            return any(
                fnmatchcase(name.casefold(), scope.value.casefold()) for name, _ in subject["by_model"]
            )
        case "connection":
            return bool(evidence["connection_id"] == scope.value)
        case "provider":
            connection = frame.names.connections.get(evidence["connection_id"])
            return connection is not None and connection.provider == scope.value
    return False
