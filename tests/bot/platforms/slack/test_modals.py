"""Forms in Slack from end to end: opened at once, checked at the field, and the key never comes back."""

import json
from pathlib import Path

from bot.demo.vendors.faults import Fault
from tests.bot.platforms.slack.open_slack import Running, open_slack
from tests.fakes.slack import Modal
from tests.fakes.slack.world import ELSEWHERE

MIRA, DANA = "U0MIRAOKA", "U0DANAWEI"
WRONG = "sk-proj-" + "a1B2" * 12


async def connect_form(running: Running, *, user: str = MIRA) -> Modal:
    await running.slack.command("connect", user=user)
    [modal] = await running.slack.world.until(lambda: list(running.slack.world.modals.values()))
    return modal


def sent_by_us(running: Running) -> str:
    """Everything that the app ever told Slack."""
    return json.dumps([call.arguments for call in running.slack.world.calls])


async def test_a_key_is_connected_by_a_form_and_the_answer_stands_where_it_was_opened(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        world, key = running.slack.world, running.bot.vendors.openai.admin_key
        modal = await connect_form(running)
        assert "visible while you type" in modal.words

        act = await running.slack.submit(modal, {"provider": "openai", "label": "Harbor OpenAI", "key": key})
        [answer] = await world.until(lambda: world.private_for(MIRA))

        assert act.ack == {}
        assert not modal.is_open
        assert answer.text.startswith("Harbor OpenAI is connected (key …q7Xw).")
        assert [each.label for each in await running.bot.store.connections()] == ["Harbor OpenAI"]
        assert key not in sent_by_us(running)


async def test_what_came_of_a_form_that_stood_open_for_long_is_told_directly(tmp_path: Path) -> None:
    """The address of the command it was opened with takes answers for 30 minutes."""
    async with open_slack(tmp_path) as running:
        world, key = running.slack.world, running.bot.vendors.openai.admin_key
        modal = await connect_form(running)
        world.clock.forward(1801)

        await running.slack.submit(modal, {"provider": "openai", "label": "Harbor OpenAI", "key": key})
        [answer] = await world.until(lambda: world.told_directly(MIRA))

        assert answer.text.startswith("Harbor OpenAI is connected")
        assert world.private_for(MIRA) == []


async def test_a_key_of_the_wrong_kind_is_said_at_its_field(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        modal = await connect_form(running)

        act = await running.slack.submit(modal, {"provider": "openai", "key": WRONG})

        assert act.took_s is not None
        assert act.took_s < 3
        assert modal.is_open
        assert list(modal.errors) == ["key"]
        assert "admin key" in modal.errors["key"]
        assert WRONG not in sent_by_us(running) + json.dumps(act.ack)


async def test_a_slow_check_is_said_and_then_its_outcome_in_the_same_modal(tmp_path: Path) -> None:
    """The vendor is silent; Slack's 3 s pass; the modal says that it is checked, and later what was found."""
    async with open_slack(tmp_path) as running:
        world, key = running.slack.world, running.bot.vendors.openai.admin_key
        running.bot.vendors.openai.faults.plan("/", Fault.drip(0.02), times=1)
        modal = await connect_form(running)

        act = await running.slack.submit(modal, {"provider": "openai", "label": "Slow", "key": key})
        assert act.ack is not None
        assert act.ack["response_action"] == "update"
        assert "Checking" in modal.words
        await world.until(lambda: "is connected" in modal.words, timeout_s=60)

        assert world.refusals_shown == []
        assert key not in sent_by_us(running)


async def test_a_late_refusal_opens_the_form_again_without_the_key(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        world, key = running.slack.world, "sk-admin-" + "nobodyknows" * 6
        running.bot.vendors.openai.faults.plan("/", Fault.answers(429, retry_after=3))
        modal = await connect_form(running)

        await running.slack.submit(modal, {"provider": "openai", "label": "Mine", "key": key})
        assert "Checking" in modal.words
        await world.until(lambda: "refuses this key" in modal.words, timeout_s=60)

        fields = {b["block_id"]: b["element"] for b in modal.view["blocks"] if b["type"] == "input"}
        assert fields["label"]["initial_value"] == "Mine"
        assert fields["provider"]["initial_option"]["value"] == "openai"
        assert "initial_value" not in fields["key"]
        assert key not in sent_by_us(running)


async def test_a_form_brought_again_has_one_effect(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        modal = await connect_form(running)
        key = running.bot.vendors.openai.admin_key
        act = await running.slack.submit(modal, {"provider": "openai", "label": "Once", "key": key})

        again = await running.slack.bring(act)

        assert again.ack == {}
        assert len(await running.bot.store.connections()) == 1


async def test_members_are_told_whom_to_ask(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        await running.slack.command("connect", user=DANA)
        [answer] = await running.slack.world.until(lambda: running.slack.world.private_for(DANA))

        assert answer.text.startswith("Only admins connect providers here.")
        assert running.slack.world.modals == {}


async def test_a_form_that_takes_long_to_prepare_opens_empty_and_is_filled(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        running.slack.fail("users.info", "429", retry_after_s=2)

        modal = await connect_form(running)
        assert "being prepared" in modal.words
        await running.slack.world.until(lambda: "Key (visible while you type)" in modal.words)

        submitted = await running.slack.submit(modal, {"provider": "openai", "key": WRONG})
        assert submitted.ack is not None
        assert submitted.ack["response_action"] == "errors"


async def test_a_trigger_that_is_too_old_is_answered_in_words(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        world = running.slack.world
        running.slack.fail("views.open", "expired_trigger_id")

        await running.slack.command("connect")
        [answer] = await world.until(lambda: world.private_for(MIRA))

        assert answer.text == "That took too long to open. Ask again."


async def test_a_budget_told_in_a_channel_it_is_not_in_is_refused_at_that_field(connected: Path) -> None:
    async with open_slack(connected) as running:
        world, slack = running.slack.world, running.slack
        await slack.command("today by model")
        [message] = await world.until(lambda: world.private_for(MIRA))
        act = await slack.event({"type": "app_home_opened", "user": MIRA, "tab": "home"})
        assert act.ack == {}
        await world.until(lambda: world.homes)
        button = next(b for b in message.blocks if b["type"] == "actions")["elements"][0]
        button |= {
            "action_id": "set_budget",
            "text": {"type": "plain_text", "text": "Set a budget"},
            "value": "",
        }

        await slack.press(message, "Set a budget")
        [modal] = await world.until(lambda: list(world.modals.values()))
        await slack.submit(modal, {"amount": "500", "scope": "everything", "channel": ELSEWHERE})
        assert list(modal.errors) == ["channel"]
        assert "/invite @spendbot" in modal.errors["channel"]

        await slack.submit(modal, {"amount": "500", "scope": "everything", "channel": ""})
        answers = await world.until(lambda: found if len(found := world.private_for(MIRA)) == 2 else None)
        assert answers[-1].text.startswith("Budget set: $500 a month")
