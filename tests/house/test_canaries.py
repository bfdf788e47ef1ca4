"""The canary plugin: what lets a canary out fails the run, in whatever spelling, and a run that used none says so."""

import base64
import gzip
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import zlib
from collections import Counter

import pytest

from bot.keyshapes import find_key
from storage.keybox import encode_master_key
from tests import canaries, canary_plugin
from tests.house.tree import HOUSE, text_files

SECRETS = {**canaries.OWNERS, canaries.BYSTANDER: "nobody", encode_master_key(canaries.MASTER_KEY): "us"}


def run(*words: str) -> tuple[int, str]:
    """Run tests in a process of their own; return its exit code and what it printed, canaries taken out.

    Their files lie outside of this test's folder, for the plugin of this process looks there.
    """
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
                f"--basetemp={folder}/base",
                *words,
            ],
            cwd=HOUSE,
            env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
            capture_output=True,
            timeout=120,
            check=False,
        )
    printed = done.stdout + done.stderr
    for needle in canaries.spellings().values():
        printed = printed.replace(needle, b"...")
    return done.returncode, printed.decode()


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["one process", "a worker"])
def test_every_way_out_fails_the_test_that_took_it(workers: tuple[str, ...]) -> None:
    file = HOUSE / "tests/house/leaking.py"
    ways = re.findall(r"^(?:async )?def (test_\w+)", file.read_text(), re.MULTILINE)

    code, out = run(str(file), *workers)

    failed = set(re.findall(r"^(?:FAILED|ERROR) \S+::(test_\w+)", out, re.MULTILINE))
    assert code == 1, out
    assert sorted(set(ways) - failed) == ["test_a_file_of_many_tests_holds_it"], out
    assert "A canary got out: file " in out, "what was found after the last test"


def test_a_run_in_which_canaries_stay_where_they_belong_passes_and_says_what_was_looked_at() -> None:
    code, out = run("tests/house/keeping.py")

    assert code == 0, out
    assert re.search(r"canaries: used 2 times; looked at .* 2 requests", out)


def test_a_run_that_used_none_says_so() -> None:
    code, out = run("tests/spend/test_money.py")

    assert code == 0, out
    assert "canaries: NONE WAS USED in this run" in out


def test_a_run_of_all_tests_that_used_none_fails() -> None:
    assert canary_plugin.proves_nothing(Counter(tests=500))
    assert not canary_plugin.proves_nothing(Counter(tests=500, used=1))
    assert not canary_plugin.proves_nothing(Counter(tests=499))


@pytest.mark.parametrize("secret", SECRETS, ids=list(SECRETS.values()))
@pytest.mark.parametrize("offset", range(3))
def test_a_canary_is_found_in_whatever_spelling_and_when_most_of_it_was_cut_off(
    secret: str, offset: int
) -> None:
    text = "x" * offset + secret + "y"
    plain = text.encode()

    for spelled in (
        plain,
        plain[::-1],
        plain.hex().encode(),
        base64.b64encode(plain),
        base64.urlsafe_b64encode(plain),
        urllib.parse.quote(text).encode(),
        "".join(f"%{byte:02X}" for byte in plain).encode(),
        text.encode("utf-16"),
        text.encode("utf-16-be"),
        gzip.compress(plain),
        zlib.compress(plain),
        plain[:-20],
        plain[-30:],
    ):
        assert canaries.hits(spelled), spelled
    assert canaries.hits(b"sk-admin-hN3vKc0TzRw8LmYb2PdUe7GsXa5JoQf1Vi9HtCq6ZkBn4MyEr0-q7Xw") == []


@pytest.mark.parametrize("offset", range(3))
def test_the_bytes_of_a_master_key_are_found_too(offset: int) -> None:
    plain = b"x" * offset + canaries.MASTER_KEY

    for spelled in (plain, plain.hex().encode(), base64.b64encode(plain), repr(plain).encode()):
        assert canaries.hits(spelled), spelled


def test_made_master_keys_are_canaries_and_differ() -> None:
    first, second = canaries.make_master_key(), canaries.make_master_key()

    assert len(first) == len(second) == 32
    assert first != second
    assert canaries.hits(encode_master_key(first).encode())


def test_the_bot_takes_every_canary_of_a_vendor_or_platform_for_a_key() -> None:
    unseen = [secret for secret in canaries.OWNERS if find_key(f"my key is {secret}") is None]

    assert unseen == [canaries.SLACK_SIGNING_SECRET], "hex digits without a beginning of their own"


def test_no_file_of_the_house_holds_the_marker() -> None:
    holders = [name for name, text in text_files() if canaries.MARKER in text]

    assert holders == ["tests/canaries.py"]
