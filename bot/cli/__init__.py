"""The command line: one file per word, one sentence per error.

Exit codes: 0 done; 1 it ran and something failed (said on standard error); 2 the words or settings were wrong.
Standard output has the answer only; logs and errors go to standard error.
"""

import argparse
import asyncio
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from bot.commands.words import nearest, shown
from bot.config import Config, load_config
from bot.errors import CommandError
from bot.keyshapes import refuse_keys
from bot.views.names import clean
from providers import provider_names
from storage.errors import StorageError
from storage.keeping import KINDS

WORDS = ("init", "run", "demo", "ask", "connect", "poll", "forget", "doctor", "db", "keys")
LONGEST_ECHO = 200


class Parser(argparse.ArgumentParser):
    """An argparse parser whose errors are one sentence, without a usage block."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing usage and leaving."""
        words = clean(message)
        raise CommandError(f"{words[:1].upper()}{words[1:LONGEST_ECHO]}. See: {self.prog} --help.")


def run_words(arguments: Sequence[str]) -> int:
    """Do what the words say and return the exit code. Never raises for what people can get wrong."""
    try:
        return _dispatch(list(arguments))
    except CommandError as err:
        print(f"spendbot: {err.sentence}", file=sys.stderr)
        return err.exit_code
    except StorageError as err:
        print(f"spendbot: {_sentence(err.sentence)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("spendbot: stopped.", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # So that closing it says nothing either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _dispatch(arguments: list[str]) -> int:
    for argument in arguments:
        refuse_keys(argument)
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_overview())
        return 0 if arguments else 2
    if arguments[0] in ("-V", "--version"):
        from importlib.metadata import version

        print(f"spendbot {version('spendbot')}")
        return 0
    word = arguments[0]
    if word not in WORDS:
        raise CommandError(
            f'"{shown(clean(word))}" is no command of spendbot. Nearest: spendbot {nearest(word, WORDS)}.'
        )
    module = importlib.import_module(f"bot.cli.{word}")
    parser = Parser(prog=f"spendbot {word}", description=module.__doc__, allow_abbrev=False)
    module.describe(parser)
    options = parser.parse_args(arguments[1:])
    config: Config = module.config(options) if hasattr(module, "config") else read_config()
    if getattr(module, "LOGS", True):
        from bot.logs import set_up_logs  # loading what writes logs takes longer than answering a question

        set_up_logs(config["LOG_LEVEL"], config["LOG_FORMAT"])
    code: int = asyncio.run(module.do(options, config))
    return code


def read_config() -> Config:
    """Read and check every setting."""
    return load_config(os.environ, providers=tuple(provider_names()), keepable=tuple(KINDS))


def _overview() -> str:
    rows = ["spendbot tells a team what it spends on LLM APIs.", ""]
    for word in WORDS:
        text = importlib.import_module(f"bot.cli.{word}").__doc__ or ""
        rows.append(f"  spendbot {word:8} {text.splitlines()[0]}")
    return "\n".join(rows)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
