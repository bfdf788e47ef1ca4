"""What Slack is set up with: tokens and address from the settings, and which of the two modes they make."""

from dataclasses import dataclass, field

from bot.config import Config

BOT_TOKEN, APP_TOKEN, SECRET = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSetup:
    """Tokens and the address of the Web API ('' = Slack's own).

    With an app token it listens by Socket Mode; with a signing secret only, over HTTP.
    """

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    api_url: str = ""

    @property
    def is_socket_mode(self) -> bool:
        """Whether Slack is listened to over a websocket; else Slack posts to this server."""
        return bool(self.app_token)


def slack_setup(config: Config) -> SlackSetup | None:
    """Return what the settings say; None where Slack is not set up, or only half of it (`missing_settings`)."""
    if missing_settings(config):
        return None
    url = config["SLACK_API_URL"] or ""
    return SlackSetup(
        bot_token=config[BOT_TOKEN],
        app_token=config[APP_TOKEN] or "",
        signing_secret=config[SECRET] or "",
        api_url=url if not url or url.endswith("/") else f"{url}/",
    )


def missing_settings(config: Config) -> str:
    """Return which settings Slack still needs, in words; '' when it is set up."""
    ways = f"SPENDBOT_{APP_TOKEN} (Socket Mode) or SPENDBOT_{SECRET} (HTTP mode)"
    can_listen = config.is_set(APP_TOKEN) or config.is_set(SECRET)
    if not config.is_set(BOT_TOKEN):
        return f"SPENDBOT_{BOT_TOKEN}" if can_listen else f"SPENDBOT_{BOT_TOKEN}, and {ways}"
    return "" if can_listen else ways
