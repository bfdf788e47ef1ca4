"""Make what the bot needs: master key, database, home workspace and a list of settings.

The master key (mode 0600) lies in the configuration folder, never beside the database. `.env` in the data directory
is written once, with what is set and what is missing, and never overwritten.
"""

import argparse
import os

from bot.config import SETTINGS, Config
from bot.master_key import key_file_in_use
from bot.wiring import open_store, real_clock


def describe(parser: argparse.ArgumentParser) -> None:
    """`init` takes nothing."""


async def do(_options: argparse.Namespace, config: Config) -> int:
    """Make what is missing, say where it is."""
    async with open_store(config, now=real_clock()):
        pass
    made = _write_env_file(config)
    print(
        f"Database: {'ready at the address that is set' if config.is_set('DATABASE_URL') else config.data_dir}"
    )
    print(f"Master key: {config.key_file if key_file_in_use(config) else 'from the settings'}")
    print(f"Settings: {config.env_file} ({'made' if made else 'kept as it was'})")
    print("Next: in a chat: put its tokens into those settings, then spendbot doctor and spendbot run.")
    print("      Without one: spendbot connect openai, or spendbot connect anthropic")
    return 0


def _write_env_file(config: Config) -> bool:
    rows = [
        "# Settings of spendbot. The environment wins over this file. docs/reference/settings.md says more.",
        "",
    ]
    for setting in SETTINGS:
        given = config.is_set(setting.name) and config[setting.name] != setting.default
        state = "set in the environment" if given else "not set"
        rows += [f"# {setting.help} ({state})", f"#SPENDBOT_{setting.name}=", ""]
    try:
        descriptor = os.open(config.env_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(rows))
    return True
