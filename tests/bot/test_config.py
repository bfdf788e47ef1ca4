"""Settings: where they come from, which wins, what is refused and in which words."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import SETTINGS, Config, load_config
from bot.errors import ConfigError

PROVIDERS = ("anthropic", "openai")


def load(home: Path, **settings: str) -> Config:
    """Read settings of somebody whose home is `home`."""
    environ = {"HOME": str(home)} | {f"SPENDBOT_{name}": value for name, value in settings.items()}
    return load_config(environ, providers=PROVIDERS, keepable=("audit",))


def refusal(home: Path, **settings: str) -> str:
    """Return the sentence with which settings are refused."""
    with pytest.raises(ConfigError) as caught:
        load(home, **settings)
    return caught.value.sentence


def test_without_settings_everything_has_its_documented_place(tmp_path: Path) -> None:
    config = load(tmp_path)

    assert config.data_dir == tmp_path / ".local/share/spendbot"
    assert config.key_file == tmp_path / ".config/spendbot/master.key"
    assert config.database_url == f"sqlite:///{tmp_path}/.local/share/spendbot/spendbot.db"
    assert config["TIMEZONE"] == "UTC"
    assert config["ALLOW_PRIVATE"] is False
    assert config["REMOVAL_GRACE"] == timedelta(hours=24)
    assert config["HTTP_PORT"] is None
    assert config.base_urls == {}


def test_the_standard_folders_are_kept_to(tmp_path: Path) -> None:
    environ = {"XDG_DATA_HOME": str(tmp_path / "d"), "XDG_CONFIG_HOME": str(tmp_path / "c")}

    config = load_config(environ, providers=(), keepable=())

    assert config.data_dir == tmp_path / "d" / "spendbot"
    assert config.key_file == tmp_path / "c" / "spendbot" / "master.key"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("TIMEZONE", "Asia/Kathmandu", "Asia/Kathmandu"),
        ("HTTP_PORT", "8080", 8080),
        ("ALLOW_PRIVATE", "ON", True),
        ("STORE_USER_NAMES", "0", False),
        ("DISCORD_TOKEN", " Bot MTA.x-y_z ", "MTA.x-y_z"),
        ("DISCORD_GUILDS", "1, 22 ,333", ("1", "22", "333")),
        ("ADMINS", "slack:U1,discord:2", ("slack:U1", "discord:2")),
        ("REMOVAL_GRACE", "90m", timedelta(minutes=90)),
        ("LOG_LEVEL", "DEBUG", "debug"),
        ("MASTER_KEY_COMMAND", "pass show 'spend bot'", ("pass", "show", "spend bot")),
        ("DATABASE_URL", "postgresql://u:p@host:5433/spend", "postgresql://u:p@host:5433/spend"),
        (
            "DATABASE_URL",
            "postgresql+asyncpg://u@/spend?host=/run/pg",
            "postgresql+asyncpg://u@/spend?host=/run/pg",
        ),
        ("SLACK_API_URL", "http://127.0.0.1:9/api/", "http://127.0.0.1:9/api/"),
    ],
)
def test_texts_become_values(tmp_path: Path, name: str, text: str, value: object) -> None:
    assert load(tmp_path, **{name: text})[name] == value


def test_an_empty_setting_counts_as_unset(tmp_path: Path) -> None:
    config = load(tmp_path, TIMEZONE="", MASTER_KEY="", HTTP_PORT="")

    assert config["TIMEZONE"] == "UTC"
    assert not config.is_set("MASTER_KEY")
    assert not config.is_set("HTTP_PORT")


def test_the_environment_wins_over_the_file_in_the_data_directory(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "# a comment\n\nexport SPENDBOT_TIMEZONE='Europe/Berlin'\nSPENDBOT_LOG_LEVEL=\"error\"\nOTHER=x\n"
    )

    config = load(tmp_path, DATA_DIR=str(tmp_path), LOG_LEVEL="debug")

    assert config["TIMEZONE"] == "Europe/Berlin"
    assert config["LOG_LEVEL"] == "debug"


def test_a_file_holds_a_secret_without_its_last_line_break(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-1-a\n")

    config = load(tmp_path, SLACK_BOT_TOKEN_FILE=str(tmp_path / "token"))

    assert config["SLACK_BOT_TOKEN"] == "xoxb-1-a"
    assert config.is_from_file("SLACK_BOT_TOKEN")


def test_base_urls_and_times_to_keep_belong_to_families(tmp_path: Path) -> None:
    config = load(tmp_path, OPENAI_BASE_URL="http://127.0.0.1:80/v1/", KEEP_AUDIT_DAYS="0")

    assert config.base_urls == {"openai": "http://127.0.0.1:80/v1"}
    assert config.keep_days == {"audit": 0}


def test_settings_of_the_door_are_not_the_programs(tmp_path: Path) -> None:
    assert load(tmp_path, VENV="/x", TEST_WORKERS="4")["TIMEZONE"] == "UTC"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"TIMEZON": "UTC"}, "SPENDBOT_TIMEZON is not a setting. Nearest: SPENDBOT_TIMEZONE."),
        ({"TIMEZON_FILE": "x"}, "SPENDBOT_TIMEZON_FILE is not a setting. Nearest: SPENDBOT_TIMEZONE."),
        ({"TIMEZONE": "Mars"}, "SPENDBOT_TIMEZONE cannot be used: it is a zone name such as Europe/Berlin."),
        ({"HTTP_PORT": "0"}, "SPENDBOT_HTTP_PORT cannot be used: it is a number from 1 to 65535."),
        ({"HTTP_PORT": "٣"}, "SPENDBOT_HTTP_PORT cannot be used: it is a number from 1 to 65535."),
        ({"ALLOW_PRIVATE": "perhaps"}, "SPENDBOT_ALLOW_PRIVATE cannot be used: it is on or off."),
        (
            {"REMOVAL_GRACE": "1w"},
            "SPENDBOT_REMOVAL_GRACE cannot be used: it is a number with s, m, h or d, such as 24h.",
        ),
        (
            {"DISCORD_TOKEN": "hunter 2"},
            "SPENDBOT_DISCORD_TOKEN cannot be used: it is one word without spaces, as the page Bot of the application "
            "shows it.",
        ),
        (
            {"SLACK_BOT_TOKEN": "hunter2"},
            "SPENDBOT_SLACK_BOT_TOKEN cannot be used: it starts with xoxb- and has no spaces.",
        ),
        (
            {"DATABASE_URL": "mysql://u:hunter2@h/x"},
            "SPENDBOT_DATABASE_URL cannot be used: it is sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME.",
        ),
        (
            {"DATABASE_URL": "sqlite://hunter2/x"},
            "SPENDBOT_DATABASE_URL cannot be used: it is sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME.",
        ),
        (
            {"PUBLIC_URL": "http://x"},
            "SPENDBOT_PUBLIC_URL cannot be used: it is a URL that starts with https://.",
        ),
        (
            {"KEEP_AUDIT_DAYS": "x"},
            "SPENDBOT_KEEP_AUDIT_DAYS cannot be used: it is a number of days, 0 for ever.",
        ),
        (
            {"MASTER_KEY": "a", "MASTER_KEY_COMMAND": "b"},
            "SPENDBOT_MASTER_KEY and SPENDBOT_MASTER_KEY_COMMAND are both set; keep one of them.",
        ),
        (
            {"TIMEZONE": "UTC", "TIMEZONE_FILE": "/x"},
            "SPENDBOT_TIMEZONE and SPENDBOT_TIMEZONE_FILE are both set; keep one of them.",
        ),
        (
            {"MASTER_KEY_FILE": "/nowhere"},
            "SPENDBOT_MASTER_KEY_FILE names a file that cannot be read (FileNotFoundError). Check path and rights.",
        ),
        (
            {"OPENAI_BASE_URL": "http://example.com"},
            "SPENDBOT_OPENAI_BASE_URL cannot be used. A base URL starts with https://; plain http is taken for this "
            "machine only.",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(
    tmp_path: Path, settings: dict[str, str], sentence: str
) -> None:
    assert refusal(tmp_path, **settings) == sentence


def test_the_settings_never_print_a_secret(tmp_path: Path) -> None:
    config = load(tmp_path, MASTER_KEY="hunter2", DISCORD_TOKEN="hunter2", SLACK_SIGNING_SECRET="hunter2")

    assert "hunter2" not in repr(config)


@pytest.mark.parametrize("name", ["DATABASE_URL", "HEARTBEAT_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_a_refused_secret_is_not_repeated(tmp_path: Path, name: str) -> None:
    assert "hunter2" not in refusal(tmp_path, **{name: "https://hunter2:hunter2@[::1/ x"})


def test_every_setting_is_described_in_one_line() -> None:
    for setting in SETTINGS:
        assert setting.help.endswith(".")
        assert "\n" not in setting.help
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
