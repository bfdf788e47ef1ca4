"""Buttons on alerts: who may, what follows, and that every message shows who did it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.desk import Desk, How, Reply
from bot.jobs.housekeeping import clean
from bot.jobs.incident_views import Telling, incident_view
from bot.jobs.watch import Watch
from bot.views.times import Clock
from spend.feedback import Word
from spend.notify import Decision, Finding, Incident, IncidentKind, IncidentState, NewDelivery, Op, Step
from storage import Channel
from tests.bot.desk.arrivals import Counter, arrival, by_mira, lead, open_counter, view_of
from tests.bot.open_desk import metered, open_desk, used
from tests.bot.views.test_spike import EVIDENCE

UTC = ZoneInfo("UTC")
NOON = datetime.fromisoformat("2026-11-19T12:00:00+00:00")  # the desk's moment, a Thursday


async def told(counter: Counter, **changes: Any) -> Incident:
    """A spike that was posted in #ai-spend and in a Discord channel."""
    store, now = counter.bot.store, counter.bot.clock.now
    finding = Finding(**{"kind": IncidentKind.SPIKE, "dedup_key": "spike:c1", "evidence": EVIDENCE} | changes)
    places = [("slack", counter.place.id, "C1"), ("discord", "G1", "77"), ("console", "console", "console")]
    posts = [
        NewDelivery(step="first", installation_id=place, platform=platform, channel=channel, op=Op.POST)
        for platform, place, channel in places
    ]
    incident = await store.tell(finding, Decision(step=Step.FIRST, reason="big"), posts, now)
    assert incident is not None
    return incident


async def press(counter: Counter, action: str, code: str, *, by_admin: bool = True) -> Reply:
    who = by_mira() if by_admin else arrival()
    reply = await counter.desk.press(who, action, code, on_answer=False)
    assert reply is not None
    return reply


async def body(counter: Counter, incident: Incident) -> list[str]:
    """What the incident's message says below its first line, from what is stored now."""
    now = await counter.bot.store.incident_by_id(incident.id)
    telling = Telling(
        incident=now,
        evidence=now.evidence,
        step=now.told_steps[-1],
        code=now.code,
        clock=Clock(counter.bot.clock.now, UTC),
    )
    return [str(item) for item in incident_view(telling).body]


async def test_an_acknowledged_alert_changes_in_every_place_that_can_be_edited(tmp_path: Path) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        incident = await told(counter)
        reply = await press(counter, "ack", incident.code, by_admin=False)
        edits = [
            (each.platform, each.channel, each.step)
            for each in await counter.bot.store.deliveries()
            if each.op is Op.EDIT
        ]
        said = await body(counter, incident)

    assert reply.how is How.NOTHING
    assert edits == [("slack", "C1", "acted"), ("discord", "77", "acted")]
    assert said[-1] == "Acknowledged by Dana Weiss at 12:00: quiet until it doubles."


@pytest.mark.parametrize(
    ("action", "state", "until", "said"),
    [
        ("snooze_1h", "snoozed", NOON + timedelta(hours=1), "Snoozed by Mira Okafor until 13:00."),
        ("snooze_1d", "snoozed", NOON + timedelta(days=1), "Snoozed by Mira Okafor until Fri 12:00."),
        (
            "expected",
            "expected",
            NOON + timedelta(hours=30),
            "Marked expected by Mira Okafor at 12:00: the same cause stays quiet until Fri 18:00.",
        ),
        ("mute_key", "expected", NOON + timedelta(days=30), "Muted by Mira Okafor until Dec 19 12:00."),
    ],
)
async def test_an_act_says_how_long_it_stays_quiet(
    action: str, state: str, until: datetime, said: str, tmp_path: Path
) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        incident = await told(counter)
        await press(counter, action, incident.code)
        after = await counter.bot.store.incident_by_id(incident.id)
        words = await body(counter, incident)

    assert (after.state.value, after.quiet_until) == (state, until)
    assert words[-1] == said


@pytest.mark.parametrize(
    "action", ["snooze_1d", "expected", "false_alarm", "mute_key", "mute_budget", "watch_again"]
)
async def test_longer_quiet_is_for_admins(action: str, tmp_path: Path) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        incident = await told(counter)
        reply = await press(counter, action, incident.code, by_admin=False)
        after = await counter.bot.store.incident_by_id(incident.id)

    assert lead(reply).startswith("Only admins ")
    assert after.state is IncidentState.OPEN


async def test_a_muted_alert_is_said_in_the_alert_channel_and_can_be_taken_back(tmp_path: Path) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        store = counter.bot.store
        await counter.say("/spend alerts here", by_mira())
        incident = await told(counter)
        await press(counter, "mute_key", incident.code)
        await press(counter, "watch_again", incident.code)
        after = await store.incident_by_id(incident.id)
        notes = await store.incidents(kinds=(IncidentKind.NOTICE,))
        words = await body(counter, incident)

    assert sorted(note.evidence["lead"] for note in notes) == [
        "Mira Okafor muted alerts about agents-nightly until Dec 19 12:00.",
        "Mira Okafor turned alerts about agents-nightly on again.",
    ]
    assert (after.state, after.quiet_until, after.acted_by) == (IncidentState.OPEN, None, "")
    assert not any("Muted" in line for line in words)


async def test_a_false_alarm_is_told_audited_shown_and_taken_back(tmp_path: Path) -> None:
    """Pressed twice it is one; another alert of the same key raises what it must reach further."""
    async with open_counter(tmp_path) as counter:
        store = counter.bot.store
        await counter.say("/spend alerts here", by_mira())
        evidence = EVIDENCE | {"cause_id": "c1/k1"}
        first = await told(counter, is_over=True, evidence=evidence)
        second = await told(counter, dedup_key="spike:c1:later", evidence=evidence)
        for code in (first.code, first.code, second.code):
            await press(counter, "false_alarm", code)
        words = [await body(counter, each) for each in (first, second)]
        status = view_of(await counter.say("/spend status"))
        audit = view_of(await counter.say("/spend audit 1", by_mira()))
        back = await counter.desk.press(by_mira(), "watch_again", second.code, on_answer=True)
        after = view_of(await counter.say("/spend status"))
        notes = [each.evidence["lead"] for each in await store.incidents(kinds=(IncidentKind.NOTICE,))]
        kept = await store.feedback()

    assert words[0][0].endswith("Called a false alarm by Mira Okafor at 12:00.")
    assert words[1][-1] == (
        "Called a false alarm by Mira Okafor at 12:00: the next one must be 1.5 times as large to speak."
    )
    said = "until Dec 17 its spikes must be {} as large to be told"
    called = "Mira Okafor called a spike of agents-nightly false: "
    assert str(status.body[-1]) == (
        f"2 alerts about k1 were called false: {said.format('1.5 times')} ({second.code})."
    )
    assert [(each.label, each.value) for each in status.buttons] == [
        (f"Take back {second.code}", second.code)
    ]
    assert audit.table is not None
    assert audit.table.rows[0][1:3] == ("Mira Okafor", f"false alarm: {second.code}")
    assert lead(back) == "Mira Okafor turned alerts about agents-nightly on again."
    assert sorted(notes) == [
        f"{called}{said.format('1.25 times')}.",
        f"{called}{said.format('1.5 times')}.",
        "Mira Okafor turned alerts about agents-nightly on again.",
    ]
    assert after.buttons == ()
    assert kept == []


async def test_what_was_expected_is_learned_and_a_budget_alert_cannot_be_false(tmp_path: Path) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        incident = await told(counter)
        budget = await told(counter, kind=IncidentKind.BUDGET, dedup_key="budget:b1")
        await press(counter, "expected", incident.code)
        reply = await press(counter, "false_alarm", budget.code)
        kept = await counter.bot.store.feedback()

    assert [(each.code, each.word) for each in kept] == [(incident.code, Word.EXPECTED)]
    assert lead(reply).startswith("Only spikes are called expected or false;")


async def test_a_false_alarm_said_again_after_it_was_forgotten_changes_nothing(tmp_path: Path) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        incident = await told(counter, evidence=EVIDENCE | {"cause_id": "c1/k1"})
        await press(counter, "false_alarm", incident.code)
        counter.bot.clock.now += timedelta(days=29)
        reply = await press(counter, "false_alarm", incident.code)
        kept = await counter.bot.store.feedback()

    assert reply.how is How.NOTHING
    assert [each.at for each in kept] == [NOON]


async def test_an_alert_that_is_over_is_not_quietened(tmp_path: Path) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        incident = await told(counter, is_over=True)
        reply = await press(counter, "ack", incident.code)

    assert lead(reply) == f"Alert {incident.code} is over; there is nothing to quieten."


async def test_an_alert_of_another_workspace_is_not_there(tmp_path: Path) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        store = counter.bot.house.store
        other = store.workspace(await store.add_workspace("other", NOON))
        finding = Finding(kind=IncidentKind.SPIKE, dedup_key="spike:x", evidence=EVIDENCE)
        foreign = await other.tell(finding, Decision(step=Step.FIRST, reason="big"), [], NOON)
        assert foreign is not None
        reply = await press(counter, "ack", foreign.code)

    assert lead(reply).startswith(f"There is no alert {foreign.code} here any more.")


async def test_the_audit_says_who_did_what_and_counts_the_uses_of_keys(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        await counter.say("/budget set 500 monthly", by_mira())
        incident = await told(counter)
        await press(counter, "ack", incident.code, by_admin=False)
        reply = await counter.say("/spend audit 2", by_mira())
        refused = await counter.lead("/spend audit")

    view = reply.view
    assert view is not None
    assert view.table is not None
    assert [row[1:] for row in view.table.rows] == [
        ("Dana Weiss", f"ack: {incident.code}", "#ai-spend"),
        ("Mira Okafor", "budget set: 500, month", "#ai-spend"),
    ]
    assert str(view.body[0]).endswith("uses of keys are kept besides.")
    assert refused == "Only admins read the audit here. Ask one of them."


async def test_when_the_last_place_is_gone_keys_are_destroyed_and_history_stays(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        bot = counter.bot
        await bot.store.set_channel(
            Channel(installation_id=counter.place.id, platform="slack", channel="C1", purpose="alerts"),
            (await bot.store.audit_entries(1))[0],
        )
        await told(counter)
        await counter.desk.left("slack", "T1")
        kept = await bot.store.connections()
        states = {(each.platform, each.state.value) for each in await bot.store.deliveries()}
        refused = await counter.lead("/spend today")
        with_history = await bot.ask("spend today")

    assert kept == []
    assert ("slack", "failed") in states
    assert refused.startswith("This Slack workspace is not linked.")
    assert with_history["total"]["amount"] == "39"


async def test_a_discord_server_may_come_back_within_its_grace(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        bot, desk = counter.bot, counter.desk
        bot.house.config.values["DISCORD_GUILDS"] = ("1029384756",)  # type: ignore[index]
        await desk.joined("discord", "1029384756", "Harbor")
        await desk.left("slack", "T1")
        await desk.left("discord", "1029384756")
        await clean(bot.house)
        soon = len(await bot.store.connections())
        bot.clock.now += timedelta(hours=23)
        await desk.joined("discord", "1029384756", "Harbor")
        bot.clock.now += timedelta(hours=23)
        await clean(bot.house)
        back = len(await bot.store.connections())
        await desk.left("discord", "1029384756")
        bot.clock.now += timedelta(hours=24)
        await clean(bot.house)
        gone = len(await bot.store.connections())

    assert (soon, back, gone) == (2, 2, 0)


async def test_why_answers_whoever_asks_privately_with_the_exact_split(tmp_path: Path) -> None:
    """$11.55 too much, all of it of one key that the ledger knows nothing of; the same by button and by words."""
    async with open_counter(tmp_path) as counter:
        connection = (await counter.bot.store.connections())[0]
        evidence = EVIDENCE | {
            "connection_id": connection.id,
            "hours": [["2026-11-19T09:00:00+00:00", 11550000000]],
        }
        incident = await told(counter, evidence=evidence)
        reply = await press(counter, "why", incident.code, by_admin=False)
        typed = await counter.say(f"/spend why {incident.code.lower()}")
        listed = await counter.say("/spend incidents")
        one = await counter.say(f"/spend incidents {incident.code}")
        guest = await counter.desk.press(arrival(may_ask=False), "why", incident.code, on_answer=False)

    view = view_of(reply)
    assert reply.how is How.PRIVATE
    assert view.is_private
    assert str(view.lead) == (
        f"Spike {incident.code}: $11.55 more than usual from 09:00 to 10:15: all of it is the new key k1."
    )
    assert view.chart is not None
    assert view.data is not None
    assert view.data["changes"][0]["change"] == "11.55"
    assert lead(typed) == lead(reply)
    assert lead(listed) == "1 spike in the last 30 days, $11.55 in spikes; 1 spike still open."
    table = view_of(listed).table
    assert table is not None
    assert table.rows == (("Spike: agents-nightly", "$11.55", "09:00", "open", incident.code),)
    assert lead(one) == "Spike: agents-nightly spent $11.55 since 09:00, usually nothing."
    assert [button.action for button in view_of(one).buttons] == ["why", "expected", "false_alarm"]
    assert lead(guest) == "Figures are shown to members of Harbor Notes, in its channels."


async def test_why_on_a_budget_alert_splits_what_it_has_spent_against_the_period_before(
    tmp_path: Path,
) -> None:
    """$28 today, of which a new key spent $14; last Thursday it was $14. The button stands on the alert itself."""
    accounts = metered([used(12, 9), used(19, 9), used(19, 10, key="key_b")])
    async with open_desk(tmp_path, accounts) as bot:
        desk = Desk(bot.house)
        place = await desk.joined("slack", "T1", "Harbor Notes")
        assert place is not None
        counter = Counter(desk, bot, place)
        bot.clock.now -= timedelta(hours=4)  # what was passed before a budget was set stays quiet
        await bot.connect("openai", "Shop OpenAI")
        await counter.say("/budget set 20 daily", by_mira())
        bot.clock.now += timedelta(hours=4)
        await bot.poll()
        await Watch(bot.house, bot.store).look()
        (budget,) = await bot.store.incidents(kinds=(IncidentKind.BUDGET,))
        shown = incident_view(
            Telling(
                incident=budget,
                evidence=budget.evidence,
                step="first",
                code=budget.code,
                clock=Clock(bot.clock.now, UTC),
            )
        )
        (button,) = [each for each in shown.buttons if each.action == "why"]
        reply = await press(counter, button.action, button.value, by_admin=False)

    view = view_of(reply)
    assert button.command == f"/spend why {budget.code}"
    assert str(view.lead) == (
        "Everything: $14.00 more than last Thursday by 12:00: all of it is the new key b on gpt-5.2."
    )
    assert view.is_private
    assert view.footer.endswith(f"budget $20 · {budget.code}")
