"""The Home tab: published when it is opened and shows something else than before."""

from pathlib import Path

from tests.bot.platforms.slack.open_slack import Running, open_slack
from tests.fakes.slack.world import texts_in, type_json

MIRA, DANA = "U0MIRAOKA", "U0DANAWEI"


def words(home: type_json) -> str:
    return " ".join(texts_in(home["blocks"]))


async def opened(running: Running, user: str = MIRA, count: int = 1) -> list[type_json]:
    act = await running.slack.open_home(user)
    assert act.ack == {}
    homes = running.slack.world.homes
    return await running.slack.world.until(
        lambda: found if len(found := homes.get(user, [])) >= count else None
    )


async def test_it_shows_the_month_the_budgets_and_the_connections(connected: Path) -> None:
    async with open_slack(connected) as running:
        [home] = await opened(running)

        assert home["type"] == "home"
        assert "November so far: $39.00" in words(home)
        assert "Harbor OpenAI" in words(home)
        assert "Harbor Anthropic" in words(home)


async def test_opened_again_with_nothing_new_it_is_not_published_again(connected: Path) -> None:
    async with open_slack(connected) as running:
        await opened(running)
        await running.slack.open_home()
        await running.slack.command("help")
        await running.slack.world.until(lambda: running.slack.world.private_for(MIRA))

        assert len(running.slack.world.homes[MIRA]) == 1


async def test_opened_after_a_change_it_shows_that(connected: Path) -> None:
    async with open_slack(connected) as running:
        await opened(running)
        await running.slack.command("set 500 monthly", command="/budget")
        await running.slack.world.until(lambda: running.slack.world.private_for(MIRA))

        homes = await opened(running, count=2)

        assert "$500" not in words(homes[0])
        assert "$500" in words(homes[1])


async def test_the_messages_tab_is_no_home_tab(connected: Path) -> None:
    async with open_slack(connected) as running:
        await running.slack.event(
            {"type": "app_home_opened", "user": MIRA, "channel": "D1", "tab": "messages"}
        )
        await opened(running, DANA)

        assert list(running.slack.world.homes) == [DANA]


async def test_before_anything_is_connected_it_greets_and_its_button_opens_the_form(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        [home] = await opened(running)
        assert words(home).startswith("spendbot is here for Harbor Notes")

        await running.slack.press(MIRA, "Connect a provider")
        [modal] = await running.slack.world.until(lambda: list(running.slack.world.modals.values()))

        assert modal.user == MIRA


async def test_what_is_asked_on_the_home_tab_is_answered_directly(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        await opened(running)

        await running.slack.press(MIRA, "Help")
        [answer] = await running.slack.world.until(lambda: running.slack.world.told_directly(MIRA))

        assert answer.text.startswith("Ask: /spend")
        assert running.slack.world.in_channel() == []


async def test_a_key_connected_from_the_home_tab_is_told_directly(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        world, key = running.slack.world, running.bot.vendors.openai.admin_key
        await opened(running)
        await running.slack.press(MIRA, "Connect a provider")
        [modal] = await world.until(lambda: list(world.modals.values()))

        await running.slack.submit(modal, {"provider": "openai", "label": "Harbor OpenAI", "key": key})
        [answer] = await world.until(lambda: world.told_directly(MIRA))

        assert answer.text.startswith("Harbor OpenAI is connected")


async def test_guests_see_one_sentence(connected: Path) -> None:
    async with open_slack(connected) as running:
        [home] = await opened(running, "U0GUESTGU")

        assert words(home) == "Figures are shown to members of Harbor Notes, in its channels."


async def test_a_tab_whose_table_is_refused_is_published_without_it(connected: Path) -> None:
    async with open_slack(connected) as running:
        running.slack.fail("views.publish", "invalid_arguments")

        [home] = await opened(running)

        assert "table" not in {block["type"] for block in home["blocks"]}
