"""The vendors' books: bills in integers of nano-dollars, and what is visible when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.vendors.account import Counts
from bot.demo.vendors.billing import anthropic_charges, openai_charges
from bot.demo.vendors.freshness import ANTHROPIC_LAG, OPENAI_LAG, Lag, visible
from bot.demo.vendors.ledger import Ledger
from tests.bot.demo.shop import MESSAGE, MONDAY, MONDAY_AT_9, ROW, shop

PROMPT = Lag(usage_s=0, cost_s=0)


def test_the_bill_is_tokens_times_price_plus_fees() -> None:
    account = shop().openai
    ledger = Ledger(account, openai_charges, OPENAI_LAG)

    lines = {line.key.text: line.nanos for line in ledger.bill(MONDAY)}

    assert lines == {
        "gpt-5.2, input": 1_750_000,
        "gpt-5.2, cached input": 70_000,
        "gpt-5.2, output": 1_400_000,
        "batch | gpt-5-mini": 800_000,
        "text-embedding-3-small": 40_000,
        "Web search tool calls": 500_000_000,
    }
    assert ledger.billed_nanos(MONDAY) == 504_060_000
    assert ledger.billed_nanos(MONDAY - timedelta(days=7), MONDAY + timedelta(days=7)) == 504_060_000


def test_a_discount_is_on_the_bill_and_not_on_fees_or_worth() -> None:
    account = shop(openai_discount_percent=15).openai
    ledger = Ledger(account, openai_charges, OPENAI_LAG)

    by_model = ledger.billed_by(MONDAY, MONDAY, "model")

    assert by_model == {
        ("gpt-5.2",): 2_737_000,
        ("gpt-5-mini",): 680_000,
        ("text-embedding-3-small",): 34_000,
        (None,): 500_000_000,
    }
    start = datetime(2026, 11, 16, tzinfo=UTC)
    assert ledger.used_by(start, start + timedelta(days=1), "day", "key") == {
        ("2026-11-16", "key_a"): 3_260_000,
        ("2026-11-16", None): 800_000,
    }


@pytest.mark.parametrize(("tokens", "nanos"), [(1, 212), (3, 638), (2, 425)])
def test_a_discounted_line_is_rounded_half_to_even(tokens: int, nanos: int) -> None:
    account = shop(openai_discount_percent=15).openai
    row = replace(ROW, model="gpt-5-mini", counts=Counts(uncached_in=tokens, requests=1))
    meter = type(account.meter)([row])
    ledger = Ledger(replace(account, meter=meter), openai_charges, OPENAI_LAG)

    assert [line.nanos for line in ledger.bill(MONDAY)] == [nanos]  # 212.5, 637.5 and 425 exactly


def test_anthropic_bills_name_workspaces_and_never_keys() -> None:
    ledger = Ledger(shop().anthropic, anthropic_charges, ANTHROPIC_LAG)

    assert ledger.billed_by(MONDAY, MONDAY, "project", "key") == {
        ("wrkspc_a", None): 38_400_000,
        (None, None): 1_000_000,
    }
    assert [line.key.text for line in ledger.bill(MONDAY) if line.key.token_type == "output_tokens"] == [
        "Claude Opus 5 Usage - Output Tokens",
        "Claude Opus 5 Usage - Output Tokens",
    ]


def test_an_anthropic_batch_pays_half_and_says_so() -> None:
    account = shop().anthropic
    row = replace(MESSAGE, tier="batch", counts=Counts(out=100))
    ledger = Ledger(replace(account, meter=type(account.meter)([row])), anthropic_charges, ANTHROPIC_LAG)

    (line,) = ledger.bill(MONDAY)

    assert (line.key.text, line.nanos) == ("Claude Opus 5 Usage - Output Tokens, Batch", 1_250_000)


def test_a_bill_grows_hours_late_and_then_stands() -> None:
    ledger = Ledger(shop().anthropic, anthropic_charges, ANTHROPIC_LAG)
    at_13 = datetime(2026, 11, 16, 13, tzinfo=UTC)  # three hours after the hour's end

    assert ledger.billed_nanos(MONDAY, now=at_13 - timedelta(seconds=1)) == 0
    assert ledger.billed_nanos(MONDAY, now=at_13) == ledger.billed_nanos(MONDAY) == 39_400_000


def test_usage_appears_evenly_over_its_hour_and_late() -> None:
    def shown(minutes: int) -> int:
        now = MONDAY_AT_9 + minutes * 60
        return visible(ROW, start=MONDAY_AT_9, end=MONDAY_AT_9 + 3600, now=now, lag=OPENAI_LAG).uncached_in

    assert [shown(minutes) for minutes in (0, 7, 37, 66, 67, 600)] == [0, 0, 500, 983, 1000, 1000]


def test_use_that_ended_within_the_hour_is_over_there() -> None:
    row = replace(ROW, active_s=1200)

    def shown(start: int, end: int) -> int:
        limits = (MONDAY_AT_9 + start * 60, MONDAY_AT_9 + end * 60)
        return visible(row, start=limits[0], end=limits[1], now=MONDAY_AT_9 + 7200, lag=PROMPT).uncached_in

    assert (shown(0, 10), shown(10, 20), shown(20, 60)) == (500, 500, 0)


def test_a_withdrawn_row_is_seen_for_a_while_and_never_billed() -> None:
    row = replace(ROW, is_withdrawn=True)
    account = shop().openai
    ledger = Ledger(replace(account, meter=type(account.meter)([row])), openai_charges, OPENAI_LAG)

    def shown(hours: int) -> Counts:
        now = MONDAY_AT_9 + hours * 3600
        return visible(row, start=MONDAY_AT_9, end=MONDAY_AT_9 + 3600, now=now, lag=PROMPT)

    assert (shown(2), shown(13)) == (ROW.counts, Counts())
    assert ledger.bill(MONDAY) == []
    start = datetime(2026, 11, 16, tzinfo=UTC)
    assert ledger.used_by(start, start + timedelta(days=1), "key") == {}


def test_a_late_row_grows_and_a_restated_one_shrinks() -> None:
    late, restated = replace(ROW, is_late=True), replace(ROW, is_restated=True)

    def shown(row: object, hours: float) -> int:
        assert isinstance(row, type(ROW))
        now = MONDAY_AT_9 + int(hours * 3600)
        return visible(row, start=MONDAY_AT_9, end=MONDAY_AT_9 + 3600, now=now, lag=PROMPT).uncached_in

    assert (shown(late, 1), shown(late, 2.5)) == (800, 1000)
    assert (shown(restated, 1), shown(restated, 13)) == (1040, 1000)
