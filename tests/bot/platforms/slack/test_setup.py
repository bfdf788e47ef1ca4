"""Which settings make a Slack, and what is missing where they do not."""

from pathlib import Path

import pytest

from bot.config import Config, load_config
from bot.platforms.slack.setup import SlackSetup, missing_settings, slack_setup

BOT, APP, SECRET = "xoxb-1-2-made-up", "xapp-1-made-up", "made-up-secret"


def config(folder: Path, **settings: str) -> Config:
    given = {f"SPENDBOT_SLACK_{name}": value for name, value in settings.items()}
    return load_config(given, providers=(), keepable=(), data_dir=folder, config_dir=folder)


def test_an_app_token_means_socket_mode_and_a_secret_alone_http(tmp_path: Path) -> None:
    socket = slack_setup(config(tmp_path, BOT_TOKEN=BOT, APP_TOKEN=APP))
    http = slack_setup(config(tmp_path, BOT_TOKEN=BOT, SIGNING_SECRET=SECRET))
    both = slack_setup(config(tmp_path, BOT_TOKEN=BOT, APP_TOKEN=APP, SIGNING_SECRET=SECRET))

    assert socket == SlackSetup(bot_token=BOT, app_token=APP)
    assert http == SlackSetup(bot_token=BOT, signing_secret=SECRET)
    assert socket is not None
    assert http is not None
    assert both is not None
    assert (socket.is_socket_mode, http.is_socket_mode, both.is_socket_mode) == (True, False, True)


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        (
            {},
            "SPENDBOT_SLACK_BOT_TOKEN, and SPENDBOT_SLACK_APP_TOKEN (Socket Mode) or SPENDBOT_SLACK_SIGNING_SECRET "
            "(HTTP mode)",
        ),
        ({"APP_TOKEN": APP}, "SPENDBOT_SLACK_BOT_TOKEN"),
        (
            {"BOT_TOKEN": BOT},
            "SPENDBOT_SLACK_APP_TOKEN (Socket Mode) or SPENDBOT_SLACK_SIGNING_SECRET (HTTP mode)",
        ),
        ({"BOT_TOKEN": BOT, "APP_TOKEN": APP}, ""),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, settings: dict[str, str], missing: str) -> None:
    made = config(tmp_path, **settings)

    assert missing_settings(made) == missing
    assert (slack_setup(made) is None) == bool(missing)


@pytest.mark.parametrize("url", ["http://127.0.0.1:4003/api", "http://127.0.0.1:4003/api/"])
def test_the_address_ends_in_a_slash(tmp_path: Path, url: str) -> None:
    made = slack_setup(config(tmp_path, BOT_TOKEN=BOT, APP_TOKEN=APP, API_URL=url))

    assert made is not None
    assert made.api_url == "http://127.0.0.1:4003/api/"


def test_no_token_is_in_its_repr() -> None:
    made = repr(SlackSetup(bot_token=BOT, app_token=APP, signing_secret=SECRET))

    assert [secret for secret in (BOT, APP, SECRET) if secret in made] == []
