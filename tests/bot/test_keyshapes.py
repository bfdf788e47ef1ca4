"""Keys of every known form are caught wherever they stand; what people really type is not."""

import random
import string
import time

import pytest

from bot.commands.words import split_words
from bot.errors import CommandError
from bot.keyshapes import find_key, hide_keys, refuse_keys

ALNUM = string.ascii_letters + string.digits
URL_SAFE = ALNUM + "_-"
UPPER = string.ascii_uppercase + string.digits
NUMBER = 100_000

# (what comes before, alphabet, shortest, longest) as the vendors' own pages and scanners describe them.
FORMS = (
    ("sk-", ALNUM, 48, 48),
    ("sk-proj-", URL_SAFE, 40, 160),
    ("sk-admin-", URL_SAFE, 40, 160),
    ("sk-svcacct-", URL_SAFE, 40, 160),
    ("sk-None-", URL_SAFE, 40, 60),
    ("sk-ant-api03-", URL_SAFE, 93, 95),
    ("sk-ant-admin01-", URL_SAFE, 80, 95),
    ("sk-or-v1-", "0123456789abcdef", 64, 64),
    ("xai-", ALNUM, 80, 80),
    ("xoxb-", string.digits + "-" + ALNUM, 40, 60),
    ("xoxp-", string.digits + "-" + ALNUM, 40, 80),
    ("xapp-1-", UPPER, 60, 90),
    ("AIza", URL_SAFE, 35, 35),
    ("ghp_", ALNUM, 36, 36),
    ("github_pat_", ALNUM + "_", 82, 82),
    ("AKIA", UPPER, 16, 16),
    ("gsk_", ALNUM, 52, 52),
    ("pplx-", ALNUM, 48, 48),
    ("r8_", ALNUM, 37, 37),
)
AROUND = (
    ("", ""),
    ("connect ", ""),
    ('key:"', '"'),
    ("<", ">"),
    ("(", ")."),
    ("token=", " by model"),
    ("\n", "\n"),
)
ORDINARY = (
    "spend today by model",
    "spend month by project by model top 5",
    "spend 2026-11-03..2026-11-09 vs 2026-10-03..2026-10-09",
    "spend model:claude-sonnet-4-5-20250929 by key",
    "spend model:ft:gpt-5-mini-2025-08-07:harbor-notes:support-bot:9xYzAbCd",
    "spend model:text-embedding-3-small project:task-orchestrator",
    "spend project:risk-administration by day",
    "spend project:desk-project-alpha-2",
    "spend project:disk-anthropic-eval",
    "spend key:agents-nightly by hour",
    "spend key:support-prod-eu-central-1",
    "spend connection:Harbor-OpenAI by token class",
    "budget set 500 monthly for model:claude-*",
    'budget set 1,200.50 EUR weekly from 2026-11-01 for project:"Search team" in <#C0123ABCDEF|ai-spend>',
    "spend price set accounts/fireworks/models/llama-v3p3-70b-instruct 3 in 15 out",
    "spend price discount 15% on Harbor OpenAI from 2026-11-01",
    "spend settings admin add slack:U0123ABCDEF",
    "spend summary at 09:00 America/Argentina/Buenos_Aires here",
    "spend model:anthropic.claude-opus-4-1-20250805-v1:0",
    "spend key:01932f5e-7b1c-7d3a-9c1e-0a1b2c3d4e5f",
    "spend key:sk-staging",
)


def _discord_token(rng: random.Random) -> str:
    parts = (
        rng.choice("MNO") + _text(rng, URL_SAFE, 23, 25),
        _text(rng, URL_SAFE, 6, 6),
        _text(rng, URL_SAFE, 38, 38),
    )
    return ".".join(parts)


def _text(rng: random.Random, alphabet: str, shortest: int, longest: int) -> str:
    return "".join(rng.choices(alphabet, k=rng.randint(shortest, longest)))


def test_at_least_999_of_1000_generated_keys_are_caught_and_hidden() -> None:
    rng = random.Random(7)
    missed = []
    for number in range(NUMBER):
        before, alphabet, shortest, longest = FORMS[number % len(FORMS)]
        secret = _text(rng, alphabet, shortest, longest)
        key = before + secret if number % 20 else _discord_token(rng)
        left, right = AROUND[number % len(AROUND)]
        text = f"{left}{key}{right}"
        if find_key(text) is None or secret[:20] in hide_keys(text):
            missed.append(text)

    assert len(missed) <= NUMBER // 1000, missed[:3]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_are_no_keys(text: str) -> None:
    assert find_key(text) is None


def test_a_long_key_is_caught_in_the_middle_of_a_word() -> None:
    assert find_key("Bearersk-proj-" + "a1B2" * 10) == "OpenAI"


@pytest.mark.parametrize(
    ("key", "owner"),
    [
        ("sk-ant-api03-" + "a" * 90, "Anthropic"),
        ("sk-or-v1-" + "0" * 64, "OpenRouter"),
        ("sk-proj-" + "a" * 40, "OpenAI"),
        ("xai-" + "a" * 40, "xAI"),
        ("xoxb-1234567890-abcdef", "Slack"),
        ("AIza" + "a" * 35, ""),
    ],
)
def test_the_issuer_of_a_key_is_named(key: str, owner: str) -> None:
    assert find_key(f"x {key}") == owner


def test_a_refusal_says_where_to_revoke_and_repeats_nothing() -> None:
    key = "sk-proj-" + "aB3" * 20

    with pytest.raises(CommandError) as caught:
        split_words(f"connect openai {key}")

    assert caught.value.sentence == (
        "That looks like a provider key; it was not kept. It is in your client's history now: revoke it at OpenAI, "
        "then use /spend connect."
    )
    assert key[:12] not in str(caught.value)


@pytest.mark.parametrize(
    "piece", ["eyJ", "sk-", "sk-ant-", "M", "xoxb-", "MMMMMMMMMMMMMMMMMMMMMMMM.", "AIza_", "."]
)
def test_a_hundred_thousand_characters_are_searched_in_a_moment(piece: str) -> None:
    text = piece * (100_000 // len(piece))

    began = time.perf_counter()
    find_key(text)
    hide_keys(text)

    assert time.perf_counter() - began < 1


def test_words_without_a_key_pass() -> None:
    refuse_keys("spend today by model")
