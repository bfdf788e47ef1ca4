"""The day a loop ran away: told once, changed in place, ended once; corrections are never a spike.

The loop spends $20 an hour from 10:00 to 16:20, and what is read reaches to 4 minutes ago.
"""

from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.demo.story import harbor_notes
from bot.views.spike_found import SpikeEvidence
from spend.budgets import Budget, Period, Scope
from spend.money import NANOS_PER_UNIT
from spend.notify import IncidentKind, IncidentState, Step
from tests.bot.jobs.watching import Scene, local, scene, shop
from tests.storage.cast import by_mira, false_alarm


@pytest.fixture
async def loop(tmp_path: Path) -> AsyncIterator[Scene]:
    """The shop, connected on Nov 8, on the morning of the day of the loop."""
    async with scene(shop(), local(8, 12), tmp_path) as loop:
        await loop.connect("anthropic", label="Shop Anthropic")
        await loop.watch.look()
        await loop.at(local(19, 9, 50))
        assert await loop.of_kind(IncidentKind.SPIKE) == []
        yield loop


async def spike_steps(loop: Scene, channel: str) -> list[tuple[str, str]]:
    (spike,) = await loop.of_kind(IncidentKind.SPIKE)
    queued = await loop.store.deliveries(incident_id=spike.id)
    return [(each.step, each.op.value) for each in queued if each.channel == channel]


async def test_a_runaway_loop_is_one_message_that_changes_until_it_ends(loop: Scene) -> None:
    await loop.alerts_in_slack()
    for moment in (local(19, 10, 30), local(19, 10, 50), local(19, 11, 10), local(19, 11, 20)):
        await loop.at(moment)
    loop.restart()
    await loop.watch.look()
    for moment in (local(19, 11, 30), local(19, 11, 50), local(19, 16, 30)):
        await loop.at(moment)
    loop.restart()
    await loop.at(local(19, 18))
    await loop.at(local(19, 19))

    assert await spike_steps(loop, "C1") == [
        ("first", "post"),  # 10:30, $8.67
        ("grew", "edit"),  # 10:50, $15.33: a quarter more
        ("grew-2", "edit"),  # 11:10, $22.00: doubled
        ("grew-2", "reply"),
        # 11:20, $25.33: 15% more within 10 minutes says nothing
        ("grew-3", "edit"),  # 11:30, $28.67
        ("grew-4", "edit"),  # 11:50, $35.33: 23% more, 20 minutes later
        ("grew-5", "edit"),  # 16:30, $126.67: doubled
        ("grew-5", "reply"),
        ("resolved", "edit"),  # 19:00: two hours were as usual
        ("resolved", "reply"),
    ]
    (spike,) = await loop.of_kind(IncidentKind.SPIKE)
    assert spike.state is IncidentState.RESOLVED
    assert round(spike.size_nanos / NANOS_PER_UNIT, 2) == 126.67
    assert await spike_steps(loop, "console") == []


async def test_the_evidence_holds_everything_the_message_says(loop: Scene) -> None:
    """$60 a month for the key: $22 are spent by 11:10, $2 of them in the 10 minutes of the open hour: $12 an hour."""
    budget = Budget(
        id="", scope=Scope("key", "apikey_nightly"), period=Period.MONTH, limit=Decimal(60), currency="USD"
    )
    await loop.store.set_budget(budget, by_mira())
    await loop.at(local(19, 10, 30))
    await loop.at(local(19, 11, 10))

    (spike,) = await loop.of_kind(IncidentKind.SPIKE)
    found = SpikeEvidence.from_evidence(spike.evidence)
    assert (found.key, found.place, found.currency) == ("nightly", "Shop Anthropic", "USD")
    assert [cause.name for cause in found.models] == ["claude-opus-5"]
    assert [cause.name for cause in found.projects] == ["Alpha"]
    assert (found.made_on, found.first_used_on) == (local(13, 0).date(), local(19, 0).date())
    assert (found.vendor, found.keys_url) == ("Anthropic", "https://console.anthropic.com/settings/keys")
    assert found.told_at == local(19, 10, 30)
    assert round(found.told_nanos / NANOS_PER_UNIT, 2) == 8.67
    assert found.budget is not None
    assert (found.budget.label, found.budget.limit) == ("nightly", Decimal(60))
    assert found.budget.gone_at == local(19, 14, 20)


async def test_a_console_is_told_only_what_is_news(loop: Scene) -> None:
    for hour, minute in ((10, 30), (10, 50), (11, 10), (19, 0)):
        await loop.at(local(19, hour, minute))

    steps = [(step.partition("-")[0], op) for step, op in await spike_steps(loop, "console")]
    assert steps == [("first", "post"), ("grew", "post"), ("resolved", "post")]


async def test_a_loop_found_after_it_ended_is_one_message_about_both(loop: Scene) -> None:
    await loop.at(local(19, 20))

    (spike,) = await loop.of_kind(IncidentKind.SPIKE)
    assert (spike.state, spike.told_steps) == (IncidentState.RESOLVED, ("first",))
    assert spike.evidence["is_ended"]
    assert spike.evidence["off"] == {
        "from": local(19, 9, 50).astimezone(UTC).isoformat(),
        "to": local(19, 20).astimezone(UTC).isoformat(),
    }
    assert await spike_steps(loop, "console") == [("first", "post")]


async def test_a_snoozed_spike_only_changes_its_message_at_the_end(loop: Scene) -> None:
    await loop.alerts_in_slack()
    await loop.at(local(19, 10, 30))
    (spike,) = await loop.of_kind(IncidentKind.SPIKE)
    now = loop.clock.now
    await loop.store.act(
        spike.id,
        IncidentState.SNOOZED,
        "slack:mira",
        now,
        quiet_until=now + timedelta(hours=10),
        audit=by_mira("snoozed"),
    )
    await loop.at(local(19, 14))
    await loop.at(local(19, 19))

    assert await spike_steps(loop, "C1") == [("first", "post"), ("resolved", "edit")]
    (spike,) = await loop.of_kind(IncidentKind.SPIKE)
    assert spike.evidence["act"]["state"] == "snoozed"


async def test_a_finding_that_cannot_be_kept_is_found_again(
    loop: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(loop.store, "tell", fail)
        await loop.at(local(19, 10, 30))
    assert await loop.of_kind(IncidentKind.SPIKE) == []

    await loop.watch.look()

    assert await spike_steps(loop, "console") == [("first", "post")]


async def test_discounts_corrections_and_loaded_history_are_never_a_spike(tmp_path: Path) -> None:
    """OpenAI bills 30% less than estimated and corrects the bill of Nov 10 days later; that is told once, as it is."""
    async with scene(harbor_notes(days=21, openai_discount_percent=30), local(9, 12), tmp_path) as harbor:
        await harbor.connect("openai")
        await harbor.watch.look()
        for day in (10, 12, 13, 14, 16, 18):
            await harbor.at(local(day, 17))
        harbor.restart()
        await harbor.at(local(19, 17))

        assert await harbor.of_kind(IncidentKind.SPIKE) == []
        spikes = await harbor.store.decisions(local(1, 0).astimezone(UTC), IncidentKind.SPIKE)
        assert {each.step for each in spikes} <= {Step.QUIET}
        (restatement,) = await harbor.of_kind(IncidentKind.RESTATEMENT)
        assert (restatement.evidence["day"], restatement.told_steps) == ("2026-11-10", ("first",))
        change = restatement.evidence["after_nanos"] - restatement.evidence["before_nanos"]
        assert change == 12 * NANOS_PER_UNIT // 10
        told = await harbor.store.restatements(local(1, 0).astimezone(UTC))
        assert [each.told for each in told] == [True]


async def test_the_end_keeps_an_exact_split_of_what_was_too_much(loop: Scene) -> None:
    """The loop's key was never used before: all of its money is new; the parts make the excess exactly."""
    await loop.alerts_in_slack()
    for moment in (local(19, 10, 30), local(19, 16, 30), local(19, 18), local(19, 19)):
        await loop.at(moment)
    (spike,) = await loop.of_kind(IncidentKind.SPIKE)

    assert spike.state is IncidentState.RESOLVED
    found = SpikeEvidence.from_evidence(spike.evidence)
    assert sum(part.nanos for part in found.split) == spike.evidence["excess_nanos"]
    assert [(part.cause.value, part.key, part.models) for part in found.split] == [
        ("new", "nightly", ("claude-opus-5",))
    ]


async def test_a_cause_called_false_is_told_when_it_is_larger_or_that_is_taken_back(tmp_path: Path) -> None:
    """$2.15 an hour of a new key, of a day of $24: it is told from $1.20 on, and from $2.40 after four calls."""
    async with scene(shop(loop_tokens=430_000), local(8, 12), tmp_path) as loop:
        connection = await loop.connect("anthropic", label="Shop Anthropic")
        await loop.watch.look()
        await loop.at(local(19, 9, 50))
        cause = f"{connection.id}/apikey_nightly"
        for number in range(4):
            said = false_alarm(incident_id=f"i{number}", cause_id=cause, at=loop.clock.now)
            await loop.store.keep_feedback(said)

        await loop.at(local(19, 10, 58))
        quiet = await loop.of_kind(IncidentKind.SPIKE)
        decisions = await loop.store.decisions(local(19, 9).astimezone(UTC), IncidentKind.SPIKE)
        await loop.store.take_back_feedback("i0", cause)
        await loop.at(local(19, 11, 5))

        assert quiet == []
        assert [each.reason for each in decisions] == [
            "smaller than it must be since alerts about it were called false"
        ]
        (spike,) = await loop.of_kind(IncidentKind.SPIKE)
        assert spike.evidence["excess_nanos"] < 240 * NANOS_PER_UNIT // 100
