"""Budget alerts of docs/messages.md 3.4, from stored evidence."""

from typing import Any

import pytest

from bot.views.budget_alert import BudgetEvidence, budget_passed_view, budget_projected_view
from bot.views.model import View
from tests.bot.views.harbor import at, clock, nanos


def evidence(**changes: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "budget_id": "b1",
        "scope": {"dimension": "project", "value": "p1", "label": "Agents"},
        "period": "month",
        "first": "2026-11-01",
        "last": "2026-11-30",
        "currency": "USD",
        "limit_nanos": nanos("400"),
        "threshold": 80,
        "spent_nanos": nanos("320.22"),
        "spent_percent": 80,
        "is_over": False,
        "unpriced_tokens": 0,
        "forecast": None,
        "as_of": at(19, 12, 55).isoformat(),
    }
    return known | changes


def forecast(mid: str, low: str, high: str, over_on: str | None) -> dict[str, Any]:
    return {"mid_nanos": nanos(mid), "low_nanos": nanos(low), "high_nanos": nanos(high), "over_on": over_on}


EVERYTHING = {"dimension": "workspace", "value": "", "label": ""}
SPIKE = {
    "key": "agents-nightly", "code": "K7Q2", "nanos": nanos("50.33"), "since": at(19, 10).isoformat(),
    "gone_at": at(19, 16, 8).isoformat(), "without_nanos": nanos("535.4"),
}  # fmt: skip


def words(view: View) -> list[str]:
    return [str(view.lead), *(str(item) for item in view.body), view.footer]


def test_a_passed_threshold_names_the_spike_that_ate_the_budget() -> None:
    view = budget_passed_view(
        BudgetEvidence.from_evidence(evidence(spike=SPIKE)), clock(at(19, 13)), code="B4TZ"
    )

    assert words(view) == [
        "Budget: Agents has used 80% of its $400 for November: $320.22.",
        "$50.33 of it since 10:00 today, by agents-nightly (spike K7Q2). At this pace it is used up at about 16:00; "
        "without it about $535 by Nov 30.",
        "Data to 12:55 CET · estimated · B4TZ",
    ]
    assert [button.label for button in view.buttons] == ["Raise budget", "Mute this month", "Why", "By key"]
    assert view.chart is not None
    assert view.chart.title == "Agents has used 80% of its $400 for November"


def test_a_hundred_percent_is_over_and_nothing_is_said_to_be_stopped() -> None:
    found = BudgetEvidence.from_evidence(evidence(threshold=100, spent_nanos=nanos("400.57"), is_over=True))

    assert str(budget_passed_view(found, clock(at(19, 16)), code="B4TZ").lead) == (
        "Budget: Agents is over its $400 for November: $400.57."
    )


def test_a_projected_part_is_said_in_percent_of_the_budget() -> None:
    found = BudgetEvidence.from_evidence(
        evidence(scope=EVERYTHING, limit_nanos=nanos("3300"), spent_nanos=nanos("900"),
                 forecast=forecast("2702", "2598", "2803", None))
    )  # fmt: skip

    assert str(budget_projected_view(found, clock(at(9, 9)), code="B4TZ").lead) == (
        "Budget: November is on course for about $2,700 (2,600 to 2,800), 82% of the $3,300 budget."
    )


def test_a_projected_overrun_says_by_how_much_and_around_when() -> None:
    found = BudgetEvidence.from_evidence(
        evidence(scope=EVERYTHING, limit_nanos=nanos("3300"), spent_nanos=nanos("1259.54"), threshold=100,
                 forecast=forecast("3321", "3219", "3428", "2026-11-30"), as_of=at(12, 8, 55).isoformat(),
                 to_yesterday_nanos=nanos("1259.54"))
    )  # fmt: skip

    assert words(budget_projected_view(found, clock(at(12, 9)), code="B4TZ"))[:2] == [
        "Budget: November is on course for about $3,320 (3,220 to 3,430), $20 over the $3,300 budget.",
        "$1,259.54 spent to Wednesday; over around Mon Nov 30.",
    ]


def test_a_projected_alert_of_a_project_names_it() -> None:
    found = BudgetEvidence.from_evidence(
        evidence(threshold=100, forecast=forecast("535", "500", "570", "2026-11-23"))
    )

    assert str(budget_projected_view(found, clock(at(12, 9)), code="B4TZ").lead) == (
        "Budget: Agents is on course for about $535 (500 to 570), $135 over its $400 for November."
    )


def test_a_projection_without_a_forecast_is_a_bug() -> None:
    with pytest.raises(ValueError, match="needs its forecast"):
        budget_projected_view(BudgetEvidence.from_evidence(evidence()), clock(at(12, 9)), code="B4TZ")


def test_unpriced_tokens_are_said() -> None:
    found = BudgetEvidence.from_evidence(evidence(unpriced_tokens=12_400_000))

    assert "At least: 12.4M tokens not priced." in words(
        budget_passed_view(found, clock(at(19, 13)), code="B4TZ")
    )
