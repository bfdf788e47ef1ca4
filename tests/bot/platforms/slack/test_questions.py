"""Questions in Slack from end to end: what is typed, what is seen, by whom, and how often."""

import asyncio
from pathlib import Path

import pytest

from tests.bot.platforms.slack.open_slack import open_slack
from tests.fakes.slack import Message
from tests.fakes.slack.world import ELSEWHERE, GENERAL, World

LEAD = "claude-opus-5 is 64% of today: $25.00 of $39.00."
MIRA, DANA, GUEST, OUTSIDER = "U0MIRAOKA", "U0DANAWEI", "U0GUESTGU", "U0OUTSIDE"
MEMBERS_ONLY = "Figures are shown to members of Harbor Notes, in its channels."


async def answered(world: World, user: str = DANA, count: int = 1) -> list[Message]:
    """Wait for so many private answers."""
    return await world.until(lambda: found if len(found := world.private_for(user)) >= count else None)


@pytest.mark.parametrize("over_http", [False, True], ids=["socket", "http"])
async def test_a_question_is_text_and_then_the_same_message_with_its_picture(
    connected: Path, over_http: bool
) -> None:
    async with open_slack(connected, over_http=over_http) as running:
        world = running.slack.world
        world.ready_after_s = 60

        act = await running.slack.command("today by model", user=DANA)
        [answer] = await answered(world)
        await world.until(lambda: [file for file in world.files.values() if file.is_complete])
        world.clock.forward(61)
        await world.until(lambda: answer.pictures)

        assert act.ack == {}
        assert act.took_s is not None
        assert act.took_s < 1
        assert world.private_for(DANA) == [answer]
        assert ["slack_file" in str(version["blocks"]) for version in answer.versions] == [False, True]
        assert [version["text"] for version in answer.versions] == [LEAD, LEAD]
        assert world.in_channel() == []
        assert [url.uses for url in world.response_urls.values()] == [2]
        assert world.refusals_shown == []


async def test_a_picture_that_is_ready_soon_goes_along_so_that_nothing_is_seen_twice(connected: Path) -> None:
    """Slack may show a second answer to a command as a message of its own."""
    async with open_slack(connected) as running:
        world = running.slack.world
        world.commands_replace = False

        await running.slack.command("today by model", user=DANA)
        [answer] = await answered(world)

        assert (len(answer.versions), len(answer.pictures), answer.text) == (1, 1, LEAD)


async def test_without_room_for_its_picture_the_answer_says_so(connected: Path) -> None:
    async with open_slack(connected) as running:
        running.slack.fail("files.getUploadURLExternal", "500")

        await running.slack.command("today by model", user=DANA)
        [answer] = await answered(running.slack.world)

        assert (answer.text, answer.pictures) == (LEAD, [])
        assert "picture left out" in answer.words


async def test_a_shared_answer_is_one_message_for_all_with_its_picture(connected: Path) -> None:
    async with open_slack(connected) as running:
        world = running.slack.world

        await running.slack.command("today by model share", user=DANA)
        [posted] = await world.until(world.in_channel)

        assert (len(posted.versions), len(posted.pictures), posted.text) == (1, 1, LEAD)
        assert "Asked by Dana Weiss: /spend today by model" in posted.words
        assert world.private_for(DANA) == []


async def test_it_answers_where_it_is_no_member_and_in_direct_messages(connected: Path) -> None:
    async with open_slack(connected) as running:
        world = running.slack.world
        direct = world.dm_with(DANA)

        await running.slack.command("help", user=DANA, channel=ELSEWHERE)
        await running.slack.command("help", user=DANA, channel=direct.id)

        assert {each.channel for each in await answered(world, count=2)} == {ELSEWHERE, direct.id}


@pytest.mark.parametrize("user", [GUEST, "U0SINGLES", OUTSIDER])
async def test_guests_and_outsiders_get_one_sentence_and_no_figure(connected: Path, user: str) -> None:
    async with open_slack(connected) as running:
        await running.slack.command("today by model", user=user)

        [answer] = await answered(running.slack.world, user)
        assert answer.text == MEMBERS_ONLY
        assert "$" not in answer.words


async def test_who_cannot_be_looked_up_gets_nothing(connected: Path) -> None:
    async with open_slack(connected) as running:
        running.slack.fail("users.info", "500", times=2)

        await running.slack.command("today by model", user=MIRA)

        assert [each.text for each in await answered(running.slack.world, MIRA)] == [MEMBERS_ONLY]


async def test_a_busy_directory_is_asked_again_and_then_known_for_a_while(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        running.slack.fail("users.info", "429", retry_after_s=0)

        await running.slack.command("help", user=DANA)
        await answered(running.slack.world)
        await running.slack.command("help", user=DANA)

        assert MEMBERS_ONLY not in [each.text for each in await answered(running.slack.world, count=2)]
        assert [call.outcome for call in running.slack.world.called("users.info")] == ["429", "ok"]


async def test_the_same_command_brought_again_is_answered_once(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        act = await running.slack.command("help", user=DANA)
        await answered(running.slack.world)
        await running.slack.bring(act, retry=1)
        await running.slack.command("status", user=DANA)

        assert len(await answered(running.slack.world, count=2)) == 2


async def test_what_slack_escaped_is_read_as_it_was_typed(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        await running.slack.command("today by a&amp;b &lt;c&gt;", user=DANA)

        [answer] = await answered(running.slack.world)
        assert answer.words.startswith('"a&b" is nothing to cut by.')
        assert answer.text.startswith('"a&amp;b" is nothing to cut by.'), "escaped again on its way out"


async def test_a_table_that_slack_refuses_in_private_answers_comes_as_text_and_is_not_tried_again(
    connected: Path,
) -> None:
    async with open_slack(connected) as running:
        world = running.slack.world
        running.slack.fail("response_url", "invalid_blocks")

        await running.slack.command("today by model", user=DANA)
        await answered(world)
        await running.slack.command("today by project", user=DANA)
        answers = await answered(world, count=2)

        for each in answers:
            assert "table" not in {block["type"] for block in each.blocks}
            assert "$25.00" in each.words
        assert len(world.called("response_url")) == 3


async def test_alerts_need_a_channel_it_may_post_in_which_is_found_out_unseen(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        world = running.slack.world

        await running.slack.command("alerts here", channel=ELSEWHERE)
        [refused] = await answered(world, MIRA)
        await running.slack.command("alerts here", channel=GENERAL)
        await answered(world, MIRA, 2)

        assert refused.text == (
            "spendbot is not in #elsewhere yet. Type /invite @spendbot there, then ask again."
        )
        assert [each.channel for each in await running.bot.store.channels("alerts")] == [GENERAL]
        assert world.scheduled == {}
        assert world.in_channel(ELSEWHERE) == []


async def test_a_budget_is_told_only_where_it_may_post_and_is_not_set_else(connected: Path) -> None:
    async with open_slack(connected) as running:
        world, slack = running.slack.world, running.slack

        await slack.command(f"set 500 monthly in <#{ELSEWHERE}|elsewhere>", command="/budget")
        [refused] = await answered(world, MIRA)
        kept = await running.bot.store.budgets()
        await slack.command(f"set 500 monthly in <#{GENERAL}|general>", command="/budget")
        told = (await answered(world, MIRA, 2))[-1]

        assert refused.text == (
            "spendbot is not in #elsewhere yet. Type /invite @spendbot there, then ask again."
        )
        assert kept == []
        assert "#general at 50, 80 and 100% spent" in told.words
        assert world.scheduled == {}


async def test_forty_people_at_once_are_all_acknowledged_and_answered(connected: Path) -> None:
    async with open_slack(connected) as running:
        world = running.slack.world

        acts = await asyncio.gather(*(running.slack.command("today by model", user=DANA) for _ in range(40)))
        await answered(world, count=40)

        assert max(act.took_s or 99 for act in acts) < 3
        assert world.refusals_shown == []
