"""Walks that end by themselves: what the contract suite does not reach through a provider's own file."""

from typing import Any

import pytest

from providers import ProviderReplyError, ProviderRequestError, _paging
from providers._paging import read_list, read_pages
from tests.providers.recorded import Recorded


def nothing(buckets: Any) -> list[Any]:
    return []


class Endless:
    """A vendor whose every page names another one."""

    def __init__(self, cursor: str) -> None:
        self.cursor = cursor
        self.asked = 0

    async def get_json(self, path: str, params: Any = None) -> Any:
        self.asked += 1
        return {"data": [], "has_more": True, self.cursor: f"page_{self.asked}"}


async def test_a_report_without_end_is_given_up() -> None:
    vendor = Endless("next_page")

    with pytest.raises(ProviderReplyError, match="more pages"):
        await read_pages(vendor, "x", [{}], nothing)
    assert vendor.asked == _paging.MOST_PAGES


async def test_a_list_without_end_is_given_up() -> None:
    vendor = Endless("last_id")

    with pytest.raises(ProviderReplyError, match="more pages"):
        await read_list(vendor, "x", {}, cursor="after")
    assert vendor.asked == _paging.MOST_PAGES


async def test_a_list_is_walked_by_its_last_id() -> None:
    pages = [
        {"data": [{"id": "a"}], "has_more": True, "last_id": "a"},
        {"data": [{"id": "b"}], "has_more": False, "last_id": "b"},
    ]
    client = Recorded({"x": pages})

    assert [item["id"] for item in await read_list(client, "x", {"limit": 1}, cursor="after")] == ["a", "b"]
    assert [query for _, query in client.asked] == [{"limit": 1}, {"limit": 1, "after": "a"}]


@pytest.mark.parametrize("last", ["a", None, 7, ""])
async def test_a_list_that_goes_round_or_nowhere_is_refused(last: Any) -> None:
    client = Recorded({"x": [{"data": [], "has_more": True, "last_id": last}]})

    with pytest.raises(ProviderReplyError):
        await read_list(client, "x", {}, cursor="after")


async def test_only_a_refused_combination_tries_the_next_choice() -> None:
    good = {"data": [], "has_more": False}
    client = Recorded({"x": [ProviderRequestError("no", status=400), good]})
    assert len(await read_pages(client, "x", [{"a": 1}, {"a": 2}], nothing)) == 1
    assert [query for _, query in client.asked] == [{"a": 1}, {"a": 2}]

    for status in (404, 422):
        client = Recorded({"x": [ProviderRequestError("no", status=status), good]})
        with pytest.raises(ProviderRequestError):
            await read_pages(client, "x", [{"a": 1}, {"a": 2}], nothing)


async def test_when_no_choice_is_taken_the_refusal_is_handed_on() -> None:
    client = Recorded({"x": [ProviderRequestError("no", status=400)]})

    with pytest.raises(ProviderRequestError):
        await read_pages(client, "x", [{"a": 1}, {"a": 2}], nothing)
    assert len(client.asked) == 2
