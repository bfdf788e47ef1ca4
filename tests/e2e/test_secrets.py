"""Unique keys are planted wherever a key may enter; none may be found but in its place, in whatever spelling."""

import base64
import gzip
import json
import re
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.vendors import SimulatedVendors
from bot.demo.vendors.customers import Credential
from tests.e2e.conftest import vendors_now
from tests.e2e.processes import Bot, Running
from tests.e2e.warm import WarmBot
from tests.fakes.serving import served

PLANTED = {
    "openai": "sk-admin-cAn4ryOpenAiQqWwEeRrTtYyUuIiOoPpAaSsDdFfGgHhJjKk-cN1",
    "anthropic": "sk-ant-admin01-cAn4ryAnthropicZzXxCcVvBbNnMmLlKkJjHhGgFfDdSsAaQq-cN2",
}
REVOKED = "sk-admin-cAn4ryRevokedPpOoIiUuYyTtRrEeWwQqMmNnBbVvCcXxZz-cN3"
SPOKEN = "sk-ant-api03-cAn4rySpokenAloudLlKkJjHhGgFfDdSsAaPpOoIiUu-cN4"


def spellings(secret: str) -> dict[str, bytes]:
    """Return the ways in which a secret may hide; base64 at each of its three offsets."""
    plain = secret.encode()
    found = {
        "plain": plain,
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "url": urllib.parse.quote(secret, safe="").replace("-", "%2D").encode(),
        "utf-16": secret.encode("utf-16-le"),
        "reversed": plain[::-1],
        "json": json.dumps(secret)[1:-1].replace("-", "\\u002d").encode(),
    }
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + plain)
        inside = encoded[4 if offset else 0 : -4]
        found[f"base64+{offset}"] = inside
        found[f"base64url+{offset}"] = inside.replace(b"+", b"-").replace(b"/", b"_")
    return found


def hits(where: bytes, secrets: dict[str, str]) -> list[str]:
    """Name every spelling of every secret that stands there; a tail of 20 characters counts as well."""
    return [
        f"{name}: {spelling}"
        for name, secret in secrets.items()
        for spelling, needle in {**spellings(secret), "tail": secret[-20:].encode()}.items()
        if needle in where
    ]


def below(*folders: Path) -> bytes:
    """Return every byte of every file below the folders, compressed ones unpacked too."""
    found = bytearray()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                found += content
                if content[:2] == b"\x1f\x8b":
                    found += gzip.decompress(content)
    return bytes(found)


def proc(running: Running) -> bytes:
    """Return arguments and environment of a process and of every process below it."""
    found = b""
    waiting = [running.process.pid]
    while waiting:
        pid = waiting.pop()
        for name in ("cmdline", "environ"):
            found += Path(f"/proc/{pid}/{name}").read_bytes() + b"\n"
        for task in Path(f"/proc/{pid}/task").iterdir():
            waiting += [int(child) for child in (task / "children").read_text().split()]
    return found


@pytest.fixture
def vendors() -> Iterator[SimulatedVendors]:
    """Vendors that know the planted keys."""
    with served(vendors_now(days=4)) as started:
        for provider, key in {**PLANTED, "openai_revoked": REVOKED}.items():
            vendor = getattr(started, provider.split("_")[0])
            known = vendor.customers.credential(vendor.admin_key)
            assert isinstance(known, Credential)
            vendor.customers.add(key, known.customer)
        yield started


def test_no_planted_key_is_ever_written_printed_or_passed_on(
    warm: WarmBot, vendors: SimulatedVendors, tmp_path: Path
) -> None:
    bot = Bot(warm.home, {"LOG_LEVEL": "debug"})  # for what is seen of a process from outside
    warm.settings = bot.settings
    said: list[str] = []

    def say(*words: str, stdin: str = "") -> int:
        done = warm(*words, stdin=stdin)
        said.extend((done.out, done.err))
        return done.code

    def base(provider: str) -> str:
        return str(getattr(vendors, provider).base_url)

    say("init")
    master = (bot.config / "master.key").read_text().strip()
    secrets = {**PLANTED, "revoked": REVOKED, "spoken": SPOKEN, "master": master}
    assert hits(base64.b64encode(b"x" + REVOKED.encode()), secrets), "the search itself finds what is hidden"

    for provider, key in PLANTED.items():
        assert say("connect", provider, "--key-stdin", "--base-url", base(provider), stdin=f"{key}\n") == 0
    assert say("connect", "openai", "--key-stdin", "--base-url", base("openai"), stdin=REVOKED) == 1
    assert (
        say("connect", "anthropic", "--key-stdin", "--base-url", base("openai"), stdin=PLANTED["anthropic"])
        == 1
    )
    assert say("connect", "openai", "--key-stdin", "--base-url", "http://127.0.0.1:1/v1", stdin=REVOKED) == 1
    assert say("connect", "openai", SPOKEN) == 2
    assert say("connect", "openai", "--label", SPOKEN, "--key-stdin", stdin=REVOKED) == 2
    assert say("ask", f"spend by {SPOKEN}") == 2
    assert say("ask", f"budget set 500 monthly for key:{SPOKEN}") == 2
    vendors.openai.customers.revoke(PLANTED["openai"])
    assert say("poll", "--once") == 1
    for words in ("spend by key", "spend connections", "spend status", "spend settings"):
        say("ask", words, "--json")
        say("ask", words)
    say("doctor")
    say("keys", "list")
    say("db", "backup", str(tmp_path / "copy.db"))
    say("ask", "budget set 1 monthly")
    with bot.running("run") as run:
        run.wait_for(lambda each: "set a budget" in each.out, within_s=30)
        passed_on = proc(run)
        while_it_runs = below(bot.data)
        run.terminate()

    for place, content in {
        "terminal": "".join(said).encode(),
        "database, WAL, backup, pictures": below(bot.data) + (tmp_path / "copy.db").read_bytes(),
        "database and WAL while it runs": while_it_runs,
        "output and log of run": (run.out + run.err).encode(),
        "arguments and environment": passed_on,
    }.items():
        assert content, place
        assert hits(content, secrets) == [], place
    in_config = below(bot.config)
    assert hits(in_config, {name: key for name, key in secrets.items() if name != "master"}) == []
    seen = [request for vendor in (vendors.openai, vendors.anthropic) for request in vendor.requests]
    assert hits(repr(seen).encode(), secrets) == [], "keys travel in headers, never in addresses"
    assert not re.search(r"cAn4ry", "".join(said)), "not even a part of one"


def test_a_master_key_from_a_file_or_a_command_is_never_passed_on(bot: Bot, tmp_path: Path) -> None:
    master = base64.b64encode(bytes(range(7, 39))).decode()
    key_file = tmp_path / "elsewhere.key"
    key_file.write_text(master)
    key_file.chmod(0o600)
    raw = {"master": master, "bytes": base64.b64decode(master).decode("latin-1")}

    for settings in ({"MASTER_KEY_FILE": str(key_file)}, {"MASTER_KEY_COMMAND": f"cat {key_file}"}):
        bot.settings = {"LOG_LEVEL": "debug", **settings}
        with bot.running("run") as run:
            run.wait_for(lambda each: "started" in each.err, within_s=30)
            everything = proc(run) + below(bot.data, bot.config)
            run.terminate()
        everything += (run.out + run.err).encode()

        assert hits(everything, raw) == []
        assert not (bot.config / "master.key").exists()
