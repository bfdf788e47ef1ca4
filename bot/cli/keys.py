"""List the stored keys by fingerprint, or wrap them all under a new master key.

spendbot keys list | rotate --new-key-file F. No key is ever shown.
"""

import argparse
import asyncio
import os
from pathlib import Path

from bot.config import Config
from bot.errors import CommandError, ConfigError
from bot.failpoints import KEY_REPLACED, KEY_WRITTEN, WRAPPED, failpoint
from bot.master_key import find_master_key, key_file_in_use, read_key_file
from bot.wiring import open_store, real_clock
from storage import KeyUnreadableError, RunLeaseHeldError, Store
from storage.keybox import encode_master_key, fingerprint, parse_master_key


def describe(parser: argparse.ArgumentParser) -> None:
    """What to do, and where the new key is."""
    parser.add_argument("action", choices=("list", "rotate"), metavar="list|rotate")
    parser.add_argument(
        "--new-key-file", type=Path, metavar="F", help="a file (0600) with the new master key"
    )


async def do(options: argparse.Namespace, config: Config) -> int:
    """List, or rotate."""
    if (options.action == "rotate") != (options.new_key_file is not None):
        raise CommandError("Rotating needs the new key: spendbot keys rotate --new-key-file FILE.")
    return await (_list(config) if options.action == "list" else _rotate(config, options.new_key_file))


async def _list(config: Config) -> int:
    async with open_store(config, now=real_clock()) as store:
        states = await store.list_keys()
    for key in states:
        hint = f"…{key.hint}" if key.hint else "destroyed"
        print(
            f"{key.workspace}  {key.provider}  {key.label}  {key.state}  {hint}  {key.fingerprint}  {key.kek_id}"
        )
    if not states:
        print("No key is stored.")
    return 0


async def _rotate(config: Config, path: Path) -> int:
    """Wrap everything anew, then put the new key where the old one was; can be run again when it was killed."""
    new_key = _new_key(path)
    old_key = find_master_key(config)
    if old_key is None:
        raise ConfigError("There is no master key yet, so there is nothing to rotate.")
    store = await Store.open(config.database_url, key_source=None, now=real_clock())
    try:
        wrapped = await store.rotate(new_key, real_clock(), old_key=old_key)
    except (RunLeaseHeldError, KeyUnreadableError) as err:
        raise CommandError(err.sentence) from err
    finally:
        await store.close()
    failpoint(WRAPPED)
    print(f"{wrapped} data keys are wrapped by {fingerprint(new_key)} now.")
    if key_file_in_use(config):
        await asyncio.to_thread(_replace_key_file, config.key_file, new_key)
        print(f"{config.key_file} holds the new key. Destroy copies of the old one.")
    else:
        print("Now put the new key where SPENDBOT_MASTER_KEY, its file or its command takes it from.")
    return 0


def _new_key(path: Path) -> bytes:
    try:
        return parse_master_key(read_key_file(path))
    except FileNotFoundError:
        raise CommandError(f"{path} does not exist. It must hold 32 bytes in base64.") from None
    except KeyUnreadableError as err:
        raise CommandError(err.sentence.replace("MASTER_KEY", str(path), 1)) from None


def _replace_key_file(path: Path, key: bytes) -> None:
    """Replace the file in one step, so that a crash leaves the old key or the new one, never half of one."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(encode_master_key(key) + "\n")
        file.flush()
        os.fsync(descriptor)
    failpoint(KEY_WRITTEN)
    fresh.replace(path)
    failpoint(KEY_REPLACED)
