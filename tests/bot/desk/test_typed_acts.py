"""What is typed about an alert is what its buttons do: the same rights, effect, audit and answer."""

from pathlib import Path

from spend.notify import IncidentKind
from tests.bot.desk.arrivals import by_mira, lead, open_counter
from tests.bot.desk.test_acts import told
from tests.bot.views.test_spike import EVIDENCE


async def test_what_is_typed_is_what_the_buttons_do(tmp_path: Path) -> None:
    """Of two spikes one is pressed, one typed: the same words, state, audit, feedback, messages; then taken back."""
    async with open_counter(tmp_path, connected=False) as counter:
        store = counter.bot.store
        for action, typed in (("expected", "expected"), ("false_alarm", "false"), ("watch_again", "again")):
            pressed = await told(counter, evidence=EVIDENCE | {"cause_id": "c1/k1"})
            other = await told(counter, dedup_key="spike:c1:2", evidence=EVIDENCE | {"cause_id": "c1/k2"})
            by_button = await counter.desk.press(by_mira(), action, pressed.code, on_answer=True)
            by_words = await counter.say(f"/spend alerts {typed} {other.code.lower()}-2", by_mira())
            states = [await store.incident_by_id(each.id) for each in (pressed, other)]

            assert lead(by_button) == lead(by_words)
            assert states[0].state is states[1].state
            assert states[0].quiet_until == states[1].quiet_until
            assert states[0].evidence.get("act") == states[1].evidence.get("act")
            assert states[0].told_steps == states[1].told_steps
            assert len({said.word for said in await store.feedback()}) == (0 if typed == "again" else 1)
            newest = await store.audit_entries(2)
            assert [each.what for each in newest] == [action.replace("_", " ")] * 2
            assert {each.detail["code"] for each in newest} == {pressed.code, other.code}


async def test_what_is_typed_asks_the_same_rights_and_needs_an_alert_it_fits(tmp_path: Path) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        spike = await told(counter)
        kind, evidence = IncidentKind.TROUBLE, {"connection_id": "c1"}
        trouble = await told(counter, kind=kind, dedup_key="trouble:c1", evidence=evidence)
        for typed, refused in (
            ("expected", "Only admins mark alerts as expected here. Ask one of them."),
            ("false", "Only admins call alerts false here. Ask one of them."),
            ("again", "Only admins take that back here. Ask one of them."),
        ):
            assert lead(await counter.say(f"/spend alerts {typed} {spike.code}")) == refused
        for words, refused in (
            (f"again {spike.code}", f"Nothing was said of alert {spike.code} that could be taken back."),
            (
                f"expected {trouble.code}",
                f"Only spikes are called expected or false; alert {trouble.code} is none. "
                "Spikes are in /spend incidents.",
            ),
            ("false 2222", "There is no alert 2222 here any more. /spend status shows what is open."),
        ):
            assert lead(await counter.say(f"/spend alerts {words}", by_mira())) == refused


async def test_a_false_alarm_can_be_said_and_taken_back_on_the_command_line(tmp_path: Path) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        spike = await told(counter)
        said = await counter.bot.view(f"spend alerts false alarm {spike.code}")
        shown = await counter.bot.view(f"spend incidents {spike.code}")
        back = await counter.bot.lead(f"spend alerts again {spike.code}")

    assert " called a spike of agents-nightly false: until " in str(said.lead)
    assert [button.command for button in shown.buttons] == [
        f"/spend why {spike.code}",
        f"/spend alerts again {spike.code}",
    ]
    assert back.endswith(" turned alerts about agents-nightly on again.")
