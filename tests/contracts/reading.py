"""How the contract suite asks a provider: every provider and stream there is, with limits of milliseconds."""

import copy
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

import providers
from providers import HttpPool, Limits, Secret
from spend.usage import CostRecord, UsageRecord
from tests.contracts.case import ROOT, StreamCase, case_of
from tests.contracts.vendor import Vendor

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
QUICK = Limits(connect_s=5, read_s=5, total_s=10, attempts=3, first_wait_s=0.001, longest_wait_s=0.002)
STREAMS = [
    pytest.param(name, case, id=f"{name}:{case.stream}")
    for name in providers.provider_names()
    if (ROOT / name / "cases.py").exists()
    for case in case_of(name).streams
]
BILLS = [param for param in STREAMS if param.values[1].amount]
each_bill = pytest.mark.parametrize(("name", "stream"), BILLS)
with_model = pytest.mark.parametrize(
    ("name", "stream"), [param for param in STREAMS if param.values[1].model]
)
each_stream = pytest.mark.parametrize(("name", "stream"), STREAMS)
each_provider = pytest.mark.parametrize("name", providers.provider_names())

Records = list[UsageRecord | CostRecord]
Fetch = Callable[..., Awaitable[Records]]


def client_of(name: str, vendor: Vendor, pool: HttpPool, limits: Limits = QUICK) -> providers.ReadClient:
    case = case_of(name)
    return pool.client_for(
        providers.provider(name),
        vendor.url + case.base_path,
        Secret(case.key),
        allow_private=False,
        credential="c1",
        limits=limits,
    )


def one_page(stream: StreamCase) -> dict[str, Any]:
    """The first sample page, as if it were the only one."""
    return {**copy.deepcopy(dict(stream.bodies[0])), "has_more": False, "next_page": None}


def rows_of(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for bucket in body["data"]:
        yield from bucket["results"]
