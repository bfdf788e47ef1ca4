"""Settings: environment variables with the prefix SPENDBOT_, or files named by SPENDBOT_..._FILE, or `.env`.

One table says what there is; every setting is checked at every start, also those a command does not use. Nothing else
in the program reads the environment. Values are never repeated in an error text: they may be secrets.
"""

import difflib
import os
import re
import shlex
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import ConfigError
from providers import BadBaseUrlError, check_base_url

PREFIX = "SPENDBOT_"
DOOR_SETTINGS = ("VENV", "PYTHON", "UV_DIR", "OWN_UV", "TEST_WORKERS")  # read by the script ./spendbot alone


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: how its text becomes a value, and one line on what it is for (docs/reference/settings.md)."""

    name: str
    read: Callable[[str], Any]
    help: str
    default: Any = None
    is_secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting, checked. `base_urls` by provider name; `keep_days` by kind of data (0 = for ever).

    `plain_output`: NO_COLOR is set (no-color.org).
    """

    data_dir: Path
    config_dir: Path
    database_url: str
    values: Mapping[str, Any] = field(repr=False)
    base_urls: Mapping[str, str] = field(default_factory=dict)
    keep_days: Mapping[str, int] = field(default_factory=dict)
    from_files: frozenset[str] = frozenset()
    plain_output: bool = False

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def is_set(self, name: str) -> bool:
        """Tell whether a setting was given (an empty one counts as unset)."""
        return name in self.values and self.values[name] is not None

    def is_from_file(self, name: str) -> bool:
        """Tell whether a setting was read from the file that SPENDBOT_..._FILE names."""
        return name in self.from_files

    @property
    def key_file(self) -> Path:
        """Where `init` keeps the master key when no other source is named: never beside the database."""
        return self.config_dir / "master.key"

    @property
    def env_file(self) -> Path:
        """The `.env` that is read at start and never overwritten."""
        return self.data_dir / ".env"


def _text(value: str) -> str:
    return value


def _token(prefix: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not value.startswith(prefix) or not re.fullmatch(r"[\x21-\x7e]+", value):
            raise ValueError(f"it starts with {prefix} and has no spaces")
        return value

    return read


def _discord_token(value: str) -> str:
    token = value.strip().removeprefix("Bot ")
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise ValueError("it is one word without spaces, as the page Bot of the application shows it")
    return token


def _split_url(value: str) -> SplitResult | None:
    """Return a URL's parts; None when it is none. The error of the library may repeat a password: it ends here."""
    try:
        parts = urlsplit(value)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None


def _url(*schemes: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        parts = _split_url(value)
        if parts is None or parts.scheme not in schemes or not parts.hostname:
            raise ValueError(f"it is a URL that starts with {' or '.join(s + '://' for s in schemes)}")
        return value

    return read


def _database_url(value: str) -> str:
    parts = _split_url(value)
    if parts is not None and parts.path.strip("/"):
        kind = parts.scheme.partition("+")[0]  # a driver may be named; storage has its own
        # A socket's folder stands in the query.
        has_server = parts.hostname or parse_qs(parts.query).get("host")
        if (kind in ("postgresql", "postgres") and has_server) or (kind == "sqlite" and not parts.netloc):
            return value
    raise ValueError("it is sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")


def _port(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value) or not 1 <= int(value) <= 65535:
        raise ValueError("it is a number from 1 to 65535")
    return int(value)


def _flag(value: str) -> bool:
    words = {
        "on": True,
        "true": True,
        "yes": True,
        "1": True,
        "off": False,
        "false": False,
        "no": False,
        "0": False,
    }
    if value.lower() not in words:
        raise ValueError("it is on or off")
    return words[value.lower()]


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("it is a zone name such as Europe/Berlin") from None
    return value


def _span(value: str) -> timedelta:
    match = re.fullmatch(r"(\d{1,5})\s*(s|m|h|d)", value)
    if match is None:
        raise ValueError("it is a number with s, m, h or d, such as 24h")
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[match[2]]
    return timedelta(**{unit: int(match[1])})


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _ids(value: str) -> tuple[str, ...]:
    ids = _list(value)
    if not all(part.isdecimal() for part in ids):
        raise ValueError("it is a list of server ids (digits) with commas")
    return ids


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() not in words:
            raise ValueError(f"it is {', '.join(words[:-1])} or {words[-1]}")
        return value.lower()

    return read


def _command(value: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(value))
    except ValueError:
        raise ValueError("it is a command with its arguments, quotes closed") from None
    if not words:
        raise ValueError("it is a command with its arguments")
    return words


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "DATABASE_URL",
        _database_url,
        "Where everything is kept; a SQLite file in the data directory if unset.",
        is_secret=True,
    ),
    Setting("DATA_DIR", _text, "Where the database and .env lie; $XDG_DATA_HOME/spendbot if unset."),
    Setting("CONFIG_DIR", _text, "Where the master key file lies; $XDG_CONFIG_HOME/spendbot if unset."),
    Setting(
        "MASTER_KEY",
        _text,
        "32 bytes in base64 that unlock every stored key; a file or a command is safer.",
        is_secret=True,
    ),
    Setting(
        "MASTER_KEY_COMMAND",
        _command,
        "A command that prints the master key; run without a shell, 10 s at most.",
    ),
    Setting("SLACK_BOT_TOKEN", _token("xoxb-"), "The bot token of the Slack app.", is_secret=True),
    Setting("SLACK_APP_TOKEN", _token("xapp-"), "The app-level token for Socket Mode.", is_secret=True),
    Setting("SLACK_SIGNING_SECRET", _text, "Checks requests in HTTP mode.", is_secret=True),
    Setting("SLACK_CLIENT_ID", _text, "OAuth client id, for several Slack workspaces."),
    Setting(
        "SLACK_CLIENT_SECRET", _text, "OAuth client secret, for several Slack workspaces.", is_secret=True
    ),
    Setting("SLACK_API_URL", _url("https", "http"), "Slack's Web API, for tests and proxies; ends in /api/."),
    Setting("DISCORD_TOKEN", _discord_token, "The token of the Discord bot.", is_secret=True),
    Setting(
        "DISCORD_GUILDS",
        _ids,
        "Ids of the Discord servers that belong to the home workspace, with commas.",
        (),
    ),
    Setting(
        "DISCORD_API_URL", _url("https", "http"), "Discord's API, for tests and proxies; includes /api/v10."
    ),
    Setting("ADMINS", _list, "People who may change things, as platform:user id, with commas.", ()),
    Setting("TIMEZONE", _zone, "The zone of new workspaces.", "UTC"),
    Setting(
        "STORE_USER_NAMES",
        _flag,
        "Whether names and addresses of people may be read and kept, for new workspaces.",
        False,
    ),
    Setting("HTTP_HOST", _text, "Where the health page and Slack's HTTP mode listen.", "127.0.0.1"),
    Setting("HTTP_PORT", _port, "The port of the health page and of Slack's HTTP mode; no server if unset."),
    Setting("PUBLIC_URL", _url("https"), "The address under which Slack reaches this server in HTTP mode."),
    Setting("METRICS_PORT", _port, "The port of the metrics page; none if unset."),
    Setting(
        "HEARTBEAT_URL",
        _url("https", "http"),
        "Called after each good pass, so that a dead bot is noticed.",
        is_secret=True,
    ),
    Setting(
        "REMOVAL_GRACE",
        _span,
        "How long a Discord server may be gone before its keys are destroyed.",
        timedelta(hours=24),
    ),
    Setting("ALLOW_PRIVATE", _flag, "Whether base URLs may lead to private addresses.", False),
    Setting("LOG_LEVEL", _one_of("debug", "info", "warning", "error"), "How much is logged.", "info"),
    Setting("LOG_FORMAT", _one_of("text", "json"), "How log lines look.", "text"),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


def load_config(
    environ: Mapping[str, str],
    *,
    providers: tuple[str, ...],
    keepable: tuple[str, ...],
    data_dir: Path | None = None,
    config_dir: Path | None = None,
) -> Config:
    """Read and check every setting: the environment first, then `.env` in the data directory.

    `providers` and `keepable` name the families <PROVIDER>_BASE_URL and KEEP_<KIND>_DAYS. `data_dir` and `config_dir`
    override the settings (the demo keeps a house of its own). Raises ConfigError with one sentence.
    """
    given = _prefixed(environ)
    folder = (
        data_dir or Path(given.get("DATA_DIR") or _xdg(environ, "XDG_DATA_HOME", ".local/share")).expanduser()
    )
    if data_dir is None:
        given = {**_prefixed(_read_env_file(folder / ".env")), **given}
    families = {f"{name.upper()}_BASE_URL": name for name in providers}
    keeps = {f"KEEP_{kind.upper()}_DAYS": kind for kind in keepable}
    texts = _resolve_files(given, {*_BY_NAME, *families, *keeps})
    values = {s.name: _value(s, texts[s.name]) if s.name in texts else s.default for s in SETTINGS}
    if values["MASTER_KEY"] is not None and values["MASTER_KEY_COMMAND"] is not None:
        raise ConfigError(
            "SPENDBOT_MASTER_KEY and SPENDBOT_MASTER_KEY_COMMAND are both set; keep one of them."
        )
    secrets_at = (
        config_dir or Path(values["CONFIG_DIR"] or _xdg(environ, "XDG_CONFIG_HOME", ".config")).expanduser()
    )
    return Config(
        data_dir=folder,
        config_dir=secrets_at,
        database_url=values["DATABASE_URL"] or f"sqlite:///{folder / 'spendbot.db'}",
        values=values,
        base_urls={
            families[name]: _base_url(name, texts[name], allow_private=values["ALLOW_PRIVATE"])
            for name in families
            if name in texts
        },
        keep_days={keeps[name]: _days(name, texts[name]) for name in keeps if name in texts},
        from_files=frozenset(name.removesuffix("_FILE") for name in given if name.endswith("_FILE")),
        plain_output=bool(environ.get("NO_COLOR")),
    )


def _prefixed(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        name[len(PREFIX) :]: value
        for name, value in environ.items()
        if name.startswith(PREFIX) and value != ""
    }


def _xdg(environ: Mapping[str, str], name: str, fallback: str) -> str:
    base = environ.get(name) or os.path.join(environ.get("HOME") or "~", fallback)
    return os.path.join(base, "spendbot")


def _read_env_file(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as err:
        raise ConfigError(
            f"{path} cannot be read ({type(err).__name__}). Mend its rights, or move it away."
        ) from None
    pairs = {}
    for number, raw in enumerate(text.splitlines(), 1):
        row = raw.strip().removeprefix("export ")
        if not row or row.startswith("#"):
            continue
        name, equals, value = row.partition("=")
        if not equals:
            raise ConfigError(f"Line {number} of {path} is not NAME=value. Mend or remove it.")
        pairs[name.strip()] = value.strip().strip("'\"")
    return pairs


def _resolve_files(given: Mapping[str, str], known: set[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, value in sorted(given.items()):
        base = name.removesuffix("_FILE")
        if name in DOOR_SETTINGS:
            continue
        if name in known:
            texts[name] = value
        elif base in known and base != name:
            if base in given:
                raise ConfigError(f"{PREFIX}{base} and {PREFIX}{name} are both set; keep one of them.")
            texts[base] = _file_content(PREFIX + name, Path(value))
        else:
            nearest = difflib.get_close_matches(name, known, 1, 0)
            raise ConfigError(f"{PREFIX}{name} is not a setting. Nearest: {PREFIX}{nearest[0]}.")
    return {name: text for name, text in texts.items() if text}


def refuse_open_file(path: Path) -> None:
    """Raise ConfigError when others than its owner may read a file that holds a master key."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigError(f"{path} may be read by others than its owner. Run: chmod 600 {path}")


def _file_content(name: str, path: Path) -> str:
    try:
        if name == f"{PREFIX}MASTER_KEY_FILE":
            refuse_open_file(path)
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as err:
        raise ConfigError(
            f"{name} names a file that cannot be read ({type(err).__name__}). Check path and rights."
        ) from None


def _value(setting: Setting, text: str) -> Any:
    try:
        return setting.read(text)
    except ValueError as err:
        raise ConfigError(f"{PREFIX}{setting.name} cannot be used: {err}.") from None


def _base_url(name: str, text: str, *, allow_private: bool) -> str:
    try:
        return check_base_url(text, allow_private)
    except BadBaseUrlError as err:
        raise ConfigError(f"{PREFIX}{name} cannot be used. {err.sentence}") from None


def _days(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 36500:
        raise ConfigError(f"{PREFIX}{name} cannot be used: it is a number of days, 0 for ever.")
    return int(text)
