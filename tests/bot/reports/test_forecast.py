"""The forecast as it is asked for: by method, cut into parts, and with its own past beside it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.demo.vendors.account import Counts
from charts.spec import Record
from spend.money import NANOS_PER_UNIT
from spend.notify import Decision, Finding, IncidentKind, Step
from spend.window import DAY, HOUR, dates
from tests.bot.open_desk import Desk, metered, open_desk, used
from tests.bot.views.test_spike import EVIDENCE

OCTOBER_1, NOVEMBER_19 = date(2026, 10, 1), date(2026, 11, 19)
# Every day $14 of Search at 9:00 and $28 of Support from 10:00: what comes next is sure.
STEADY = [
    used(day.day, hour, day.month, project=project)
    for day in dates(OCTOBER_1, NOVEMBER_19)
    for hour, project in ((9, "proj_a"), (10, "proj_b"), (11, "proj_b"))
]
RESOLVED = Decision(step=Step.RESOLVED, reason="over", edits=True)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A bot that has read seven steady weeks of one account."""
    async with open_desk(tmp_path, metered(openai=STEADY)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        yield desk


async def test_steady_days_end_where_they_must_and_both_methods_agree(desk: Desk) -> None:
    """$42 a day, 30 days: $1,260."""
    blend, straight = await desk.ask("spend forecast"), await desk.ask("spend forecast straight line")

    assert blend["lead"].startswith("November is on course for about $1,260 ")
    assert straight["lead"].startswith("November is on course for about $1,260 ")
    assert blend["facts"][-1] == (
        "How sure: no month with kept forecasts is over yet, the first is judged on Dec 1. "
        "Straight line through the last 7 days: $1,260."
    )
    assert (
        straight["facts"][-1] == "This is the straight line through the last 7 days. Weekday blend: $1,260."
    )
    assert straight["title"] == "spend forecast straight line"


async def test_the_parts_make_the_whole_exactly(desk: Desk) -> None:
    """A third is Search's, two thirds are Support's, of every day that was and of every day to come."""
    data = await desk.ask("spend forecast by project")
    parts = {name: (Decimal(end), Decimal(spent)) for name, end, _, spent in data["table"]["rows"]}
    ends, spent = (sum(pair[place] for pair in parts.values()) for place in (0, 1))

    assert len(parts) == 2
    assert spent == Decimal(data["total"]["amount"])
    assert ends == pytest.approx(Decimal(1260), abs=Decimal("0.01"))
    assert max(end for end, _ in parts.values()) == pytest.approx(Decimal(840), abs=Decimal("0.01"))
    by_model = await desk.ask("spend forecast by model")
    assert sum(Decimal(row[1]) for row in by_model["table"]["rows"]) == ends


async def test_what_was_shown_last_month_is_held_against_what_it_came_to(desk: Desk) -> None:
    """October came to 31 x $42 = $1,302; on the 19th it was forecast 2 % too low, on the 20th out of its range."""
    for day, mid, low, high in ((19, 1_275_960, 1_200_000, 1_310_000), (20, 1_200_000, 1_100_000, 1_250_000)):
        evidence = {
            name: amount * 10**6
            for name, amount in (("mid_nanos", mid), ("low_nanos", low), ("high_nanos", high))
        }
        await desk.store.save_forecast(date(2026, 10, day), "month", {**evidence, "currency": "USD"})
        await desk.store.save_forecast(date(2026, 10, day), "budget:1", {**evidence, "currency": "USD"})

    data = await desk.ask("spend forecast")
    record = await desk.view("spend forecast record")

    assert data["facts"][-1] == (
        "How sure: in October the forecast of the 19th was 2% low; the range held on 1 of 2 days, "
        "too few to judge it by. "
        "Straight line through the last 7 days: $1,260."
    )
    assert str(record.lead) == "October: the 2 forecasts kept were within 8% of the bill."
    assert [str(row) for row in record.body] == [
        "On the 19th it said $1,280, 2% low; it ended at $1,302.00. The 80% range held on 1 of 2 days."
    ]
    assert isinstance(record.chart, Record)


async def test_without_a_month_that_is_over_there_is_no_record_and_it_says_so(desk: Desk) -> None:
    assert await desk.lead("spend forecast record") == "No month with kept forecasts is over yet."


async def test_days_that_were_not_read_are_not_taken_for_zero(desk: Desk) -> None:
    """Two days later nothing was read since: a forecast over them would fall, so there is none."""
    known_to = desk.clock.now
    desk.clock.now += 2 * DAY

    assert await desk.lead("spend forecast") == (
        f"Figures end on {known_to:%a %b %d, %H:%M}, 48 h ago: "
        "no forecast, as days not read would be taken for saving."
    )


async def test_the_other_budgets_that_will_not_last_have_their_days(desk: Desk) -> None:
    """Support costs $28 a day: 19 days are about $516 by now, so $500 are passed; Search needs $420 of $1,000."""
    (dear, *_), (cheap, *_) = (await desk.ask("spend month by project"))["table"]["rows"]
    await desk.ask(f"budget set 500 monthly for project:{dear}")
    await desk.ask(f"budget set 1000 monthly for project:{cheap}")

    said = (await desk.ask("spend forecast"))["facts"]

    assert f"Other budgets: {dear} over $500 a month already." in said


async def test_days_without_a_bill_count_at_what_bills_come_to_and_it_says_so(tmp_path: Path) -> None:
    """Every bill is 20 % below its estimate of $42: 30 x $33.60 = $1,008, though two days still stand at $42."""
    async with open_desk(tmp_path, metered(openai=STEADY, discount=20)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        data = await desk.ask("spend forecast")
        parts = (await desk.ask("spend forecast by project"))["table"]["rows"]

    assert data["lead"].startswith("November is on course for about $1,010 ")
    assert (
        "Days without a bill count 20% below their estimates: so did the last bills of Shop OpenAI."
        in (data["facts"])
    )
    assert sum(Decimal(row[1]) for row in parts) == pytest.approx(Decimal(1008), abs=Decimal("0.01"))


def spike_of_yesterday(**changes: Any) -> Finding:
    """Support was $1,000 above its usual yesterday, from 10:00 to 12:00."""
    since = datetime(2026, 11, 18, 10, tzinfo=UTC)
    hours = [[(since + n * HOUR).isoformat(), 500 * NANOS_PER_UNIT] for n in range(2)]
    excess = 1000 * NANOS_PER_UNIT
    rows = [{"id": "proj_b", "excess_nanos": excess, "observed_nanos": excess, "usual_nanos": 0}]
    evidence = EVIDENCE | {
        "currency": "USD",
        "since": since.isoformat(),
        "last_hour": (since + HOUR).isoformat(),
        "until": (since + 2 * HOUR).isoformat(),
        "excess_nanos": excess,
        "hours": hours,
        "by_project": rows,
    }
    return Finding(
        kind=IncidentKind.SPIKE,
        dedup_key="spike:1",
        evidence=evidence | changes,
        size_nanos=excess,
        is_over=True,
    )


@pytest.mark.parametrize(
    ("changes", "lead"),
    [
        ({}, "November is on course for about $2,260 "),
        ({"since": "2026-11-15T10:00:00+00:00"}, "November is on course for about $"),
    ],
)
async def test_what_a_spike_added_is_spent_and_not_expected_again(
    changes: dict[str, Any], lead: str, tmp_path: Path
) -> None:
    """$1,260 as ever and $1,000 on top; after three days of it, it is the new usual and is expected again."""
    loop = replace(used(18, 10, project="proj_b"), counts=Counts(out=1_000_000_000 // 14, requests=10))
    async with open_desk(tmp_path, metered(openai=[*STEADY, loop])) as desk:
        await desk.connect("openai", "Shop OpenAI")
        before = await desk.ask("spend forecast")
        await desk.store.tell(spike_of_yesterday(**changes), RESOLVED, [], desk.clock.now)
        after = await desk.ask("spend forecast")
        parts = (await desk.ask("spend forecast by project"))["table"]["rows"]

    said = "Not expected again: $1,000.00 that spikes added in the last 7 days."
    assert after["lead"].startswith(lead)
    assert (said in after["facts"]) is (not changes)
    assert (after["lead"] == before["lead"]) is bool(changes)
    ends = {name: Decimal(end) for name, end, *_ in parts}
    if not changes:
        assert sorted(ends.values()) == pytest.approx([Decimal(420), Decimal(1840)], abs=Decimal("0.1"))


async def test_an_account_in_bursts_has_a_range_and_no_parts(tmp_path: Path) -> None:
    """Whole days of work and nothing between them; in November one hour so far: when is the next."""
    bursts = [used(day, hour, 10) for day in (2, 9, 20, 28) for hour in range(24)]
    async with open_desk(tmp_path, metered(openai=[*bursts, used(3, 9)])) as desk:
        await desk.connect("openai", "Shop OpenAI")
        data = await desk.ask("spend forecast by project")

    assert data["lead"].startswith("Too irregular for one number: between $")
    assert "A range has no parts: it is not split." in data["facts"]
    assert data["table"]["rows"] == []
