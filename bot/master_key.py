"""Where the master key comes from: a setting, a file, a command, or the key file that `init` makes.

The rule to remember: a new key is made only where nothing is sealed yet, and never beside the database.
"""

import os
import subprocess
from pathlib import Path

from bot.config import Config, refuse_open_file
from bot.errors import ConfigError
from storage.errors import KeyUnreadableError
from storage.keybox import encode_master_key, new_master_key, parse_master_key

COMMAND_TIMEOUT_S = 10


def find_master_key(config: Config) -> bytes | None:
    """Return the master key from the source that is set, else from the key file; None when there is none.

    Raises ConfigError with one sentence when the source cannot be read or holds no key.
    """
    if config.is_set("MASTER_KEY"):
        return _parse(str(config["MASTER_KEY"]), "SPENDBOT_MASTER_KEY")
    if config.is_set("MASTER_KEY_COMMAND"):
        return _parse(_from_command(config["MASTER_KEY_COMMAND"]), "What SPENDBOT_MASTER_KEY_COMMAND prints")
    try:
        text = read_key_file(config.key_file)
    except FileNotFoundError:
        return None
    return _parse(text, str(config.key_file))


def read_key_file(path: Path) -> str:
    """Return a key file's text; refused when others than its owner may read it. Raises FileNotFoundError too."""
    try:
        refuse_open_file(path)
        return path.read_text(encoding="ascii")
    except (PermissionError, IsADirectoryError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path} cannot be read as a key file ({type(err).__name__}).") from None


def make_key_file(path: Path) -> bytes:
    """Make a new master key in a file of mode 0600 that did not exist, and return it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = new_master_key()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        os.fchmod(descriptor, 0o600)
        file.write(encode_master_key(key) + "\n")
        file.flush()
        os.fsync(descriptor)
    return key


def key_file_in_use(config: Config) -> bool:
    """Tell whether the key file is where the key comes from."""
    return not config.is_set("MASTER_KEY") and not config.is_set("MASTER_KEY_COMMAND")


def _parse(text: str, source: str) -> bytes:
    try:
        return parse_master_key(text)
    except KeyUnreadableError as err:
        raise ConfigError(err.sentence.replace("MASTER_KEY", source, 1)) from None


def _from_command(command: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command, without a shell
            command,
            capture_output=True,
            timeout=COMMAND_TIMEOUT_S,
            check=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        raise ConfigError(f"SPENDBOT_MASTER_KEY_COMMAND gave no key within {COMMAND_TIMEOUT_S} s.") from None
    except (OSError, subprocess.CalledProcessError, UnicodeDecodeError) as err:
        raise ConfigError(f"SPENDBOT_MASTER_KEY_COMMAND failed ({type(err).__name__}).") from None
    return done.stdout
