"""The morning summaries of docs/messages.md 3.5, rebuilt from what was stored."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.views.budget import BudgetState
from bot.views.evidence import from_evidence, to_evidence
from bot.views.facts import DayAmount, Outlook
from bot.views.footer import Trust
from bot.views.model import View
from bot.views.summary import BillIn, DayIncident, Mover, NewOne, Passed, SummaryEvidence, summary_view
from charts.spec import Mark, Summary
from spend.budgets import Period
from spend.usage import Basis
from tests.bot.views import harbor
from tests.bot.views.harbor import at, clock, nanos, total


def course(mid: str, low: str, high: str, over_on: date | None = None, limit: int = 3300) -> Outlook:
    return Outlook(
        nanos=nanos(mid), low_nanos=nanos(low), high_nanos=nanos(high), limit=Decimal(limit), over_on=over_on
    )


def budget(label: str, limit: int, spent: str, period: Period = Period.MONTH) -> BudgetState:
    return BudgetState(label=label, period=period, limit=Decimal(limit), spent_nanos=nanos(spent))


def words(view: View) -> list[str]:
    return [str(view.lead), *(str(item) for item in view.body), view.footer]


RICH = SummaryEvidence(
    day=date(2026, 11, 18),
    total=total("142.66", "137.33"),
    month=total("2086.96"),
    as_of=at(19, 8, 55),
    sources=tuple(replace(source, as_of=at(19, 8, 55)) for source in harbor.SOURCES),
    trust=Trust(basis=Basis.ESTIMATED, estimated_day=date(2026, 11, 18), bill_due_at=at(20, 1)),
    outlook=course("3441", "3347", "3538", date(2026, 11, 30)),
    mean_7_nanos=nanos("117.44"),
    movers=(Mover("Agents", nanos("5.69")), Mover("Support", nanos("-0.97")), Mover("Search", nanos("0.40")),
            Mover("Evals", nanos("0.21"))),
    budgets=(budget("Everything", 3300, "2086.96"), budget("Agents", 400, "257"),
             budget("gpt-5.2", 300, "142", Period.WEEK)),
    bill_in=BillIn(date(2026, 11, 17), nanos("135.20"), nanos("135.20")),
    newcomer=NewOne("key", "agents-nightly", nanos("4.70")),
    days=tuple(DayAmount(date(2026, 11, day), nanos("100"), Mark.BILLED) for day in range(5, 19)),
)  # fmt: skip


def test_a_rich_day_says_the_day_the_month_the_movers_and_the_budgets() -> None:
    view = summary_view(RICH, clock(at(19, 9)))

    assert words(view) == [
        "Wednesday: $142.66, $5.33 more (+4%) than last Wednesday. $4.70 of it a new key, agents-nightly.",
        "November: $2,086.96, on course for about $3,440 (3,350 to 3,540), $140 over the $3,300 budget; "
        "over around Mon Nov 30.",
        "Against last Wednesday: Agents +$5.69, Support -$0.97, other +$0.61. 7-day mean $117.44 a day.",
        "Budgets: Agents 64%, Everything 63%, gpt-5.2 47% of the week. Tuesday's bill is in: $135.20, as estimated.",
        "As of 08:55 CET · Wednesday estimated, bill due Fri 01:00",
    ]


def test_a_posted_summary_says_data_to_and_its_code() -> None:
    view = summary_view(RICH, clock(at(19, 9)), code="S9PX")

    assert view.footer == "Data to 08:55 CET · Wednesday estimated, bill due Fri 01:00 · S9PX"
    assert not view.is_private


def test_the_picture_has_the_days_the_month_and_three_movers() -> None:
    chart = summary_view(RICH, clock(at(19, 9))).chart

    assert isinstance(chart, Summary)
    assert chart.title == "Wednesday $142.66, $5.33 more than last Wednesday"
    assert [slot.label for slot in chart.slots if slot.label] == ["$100.00", "$100.00"]
    assert chart.month is not None
    assert chart.month.heading == "November $2,086.96, on course for $3,440"
    assert [change.money for change in chart.movers] == ["+$5.69", "−$0.97", "+$0.61"]


def test_a_day_with_an_incident_is_said_first_and_then_the_day_without_it() -> None:
    found = replace(
        RICH,
        day=date(2026, 11, 19),
        total=total("274.32", "135.31"),
        month=total("2361.28"),
        outlook=course("3583", "3489", "3671", date(2026, 11, 27)),
        movers=(Mover("Agents", nanos("140.20")), Mover("Support", nanos("1.50")),
                Mover("Search", nanos("-1.40")), Mover("Evals", nanos("-1.29"))),
        budgets=(budget("Everything", 3300, "2361.28"), budget("Agents", 400, "414.00"),
                 budget("gpt-5.2", 300, "186", Period.WEEK)),
        incident=DayIncident(
            key="agents-nightly", nanos=nanos("135.10"), since=at(19, 10), until=at(19, 16, 20), is_over=True
        ),
        bill_in=BillIn(date(2026, 11, 18), nanos("142.66"), nanos("142.66")),
        newcomer=None,
    )  # fmt: skip

    assert words(summary_view(found, clock(at(20, 9))))[:4] == [
        "Thursday: $274.32, 2.0x last Thursday. $135.10 of it: agents-nightly, 10:00 to 16:20, over now.",
        "Without it $139.22, $3.91 more (+3%). By project: Agents +$140.20, Support +$1.50, other -$2.69.",
        "November: $2,361.28, on course for about $3,580 (3,490 to 3,670), $280 over the $3,300 budget; "
        "over around Fri Nov 27.",
        "Budgets: Agents is over, $414.00 of $400; Everything 72%, gpt-5.2 62% of the week. "
        "Wednesday's bill is in: $142.66, as estimated.",
    ]


@pytest.mark.parametrize(
    ("local", "of_day"), [("142.66", ""), ("142.664", ""), ("142.77", " (UTC day)"), ("0", " (UTC day)")]
)
def test_a_bill_that_differs_from_the_local_day_says_of_which_day_it_is(local: str, of_day: str) -> None:
    bill = BillIn(date(2026, 11, 18), nanos("142.66"), nanos("142.66"), nanos(local))
    said = words(summary_view(replace(RICH, bill_in=bill), clock(at(19, 9))))

    assert any(f"Wednesday's bill{of_day} is in: $142.66, as estimated." in each for each in said)


def test_on_monday_the_week_is_told_with_the_weekend_as_one() -> None:
    found = replace(
        RICH,
        day=date(2026, 11, 15),
        week=total("810.34", "786.68"),
        weekend=total("260.67", "257.17"),
        month=total("1655.52"),
        outlook=course("3391", "3279", "3512", date(2026, 11, 30)),
        movers=(Mover("Support", nanos("15.79")), Mover("Search", nanos("9.33")), Mover("Ingest", nanos("-0.96")),
                Mover("Agents", nanos("-0.70")), Mover("Evals", nanos("0.20"))),
        budgets=(), bill_in=None, newcomer=None,
        passed=(Passed("Everything", 50, date(2026, 11, 15)),),
    )  # fmt: skip

    assert words(summary_view(found, clock(at(16, 9))))[:3] == [
        "Last week: $810.34, $23.66 more (+3%) than the week before. Friday to Sunday: $260.67, $3.50 more (+1%).",
        "November: $1,655.52, on course for about $3,390 (3,280 to 3,510), $90 over the $3,300 budget; "
        "over around Mon Nov 30.",
        "Last week by project: Support +$15.79, Search +$9.33, Evals +$0.20, Ingest -$0.96, Agents -$0.70. "
        "Everything passed 50% on Sunday.",
    ]


def test_a_quiet_day_is_one_line_without_a_picture() -> None:
    quiet = SummaryEvidence(
        day=date(2026, 11, 15), total=total("0.42"), month=total("18.90"), as_of=at(16, 8, 55),
        sources=RICH.sources, trust=RICH.trust, outlook=course("38.20", "30", "45", limit=50), days=RICH.days,
    )  # fmt: skip

    view = summary_view(quiet, clock(at(16, 9)), code="S9PX")

    assert str(view.lead) == "Sunday: $0.42. November: $18.90 of $50, on course to fit."
    assert (view.body, view.chart) == ((), None)


def test_what_is_stored_makes_the_same_message_again() -> None:
    stored = json.loads(json.dumps(to_evidence(RICH)))

    assert from_evidence(SummaryEvidence, stored) == RICH
