"""A whole bot at the loopback Discord: alerts and their buttons, servers, and places where no figures are shown."""

from pathlib import Path

import pytest

from bot.platforms.discord.render import render
from bot.views.model import Button, Layout, View, line
from spend.notify import Decision, Finding, IncidentKind, NewDelivery, Op, Step
from tests.bot.platforms.discord.listening import Listening, open_listening
from tests.bot.views.test_spike import EVIDENCE
from tests.fakes.discord import (
    AI_SPEND,
    DANA,
    GENERAL,
    GUILD_ID,
    MIRA,
    Channel,
    Discord,
    Guild,
    Message,
)
from tests.fakes.discord.gateway import channel_payload
from tests.fakes.discord.rest import LEAVE, MESSAGE


async def tell_a_spike(bot: Listening) -> None:
    """Find a spike, and post it in #ai-spend."""
    place = await bot.bot.house.store.installation("discord", GUILD_ID)
    assert place is not None
    finding = Finding(
        kind=IncidentKind.SPIKE, dedup_key="spike:1", evidence=EVIDENCE, size_nanos=11_550_000_000
    )
    post = NewDelivery(
        step="first", installation_id=place.id, platform="discord", channel=AI_SPEND, op=Op.POST
    )
    await bot.bot.store.tell(finding, Decision(step=Step.FIRST, reason="x"), [post], bot.bot.clock.now)
    await bot.tell()


async def alert_with(bot: Listening, discord: Discord) -> Message:
    """Let alerts be told in #ai-spend, and return one about a spike."""
    bot.start()
    await discord.connected()
    await (await discord.slash("spend alerts here")).answered()
    bot.wakes.clear()
    await tell_a_spike(bot)
    return next(m for m in discord.world.messages if m.channel == AI_SPEND and not m.only_for)


async def test_an_alert_is_acknowledged_by_its_button_and_says_by_whom(
    connected: Path, discord: Discord
) -> None:
    async with open_listening(connected, discord) as bot:
        alert = await alert_with(bot, discord)
        press = await discord.press(alert, "Acknowledge", user=DANA, is_admin=False)
        await bot.told(lambda: "Acknowledged by Dana Weiss" in alert.text)

    assert press.first == LEAVE
    assert press.more == []
    assert "Acknowledge" not in [button["label"] for button in alert.buttons]


async def test_its_buttons_work_after_a_restart(connected: Path, discord: Discord) -> None:
    async with open_listening(connected, discord) as bot:
        alert = await alert_with(bot, discord)
        await bot.restart()
        await discord.press(alert, "Snooze 1 h")
        await bot.told(lambda: "Snoozed by Mira Okafor" in alert.text)

    assert "Snooze 1 h" not in [button["label"] for button in alert.buttons]


async def test_what_is_the_admins_is_refused_privately_and_changes_nothing(
    connected: Path, discord: Discord
) -> None:
    async with open_listening(connected, discord) as bot:
        alert = await alert_with(bot, discord)
        before = alert.text
        press = await discord.press(alert, "Expected", user=DANA, is_admin=False)
        refusal = await press.followed()
        await bot.tell()

    assert refusal.only_for == DANA
    assert "Only admins mark alerts as expected here." in refusal.text
    assert alert.text == before


async def test_a_red_button_asks_first_and_its_question_goes_once_it_is_answered(
    connected: Path, discord: Discord
) -> None:
    async with open_listening(connected, discord) as bot:
        alert = await alert_with(bot, discord)
        code = next(b["custom_id"] for b in alert.buttons if b["label"] == "Acknowledge").partition(":")[2]
        red = Button("Snooze it", "snooze_1h", value=code, confirm="Snooze it?")
        view = View(layout=Layout.NOTE, title="Note", lead=line("A spike is open."), buttons=(red,))
        note = discord.world.add(Message("1", AI_SPEND, bodies=[render(view).payload()]))
        asked = await discord.press(note, "Snooze it", user=DANA, is_admin=False)
        question = await asked.answered()
        words, before = question.text, alert.text
        await discord.press(question, "Snooze it", user=DANA, is_admin=False)
        await bot.told(lambda: "Snoozed by Dana Weiss" in alert.text)
        await discord.world.until(lambda: question not in discord.world.messages)

    assert (asked.first, question.only_for) == (MESSAGE, DANA)
    assert words == "**Snooze it?**\n**A spike is open.**"
    assert "Snoozed" not in before


async def test_its_picture_enters_by_edit(connected: Path, discord: Discord) -> None:
    async with open_listening(connected, discord) as bot:
        alert = await alert_with(bot, discord)
        words = alert.bodies[0]
        await bot.tell()

    assert "image" not in words["embeds"][0]
    assert [picture.content[:4] for picture in alert.attachments] == [b"\x89PNG"]


async def test_a_server_is_greeted_once_where_it_may_write(connected: Path, discord: Discord) -> None:
    discord.world.guilds[GUILD_ID].channels[GENERAL].can_write = False
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        await bot.told(lambda: bool(discord.world.seen(AI_SPEND)))
        await bot.restart()
        await (await discord.slash("spend help")).answered()
        await bot.tell()

    assert [len(discord.world.seen(channel)) for channel in (GENERAL, AI_SPEND)] == [0, 1]
    assert discord.world.seen(AI_SPEND)[0].startswith("**spendbot is here for Harbor Notes")


async def test_a_server_that_is_not_linked_is_not_greeted_and_gets_one_sentence(
    connected: Path, discord: Discord
) -> None:
    async with open_listening(connected, discord, linked=False) as bot:
        bot.start()
        await discord.connected()
        act = await discord.slash("spend today")
        answer = await act.answered()
        await bot.tell()

    assert answer.only_for == MIRA
    assert f"adds {GUILD_ID} to SPENDBOT" in answer.text
    assert answer.body["embeds"] == []
    assert discord.world.seen(GENERAL) + discord.world.seen(AI_SPEND) == []


async def test_a_server_that_invites_it_later_is_not_linked_either(connected: Path, discord: Discord) -> None:
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        lobby = Channel("910000000000000001", "lobby")
        await discord.join(Guild("900000000000000001", "Strangers", {lobby.id: lobby}))
        act = await discord.slash("spend today", at=lobby.id)
        answer = await act.answered()

    assert "adds 900000000000000001 to SPENDBOT" in answer.text
    assert answer.body["embeds"] == []


async def test_removed_from_its_server_it_stops_and_an_outage_is_no_removal(
    connected: Path, discord: Discord
) -> None:
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        await (await discord.slash("spend help")).answered()
        await discord.outage()
        await (await discord.slash("spend help")).answered()
        during = await bot.bot.house.store.installation("discord", GUILD_ID)
        await discord.leave()
        await (await discord.slash("spend help")).answered()
        after = await bot.bot.house.store.installation("discord", GUILD_ID)

    assert during is not None
    assert during.removed_at is None
    assert after is not None
    assert after.removed_at is not None


async def test_removed_while_it_was_off_it_stops_at_the_next_start(connected: Path, discord: Discord) -> None:
    async with open_listening(connected, discord) as bot:
        other = Guild("800000000000000009", "Harbor Tests")
        discord.world.guilds[other.id] = other
        bot.link(other.id)
        await started(bot)
        await bot.stop()
        discord.world.guilds[GUILD_ID].is_here = False
        bot.start()
        await bot.knows_servers()
        gone = await bot.bot.house.store.installation("discord", GUILD_ID)
        stays = await bot.bot.house.store.installation("discord", other.id)

    assert gone is not None
    assert gone.removed_at is not None
    assert stays is not None
    assert stays.removed_at is None


async def test_the_token_of_another_bot_removes_nothing(connected: Path, discord: Discord) -> None:
    async with open_listening(connected, discord) as bot:
        await started(bot)
        await bot.stop()
        discord.world.guilds[GUILD_ID].is_here = False
        discord.rest.application_has = {"id": "700000000000000009"}
        bot.start()
        await bot.knows_servers()
        place = await bot.bot.house.store.installation("discord", GUILD_ID)

    assert place is not None
    assert place.removed_at is None


async def started(bot: Listening) -> None:
    bot.start()
    await bot.knows_servers()


@pytest.mark.parametrize("where", [{"in_dm": True}, {"by_user_install": True}])
async def test_in_direct_messages_and_for_user_installs_there_are_no_figures(
    connected: Path, discord: Discord, where: dict[str, bool]
) -> None:
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        act = await discord.slash("spend today", by="model", **where)
        answer = await act.answered()

    assert "$" not in answer.text
    assert answer.attachments == []


async def test_a_connection_is_made_by_its_form_over_real_sockets(tmp_path: Path, discord: Discord) -> None:
    async with open_listening(tmp_path, discord) as bot:
        bot.start()
        await discord.connected()
        opened = await discord.slash("spend connect")
        key = bot.bot.vendors.openai.admin_key
        sent = await discord.submit(opened, provider="openai", key=key)
        answer = await sent.answered()
        connections = await bot.bot.store.connections()

    assert answer.only_for == MIRA
    assert "is connected" in answer.text
    assert key not in answer.text
    assert len(connections) == 1


async def test_a_budget_names_the_channel_it_is_told_in(connected: Path, discord: Discord) -> None:
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        by_options = await discord.slash("budget set", amount="500", period="monthly", channel=GENERAL)
        opened = await discord.slash("budget set")
        by_form = await discord.submit(
            opened, amount="900", period="weekly", scope="everything", channel=GENERAL
        )
        texts = [(await by_options.answered()).text, (await by_form.answered()).text]

        discord.world.guilds[GUILD_ID].channels[GENERAL].can_write = False
        again = await discord.slash("budget set", amount="700", period="daily", channel=GENERAL)
        refused = (await again.answered()).text
        kept = [budget.limit for budget in await bot.bot.store.budgets()]

    assert ["#general" in text for text in texts] == [True, True]
    assert refused == (
        "**spendbot may not post in #general. Give it View Channel and Send Messages there, then ask again.**"
    )
    assert sorted(kept) == [500, 900]


async def test_an_answer_that_is_refused_for_its_form_is_given_as_bare_words(
    connected: Path, discord: Discord
) -> None:
    discord.faults.add("answer", "400")
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        answer = await (await discord.slash("spend help")).answered()

    assert answer.text.startswith("**Ask: ")
    assert answer.buttons == []


async def test_an_answer_whose_picture_is_refused_says_that_it_was_left_out(
    connected: Path, discord: Discord
) -> None:
    discord.faults.add("answer", "", "403")
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        act = await discord.slash("spend today", by="model")
        await discord.world.until(lambda: "picture left out" in act.text)

    assert act.answer is not None
    assert act.answer.attachments == []


async def test_suggestions_arrive(connected: Path, discord: Discord) -> None:
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        act = await discord.typing("spend show", "filter", filter="model:cl")

        assert await act.suggested() == ["model:claude-opus-5"]


async def test_a_channel_that_refused_is_tried_again_once_its_rights_changed(
    connected: Path, discord: Discord
) -> None:
    channel = discord.world.guilds[GUILD_ID].channels[AI_SPEND]
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        await (await discord.slash("spend alerts here")).answered()
        channel.can_write = False
        await tell_a_spike(bot)
        closed = bot.platform.closed_channels()
        channel.can_write = True
        await discord.gateway.tell("CHANNEL_UPDATE", channel_payload(discord.world.guilds[GUILD_ID], channel))
        await (await discord.slash("spend help")).answered()

    assert list(closed) == [AI_SPEND]
    assert bot.platform.closed_channels() == {}
