"""One server, any number of small accounts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from bot.demo.vendors import CrowdedAnthropic, CrowdedOpenAi
from bot.demo.vendors.crowd import ANTHROPIC_CROWD, OPENAI_CROWD, Crowd, CrowdKind
from tests.bot.demo.shop import Clock

NOW = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)


async def test_each_key_sees_its_own_account_and_no_other() -> None:
    params = {"start_time": int((NOW - timedelta(days=3)).timestamp()), "limit": 2, "group_by": "project_id"}

    async with CrowdedOpenAi(Clock(NOW), size=5000) as openai, httpx.AsyncClient(trust_env=False) as client:
        seen = []
        for number in (0, 1, 4999):
            headers = {"Authorization": f"Bearer {openai.crowd.key(number)}"}
            answer = await client.get(f"{openai.base_url}/organization/costs", params=params, headers=headers)
            seen.append(
                {found["project_id"] for bucket in answer.json()["data"] for found in bucket["results"]}
            )

    assert seen == [{"proj_crowd0000000"}, {"proj_crowd0000001"}, {"proj_crowd0004999"}]


def test_keys_of_another_crowd_or_beyond_its_size_open_nothing() -> None:
    crowd = Crowd(OPENAI_CROWD, size=10)

    assert crowd.credential(crowd.key(9)) is not None
    assert crowd.credential(crowd.key(10)) is None
    assert crowd.credential(Crowd(OPENAI_CROWD, size=10, seed=1).key(0)) is None
    assert crowd.credential("sk-admin-other") is None


@pytest.mark.parametrize("kind", [OPENAI_CROWD, ANTHROPIC_CROWD], ids=["openai", "anthropic"])
def test_an_account_has_books_to_compare_with(kind: CrowdKind) -> None:
    yesterday = date(2026, 11, 18)
    first, again = Crowd(kind, size=2), Crowd(kind, size=2)

    assert (
        first.customer(1).ledger.billed_nanos(yesterday)
        == again.customer(1).ledger.billed_nanos(yesterday)
        > 0
    )
    assert first.customer(0).ledger.billed_nanos(yesterday) != first.customer(1).ledger.billed_nanos(
        yesterday
    )
    assert first.customer(0).ledger.billed_nanos(date(2024, 12, 31)) == 0


async def test_anthropic_has_a_crowd_too() -> None:
    params = {"starting_at": "2026-11-18T00:00:00Z", "ending_at": "2026-11-19T00:00:00Z"}

    async with (
        CrowdedAnthropic(Clock(NOW), size=10) as anthropic,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        headers = {"x-api-key": anthropic.crowd.key(7), "anthropic-version": "2023-06-01"}
        answer = await client.get(
            f"{anthropic.base_url}/v1/organizations/cost_report", params=params, headers=headers
        )

    (found,) = answer.json()["data"][0]["results"]
    billed = anthropic.crowd.customer(7).ledger.billed_nanos(date(2026, 11, 18))
    assert Decimal(found["amount"]) * 10**7 == billed
