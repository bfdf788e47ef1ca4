"""Vendors with words, figures, currencies, pages and troubles nobody has seen: settled totals are their bills."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.e2e.processes import amounts
from tests.e2e.warm import WarmBot
from tests.fakes.other_vendors import (
    OtherAnthropic,
    OtherOpenAi,
    anthropic_line,
    anthropic_usage,
    cut,
    fine,
    html,
    openai_line,
    openai_usage,
    status,
)
from tests.fakes.serving import served

OPENAI_KEY = "sk-admin-oT7bWd4KqYn1RxZe9TfMa3LoGv6HcPj8Ci2JtBk5XwDm0NyUr1-u5Gt"
ANTHROPIC_KEY = "sk-ant-admin01-Td8vQ2mZxT5wLc9RbY1nPe7JsU4gHa0FoXi3GtVq6CkWzB_yMrE-DhNj-r2FpAA"
TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
A, B, C = (TODAY - timedelta(days=days) for days in (5, 4, 3))  # all settled
WINDOW = f"spend {A.date()}..{C.date()}"
LONG_NAME = "Ω" * 10_000
HOSTILE = ('Zoë "the" O\'Brien; DROP TABLE', "‮right‭ to\nleft", "<@U123> @everyone $HOME `x`", LONG_NAME)


@pytest.fixture
def openai() -> Iterator[OtherOpenAi]:
    """An OpenAI without any usage or bill yet."""
    vendor = OtherOpenAi(
        OPENAI_KEY, usage={"completions": {}, "embeddings": {}}, lists={"projects": [], "users": []}
    )
    with served(vendor) as started:
        yield started


@pytest.fixture
def anthropic() -> Iterator[OtherAnthropic]:
    """An Anthropic without any usage or bill yet."""
    vendor = OtherAnthropic(ANTHROPIC_KEY, lists={"workspaces": [], "api_keys": [], "users": []})
    with served(vendor) as started:
        yield started


def connect(bot: WarmBot, vendor: OtherOpenAi | OtherAnthropic) -> None:
    provider = "openai" if isinstance(vendor, OtherOpenAi) else "anthropic"
    bot.good("connect", provider, "--key-stdin", "--base-url", vendor.base_url, stdin=vendor.key)


def test_names_of_any_kind_come_out_as_the_vendor_wrote_them(warm: WarmBot, openai: OtherOpenAi) -> None:
    ids = [f"proj_{number}" for number in range(len(HOSTILE))]
    openai.lists["projects"] = [
        {"id": each, "name": name, "created_at": 1, "status": "active"}
        for each, name in zip(ids, HOSTILE, strict=True)
    ]
    openai.usage["completions"][A] = [
        openai_usage(each, None, "gpt-5-mini", inp=1000, out=10) for each in ids
    ]
    openai.bill[A.date()] = [
        openai_line(each, None, "gpt-5-mini, input", Decimal(f"0.00{number + 1}"))
        for number, each in enumerate(ids)
    ]
    for each in ids:
        openai.lists[f"projects/{each}/api_keys"] = []
    connect(warm, openai)

    shown = amounts(warm.ask(f"{WINDOW} by project"))

    assert shown == {name: (number + 1) * 1_000_000 for number, name in enumerate(HOSTILE)}
    for_people = warm.good("ask", f"{WINDOW} by project").out
    assert all(len(line) <= 72 for line in for_people.splitlines())
    assert all(character.isprintable() or character == "\n" for character in for_people)


def test_a_bill_in_euro_and_dollar_is_never_added_up(warm: WarmBot, openai: OtherOpenAi) -> None:
    openai.usage["completions"][A] = [openai_usage("p", "k", "gpt-5-mini", inp=1000)]
    openai.bill[A.date()] = [openai_line("p", "k", "gpt-5-mini, input", "1.10", "eur")]
    openai.bill[B.date()] = [openai_line("p", "k", "Storage", "2.000000001", "usd")]
    connect(warm, openai)

    answer = warm.ask(WINDOW)

    assert [(each["currency"], each["amount"]) for each in answer["totals"]] == [
        ("USD", "2.000000001"),
        ("EUR", "1.1"),
    ]
    assert answer["total"] == answer["totals"][0]


def test_negative_zero_and_unknown_lines_are_kept_and_counted(warm: WarmBot, openai: OtherOpenAi) -> None:
    openai.usage["completions"][A] = [
        openai_usage("p", "k", "gpt-5-mini", inp=1000, out=5),
        openai_usage("p", "k", "omega-9-preview", inp=70, out=7),
    ]
    openai.bill[A.date()] = [
        openai_line("p", "k", "gpt-5-mini, input", "3.5"),
        openai_line("p", "k", "omega-9-preview, output", "0.000000007"),
        openai_line("p", "k", "Quantum entanglement surcharge", Decimal("0.1234567890123")),
        openai_line("p", None, "Goodwill credit", "-1.25"),
        openai_line("p", "k", "gpt-5-mini, cached input", "0"),
        openai_line(None, None, None, "0.4"),
        openai_line("q", None, "Nothing at all", "0E-6176"),
    ]
    connect(warm, openai)

    answer = warm.ask(f"{WINDOW} by model")

    # 0.1234567890123 is 123456789.0123 nano-dollars: 123456789
    assert answer["total"]["amount"] == "2.773456796"
    shown = amounts(answer)
    assert shown["gpt-5-mini"] == 3_500_000_000
    assert shown["omega-9-preview"] == 7
    assert sum(shown.values()) == 2_773_456_796
    assert answer["basis"] == "billed"
    assert amounts(warm.ask(f"{WINDOW} by project")) == {"p": 2_373_456_796, "(not attributed)": 400_000_000}


def test_two_context_windows_in_one_hour_are_two_rows_with_their_own_bill(
    warm: WarmBot, anthropic: OtherAnthropic
) -> None:
    hour = A + timedelta(hours=7)
    anthropic.usage["messages"] = {
        hour: [
            anthropic_usage("w", "k", "claude-sonnet-5", "0-200k", inp=1000, out=100),
            anthropic_usage("w", "k", "claude-sonnet-5", "200k-1M", inp=300_000, out=100),
            anthropic_usage(None, None, "claude-haiku-4-5", "0-200k", inp=50, searches=2),
        ]
    }
    anthropic.bill[A.date()] = [
        anthropic_line("w", "claude-sonnet-5", "uncached_input_tokens", "0.20", context_window="0-200k"),
        anthropic_line(
            "w", "claude-sonnet-5", "uncached_input_tokens", "120.0000001", context_window="200k-1M"
        ),
        anthropic_line("w", "claude-sonnet-5", "output_tokens", "0.35"),
        anthropic_line(None, "claude-haiku-4-5", "uncached_input_tokens", "0.005"),
        anthropic_line(None, None, None, "2.00", cost_type="web_search", description="Web Search Usage"),
        anthropic_line("w", None, None, "7.7", cost_type="brand_new", description="Telepathy Usage"),
    ]
    connect(warm, anthropic)

    answer = warm.ask(f"{WINDOW} by model")

    # 0.20 + 120.0000001 + 0.35 cents; 0.005 + 2.00 cents
    assert amounts(answer) == {
        "claude-sonnet-5": 1_205_500_001,
        "(not attributed)": 77_000_000,
        "claude-haiku-4-5": 20_050_000,
    }
    assert amounts(warm.ask(f"{WINDOW} by project")) == {"w": 1_282_500_001, "Default workspace": 20_050_000}


def test_a_bill_with_no_usage_and_usage_with_no_bill(warm: WarmBot, openai: OtherOpenAi) -> None:
    openai.bill[B.date()] = [openai_line("p", "k", "gpt-5-mini, input", "4.2")]
    openai.usage["completions"][C] = [
        openai_usage("p", "k", "gpt-5-mini", inp=4_000_000)
    ]  # 0.25 USD a million
    connect(warm, openai)

    answer = warm.ask(f"{WINDOW} by day")

    assert {day: value for day, value in amounts(answer).items() if value} == {
        str(B.date()): 4_200_000_000,
        str(C.date()): 1_000_000_000,
    }
    assert answer["total"]["billed"] == "4.2"
    assert answer["total"]["estimated"] == "1"
    assert answer["basis"] == "mixed"


def test_restated_days_and_vanished_rows_are_healed_by_the_next_poll(
    warm: WarmBot, openai: OtherOpenAi
) -> None:
    openai.usage["completions"][A] = [openai_usage("p", "k", "gpt-5-mini", inp=1000)]
    openai.bill |= {
        A.date(): [openai_line("p", "k", "gpt-5-mini, input", "1"), openai_line("p", "k", "Fee", "9")],
        B.date(): [openai_line("p", "k", "gpt-5-mini, input", "5")],
    }
    connect(warm, openai)
    assert warm.ask(WINDOW)["total"]["amount"] == "15"
    openai.usage["completions"].clear()
    openai.bill[A.date()] = [openai_line("p", "k", "gpt-5-mini, input", "1.000000001")]
    del openai.bill[B.date()]

    warm.good("poll", "--once")

    assert warm.ask(WINDOW)["total"]["amount"] == "1.000000001"
    assert warm.good("db", "check").err == ""


def test_very_small_pages_give_the_same_figures(
    warm: WarmBot, openai: OtherOpenAi, anthropic: OtherAnthropic
) -> None:
    openai.buckets_a_page = anthropic.buckets_a_page = 6
    for number, day in enumerate((A, B, C)):
        hours = [day + timedelta(hours=hour) for hour in range(0, 24, 5)]
        openai.usage["completions"] |= {
            hour: [openai_usage("p", "k", "gpt-5-mini", inp=900)] for hour in hours
        }
        openai.bill[day.date()] = [openai_line("p", "k", "gpt-5-mini, input", f"0.1{number}")]
        anthropic.bill[day.date()] = [anthropic_line("w", "claude-opus-5", "output_tokens", f"1{number}")]
    connect(warm, openai)
    connect(warm, anthropic)

    assert amounts(warm.ask(WINDOW)) == {"openai": 330_000_000, "anthropic": 330_000_000}


def test_whatever_a_vendor_answers_in_between_the_next_poll_has_the_right_total(
    warm: WarmBot, openai: OtherOpenAi
) -> None:
    openai.buckets_a_page = 10
    openai.usage["completions"][A] = [openai_usage("p", "k", "gpt-5-mini", inp=1000)]
    openai.bill[A.date()] = [openai_line("p", "k", "gpt-5-mini, input", "1.5")]
    connect(warm, openai)
    openai.bill[B.date()] = [openai_line("p", "k", "gpt-5-mini, input", "2.5")]
    openai.troubles.extend(
        [status(429, retry_after="1"), fine, status(429), status(500), status(503), status(529), cut, html]
    )
    openai.pause_s = 0.01

    first = warm("poll", "--once")
    second = warm("poll", "--once")

    assert openai.troubles == type(openai.troubles)()
    assert first.code in (0, 1)
    assert second.code == 0
    assert warm.ask(WINDOW)["total"]["amount"] == "4"
    assert {method for method, _ in openai.asked} == {"GET"}


@pytest.mark.parametrize(
    "amount", ["NaN", "Infinity", "1e308", "a lot", "", '"', json.dumps({"value": 1}), "-" * 50]
)
def test_an_amount_that_is_none_keeps_what_was_there_and_says_so(
    warm: WarmBot, openai: OtherOpenAi, amount: str
) -> None:
    openai.bill[A.date()] = [openai_line("p", "k", "Fee", "1.5")]
    connect(warm, openai)
    openai.bill[A.date()] = [openai_line("p", "k", "Fee", amount)]

    done = warm("poll", "--once")

    assert done.code == 1
    assert "failed." in done.out
    assert warm.ask(WINDOW)["total"]["amount"] == "1.5"


@pytest.mark.parametrize("wait", ["86400", "Wed, 21 Oct 2099 07:28:00 GMT", "-5", "soon", "1e999"])
def test_an_absurd_wait_that_a_vendor_asks_for_does_not_hold_up_the_command(
    warm: WarmBot, openai: OtherOpenAi, wait: str
) -> None:
    openai.bill[A.date()] = [openai_line("p", "k", "Fee", "1.5")]
    connect(warm, openai)
    openai.troubles.extend([status(429, retry_after=wait)] * 3)

    began = time.monotonic()
    done = warm("poll", "--once")

    assert time.monotonic() - began < 30
    assert done.code in (0, 1)
    assert "Traceback" not in done.err
    openai.troubles.clear()
    warm.good("poll", "--once")
    assert warm.ask(WINDOW)["total"]["amount"] == "1.5"
