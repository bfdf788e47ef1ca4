"""Tests that let a canary out, each in another way; tests/house/test_canaries.py runs them and sees them fail."""

import base64
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp import web

from tests.canaries import (
    ANTHROPIC_KEY,
    DISCORD_TOKEN,
    MASTER_KEY,
    OPENAI_KEY,
    SLACK_APP_TOKEN,
    SLACK_BOT_TOKEN,
    watch,
)


@dataclass
class Shown:
    """A class of the bot, as far as its module says, whose repr shows what it holds."""

    key: str


Shown.__module__ = "bot.made_up"


@pytest.fixture
def shown() -> Shown:
    return Shown(ANTHROPIC_KEY)


@pytest.fixture(scope="module")
def folder_of_many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("many")


async def send(owner: str, path: str = "/", **request: Any) -> None:
    """Send one request to a server of this owner, '' = a stranger's."""

    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    watch.belongs(url, owner)
    async with aiohttp.ClientSession() as session, session.post(url + path, **request):
        pass
    await runner.cleanup()


def test_a_library_logs_it_at_debug() -> None:
    logging.getLogger("some.library").debug("sent %s", {"x-api-key": ANTHROPIC_KEY})


def test_a_traceback_is_logged() -> None:
    try:
        raise ValueError(OPENAI_KEY)
    except ValueError:
        logging.getLogger("some.library").warning("it failed", exc_info=True)


def test_an_event_says_it() -> None:
    structlog.get_logger().debug("polled", key=OPENAI_KEY)


def test_it_is_printed() -> None:
    print(SLACK_BOT_TOKEN)


def test_it_is_printed_and_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    print(SLACK_APP_TOKEN)

    assert "xapp" in capsys.readouterr().out


def test_an_exception_that_was_expected_has_it_as_its_cause() -> None:
    with pytest.raises(ValueError, match="refused"):
        raise ValueError("refused") from KeyError(DISCORD_TOKEN)


def test_an_exception_that_was_not_expected_has_it() -> None:
    raise ValueError(DISCORD_TOKEN)


def test_a_file_holds_it_in_base64(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "dump.json").write_bytes(b"{" + base64.b64encode(b"at" + OPENAI_KEY.encode()))


def test_a_database_holds_the_bytes_of_the_master_key(tmp_path: Path) -> None:
    (tmp_path / "spendbot.db").write_bytes(b"SQLite format 3\0" + MASTER_KEY)


def test_a_repr_shows_it(shown: Shown) -> None:
    assert shown.key


async def test_a_key_goes_to_another_vendor() -> None:
    await send("anthropic", headers={"Authorization": f"Bearer {OPENAI_KEY}"})


async def test_a_key_goes_to_a_stranger() -> None:
    await send("", headers={"x-api-key": ANTHROPIC_KEY})


async def test_a_key_stands_in_an_address() -> None:
    await send("openai", path=f"/v1/costs?key={OPENAI_KEY}")


async def test_a_token_stands_in_a_message() -> None:
    await send("slack", json={"text": SLACK_BOT_TOKEN})


def test_the_environment_is_dumped() -> None:
    print(dict(os.environ))


def test_a_file_of_many_tests_holds_it(folder_of_many: Path) -> None:
    """Found after the last test: this one passes, the run does not."""
    (folder_of_many / "late.txt").write_text(OPENAI_KEY)
