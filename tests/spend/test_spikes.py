"""Spikes compare estimates with the same hours of the past, speak above a floor, and name what caused them, exactly."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from spend.feedback import Feedback
from spend.notify import Finding
from spend.spike_evidence import money_on_hours
from spend.spikes import KnownRun, SpikeDetector, Watched
from spend.usual import median, median_deviation, past_hours
from tests.spend.spike_hours import (
    BERLIN,
    DAY,
    HOUR,
    SHORT,
    TEN,
    USD,
    changed,
    detector,
    point,
    steady,
    step,
    watched,
)


def test_a_runaway_key_is_named_with_all_its_message_says() -> None:
    """10:00 to 11:15 in Berlin: prod goes on as usual, agents-nightly spends $6.30 and then $5.25 in 15 minutes."""
    as_of = TEN + 75 * timedelta(minutes=1)

    (finding,) = step(
        detector(),
        as_of,
        point(TEN, 1.0),
        point(TEN, 6.30, "nightly"),
        point(TEN + HOUR, 0.25),
        point(TEN + HOUR, 5.25, "nightly"),
    )

    said = finding.evidence
    assert finding.is_loud
    assert not finding.is_over
    assert finding.dedup_key == "spike:c1:2026-11-19T09Z"
    assert finding.size_nanos == 11_550_000_000
    assert said["since"] == "2026-11-19T09:00:00+00:00"
    assert said["until"] == said["as_of"] == "2026-11-19T10:15:00+00:00"
    assert said["subject"]["kind"] == "key"
    assert said["subject"]["id"] == "nightly"
    assert said["subject"]["observed_nanos"] == 11_550_000_000
    assert said["subject"]["is_usual_nothing"]
    assert said["subject"]["by_model"] == [["opus", 11_550_000_000]]
    assert said["subject"]["by_project"] == [["Agents", 11_550_000_000]]
    assert said["pace_nanos_per_hour"] == 21 * USD
    assert said["observed_nanos"] == 12_800_000_000
    assert said["hours"] == [
        ["2026-11-19T09:00:00+00:00", 6_300_000_000],
        ["2026-11-19T10:00:00+00:00", 5_250_000_000],
    ]
    assert said["cause_id"] == "c1/nightly"
    json.dumps(said)


def test_the_picture_has_the_whole_day_and_nothing_of_the_future() -> None:
    as_of = TEN + 30 * timedelta(minutes=1)

    (finding,) = step(detector(), as_of, point(TEN, 20.0, "nightly"))

    day = finding.evidence["day"]
    assert day["date"] == "2026-11-19"
    assert len(day["hours"]) == 24
    assert day["hours"][10]["cause_nanos"] == day["hours"][10]["nanos"] == 20 * USD
    assert day["hours"][9]["cause_nanos"] == 0
    assert [row["nanos"] for row in day["hours"][11:]] == [None] * 13
    assert (
        day["hours"][10]["low_nanos"]
        <= day["hours"][10]["usual_nanos"]
        <= day["hours"][10]["high_nanos"]
        < 2 * USD
    )


def test_several_causes_split_the_excess_exactly() -> None:
    (finding,) = step(
        detector(),
        TEN + HOUR,
        point(TEN, 8.0),
        point(TEN, 4.0, "search", "haiku", "Search"),
        point(TEN, 1.111111111, "evals", "gpt", "Evals"),
    )

    said = finding.evidence
    assert said["subject"]["kind"] == "connection"
    assert [row["id"] for row in said["by_key"]] == ["prod", "search", "evals"]
    for by in ("by_key", "by_model", "by_project"):
        assert sum(row["excess_nanos"] for row in said[by]) == said["excess_nanos"]
    assert said["excess_nanos"] == said["observed_nanos"] - said["usual_nanos"]


def test_below_the_floor_it_is_recorded_and_stays_quiet() -> None:
    """An hour is usually 1.01, and 2.2 % of a day of 24.24 is 0.53: 0.52 more is too little."""
    (finding,) = step(detector(), TEN + HOUR, point(TEN, 1.53))

    assert not finding.is_loud
    assert finding.reason == "its excess is below the floor"
    assert step(detector(), TEN + HOUR, point(TEN, 1.3)) == []


def test_a_share_of_the_budgets_day_must_have_added_up() -> None:
    """Of a budget's day of 200 it is 5 dollars above what is usual; else a day of 24.24 counts."""
    assert step(detector(), TEN + HOUR, point(TEN, 5.0))[0].is_loud
    assert not step(detector(), TEN + HOUR, point(TEN, 5.0), daily_budget_nanos=200 * USD)[0].is_loud
    assert step(detector(), TEN + HOUR, point(TEN, 6.5), daily_budget_nanos=200 * USD)[0].is_loud


def test_the_floor_is_two_percent_of_a_day_from_a_quarter_of_a_dollar_to_ten() -> None:
    def floor(an_hour: float, observed: float) -> int:
        said = step(detector(steady(an_hour)), TEN + HOUR, point(TEN, observed))[0].evidence
        return int(said["floor_nanos"])

    assert floor(0.1, 5.0) == USD // 4
    assert floor(10.0, 90.0) == 4_804_800_000
    assert floor(50.0, 400.0) == 10 * USD


def test_an_open_hour_is_held_against_its_part_of_what_is_usual() -> None:
    """After 5 minutes 8 cents are usual: half a dollar is too little to speak of, 90 cents are not."""
    five = TEN + timedelta(minutes=5)

    assert not any(each.is_loud for each in step(detector(), five, point(TEN, 0.5)))
    assert step(detector(), five, point(TEN, 0.9))[0].is_loud


def test_what_was_spent_before_connecting_never_speaks() -> None:
    """Backfilled hours, however large and recent, are history; so is the hour of connecting."""
    connected_at = TEN + timedelta(minutes=30)
    one = detector()

    loaded = [point(TEN - n * HOUR, 500.0) for n in range(12)]

    assert step(one, TEN + HOUR, *loaded, connected_at=connected_at) == []


def test_the_first_seven_days_speak_only_far_above_all_loaded_history() -> None:
    connected_at = TEN - 2 * DAY

    assert step(detector(), TEN + HOUR, point(TEN, 5.0), connected_at=connected_at) == []
    (quiet,) = step(detector(), TEN + HOUR, point(TEN, 5.15), connected_at=connected_at)
    (loud,) = step(detector(), TEN + HOUR, point(TEN, 7.0), connected_at=connected_at)

    assert not quiet.is_loud  # above 5 x 1.02, below the floor
    assert loud.is_loud
    assert loud.evidence["is_cold_start"]
    assert loud.reason == "far above all loaded history"


def test_without_any_loaded_history_the_first_week_is_quiet() -> None:
    one = detector([point(TEN, 1.0)])

    assert step(one, TEN + 2 * HOUR, point(TEN + HOUR, 900.0), connected_at=TEN - timedelta(minutes=5)) == []


@given(factor=st.integers(10, 100), hour=st.integers(1, 24 * 11))
@settings(max_examples=15)
def test_a_price_change_of_all_hours_is_never_a_spike(factor: int, hour: int) -> None:
    """A discount restates past and present alike: both sides are estimates."""
    one = detector(steady(since=SHORT))
    points = [point(p.hour, p.nanos / USD * factor / 100) for p in steady(until=TEN + HOUR, since=SHORT)]

    known = watched(TEN + HOUR, SHORT + DAY, SHORT)

    found = one.step(TEN + HOUR, changed(*points), watched=known)

    assert [each for each in found if each.is_loud] == []
    assert one.step(TEN + HOUR, changed(points[-hour]), watched=known) == []


def test_a_nightly_batch_is_usual_also_when_clocks_change() -> None:
    """A batch at 02:30 local in a zone off the hour, over the end of summer time."""
    zone = ZoneInfo("Australia/Adelaide")  # +09:30, +10:30 until 2026-04-05
    start = datetime(2026, 2, 1, 16, tzinfo=UTC)  # 02:30 local
    batches = [
        datetime(2026, 2, 1, 2, 30, tzinfo=zone) + n * DAY  # local arithmetic
        for n in range(80)
    ]
    one = SpikeDetector(zone=zone)
    loud = []
    for batch in batches:
        as_of = batch.astimezone(UTC) + HOUR
        row = point(batch.astimezone(UTC), 30.0)
        connection = Watched(
            connection_id="c1", connected_at=start - 30 * DAY, history_from=start - 30 * DAY, as_of=as_of
        )
        loud += [
            f for f in one.step(as_of, changed(row), watched=[connection]) if f.is_loud and not f.is_over
        ]

    assert all(f.evidence["since"] < (start + 30 * DAY).isoformat() for f in loud)


def test_the_past_of_an_hour_is_its_hour_of_the_week_or_every_day() -> None:
    weekly = past_hours(TEN, BERLIN, history_from=TEN - 60 * DAY)
    daily = past_hours(TEN, BERLIN, history_from=TEN - 20 * DAY)

    assert len(weekly) == 8
    assert weekly[0] == TEN - 7 * DAY
    assert weekly[-1] == TEN - 56 * DAY - HOUR  # summer time: the same clock is an hour earlier in UTC
    assert len(daily) == 20


def test_median_and_deviation_by_hand() -> None:
    assert median([]) == 0
    assert median([3, 1, 2]) == 2
    assert median([4, 1, 2, 8]) == 3
    assert median_deviation([1, 1, 2, 2, 4, 6, 9]) == 1


def test_an_incident_knows_its_part_of_a_day() -> None:
    (finding,) = step(detector(), TEN + 2 * HOUR, point(TEN, 20.0, "x"), point(TEN + HOUR, 30.0, "x"))

    assert money_on_hours(finding.evidence, TEN, TEN + HOUR) == 20 * USD
    assert money_on_hours(finding.evidence, TEN - DAY, TEN + DAY) == 50 * USD


changes = st.lists(
    st.tuples(
        st.integers(0, 30),  # hours ago or ahead
        st.sampled_from(["prod", "nightly", "search"]),
        st.sampled_from([0.0, 0.5, 1.0, 7.5, 21.0, 90.0]),
    ),
    min_size=1,
    max_size=4,
)


@given(polls=st.lists(changes, min_size=1, max_size=6), cut=st.integers(0, 5))
@settings(max_examples=25)
def test_built_again_from_storage_it_finds_the_same(
    polls: list[list[tuple[int, str, float]]], cut: int
) -> None:
    """At any poll the detector is thrown away and built from stored hours and the incidents that were recorded.

    Whatever was found first was called expected by the next poll, and `nightly` was called false twice.
    """
    stored = {p.hour: (p,) for p in steady(since=SHORT)}
    known: dict[str, KnownRun] = {}
    going_on = detector(steady(since=SHORT))
    rebuilt = detector(steady(since=SHORT))
    for number, poll in enumerate(polls):
        as_of = TEN + number * 90 * timedelta(minutes=1)
        rows = [point(TEN + (ago - 15) * HOUR, dollars, key) for ago, key, dollars in poll]
        hours = changed(*{(row.hour, row.api_key): row for row in rows}.values())
        if number == cut:
            kept = [one for parts in stored.values() for one in parts]
            rebuilt = detector(kept, list(known.values()))
            cached = SpikeDetector.restore(json.loads(json.dumps(going_on.snapshot())), zone=BERLIN)
            assert cached is not None
            assert cached.snapshot() == rebuilt.snapshot() == going_on.snapshot()
        said_of = Feedback(percents={"c1/nightly": 150}, learned=frozenset(sorted(known)[:1]))
        found = going_on.step(as_of, hours, watched=watched(as_of, SHORT + DAY, SHORT), feedback=said_of)
        again = rebuilt.step(as_of, hours, watched=watched(as_of, SHORT + DAY, SHORT), feedback=said_of)
        assert found == again
        for hour in hours:
            stored[hour.hour] = hour.points
        for finding in (f for f in found if f.is_loud):
            known[finding.dedup_key] = KnownRun.from_evidence(
                finding.dedup_key, finding.evidence, is_over=finding.is_over
            )
        for finding in found:
            said = finding.evidence
            if said["by_key"]:
                assert sum(row["excess_nanos"] for row in said["by_key"]) == said["excess_nanos"]
            assert all(row["excess_nanos"] <= row["observed_nanos"] for row in said["by_key"])


def test_no_part_of_an_excess_is_larger_than_what_it_spent() -> None:
    """Three keys of $2 rest in turn, so each has $2 as usual and together they have $4: $22 above that was spent."""
    resting = ("a", "b", "c")
    past = [
        point(TEN - days * DAY + hours * HOUR, 2.0, key)
        for days in range(1, 60)
        for hours in (-1, 0, 1)
        for key in resting
        if key != resting[days % 3]
    ]

    (finding,) = step(
        detector(past), TEN + HOUR, *(point(TEN, 2.0, key) for key in resting), point(TEN, 20.0, "nightly")
    )

    said = finding.evidence
    rows = {row["id"]: row["excess_nanos"] for row in said["by_key"]}
    assert said["excess_nanos"] == 22 * USD
    assert rows["nightly"] == 20 * USD
    assert sum(rows.values()) == 22 * USD


def test_what_was_stored_before_a_kill_is_found_by_the_next_start() -> None:
    """The hour was saved and the process killed before it was judged: nothing changes any more, and yet it is told."""
    one = detector([*steady(), point(TEN, 20.0, "nightly")])

    (finding,) = step(one, TEN + HOUR)

    assert finding.is_loud
    assert step(one, TEN + HOUR) == []


def test_a_snapshot_of_another_version_is_not_trusted() -> None:
    assert SpikeDetector.restore({"version": 0}, zone=BERLIN) is None


def nightly_run(dollars: float, **more: Any) -> Finding:
    """An hour of `nightly` beside the usual dollar of prod."""
    (finding,) = step(detector(), TEN + HOUR, point(TEN, 1.0), point(TEN, dollars, "nightly"), **more)
    return finding


def test_a_cause_that_was_called_false_must_be_larger_to_speak() -> None:
    """A new key speaks at 5% of a day of $24.24: $1.21. At 150% that is $1.82, and twice it is $2.42."""
    larger = Feedback(percents={"c1/nightly": 150})
    twice = Feedback(percents={"c1/nightly": 200})

    assert nightly_run(2.0, feedback=larger).is_loud
    quiet = nightly_run(2.0, feedback=twice)
    assert not quiet.is_loud
    assert quiet.reason == "smaller than it must be since alerts about it were called false"
    assert nightly_run(2.0, feedback=Feedback(percents={"c1/prod": 200})).is_loud


def test_a_spike_that_was_told_goes_on_whatever_is_said_of_it_later() -> None:
    one = detector()
    step(one, TEN + HOUR / 2, point(TEN, 0.5), point(TEN, 2.30, "nightly"))

    (grown,) = step(
        one,
        TEN + HOUR,
        point(TEN, 1.0),
        point(TEN, 2.40, "nightly"),
        feedback=Feedback(percents={"c1/nightly": 200}),
    )

    assert grown.is_loud
