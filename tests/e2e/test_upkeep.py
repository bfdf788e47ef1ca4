"""Looking after it: a key that is revoked, backups while others write, another master key, deleting everything."""

import json
import secrets
import shutil
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.demo.vendors import SimulatedVendors
from bot.demo.vendors.customers import Credential
from tests.e2e.conftest import Connected, connect, settled_days, vendors_now
from tests.e2e.processes import amounts
from tests.e2e.warm import WarmBot
from tests.fakes.serving import served

FIRST, LAST = settled_days()
WINDOW = f"spend {FIRST}..{LAST}"
NEW_KEY = "sk-admin-eT4xWm8KqZn2RxYe7TfLa9LoHv3HcPj6Ci1JtBk8XwDm5NyUr4-t2Gv"


@pytest.fixture
def own(warm: WarmBot) -> Iterator[Connected]:
    """A bot with vendors of its own, whose keys may be revoked."""
    with served(vendors_now()) as vendors:
        connect(warm, vendors)
        yield Connected(warm, vendors)


def bills(vendors: SimulatedVendors) -> dict[str, int]:
    """Return what the settled days cost, by provider."""
    return {
        "openai": vendors.openai.ledger.billed_nanos(FIRST, LAST),
        "anthropic": vendors.anthropic.ledger.billed_nanos(FIRST, LAST),
    }


def test_a_revoked_key_breaks_only_its_connection_and_a_new_key_revives_the_same_one(own: Connected) -> None:
    bot, vendor = own.bot, own.vendors.openai
    credential = vendor.customers.credential(vendor.admin_key)
    assert isinstance(credential, Credential)
    vendor.customers.revoke(vendor.admin_key)

    poll = bot("poll", "--once")

    assert poll.code == 1
    assert poll.out.count("failed. ") == 3
    assert "Harbor Anthropic (anthropic) cost_report: " in poll.out
    answer = bot.ask(WINDOW)
    assert (amounts(answer), answer["warnings"]) == (bills(own.vendors), []), "what is settled stays as it is"
    assert [warning for warning in bot.ask("spend today")["warnings"] if "Harbor OpenAI is broken" in warning]
    findings = json.loads(bot("doctor", "--json").out)
    assert {each["check"]: each["state"] for each in findings if each["check"].startswith("home")} == {
        "home: Harbor OpenAI": "fail",
        "home: Harbor Anthropic": "ok",
    }
    assert bot("doctor").code == 1

    vendor.customers.add(NEW_KEY, credential.customer)
    again = bot.good("connect", "openai", "--key-stdin", "--base-url", vendor.base_url, stdin=NEW_KEY)

    assert "Harbor OpenAI is connected" in again.out, "the label stays"
    keys = bot.good("keys", "list").out.splitlines()
    assert len(keys) == 2
    assert all("  active  " in line for line in keys)
    answer = bot.ask("spend today")
    assert (len(answer["table"]["rows"]), answer["warnings"]) == (2, [])


def test_a_backup_made_while_others_write_is_sound_and_restores(harbor: Connected, tmp_path: Path) -> None:
    bot = harbor.bot
    copy = tmp_path / "copy.db"

    with bot.running("poll", "--once") as poll:
        poll.wait_for(lambda each: "rows" in each.out, within_s=30)
        bot.good("db", "backup", str(copy))
        assert poll.process.wait(60) == 0

    assert copy.stat().st_mode & 0o777 == 0o600
    restored = WarmBot(tmp_path / "restored", zygote=bot.zygote)
    restored.data.mkdir(parents=True)
    shutil.copytree(bot.config, restored.config)
    shutil.copy(copy, restored.database)
    assert restored.good("db", "check").out == "Nothing is wrong.\n"
    assert amounts(restored.ask(WINDOW)) == bills(harbor.vendors)
    restored.good("poll", "--once")
    assert bot("db", "backup", str(copy)).code == 1, "a backup never replaces a file"


def test_damaged_figures_are_found_by_the_check(harbor: Connected) -> None:
    with closing(sqlite3.connect(harbor.bot.database)) as database, database:
        database.execute("UPDATE spend_cell SET nanos = nanos + 1 WHERE day = ?", (str(LAST),))

    done = harbor.bot("db", "check")

    assert done.code == 1
    assert "is not" in done.err or "are not" in done.err


def test_after_rotating_the_master_key_everything_opens_and_the_old_key_is_useless(
    harbor: Connected, tmp_path: Path
) -> None:
    bot = harbor.bot
    fresh = tmp_path / "new.key"
    fresh.write_text(b64encode(secrets.token_bytes(32)).decode())
    fresh.chmod(0o600)
    old = (bot.config / "master.key").read_text()
    before = bot.good("keys", "list").out

    rotated = bot.good("keys", "rotate", "--new-key-file", str(fresh))

    assert "holds the new key" in rotated.out
    assert (bot.config / "master.key").read_text().strip() == fresh.read_text().strip()
    after = bot.good("keys", "list").out
    assert [line.split()[:-1] for line in after.splitlines()] == [
        line.split()[:-1] for line in before.splitlines()
    ]
    assert after != before, "wrapped by another master key"
    bot.good("poll", "--once")
    (bot.config / "master.key").write_text(old)
    refused = bot("ask", "spend")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.count("\n") == 1


def test_no_new_master_key_is_made_while_something_is_sealed(harbor: Connected) -> None:
    (harbor.bot.config / "master.key").unlink()

    refused = harbor.bot("init")

    assert (refused.code, refused.out) == (2, "")
    assert "no master key is set" in refused.err
    assert list(harbor.bot.config.iterdir()) == []


def test_forgetting_asks_first_and_leaves_nothing(harbor: Connected) -> None:
    bot = harbor.bot

    unsure = bot("forget", "home")
    assert unsure.code == 2
    assert len(bot.good("keys", "list").out.splitlines()) == 2
    unknown = bot("forget", "elsewhere", "--yes")
    assert (unknown.code, unknown.err.count("\n")) == (2, 1)

    bot.good("forget", "home", "--yes")

    assert bot.good("keys", "list").out == "No key is stored.\n"
    assert bot.ask("spend")["total"] is None
    assert bot.good("db", "check").out == "Nothing is wrong.\n"
    raw = b"".join(path.read_bytes() for path in bot.data.glob("spendbot.db*"))
    assert b"Harbor OpenAI" not in raw
    assert b"gpt-5-mini" not in raw
