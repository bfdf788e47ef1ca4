"""Refusals and troubles: every provider ends in time, with the right error and without a secret in it."""

import asyncio
import gzip
from datetime import timedelta

import pytest

from providers import (
    ProviderAuthError,
    ProviderError,
    ProviderRateLimitedError,
    ProviderReplyError,
    ProviderRequestError,
    ProviderUnavailableError,
)
from tests.contracts.case import StreamCase, case_of
from tests.contracts.reading import QUICK, Fetch, each_stream, one_page
from tests.contracts.vendor import Answer, Vendor


@each_stream
@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_key_is_asked_once(
    name: str, stream: StreamCase, status: int, vendor: Vendor, fetch: Fetch
) -> None:
    vendor.will_answer(stream.path, Answer(case_of(name).errors[status], status=status))

    with pytest.raises(ProviderAuthError) as caught:
        await fetch(name, stream)

    assert caught.value.status == status
    assert f"({status})" in caught.value.sentence
    assert len(vendor.asked) == 1


@each_stream
async def test_a_bad_request_is_not_repeated_as_it_is(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    vendor.will_answer(stream.path, Answer(case_of(name).errors[400], status=400))

    with pytest.raises(ProviderRequestError) as caught:
        await fetch(name, stream)

    queries = [request.query for request in vendor.asked]
    assert all(queries.count(query) == 1 for query in queries)
    assert caught.value.text


@each_stream
@pytest.mark.parametrize(
    "header", [{}, {"Retry-After": "0"}, {"Retry-After": "0.01"}, {"Retry-After": "soon"}]
)
async def test_after_429_it_asks_again(
    name: str, stream: StreamCase, header: dict[str, str], vendor: Vendor, fetch: Fetch
) -> None:
    slow = Answer(case_of(name).errors[429], status=429, headers=header)
    vendor.will_answer(stream.path, slow, Answer(one_page(stream)))

    assert await fetch(name, stream)
    assert len(vendor.asked) == 2


@each_stream
@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("20", timedelta(seconds=20)),
        ("Sat, 21 Nov 2026 09:31:00 GMT", timedelta(minutes=1)),
        ("999999", timedelta(minutes=15)),
    ],
)
async def test_a_long_wait_is_handed_on_instead_of_waited(
    name: str, stream: StreamCase, header: str, wait: timedelta, vendor: Vendor, fetch: Fetch
) -> None:
    vendor.will_answer(stream.path, Answer({}, status=429, headers={"Retry-After": header}))

    with pytest.raises(ProviderRateLimitedError) as caught:
        await fetch(name, stream)

    assert caught.value.retry_after == wait
    assert not caught.value.permanent
    assert len(vendor.asked) == 1


@each_stream
@pytest.mark.parametrize("status", [500, 502, 503, 504, 529])
async def test_trouble_at_the_vendor_heals_or_is_said(
    name: str, stream: StreamCase, status: int, vendor: Vendor, fetch: Fetch
) -> None:
    page = b"<html><body>502 Bad Gateway</body></html>"
    trouble = Answer(page, status=status, headers={"Content-Type": "text/html"})
    vendor.will_answer(stream.path, trouble, Answer(one_page(stream)))
    assert await fetch(name, stream)

    vendor.will_answer(stream.path, trouble)
    with pytest.raises(ProviderUnavailableError) as caught:
        await fetch(name, stream)
    assert caught.value.status == status
    assert len(vendor.asked) == 2 + QUICK.attempts


@each_stream
@pytest.mark.parametrize("body", [b"<html>hello</html>", b'{"data": [', b"", b"\xff\xfe"])
async def test_what_is_not_whole_json_is_trouble(
    name: str, stream: StreamCase, body: bytes, vendor: Vendor, fetch: Fetch
) -> None:
    vendor.will_answer(stream.path, Answer(body))

    with pytest.raises(ProviderUnavailableError):
        await fetch(name, stream)


@each_stream
@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
async def test_numbers_that_are_none_are_refused(
    name: str, stream: StreamCase, number: bytes, vendor: Vendor, fetch: Fetch
) -> None:
    vendor.will_answer(stream.path, Answer(b'{"data": [], "has_more": false, "x": ' + number + b"}"))

    with pytest.raises(ProviderReplyError):
        await fetch(name, stream)


@each_stream
async def test_a_cut_connection_is_trouble(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    vendor.will_answer(stream.path, Answer(one_page(stream), cuts=True))

    with pytest.raises(ProviderUnavailableError):
        await fetch(name, stream)


@each_stream
async def test_a_slow_drip_ends_at_the_deadline(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    vendor.will_answer(stream.path, Answer(one_page(stream), drips=True, pause_s=0.01))
    began = asyncio.get_running_loop().time()

    with pytest.raises(ProviderUnavailableError, match=r"did not answer within 0\.1 s"):
        await fetch(name, stream, total_s=0.1)
    assert asyncio.get_running_loop().time() - began < 2


@each_stream
async def test_silence_is_trouble(name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch) -> None:
    vendor.will_answer(stream.path, Answer({}, pause_s=5))

    with pytest.raises(ProviderUnavailableError, match="did not answer"):
        await fetch(name, stream, read_s=0.02, attempts=1)


@each_stream
async def test_a_closed_port_is_trouble(name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch) -> None:
    await vendor.stop()

    with pytest.raises(ProviderUnavailableError, match="could not be reached"):
        await fetch(name, stream)


@each_stream
async def test_redirects_are_never_followed(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    vendor.will_answer("/elsewhere", Answer(one_page(stream)))
    vendor.will_answer(stream.path, Answer(b"", status=302, headers={"Location": f"{vendor.url}/elsewhere"}))

    with pytest.raises(ProviderRequestError):
        await fetch(name, stream)
    assert vendor.asked_for("/elsewhere") == []


@each_stream
async def test_a_body_that_unpacks_to_too_much_stops_at_the_cap(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    bomb = gzip.compress(b"[" + b" " * 5_000_000)
    vendor.will_answer(stream.path, Answer(bomb, headers={"Content-Encoding": "gzip"}))

    with pytest.raises(ProviderReplyError, match="more than"):
        await fetch(name, stream, body_bytes=1_000_000)


@each_stream
async def test_a_packed_answer_is_read(name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch) -> None:
    vendor.will_answer(stream.path, Answer(one_page(stream)))
    plain = await fetch(name, stream)
    packed = gzip.compress(Answer(one_page(stream)).encoded())
    vendor.will_answer(stream.path, Answer(packed, headers={"Content-Encoding": "gzip"}))

    assert await fetch(name, stream) == plain


@each_stream
async def test_no_error_shows_key_query_or_address(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    key = case_of(name).key
    echo = {"error": {"message": f"bad key {key} at {vendor.url}/x?start=1", "type": "x"}}
    for status in (400, 401, 403, 404, 429, 500):
        vendor.will_answer(stream.path, Answer(echo, status=status))
        with pytest.raises(ProviderError) as caught:
            await fetch(name, stream, attempts=1)
        shown = f"{caught.value} {caught.value.sentence} {getattr(caught.value, 'text', '')} {caught.value!r}"
        assert key not in shown
        assert "127.0.0.1" not in shown
        assert "start" not in shown
