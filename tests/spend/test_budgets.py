"""Each threshold speaks once per period, the highest for all; projections do not speak every night."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spend.budgets import (
    Budget,
    Period,
    Scope,
    Standing,
    daily_share_nanos,
    judge_budget,
    passed_when_set,
    period_dates,
    used_up_at,
)
from spend.forecast import DayForecast, Forecast, Range
from spend.notify import Finding, IncidentKind

CENT = 10_000_000
USD = 100 * CENT
TODAY = date(2026, 11, 19)
AGENTS = Budget(id="b1", scope=Scope("project", "p1", "Agents"), period=Period.MONTH, limit=Decimal(400))


def forecast(mid: int, low: int | None = None, high: int | None = None) -> Forecast:
    """A month that ends at `mid` dollars, reached on Nov 28."""
    end = Range(mid * USD, (mid if low is None else low) * USD, (mid if high is None else high) * USD)
    return Forecast(
        method="straight line",
        today=TODAY,
        spent_nanos=0,
        rest_of_today_nanos=0,
        rest_after_today_nanos=end.mid,
        period_end=end,
        next_7_days=end,
        days=(DayForecast(date(2026, 11, 28), end.mid, end),),
    )


def standing(cents: int, budget: Budget = AGENTS, **changes: Any) -> Standing:
    facts = {
        "budget": budget,
        "first": date(2026, 11, 1),
        "last": date(2026, 11, 30),
        "spent_nanos": cents * CENT,
    }
    return Standing(**(facts | changes))


def judge(
    now: Standing, told: tuple[str, ...] = (), held_on: dict[str, list[date]] | None = None
) -> list[Finding]:
    return judge_budget(now, today=TODAY, told=told, held_on=held_on or {})


def key(percent: int, kind: str = "budget") -> str:
    return f"{kind}:b1:2026-11-01:{400 * USD}:{percent}"


@pytest.mark.parametrize(
    ("cents", "percent"),
    [(19999, None), (20000, 50), (31999, 50), (32000, 80), (40000, 80), (40001, 100), (90000, 100)],
)
def test_thresholds_are_reached_exactly_and_over_is_more_than_the_limit(
    cents: int, percent: int | None
) -> None:
    found = judge(standing(cents))

    assert [finding.evidence["threshold"] for finding in found] == ([percent] if percent else [])


def test_several_crossed_at_one_moment_are_one_finding_of_the_highest() -> None:
    (finding,) = judge(standing(32022))

    assert finding.kind is IncidentKind.BUDGET
    assert finding.dedup_key == key(80)
    assert finding.size_nanos == 32022 * CENT
    assert finding.is_loud


def test_a_told_threshold_and_those_below_it_stay_quiet() -> None:
    assert judge(standing(32022), told=(key(80),)) == []
    assert judge(standing(25000), told=(key(80),)) == []  # the bill came in lower
    assert [f.dedup_key for f in judge(standing(40057), told=(key(80),))] == [key(100)]


def test_a_new_period_or_limit_speaks_anew() -> None:
    raised = replace(AGENTS, limit=Decimal(800))

    assert judge(standing(32022, first=date(2026, 12, 1)), told=(key(80),)) != []
    assert judge(standing(70000, raised), told=(key(80),))[0].evidence["threshold"] == 80


def test_what_was_passed_when_it_was_set_stays_quiet() -> None:
    now = standing(25000, forecast=forecast(330))

    quiet = passed_when_set(now)

    assert [(finding.dedup_key, finding.is_loud) for finding in quiet] == [
        (key(50), False),
        (key(80, "projected"), False),
    ]
    assert judge(now, told=tuple(finding.dedup_key for finding in quiet)) == []


def test_the_evidence_is_exact_and_percents_are_cut_down() -> None:
    """The story: November on course for $3,528.61 of $3,300; 79.99 % is 79."""
    everything = Budget(id="b1", scope=Scope(), period=Period.MONTH, limit=Decimal(3300))
    now = standing(225355, everything, forecast=forecast(3528, 3450, 3620), unpriced_tokens=7)

    said = judge(now)[0].evidence

    assert (said["spent_nanos"], said["limit_nanos"]) == (225355 * CENT, 3300 * USD)
    assert said["spent_percent"] == 68
    assert standing(31999).spent_nanos * 100 // (400 * USD) == 79
    assert said["forecast"]["over_by_nanos"] == 228 * USD
    assert said["forecast"]["over_on"] == "2026-11-28"
    assert said["forecast"]["percent"] == 106
    assert said["unpriced_tokens"] == 7
    assert not said["is_over"]


def test_a_projection_waits_for_a_second_day() -> None:
    now = standing(10000, forecast=forecast(402, 380, 430))
    waiting = key(100, "projected")

    (first,) = judge(now)
    (same_day,) = judge(now, held_on={waiting: [TODAY]})
    (next_day,) = judge(now, held_on={waiting: [date(2026, 11, 18)]})
    (long_ago,) = judge(now, held_on={waiting: [date(2026, 11, 16)]})

    assert [f.is_loud for f in (first, same_day, next_day, long_ago)] == [False, False, True, False]
    assert next_day.kind is IncidentKind.PROJECTED
    assert judge(now, told=(waiting,), held_on={waiting: [date(2026, 11, 18)]}) == []


def test_a_projection_whose_whole_range_is_over_speaks_at_once() -> None:
    (finding,) = judge(standing(10000, forecast=forecast(450, 401, 500)))

    assert finding.is_loud
    assert finding.reason == "100% is projected even at the low end"


def test_an_irregular_forecast_never_speaks_on_its_mid_alone() -> None:
    now = standing(1000, forecast=forecast(450, 100, 900))

    (finding,) = judge(now, held_on={key(100, "projected"): [date(2026, 11, 18)]})

    assert not finding.is_loud


def test_what_is_spent_is_not_projected_again() -> None:
    (finding,) = judge(standing(33000, forecast=forecast(390, 385, 395)))

    assert finding.kind is IncidentKind.BUDGET
    assert [f.dedup_key for f in judge(standing(40001, forecast=forecast(500)))] == [key(100)]


def test_spent_and_projected_are_two_things() -> None:
    found = judge(standing(20000, forecast=forecast(450)))

    assert [finding.dedup_key for finding in found] == [key(50), key(100, "projected")]


@pytest.mark.parametrize(
    ("period", "starts_on", "expected"),
    [
        (Period.DAY, None, (TODAY, TODAY)),
        (Period.WEEK, None, (date(2026, 11, 16), date(2026, 11, 22))),
        (Period.MONTH, None, (date(2026, 11, 1), date(2026, 11, 30))),
        (Period.MONTH, date(2026, 11, 10), (date(2026, 11, 10), date(2026, 11, 30))),
        (Period.MONTH, date(2026, 9, 10), (date(2026, 11, 1), date(2026, 11, 30))),
        (Period.MONTH, date(2026, 11, 20), None),
        (Period.DAY, TODAY, (TODAY, TODAY)),
    ],
)
def test_periods(period: Period, starts_on: date | None, expected: tuple[date, date] | None) -> None:
    assert period_dates(replace(AGENTS, period=period, starts_on=starts_on), TODAY) == expected


def test_a_week_may_start_on_sunday() -> None:
    weekly = replace(AGENTS, period=Period.WEEK)

    assert period_dates(weekly, TODAY, first_weekday=6) == (date(2026, 11, 15), date(2026, 11, 21))
    assert daily_share_nanos(weekly, TODAY) == 400 * USD // 7
    assert daily_share_nanos(AGENTS, TODAY) == 400 * USD // 30
    assert daily_share_nanos(AGENTS, date(2026, 2, 1)) == 400 * USD // 28


def test_when_a_limit_is_used_up_at_a_pace() -> None:
    """The story: $278.77 of $400 at 11:15, at $21 an hour gone at about 17:00."""
    as_of = datetime(2026, 11, 19, 10, 15, tzinfo=UTC)

    assert used_up_at(
        limit_nanos=400 * USD, spent_nanos=27877 * CENT, per_hour_nanos=21 * USD, as_of=as_of
    ) == datetime(2026, 11, 19, 16, 1, tzinfo=UTC)
    assert used_up_at(limit_nanos=USD, spent_nanos=USD, per_hour_nanos=0, as_of=as_of) == as_of
    assert used_up_at(limit_nanos=USD, spent_nanos=0, per_hour_nanos=0, as_of=as_of) is None


@given(
    spent=st.lists(st.integers(-1000, 12_000), min_size=1, max_size=40),
    ends=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 200)), min_size=40, max_size=40),
)
def test_a_month_of_evaluations_speaks_at_most_once_per_threshold(
    spent: list[int], ends: list[tuple[int, int]]
) -> None:
    told: set[str] = set()
    held: dict[str, list[date]] = {}
    loud = []
    total = 0
    for number, cents in enumerate(spent):
        total += cents
        today = date(2026, 11, 1 + min(number, 29))
        mid, width = ends[number]
        now = standing(total, forecast=forecast(mid, max(0, mid - width), mid + width))
        for finding in judge_budget(now, today=today, told=told, held_on=held):
            if finding.is_loud:
                told.add(finding.dedup_key)
                loud.append((finding.kind, finding.evidence["threshold"]))
            else:
                held.setdefault(finding.dedup_key, []).append(today)

    for kind in (IncidentKind.BUDGET, IncidentKind.PROJECTED):
        said = [percent for which, percent in loud if which is kind]
        assert said == sorted(set(said))
