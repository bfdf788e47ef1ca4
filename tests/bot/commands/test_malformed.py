"""Whatever is typed ends in an intent or in a CommandError: never in anything else, never slowly, never with a key."""

import random
import string
import time
from datetime import date

import pytest

from bot import commands
from bot.commands.spec import ReadContext
from bot.errors import CommandError

CONTEXT = ReadContext(today=date(2026, 11, 19))
NUMBER = 10_000
WORDS = """
spend budget set list remove price discount end alerts summary settings connect disconnect connections by top vs last
days day since from for in at on here off now week month today then and zone admin add model: provider:openai
project:"a b" key:* : :: a:b:c 7 0 -1 1e9 999999999999999 $5 5% 1,2,3 ٣ 09:00 2026-11-03 2026-13-99 ..2026-11-03
2026-11-03..2026-11-09 2026-11-03.. 0000-00-00 9999-12-31 .. . / // MONTHLY eur Europe/Berlin sk <@U1> <#C1|x>
@everyone ` $ %s {0}
"""
ODD = (
    '"',
    "“",
    "'",
    "\x00",
    "\n",
    "\t",
    "\u202e",
    "\u200b",
    "\ud800",
    "🙂",
    "ß",
    "İ",
    "ſ",
    "\\",
    "…",
    "–",
    "—",
)
PIECES = (*WORDS.split(), *ODD)


def _malformed(rng: random.Random) -> str:
    words = [rng.choice(PIECES) for _ in range(rng.randint(0, 9))]
    if rng.random() < 0.3:
        words.append(
            "".join(
                chr(rng.choice((rng.randrange(128), rng.randrange(0x2FFF))))
                for _ in range(rng.randint(1, 30))
            )
        )
    rng.shuffle(words)
    start = rng.choice(("", "", "spend ", "/spend ", "/budget ", "budget set 5 "))
    return start + rng.choice((" ", "", "  ")).join(words)


def _refusal(text: str) -> str:
    """Read a text; return the sentence of its refusal, '' when it is understood."""
    try:
        spec, words = commands.find(text)
        spec.read(words, CONTEXT)
        words.end(spec.usage)
    except CommandError as err:
        return err.sentence
    return ""


def test_ten_thousand_malformed_texts_raise_command_errors_only() -> None:
    rng = random.Random(11)
    refused = 0
    for _ in range(NUMBER):
        text = _malformed(rng)
        sentence = _refusal(text)
        refused += bool(sentence)
        assert sentence.isprintable(), (text, sentence)
        assert len(sentence) < 400, (text, sentence)
        assert not sentence or sentence.endswith((".", ")")), (text, sentence)

    assert refused > NUMBER // 2


@pytest.mark.parametrize(
    "piece", ['"', "by ", "model:* ", ":", "2026-11-03..", "a", "by model, ", "…", "\x00", "[", "*"]
)
def test_the_longest_text_is_read_in_a_moment(piece: str) -> None:
    text = (piece * 2000)[:2000]

    began = time.perf_counter()
    _refusal(text)

    assert time.perf_counter() - began < 1


def test_a_key_anywhere_is_refused_and_never_repeated() -> None:
    rng = random.Random(3)
    for _ in range(300):
        secret = "".join(rng.choices(string.ascii_letters + string.digits, k=48))
        words = [rng.choice(PIECES) for _ in range(5)]
        words.insert(rng.randrange(6), f"sk-proj-{secret}")

        with pytest.raises(CommandError) as caught:
            commands.find(" ".join(words))

        assert secret[:8] not in caught.value.sentence
        assert "revoke it at OpenAI" in caught.value.sentence
