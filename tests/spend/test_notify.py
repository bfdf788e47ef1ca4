"""One incident, one message: when it is told first, grows, comes back, ends, and when it stays quiet."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spend.notify import Decision, Finding, Incident, IncidentKind, IncidentState, Step, decide, hush_expected

CENT = 10_000_000
TOLD = datetime(2026, 11, 19, 10, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ONCE = [kind for kind in IncidentKind if kind not in (IncidentKind.SPIKE, IncidentKind.TROUBLE)]


def finding(size: int = 1155 * CENT, **changes: Any) -> Finding:
    facts = {"kind": IncidentKind.SPIKE, "dedup_key": "spike:c1:10Z", "evidence": {}, "size_nanos": size}
    return Finding(**(facts | changes))


def incident(**changes: Any) -> Incident:
    told = Incident(
        id="i1",
        kind=IncidentKind.SPIKE,
        dedup_key="spike:c1:10Z",
        code="K7Q2",
        state=IncidentState.OPEN,
        opened_at=TOLD,
        updated_at=TOLD,
        evidence={},
        size_nanos=1155 * CENT,
        told_nanos=1155 * CENT,
        told_at=TOLD,
        told_steps=("first",),
    )
    return replace(told, **changes)


def quiet(decision: Decision) -> bool:
    return decision.step is Step.QUIET and not decision.edits and not decision.thread_line


@pytest.mark.parametrize("kind", list(IncidentKind))
def test_what_is_new_and_loud_is_told(kind: IncidentKind) -> None:
    assert decide(None, finding(kind=kind), now=TOLD).step is Step.FIRST


@pytest.mark.parametrize("kind", list(IncidentKind))
@pytest.mark.parametrize("is_over", [False, True])
def test_what_is_not_loud_is_kept_with_its_reason(kind: IncidentKind, is_over: bool) -> None:
    decision = decide(
        None, finding(kind=kind, is_over=is_over, is_loud=False, reason="below the floor"), now=TOLD
    )

    assert quiet(decision)
    assert decision.reason == "below the floor"


def test_a_spike_that_came_and_went_while_off_is_one_message() -> None:
    decision = decide(None, finding(is_over=True), now=TOLD)

    assert decision.step is Step.FIRST
    assert "came and went" in decision.reason


def test_trouble_that_came_and_went_is_not_told() -> None:
    assert quiet(decide(None, finding(kind=IncidentKind.TROUBLE, is_over=True), now=TOLD))


def test_an_old_spike_is_told_as_late() -> None:
    decision = decide(None, finding(evidence={"is_late": True}), now=TOLD)

    assert (decision.step, decision.reason) == (Step.FIRST, "told as found late")


@pytest.mark.parametrize("kind", ONCE)
@pytest.mark.parametrize("state", list(IncidentState))
@pytest.mark.parametrize("is_over", [False, True])
def test_other_kinds_are_said_once(kind: IncidentKind, state: IncidentState, is_over: bool) -> None:
    so_far = incident(kind=kind, state=state)

    assert quiet(
        decide(so_far, finding(9999 * CENT, kind=kind, is_over=is_over), now=TOLD + timedelta(days=9))
    )


@pytest.mark.parametrize(
    ("size", "minutes", "step", "thread_line"),
    [
        (1155, 60, Step.QUIET, False),  # the same
        (1100, 60, Step.QUIET, False),  # less
        (1443, 14, Step.QUIET, False),  # +24.9 %, too soon
        (1444, 1, Step.GREW, False),  # +25 %
        (1156, 15, Step.GREW, False),  # a cent, after 15 minutes
        (1156, 14, Step.QUIET, False),
        (2309, 1, Step.GREW, False),  # one cent below twice
        (2310, 0, Step.GREW, True),  # twice
        (9000, 0, Step.GREW, True),
    ],
)
def test_growth(size: int, minutes: int, step: Step, thread_line: bool) -> None:
    decision = decide(incident(), finding(size * CENT), now=TOLD + minutes * MINUTE)

    assert (decision.step, decision.thread_line) == (step, thread_line)
    assert decision.edits is (step is Step.GREW)


def test_edits_do_not_move_the_doubling() -> None:
    """After edits to 20.00 the thread line still comes at twice the 11.55 that was told."""
    edited = incident(size_nanos=2000 * CENT, updated_at=TOLD + 20 * MINUTE)

    assert decide(edited, finding(2310 * CENT), now=TOLD + 21 * MINUTE).thread_line
    assert quiet(decide(edited, finding(2309 * CENT), now=TOLD + 21 * MINUTE))


def test_acknowledged_is_quiet_until_it_doubles() -> None:
    acknowledged = incident(state=IncidentState.ACKNOWLEDGED)

    assert quiet(decide(acknowledged, finding(2309 * CENT), now=TOLD + timedelta(hours=5)))
    assert decide(acknowledged, finding(2310 * CENT), now=TOLD).thread_line


@pytest.mark.parametrize("state", [IncidentState.SNOOZED, IncidentState.EXPECTED])
def test_snoozed_and_expected_are_quiet_until_their_time(state: IncidentState) -> None:
    until = TOLD + timedelta(hours=1)
    silenced = incident(state=state, quiet_until=until)

    assert quiet(decide(silenced, finding(9000 * CENT), now=until - MINUTE))
    assert decide(silenced, finding(9000 * CENT), now=until).thread_line


def test_expected_without_an_end_lasts_and_snoozed_without_an_end_does_not() -> None:
    later = TOLD + timedelta(days=3)

    assert quiet(decide(incident(state=IncidentState.EXPECTED), finding(9000 * CENT), now=later))
    assert decide(incident(state=IncidentState.SNOOZED), finding(9000 * CENT), now=later).step is Step.GREW


@pytest.mark.parametrize("kind", [IncidentKind.SPIKE, IncidentKind.TROUBLE])
@pytest.mark.parametrize("is_loud", [True, False])
def test_the_end_is_an_edit_and_a_thread_line(kind: IncidentKind, is_loud: bool) -> None:
    for state in (IncidentState.OPEN, IncidentState.ACKNOWLEDGED):
        decision = decide(
            incident(kind=kind, state=state), finding(kind=kind, is_over=True, is_loud=is_loud), now=TOLD
        )
        assert decision == Decision(step=Step.RESOLVED, reason="over", edits=True, thread_line=True)


@pytest.mark.parametrize("state", [IncidentState.SNOOZED, IncidentState.EXPECTED])
def test_the_end_of_what_is_silenced_only_edits(state: IncidentState) -> None:
    silenced = incident(state=state, quiet_until=TOLD + timedelta(hours=1))

    decision = decide(silenced, finding(is_over=True), now=TOLD)

    assert (decision.step, decision.edits, decision.thread_line) == (Step.RESOLVED, True, False)


def test_the_end_of_what_was_never_told_is_quiet() -> None:
    assert quiet(decide(incident(told_at=None, told_nanos=0, told_steps=()), finding(is_over=True), now=TOLD))


def test_what_is_no_longer_loud_stays_quiet_while_it_is_open() -> None:
    assert quiet(decide(incident(), finding(9000 * CENT, is_loud=False, reason="below the floor"), now=TOLD))


def test_over_is_told_once() -> None:
    resolved = incident(state=IncidentState.RESOLVED, resolved_at=TOLD)

    assert quiet(decide(resolved, finding(9000 * CENT, is_over=True), now=TOLD))


def test_trouble_comes_back_as_a_repeat_but_does_not_flap() -> None:
    resolved = incident(kind=IncidentKind.TROUBLE, state=IncidentState.RESOLVED, resolved_at=TOLD)
    back = finding(0, kind=IncidentKind.TROUBLE)

    assert quiet(decide(resolved, back, now=TOLD + 59 * MINUTE))
    assert decide(resolved, back, now=TOLD + 60 * MINUTE).step is Step.REPEAT
    assert quiet(decide(resolved, replace(back, is_loud=False), now=TOLD + 60 * MINUTE))


def test_a_spike_comes_back_only_at_twice_its_size() -> None:
    resolved = incident(state=IncidentState.RESOLVED, resolved_at=TOLD)
    muted = replace(resolved, quiet_until=TOLD + timedelta(days=1))

    assert quiet(decide(resolved, finding(2309 * CENT), now=TOLD))
    assert decide(resolved, finding(2310 * CENT), now=TOLD).step is Step.REPEAT
    assert quiet(decide(muted, finding(2310 * CENT), now=TOLD))


def test_trouble_without_money_is_not_growth() -> None:
    so_far = incident(kind=IncidentKind.TROUBLE, size_nanos=0, told_nanos=0)

    assert quiet(decide(so_far, finding(0, kind=IncidentKind.TROUBLE), now=TOLD + timedelta(days=2)))


@pytest.mark.parametrize("state", [IncidentState.EXPECTED, IncidentState.RESOLVED])
def test_an_expected_cause_keeps_its_next_spikes_quiet(state: IncidentState) -> None:
    until = TOLD + timedelta(hours=30)
    expected = incident(
        dedup_key="spike:c1:08Z", state=state, quiet_until=until, evidence={"cause_id": "c1/nightly"}
    )
    same = finding(evidence={"cause_id": "c1/nightly"})
    other = finding(evidence={"cause_id": "c1/prod"})

    assert not hush_expected(same, [expected], now=until - MINUTE).is_loud
    assert hush_expected(same, [expected], now=until).is_loud
    assert hush_expected(other, [expected], now=TOLD) == other
    assert hush_expected(finding(), [expected], now=TOLD) == finding()
    assert hush_expected(replace(same, dedup_key="spike:c1:08Z"), [expected], now=TOLD).is_loud


@given(
    sizes=st.lists(st.integers(1, 10**6), min_size=1, max_size=60),
    minutes=st.lists(st.integers(1, 30), min_size=60),
)
def test_a_growing_spike_is_edited_seldom_and_told_at_doublings_only(
    sizes: list[int], minutes: list[int]
) -> None:
    """Kept as a caller keeps it: edits move what is shown, posts and thread lines also what is told."""
    now, total = TOLD, 1155 * CENT
    so_far = incident()
    for size, gap in zip(sizes, minutes, strict=False):
        now += gap * MINUTE
        total += size * CENT // 100
        decision = decide(so_far, finding(total), now=now)
        assert decision.thread_line is (total >= 2 * so_far.told_nanos)
        if decision.edits:
            assert (
                total >= 1.25 * so_far.size_nanos
                or now - so_far.updated_at >= 15 * MINUTE
                or decision.thread_line
            )
            so_far = replace(so_far, size_nanos=total, updated_at=now)
        if decision.thread_line:
            so_far = replace(so_far, told_nanos=total, told_at=now)
