"""The sample day 2026-11-17, from the vendors' bodies through prices and the ledger: every figure known beforehand."""

from collections import Counter
from datetime import date, timedelta
from types import ModuleType
from typing import Any

import pytest

from providers import anthropic, openai
from providers._prices import GenaiPriceBook
from spend.ledger import DayInput, DayLedger, LedgerRules, reconcile_day
from spend.usage import Basis, CostRecord, PricedUsage, UsageRecord
from spend.window import utc_day
from tests.contracts.case import sample

DAY = date(2026, 11, 17)
BOOK = GenaiPriceBook()


def buckets(provider: str, *names: str) -> list[Any]:
    return [bucket for name in names for bucket in sample(provider, name)["data"]]


def openai_usage() -> list[UsageRecord]:
    completions = buckets("openai", "usage_completions.1h.page1.json", "usage_completions.1h.page2.json")
    embeddings = buckets("openai", "usage_embeddings.json")
    window = utc_day(DAY)
    return [
        *openai.parse_completions(completions, window=window),
        *openai.parse_embeddings(embeddings, window=window),
    ]


def anthropic_usage() -> list[UsageRecord]:
    pages = ("usage_report_messages.1h.page1.json", "usage_report_messages.1h.page2.json")
    return anthropic.parse_messages(buckets("anthropic", *pages), window=utc_day(DAY))


def priced(provider: str, usage: list[UsageRecord]) -> list[PricedUsage]:
    return [PricedUsage(record, BOOK.estimate(provider, record)) for record in usage]


def reconciled(vendor: ModuleType, usage: list[PricedUsage], bill: list[CostRecord]) -> DayLedger:
    info = vendor.PROVIDER.info
    rules = LedgerRules(settles_after=timedelta(hours=24), estimated_kinds=info.estimated_kinds)
    read_at = utc_day(DAY).end + timedelta(hours=25)
    return reconcile_day(DayInput(day=DAY, usage=usage, bill=bill, bill_read_at=read_at, rules=rules))


def estimate_of(usage: list[PricedUsage]) -> int:
    assert all(item.estimate for item in usage)
    return sum(item.estimate.nanos for item in usage if item.estimate)


def test_openai_s_bill_equals_the_estimate() -> None:
    usage = priced("openai", openai_usage())
    bill = openai.parse_costs(buckets("openai", "costs.page1.json"), window=utc_day(DAY))

    ledger = reconciled(openai, usage, bill)

    assert estimate_of(usage) == 11_342_125_000
    assert ledger.is_settled
    assert ledger.billed_nanos == {"USD": 11_342_125_000}
    assert sum(cell.nanos for cell in ledger.cells) == 11_342_125_000
    assert {cell.basis for cell in ledger.cells} == {Basis.BILLED}
    assert not [cell for cell in ledger.cells if cell.line_item]
    assert by_model(ledger) == {
        "gpt-5.6-sol": 8_870_000_000,
        "gpt-5-mini-2025-08-07": 2_070_325_000,
        "gpt-5-2025-08-07": 365_000_000,
        "text-embedding-3-small": 36_800_000,
    }


def test_anthropic_s_bill_is_the_estimate_and_what_no_usage_explains() -> None:
    usage = priced("anthropic", anthropic_usage())
    bill = anthropic.parse_costs(buckets("anthropic", "cost_report.page1.json"), window=utc_day(DAY))

    ledger = reconciled(anthropic, usage, bill)

    assert estimate_of(usage) == 7_981_250_000
    assert ledger.billed_nanos == {"USD": 9_299_141_200}
    assert sum(cell.nanos for cell in ledger.cells) == 9_299_141_200
    assert {cell.basis for cell in ledger.cells} == {Basis.BILLED}
    unplaced = {cell.line_item: cell.nanos for cell in ledger.cells if cell.line_item}
    assert unplaced == {"Code Execution Usage": 1_237_891_200, "Session Runtime Usage": 80_000_000}


@pytest.mark.parametrize("vendor", [openai, anthropic])
def test_each_record_of_the_day_costs_what_its_bill_says(vendor: ModuleType) -> None:
    name = vendor.PROVIDER.info.key
    usage = priced(name, openai_usage() if vendor is openai else anthropic_usage())
    costs = buckets(name, "costs.page1.json" if vendor is openai else "cost_report.page1.json")

    ledger = reconciled(vendor, usage, vendor.parse_costs(costs, window=utc_day(DAY)))

    placed = [cell for cell in ledger.cells if not cell.line_item]
    assert placed
    assert [cell.nanos for cell in placed] == [cell.estimate_nanos for cell in placed]


def by_model(ledger: DayLedger) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for cell in ledger.cells:
        totals[cell.dims.model] += cell.nanos
    return dict(totals)
