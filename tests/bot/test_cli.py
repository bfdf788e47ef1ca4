"""The command line with forty kinds of bad input: one sentence on standard error, the right code, nothing changed."""

import base64
import hashlib
import io
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from bot import cli

KEY = "sk-admin-" + "hN3vKc0TzRw8" * 4
ANTHROPIC_KEY = "sk-ant-admin01-" + "Kd8vQ2mZxT5w" * 6


@dataclass
class Terminal:
    """A person at a terminal: `run` returns the code; what was written is in `out` and `err`."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    out: str = ""
    err: str = ""

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "data" / "spendbot" / "spendbot.db"

    def run(self, *arguments: str) -> int:
        """Run the command line in this process."""
        self.capture.readouterr()
        code = cli.run_words(arguments)
        self.out, self.err = self.capture.readouterr()
        return code

    def contents(self) -> str:
        """Return a hash of every row of every table."""
        with closing(sqlite3.connect(self.database)) as database:
            rows = "\n".join(database.iterdump())
        return hashlib.sha256(rows.encode()).hexdigest()


@pytest.fixture
def terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Terminal]:
    """A terminal of somebody who has run `init`."""
    for name in [name for name in os.environ if name.startswith("SPENDBOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("sys.stdin", None)
    at = Terminal(tmp_path, capsys)
    assert at.run("init") == 0
    yield at
    structlog.reset_defaults()


def _is_one_sentence(terminal: Terminal) -> bool:
    lines = terminal.err.splitlines()
    return (
        len(lines) == 1
        and lines[0].startswith("spendbot: ")
        and len(lines[0]) < 400
        and lines[0].isprintable()
    )


WORDS: dict[str, tuple[str, ...]] = {
    "an unknown command": ("asc", "spend"),
    "a command of 100 kB": ("a" * 100_000,),
    "a command with control characters": ("\x1b[31mask\n\x00",),
    "an unknown option": ("ask", "spend", "--jsn"),
    "an unknown option of 100 kB": ("ask", "spend", "--" + "x" * 100_000),
    "an option cut short": ("ask", "spend", "--js"),
    "an option without its value": ("ask", "spend", "--chart"),
    "no words to ask": ("ask",),
    "an unknown window": ("ask", "spend todya"),
    "an unknown dimension": ("ask", "spend by modle"),
    "three dimensions": ("ask", "spend by project by model by key"),
    "a word too many": ("ask", "spend status now"),
    "a date no month has": ("ask", "spend 2026-02-30"),
    "a date in the future": ("ask", "spend 2999-01-01"),
    "a date before all history": ("ask", "spend 0001-01-01"),
    "a range that runs backwards": ("ask", "spend 2025-11-09..2025-11-03"),
    "half a range": ("ask", "spend 2025-11-09.."),
    "zero days": ("ask", "spend last 0 days"),
    "a number of days with 400 digits": ("ask", f"spend last {'9' * 400} days"),
    "a negative top": ("ask", "spend by model top -1"),
    "a quote that is never closed": ("ask", 'spend project:"x'),
    "NUL bytes": ("ask", "spend \x00\x00 todya\x00"),
    "100 kB of words": ("ask", "spend " * 20_000),
    "a lone surrogate": ("ask", "spend \udcff by x"),
    "a filter of nothing": ("ask", "spend model:"),
    "an unknown filter": ("ask", "spend colour:blue"),
    "half a command": ("ask", "spend price"),
    "a budget without a period": ("ask", "budget set 500"),
    "a budget of words": ("ask", "budget set five monthly"),
    "a budget of nothing": ("ask", "budget set 0 monthly"),
    "a budget with an exponent": ("ask", "budget set 1e99 monthly"),
    "a budget of no currency": ("ask", "budget set 500 XXX monthly"),
    "a budget for nobody": ("ask", "budget set 500 monthly for mira"),
    "a budget that is not there": ("ask", "budget remove everything"),
    "a discount of everything": ("ask", "spend price discount 100% on x"),
    "a price for a connection that is not there": ("ask", "spend price discount 5% on x"),
    "a zone that is none": ("ask", "spend settings zone Mars/Olympus"),
    "a time that is none": ("ask", "spend summary at 25:61"),
    "an unknown setting in chat": ("ask", "spend settings colour blue"),
    "a connection that is not there": ("ask", "spend disconnect x"),
    "an unknown workspace": ("ask", "spend", "--workspace", "nowhere"),
    "an empty workspace": ("ask", "spend", "--workspace", ""),
    "a workspace with control characters": ("ask", "spend", "--workspace", "a\nb\x00"),
    "a key among the words": ("ask", f"spend {KEY}"),
    "a key of another vendor": ("ask", "spend", ANTHROPIC_KEY),
    "a key as an argument": ("connect", "openai", KEY),
    "a key as a label": ("connect", "openai", "--label", KEY),
    "a key as a command": (KEY,),
    "an unknown provider": ("connect", "opnai"),
    "no provider": ("connect",),
    "a base URL without a scheme": ("connect", "openai", "--key-stdin", "--base-url", "api.openai.com"),
    "plain http to elsewhere": ("connect", "openai", "--key-stdin", "--base-url", "http://example.com/v1"),
    "a private address": ("connect", "openai", "--key-stdin", "--base-url", "https://10.0.0.1/v1"),
    "a base URL with a password": (
        "connect",
        "openai",
        "--key-stdin",
        "--base-url",
        "https://a:b@example.com/v1",
    ),
    "a label of 100 characters": ("connect", "openai", "--key-stdin", "--label", "x" * 100),
    "a label with controls": ("connect", "openai", "--key-stdin", "--label", "a\x07b"),
    "a poll that never ends": ("poll",),
    "a poll of nobody": ("poll", "--once", "--provider", "nobody"),
    "an unknown part of db": ("db", "upgrad"),
    "an unknown part of keys": ("keys", "lst"),
    "a rotation without a file": ("keys", "rotate"),
}


@pytest.mark.parametrize("name", WORDS)
def test_wrong_words_end_in_one_sentence_and_code_2(
    name: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{KEY}\n"))
    before = terminal.contents()

    code = terminal.run(*WORDS[name])

    assert (code, terminal.out) == (2, ""), terminal.err
    assert _is_one_sentence(terminal), terminal.err
    assert KEY[:14] not in terminal.err
    assert ANTHROPIC_KEY[:20] not in terminal.err
    assert terminal.contents() == before


SETTINGS: dict[str, dict[str, str]] = {
    "an unknown setting": {"SPENDBOT_SLAK_BOT_TOKEN": "x"},
    "a zone that is none": {"SPENDBOT_TIMEZONE": "Mars/Olympus"},
    "a port that is none": {"SPENDBOT_HTTP_PORT": "70000"},
    "a port of 5,000 digits": {"SPENDBOT_METRICS_PORT": "1" * 5000},
    "a token of another kind": {"SPENDBOT_SLACK_BOT_TOKEN": "xapp-1-secret-secret"},
    "guilds that are no numbers": {"SPENDBOT_DISCORD_GUILDS": "1,two"},
    "a flag that is none": {"SPENDBOT_ALLOW_PRIVATE": "maybe"},
    "a span without a unit": {"SPENDBOT_REMOVAL_GRACE": "24"},
    "a number of days that is none": {"SPENDBOT_KEEP_AUDIT_DAYS": "9" * 5000},
    "a kind of data that is none": {"SPENDBOT_KEEP_EVERYTHING_DAYS": "9"},
    "a log level that is none": {"SPENDBOT_LOG_LEVEL": "loud"},
    "a base URL that is none": {"SPENDBOT_OPENAI_BASE_URL": "ftp://x"},
    "a private base URL": {"SPENDBOT_ANTHROPIC_BASE_URL": "https://192.168.1.1"},
    "a base URL of nobody": {"SPENDBOT_NOBODY_BASE_URL": "https://example.com"},
    "a database of another kind": {"SPENDBOT_DATABASE_URL": "mysql://user:hunter2@host/db"},
    "a database URL that cannot be read": {"SPENDBOT_DATABASE_URL": "postgresql://user:hunter2@[::1/db"},
    "a database URL with a bad port": {"SPENDBOT_DATABASE_URL": "postgresql://user:hunter2@host:99999/db"},
    "a heartbeat that is no URL": {"SPENDBOT_HEARTBEAT_URL": "hunter2"},
    "a file that is not there": {"SPENDBOT_MASTER_KEY_FILE": "/nowhere/hunter2"},
    "a setting and its file": {"SPENDBOT_TIMEZONE": "UTC", "SPENDBOT_TIMEZONE_FILE": "/etc/hostname"},
    "a master key that is too short": {"SPENDBOT_MASTER_KEY": "aHVudGVyMg=="},
    "a master key that is no base64": {"SPENDBOT_MASTER_KEY": "hunter2!"},
    "two master keys": {"SPENDBOT_MASTER_KEY": "aHVudGVyMg==", "SPENDBOT_MASTER_KEY_COMMAND": "cat x"},
    "another master key": {"SPENDBOT_MASTER_KEY": base64.b64encode(b"7" * 32).decode()},
    "a command for the key that fails": {"SPENDBOT_MASTER_KEY_COMMAND": "/bin/false"},
    "a command for the key that is not there": {"SPENDBOT_MASTER_KEY_COMMAND": "/nowhere/hunter2"},
    "a command for the key with an open quote": {"SPENDBOT_MASTER_KEY_COMMAND": "cat 'x"},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_wrong_settings_end_in_one_sentence_and_code_2(
    name: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = terminal.contents()
    for setting, value in SETTINGS[name].items():
        monkeypatch.setenv(setting, value)

    code = terminal.run("ask", "spend")

    assert (code, terminal.out) == (2, ""), terminal.err
    assert _is_one_sentence(terminal), terminal.err
    assert "hunter2" not in terminal.err.replace("/nowhere/hunter2", "")
    assert terminal.contents() == before


def _text_instead(terminal: Terminal) -> None:
    terminal.database.write_text(
        "this is no database, but a text that is long enough to be looked at. " * 100
    )


def _schema_of_tomorrow(terminal: Terminal) -> None:
    with closing(sqlite3.connect(terminal.database)) as database, database:
        database.execute("update alembic_version set version_num = '9999_tomorrow'")


def _no_key_left(terminal: Terminal) -> None:
    (terminal.folder / "config" / "spendbot" / "master.key").unlink()


def _key_for_all_to_read(terminal: Terminal) -> None:
    (terminal.folder / "config" / "spendbot" / "master.key").chmod(0o644)


def _env_file_of_noise(terminal: Terminal) -> None:
    (terminal.database.parent / ".env").write_text("SPENDBOT_TIMEZONE=UTC\nwhat is this\n")


def _env_file_of_bytes(terminal: Terminal) -> None:
    (terminal.database.parent / ".env").write_bytes(b"\xff\xfe\x00")


def _folder_instead_of_database(terminal: Terminal) -> None:
    for file in terminal.database.parent.glob("spendbot.db*"):
        file.unlink()
    terminal.database.mkdir()


HOUSES: dict[str, tuple[Callable[[Terminal], None], int]] = {
    "a file that is no database": (_text_instead, 1),
    "a schema of tomorrow": (_schema_of_tomorrow, 2),
    "no master key any more": (_no_key_left, 2),
    "a master key that all may read": (_key_for_all_to_read, 2),
    "noise in .env": (_env_file_of_noise, 2),
    "bytes in .env": (_env_file_of_bytes, 2),
    "a folder in place of the database": (_folder_instead_of_database, 1),
}


@pytest.mark.parametrize("name", HOUSES)
def test_a_house_in_disorder_is_said_in_one_sentence(name: str, terminal: Terminal) -> None:
    disturb, code = HOUSES[name]
    disturb(terminal)
    before = _kept(terminal)

    assert (terminal.run("ask", "spend"), terminal.out) == (code, ""), terminal.err
    assert _is_one_sentence(terminal), terminal.err
    assert _kept(terminal) == before


def _kept(terminal: Terminal) -> str:
    """Return what the database holds, or the bytes of what stands in its place."""
    try:
        return terminal.contents()
    except sqlite3.Error:
        return str(terminal.database.read_bytes()) if terminal.database.is_file() else "a folder"


def test_no_new_master_key_is_made_for_a_database_that_has_one(terminal: Terminal) -> None:
    _no_key_left(terminal)

    assert terminal.run("ask", "spend") == 2
    assert not (terminal.folder / "config" / "spendbot" / "master.key").exists()


def test_a_data_folder_that_cannot_be_made_is_code_2(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    (terminal.folder / "file").write_text("")
    monkeypatch.setenv("SPENDBOT_DATA_DIR", str(terminal.folder / "file" / "below"))

    assert terminal.run("ask", "spend") == 2
    assert _is_one_sentence(terminal), terminal.err


@pytest.mark.parametrize("place", ["/nowhere/at/all.png", "\x00.png"])
def test_a_picture_that_cannot_be_written_is_said(terminal: Terminal, place: str) -> None:
    code = terminal.run("ask", "spend", "--chart", place)

    assert code in (0, 2)  # with nothing connected there is no picture to write
    assert len(terminal.err.splitlines()) == 1


def test_a_command_alone_shows_the_overview_and_code_2(terminal: Terminal) -> None:
    assert terminal.run() == 2
    assert terminal.run("--help") == 0
    assert "spendbot ask" in terminal.out


def test_init_says_where_things_are_and_keeps_what_is_there(terminal: Terminal) -> None:
    env = terminal.database.parent / ".env"
    key = terminal.folder / "config" / "spendbot" / "master.key"
    env.write_text("SPENDBOT_TIMEZONE=Europe/Berlin\n")
    sealed = key.read_text()

    assert terminal.run("init") == 0

    assert env.read_text() == "SPENDBOT_TIMEZONE=Europe/Berlin\n"
    assert key.read_text() == sealed
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(terminal.database.stat().st_mode) == 0o600
    assert str(key) in terminal.out


def test_asking_before_init_does_what_init_does(
    tmp_path: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPENDBOT_DATA_DIR", str(tmp_path / "new"))
    monkeypatch.setenv("SPENDBOT_CONFIG_DIR", str(tmp_path / "new-keys"))

    assert terminal.run("ask", "spend", "--json") == 0

    assert (tmp_path / "new-keys" / "master.key").exists()
    assert '"total": null' in terminal.out
    assert terminal.err == ""


def test_as_a_process_it_ends_with_the_code_and_one_sentence(terminal: Terminal) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "spend todya"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(cli.__file__).parent.parent.parent,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith('spendbot: "todya" is not a window.')
    assert len(done.stderr.splitlines()) == 1
