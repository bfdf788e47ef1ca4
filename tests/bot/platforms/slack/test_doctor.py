"""What the doctor finds about Slack, against a loopback Slack that is well and ill."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.platforms.slack.doctor import REINSTALL, examine
from bot.platforms.slack.setup import SlackSetup
from bot.ports import Finding
from tests.fakes.slack import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as running:
        yield running


async def found(
    slack: FakeSlack, *, over_http: bool = False, ahead: timedelta = timedelta(), has_http_port: bool = True
) -> list[Finding]:
    setup = SlackSetup(
        bot_token=slack.world.bot_token,
        app_token="" if over_http else slack.world.app_token,
        signing_secret=slack.world.signing_secret,
        api_url=slack.api_url,
    )
    return await examine(setup, datetime.now(UTC) + ahead, has_http_port=has_http_port)


async def test_a_slack_that_is_well(slack: FakeSlack) -> None:
    assert await found(slack) == [
        Finding("ok", "Slack", "speaks in Harbor Notes (T0HARBOR1)"),
        Finding("ok", "Slack scopes", "commands, chat:write, files:write, files:read, users:read"),
        Finding("ok", "clock", "agrees with Slack's"),
        Finding("ok", "Slack commands", "Socket Mode: a connection may be opened"),
    ]
    assert slack.world.messages == []
    assert slack.sockets.opened == 0


async def test_a_refused_token_is_all_there_is_to_say(slack: FakeSlack) -> None:
    slack.fail("auth.test", "token_revoked")

    assert await found(slack) == [
        Finding(
            "fail",
            "Slack",
            "Slack's token was revoked.",
            "Copy the Bot User OAuth Token of the app into SPENDBOT_SLACK_BOT_TOKEN.",
        )
    ]


async def test_a_slack_that_cannot_be_reached_is_no_wrong_token(slack: FakeSlack) -> None:
    slack.fail("auth.test", "500", times=2)

    [finding] = await found(slack)

    assert (finding.state, finding.words) == ("fail", "Slack answered 500.")
    assert "network" in finding.next_step


async def test_missing_and_further_scopes_are_named(slack: FakeSlack) -> None:
    slack.world.scopes = ("commands", "chat:write", "files:read", "users:read")
    assert (await found(slack))[1] == Finding("fail", "Slack scopes", "without files:write", REINSTALL)

    slack.world.scopes = (*slack.world.scopes, "files:write", "channels:history")
    assert (await found(slack))[1] == Finding(
        "warn", "Slack scopes", "more than it needs: channels:history", REINSTALL
    )


async def test_an_app_token_without_its_scope_fails(slack: FakeSlack) -> None:
    slack.fail("apps.connections.open", "missing_scope")

    finding = (await found(slack))[3]

    assert finding == Finding(
        "fail",
        "Slack commands",
        "Socket Mode: the app lacks a scope; install it again from its manifest",
        "Make an app-level token with connections:write, and set SPENDBOT_SLACK_APP_TOKEN.",
    )


@pytest.mark.parametrize(
    ("ahead", "over_http", "state", "words"),
    [
        (20, True, "ok", "agrees with Slack's"),
        (-120, True, "warn", "120 s behind Slack's"),
        (400, False, "warn", "400 s ahead of Slack's"),
        (400, True, "fail", "400 s ahead of Slack's; every command is refused"),
    ],
)
async def test_a_clock_that_differs_is_said(
    slack: FakeSlack, ahead: int, over_http: bool, state: str, words: str
) -> None:
    findings = await found(slack, over_http=over_http, ahead=timedelta(seconds=ahead))
    [clock] = [each for each in findings if each.what == "clock"]

    assert clock.state == state
    told, _, rest = clock.words.partition(" s ")
    wanted, _, wanted_rest = words.partition(" s ")
    assert rest == wanted_rest
    if wanted.isdecimal():
        assert abs(int(told) - int(wanted)) <= 2, "the header has whole seconds"


async def test_http_mode_needs_a_port(slack: FakeSlack) -> None:
    listening = (await found(slack, over_http=True, has_http_port=False))[-1]

    assert (listening.state, listening.next_step) == ("fail", "Set SPENDBOT_HTTP_PORT.")
    assert (await found(slack, over_http=True))[-1].state == "ok"
