"""The app manifest asks for what the bot uses and for nothing else."""

import pytest

from bot.commands import all_specs
from tests.bot.platforms.slack.plain_yaml import read_yaml
from tests.fakes.slack.world import SCOPES
from tests.house.tree import HOUSE

MANIFEST = HOUSE / "docs/reference/slack-manifest.yaml"


def test_it_asks_for_five_scopes_two_commands_and_three_events() -> None:
    manifest = read_yaml(MANIFEST.read_text(encoding="utf-8"))

    assert manifest["oauth_config"]["scopes"]["bot"] == [
        "commands",
        "chat:write",
        "files:write",
        "files:read",
        "users:read",
    ]
    assert [each["command"] for each in manifest["features"]["slash_commands"]] == ["/spend", "/budget"]
    assert manifest["settings"]["event_subscriptions"] == {
        "bot_events": ["app_home_opened", "app_uninstalled", "tokens_revoked"]
    }


def test_the_loopback_slack_grants_exactly_these_scopes() -> None:
    manifest = read_yaml(MANIFEST.read_text(encoding="utf-8"))

    assert tuple(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES


def test_its_commands_are_those_of_the_bot_and_arrive_with_channel_ids() -> None:
    commands = read_yaml(MANIFEST.read_text(encoding="utf-8"))["features"]["slash_commands"]

    assert {each["command"] for each in commands} == {f"/{spec.path[0]}" for spec in all_specs()}
    assert all(each["should_escape"] for each in commands)


def test_it_is_for_socket_mode_and_names_no_address() -> None:
    text = MANIFEST.read_text(encoding="utf-8")
    settings = read_yaml(text)["settings"]

    assert settings["socket_mode_enabled"]
    assert settings["interactivity"] == {"is_enabled": True}
    assert (settings["org_deploy_enabled"], settings["token_rotation_enabled"]) == (False, False)
    assert "url" not in "".join(line for line in text.splitlines() if not line.startswith("#"))


def test_admins_can_be_told_directly_and_there_is_a_home_tab() -> None:
    home = read_yaml(MANIFEST.read_text(encoding="utf-8"))["features"]["app_home"]

    assert home == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": True,
    }


@pytest.mark.parametrize(
    "text", ["a:\n   b: 1", "a: &x 1", "a: [1]", "a: 1\na: 2", "a: b: c", "a:\n\tb: 1", 'a: "x']
)
def test_only_plain_yaml_passes(text: str) -> None:
    with pytest.raises(ValueError, match=r"plain|indented|left over"):
        read_yaml(text)
