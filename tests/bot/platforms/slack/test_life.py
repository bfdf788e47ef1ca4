"""A Slack app's life: it starts with tokens that are good, outlives lost connections, and ends when it was removed."""

import asyncio
from pathlib import Path

import pytest

from bot.errors import PlatformError
from storage import Connection
from tests.bot.platforms.slack.open_slack import Running, new_app, open_slack
from tests.fakes.slack import FakeSlack

DANA = "U0DANAWEI"


async def asked_again(running: Running, count: int) -> None:
    act = await running.slack.command("help", user=DANA)
    world = running.slack.world
    await world.until(lambda: len(world.private_for(DANA)) == count)
    assert act.ack == {}


async def connections(running: Running) -> list[Connection]:
    return list(await running.bot.store.connections())


async def test_a_refresh_that_slack_asks_for_loses_nothing(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        sockets = running.slack.sockets
        await asked_again(running, 1)

        for number in (2, 3):
            await sockets.ask_to_reconnect()
            await running.slack.world.until(lambda number=number: sockets.opened == number)
            await asked_again(running, number)

        assert not running.listening.done()


async def test_a_connection_that_is_cut_is_opened_again(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        await asked_again(running, 1)

        await running.slack.sockets.cut()
        await running.slack.world.until(lambda: running.slack.sockets.opened == 2)
        await asked_again(running, 2)


async def test_a_connection_that_cannot_be_had_again_ends_the_run_with_a_sentence(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        running.slack.fail("apps.connections.open", "500", times=0)

        await running.slack.sockets.cut()

        with pytest.raises(PlatformError, match="websocket is lost"):
            async with asyncio.timeout(15):
                await asyncio.shield(running.listening)


@pytest.mark.parametrize(
    ("method", "word", "sentence"),
    [
        ("auth.test", "invalid_auth", "Slack refuses the token. Check SPENDBOT_SLACK_BOT_TOKEN."),
        ("auth.test", "token_revoked", "Slack's token was revoked. Check SPENDBOT_SLACK_BOT_TOKEN."),
        (
            "apps.connections.open",
            "invalid_auth",
            "Slack refuses the token. Check SPENDBOT_SLACK_APP_TOKEN and its scope connections:write.",
        ),
        ("auth.test", "500", "Slack answered 500."),
    ],
)
async def test_a_start_that_is_no_use_says_why(tmp_path: Path, method: str, word: str, sentence: str) -> None:
    async with open_slack(tmp_path) as running:
        running.slack.fail(method, word, times=2)

        with pytest.raises(PlatformError) as caught:
            async with asyncio.timeout(10):
                await new_app(running).run()

        assert caught.value.sentence == sentence


async def test_its_team_is_linked_to_the_home_workspace(tmp_path: Path) -> None:
    async with open_slack(tmp_path) as running:
        place = await running.bot.house.store.installation("slack", running.slack.world.team_id)

        assert place is not None
        assert (place.workspace_id, place.name) == (running.bot.store.workspace_id, "Harbor Notes")


async def test_removed_from_the_team_its_keys_are_destroyed(connected: Path) -> None:
    async with open_slack(connected) as running:
        assert len(await connections(running)) == 2

        await running.slack.event({"type": "app_uninstalled"})
        running.listening.cancel()  # what was begun is ended first
        with pytest.raises(asyncio.CancelledError):
            await running.listening

        assert await connections(running) == []
        place = await running.bot.house.store.installation("slack", running.slack.world.team_id)
        assert place is not None
        assert place.removed_at is not None


async def test_a_revoked_token_destroys_nothing(connected: Path) -> None:
    async with open_slack(connected) as running:
        await running.slack.event({"type": "tokens_revoked", "tokens": {"bot": ["U0SPENDBOT"], "oauth": []}})
        await asked_again(running, 1)

        assert len(await connections(running)) == 2
        place = await running.bot.house.store.installation("slack", running.slack.world.team_id)
        assert place is not None
        assert place.removed_at is None


@pytest.mark.parametrize("over_http", [False, True], ids=["socket", "http"])
async def test_a_token_that_is_refused_while_it_listens_ends_the_run_with_a_sentence(
    tmp_path: Path, over_http: bool
) -> None:
    async with open_slack(tmp_path, over_http=over_http) as running:
        running.slack.fail("users.info", "account_inactive", times=0)

        await running.slack.event({"type": "tokens_revoked", "tokens": {"bot": ["U0SPENDBOT"]}})

        with pytest.raises(PlatformError, match=r"removed from Slack.* Check SPENDBOT_SLACK_BOT_TOKEN\."):
            async with asyncio.timeout(10):
                await asyncio.shield(running.listening)


async def test_what_is_being_answered_when_it_is_stopped_is_answered(connected: Path) -> None:
    async with open_slack(connected) as running:
        world = running.slack.world
        await running.slack.command("status", user=DANA)

        running.listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running.listening

        [answer] = world.private_for(DANA)
        assert answer.text.startswith("Both connections")


async def test_an_app_of_a_whole_organization_gives_other_teams_nothing(connected: Path) -> None:
    slack = FakeSlack()
    slack.world.enterprise_id, slack.world.is_enterprise_install = "E0HARBOR1", True
    async with open_slack(connected, slack=slack) as running:
        slack.world.people[DANA].team_id = "T0SISTER"
        place = await running.bot.house.store.installation("slack", f"E0HARBOR1/{slack.world.team_id}")
        assert place is not None

        await running.slack.command("today", user=DANA)
        [answer] = await slack.world.until(lambda: slack.world.private_for(DANA))

        assert answer.text == "This Slack workspace is not linked. Whoever runs spendbot sets its bot token."
