"""The master key: where it is looked for, who may read it, and that a first one is made only once."""

import base64
import stat
import sys
from pathlib import Path

import pytest

from bot.config import Config, load_config
from bot.errors import ConfigError
from bot.master_key import find_master_key, key_file_in_use, make_key_file, read_key_file
from tests.canaries import watch

KEY = bytes(range(200, 232))
STANDARD = base64.b64encode(KEY).decode()
URL_SAFE = base64.urlsafe_b64encode(KEY).decode()


def settings(home: Path, **given: str) -> Config:
    """Read settings of somebody whose home is `home`."""
    environ = {"HOME": str(home)} | {f"SPENDBOT_{name}": value for name, value in given.items()}
    return load_config(environ, providers=(), keepable=())


def put(path: Path, text: str, mode: int = 0o600) -> Path:
    """Write a key file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("text", [STANDARD, URL_SAFE, URL_SAFE.rstrip("=")])
def test_a_key_is_read_in_both_alphabets(tmp_path: Path, text: str) -> None:
    assert find_master_key(settings(tmp_path, MASTER_KEY=text)) == KEY


def test_it_may_come_from_a_file_that_a_setting_names(tmp_path: Path) -> None:
    file = put(tmp_path / "secret", f"{STANDARD}\n")

    assert find_master_key(settings(tmp_path, MASTER_KEY_FILE=str(file))) == KEY


def test_it_may_come_from_a_command(tmp_path: Path) -> None:
    command = f"{sys.executable} -c 'print(\"{STANDARD}\")'"

    config = settings(tmp_path, MASTER_KEY_COMMAND=command)

    assert find_master_key(config) == KEY
    assert not key_file_in_use(config)


def test_a_command_is_run_without_a_shell(tmp_path: Path) -> None:
    config = settings(tmp_path, MASTER_KEY_COMMAND=f"echo {STANDARD} > {tmp_path / 'made'}")

    with pytest.raises(ConfigError):
        find_master_key(config)
    assert not (tmp_path / "made").exists()


def test_it_lies_in_the_configuration_folder_otherwise(tmp_path: Path) -> None:
    config = settings(tmp_path)
    put(config.key_file, f"{STANDARD}\n")

    assert find_master_key(config) == KEY
    assert key_file_in_use(config)


def test_without_any_source_there_is_none(tmp_path: Path) -> None:
    assert find_master_key(settings(tmp_path)) is None


def test_a_new_one_is_readable_by_its_owner_only_and_found_again(tmp_path: Path) -> None:
    config = settings(tmp_path)

    key = make_key_file(config.key_file)

    assert len(key) == 32
    assert stat.S_IMODE(config.key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(config.key_file.parent.stat().st_mode) == 0o700
    assert find_master_key(config) == key
    watch.allow(tmp_path / "other" / "key")
    assert make_key_file(tmp_path / "other" / "key") != key


def test_one_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    file = put(tmp_path / "master.key", STANDARD)

    with pytest.raises(FileExistsError):
        make_key_file(file)
    assert file.read_text() == STANDARD


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_that_others_may_read_is_refused_with_the_way_to_mend_it(tmp_path: Path, mode: int) -> None:
    file = put(tmp_path / "master.key", STANDARD, mode)

    sentence = f"{file} may be read by others than its owner. Run: chmod 600 {file}"
    for read in (lambda: read_key_file(file), lambda: settings(tmp_path, MASTER_KEY_FILE=str(file))):
        with pytest.raises(ConfigError) as caught:
            read()
        assert caught.value.sentence == sentence


@pytest.mark.parametrize("text", ["", "hunter2", STANDARD[:-4], STANDARD + STANDARD, "ä" * 44])
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    config = settings(tmp_path)
    put(config.key_file, text)

    with pytest.raises(ConfigError) as caught:
        find_master_key(config)

    assert str(config.key_file) in caught.value.sentence
    assert not text or text not in caught.value.sentence


@pytest.mark.parametrize(
    ("command", "words"),
    [("/bin/false", "failed"), ("/nowhere/at/all", "failed"), ("/bin/echo hunter2", "hunter2 is not")],
)
def test_a_command_that_gives_no_key_is_refused(tmp_path: Path, command: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        find_master_key(settings(tmp_path, MASTER_KEY_COMMAND=command))

    assert "SPENDBOT_MASTER_KEY_COMMAND" in caught.value.sentence
    assert "hunter2" not in caught.value.sentence
    assert words == "hunter2 is not" or words in caught.value.sentence
