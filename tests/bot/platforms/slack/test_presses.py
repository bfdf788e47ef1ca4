"""Buttons in Slack from end to end."""

from pathlib import Path

from tests.bot.platforms.slack.open_slack import Running, open_slack
from tests.fakes.slack import Message

DANA = "U0DANAWEI"


async def answer(running: Running, text: str) -> Message:
    await running.slack.command(text, user=DANA)
    [message] = await running.slack.world.until(lambda: running.slack.world.private_for(DANA))
    await running.slack.world.until(lambda: message.pictures)
    return message


async def test_a_press_on_an_answer_changes_it_in_place_with_its_picture(connected: Path) -> None:
    async with open_slack(connected) as running:
        world = running.slack.world
        message = await answer(running, "today by model")
        before = list(message.pictures)

        act = await running.slack.press(message, "By project", user=DANA)
        await world.until(lambda: message.pictures and message.pictures != before)

        assert act.ack == {}
        assert world.private_for(DANA) == [message]
        assert "Project" in message.words
        assert [url.uses for url in world.response_urls.values()][-1] == 2


async def test_sharing_shows_all_what_one_person_saw(connected: Path) -> None:
    async with open_slack(connected) as running:
        message = await answer(running, "today by model")

        await running.slack.press(message, "Share here", user=DANA)
        [posted] = await running.slack.world.until(running.slack.world.in_channel)

        assert posted.text == message.text
        assert "Asked by Dana Weiss: /spend today by model" in posted.words


async def test_an_outsider_of_a_shared_channel_presses_in_vain(connected: Path) -> None:
    async with open_slack(connected) as running:
        world = running.slack.world
        await running.slack.command("today by model share", user=DANA)
        [posted] = await world.until(world.in_channel)

        await running.slack.press(posted, "By project", user="U0OUTSIDE")
        [refused] = await world.until(lambda: world.private_for("U0OUTSIDE"))

        assert refused.text == "Figures are shown to members of Harbor Notes, in its channels."
        assert world.in_channel() == [posted]
        assert len(posted.versions) == 1


async def test_a_press_on_what_all_see_is_answered_to_one(connected: Path) -> None:
    async with open_slack(connected) as running:
        world = running.slack.world
        await running.slack.command("today by model share", user="U0MIRAOKA")
        [posted] = await world.until(world.in_channel)

        await running.slack.press(posted, "By project", user=DANA)
        [private] = await world.until(lambda: world.private_for(DANA))

        assert "Project" in private.words
        assert (len(private.versions), len(private.pictures)) == (1, 1)
        assert len(posted.versions) == 1, "what that address would replace is the message for all"


async def test_the_same_press_brought_again_changes_nothing(connected: Path) -> None:
    async with open_slack(connected) as running:
        message = await answer(running, "today by model")
        act = await running.slack.press(message, "Share here", user=DANA)
        await running.slack.world.until(running.slack.world.in_channel)

        await running.slack.bring(act)
        await running.slack.press(message, "By project", user=DANA)
        await running.slack.world.until(lambda: "Project" in message.words)

        assert len(running.slack.world.in_channel()) == 1
