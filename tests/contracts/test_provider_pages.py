"""Pages: every provider walks them to the end, or fails."""

from typing import Any

import pytest

import providers
from providers import (
    FetchOptions,
    HttpPool,
    ProviderReplyError,
    ProviderRequestError,
    ProviderUnavailableError,
)
from tests.contracts.case import StreamCase
from tests.contracts.reading import Fetch, client_of, each_stream, one_page
from tests.contracts.vendor import Answer, Vendor, pages_of


@each_stream
async def test_an_answer_without_rows_is_no_records(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    vendor.will_answer(stream.path, Answer({"data": [], "has_more": False, "next_page": None}))

    assert await fetch(name, stream) == []
    assert len(vendor.asked) == 1


@each_stream
async def test_one_page_is_enough(name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch) -> None:
    vendor.will_answer(stream.path, Answer(one_page(stream)))

    assert await fetch(name, stream)
    assert len(vendor.asked) == 1


@each_stream
async def test_pages_are_walked_to_the_end_with_all_else_unchanged(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    vendor.will_answer(stream.path, Answer(one_page(stream)))
    first = await fetch(name, stream)
    vendor.asked.clear()
    vendor.will_answer(stream.path, *pages_of(stream.bodies))

    both = await fetch(name, stream)

    start, then = vendor.asked
    assert then.query == {**start.query, "page": [stream.bodies[0]["next_page"]]}
    assert "limit" in start.query
    assert both[: len(first)] == first
    assert len(both) > len(first)


@each_stream
async def test_a_repeated_cursor_is_refused(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    again = {"data": [], "has_more": True, "next_page": "same"}
    vendor.will_answer(stream.path, Answer(again))

    with pytest.raises(ProviderReplyError, match="circle"):
        await fetch(name, stream)
    assert len(vendor.asked) == 2


@each_stream
@pytest.mark.parametrize(
    "envelope",
    [
        {"data": [], "has_more": True, "next_page": None},
        {"data": [], "has_more": True},
        {"data": []},
        {"has_more": False},
        {"data": {}, "has_more": False},
        {"data": [], "has_more": "no"},
        {"data": [7], "has_more": False},
        [],
        "text",
        None,
    ],
)
async def test_an_envelope_that_does_not_hold_together_is_refused(
    name: str, stream: StreamCase, envelope: Any, vendor: Vendor, fetch: Fetch
) -> None:
    vendor.will_answer(stream.path, Answer(envelope))

    with pytest.raises(ProviderReplyError):
        await fetch(name, stream)


@each_stream
async def test_an_error_in_the_middle_yields_nothing(
    name: str, stream: StreamCase, vendor: Vendor, pool: HttpPool
) -> None:
    vendor.will_answer(stream.path, Answer(stream.bodies[0]), Answer({}, status=500))
    provider = providers.provider(name)
    chosen = next(s for s in provider.info.streams if s.name == stream.stream)
    pages = provider.fetch(client_of(name, vendor, pool), chosen, stream.window, FetchOptions())

    with pytest.raises(ProviderUnavailableError):
        await anext(pages)


@each_stream
async def test_an_expired_cursor_starts_again_once(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    gone = Answer({"error": {"message": "expired"}}, status=410)
    vendor.will_answer(stream.path, *pages_of(stream.bodies))
    whole = await fetch(name, stream)

    vendor.will_answer(stream.path, Answer(stream.bodies[0]), gone, *pages_of(stream.bodies))
    assert await fetch(name, stream) == whole

    vendor.will_answer(stream.path, Answer(stream.bodies[0]), gone, Answer(stream.bodies[0]), gone)
    with pytest.raises(ProviderRequestError):
        await fetch(name, stream)


@each_stream
async def test_rows_that_come_twice_are_refused(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    vendor.will_answer(stream.path, Answer({**stream.bodies[0], "next_page": "p2"}), Answer(one_page(stream)))

    with pytest.raises(ProviderReplyError, match="twice"):
        await fetch(name, stream)
