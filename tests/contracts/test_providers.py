"""What every provider file must do, run over every provider the registry finds, against a real server on loopback.

A provider's own facts are in `tests/providers/<name>/cases.py`; nothing in here names a vendor.
"""

import asyncio
import copy
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

import providers
from providers import (
    FetchOptions,
    HttpPool,
    Limits,
    ProviderAuthError,
    ProviderError,
    ProviderRateLimitedError,
    ProviderReplyError,
    ProviderRequestError,
    ProviderUnavailableError,
    Secret,
)
from spend.usage import CostRecord, UsageRecord
from tests.contracts.case import ROOT, StreamCase, case_of
from tests.contracts.vendor import Answer, Vendor, pages_of

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
QUICK = Limits(connect_s=0.3, read_s=0.3, total_s=0.8, attempts=3, first_wait_s=0.001, longest_wait_s=0.002)
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


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    """A vendor that, whatever a test does, is asked with GET only and sees the key in headers only."""
    server = Vendor()
    await server.start()
    yield server
    await server.stop()
    for request in server.asked:
        assert request.method == "GET"
        assert "madeUpForTests" not in request.path + str(request.query)
        assert "madeUpForTests" in str(request.headers)
        assert request.headers["User-Agent"].startswith("spendbot/")


@pytest.fixture
async def pool() -> AsyncIterator[HttpPool]:
    made = HttpPool(clock=lambda: NOW)
    yield made
    await made.aclose()


@pytest.fixture
def fetch(vendor: Vendor, pool: HttpPool) -> Fetch:
    """Fetch a stream's case from the vendor and return all records."""

    async def run(name: str, stream: StreamCase, **limits: Any) -> Records:
        provider = providers.provider(name)
        chosen = next(s for s in provider.info.streams if s.name == stream.stream)
        client = client_of(name, vendor, pool, limits=Limits(**{**_fields(QUICK), **limits}))
        found: Records = []
        async for page in provider.fetch(client, chosen, stream.window, FetchOptions()):
            found.extend(page.records)
        return found

    return run


def _fields(limits: Limits) -> dict[str, Any]:
    return {name: getattr(limits, name) for name in Limits.__slots__}


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


# Every provider file has what it needs


@each_provider
def test_has_a_case_and_a_page(name: str) -> None:
    assert (ROOT / name / "cases.py").is_file(), f"tests/providers/{name}/cases.py is missing"
    assert (ROOT.parents[1] / "docs" / "providers" / f"{name}.md").is_file(), (
        f"docs/providers/{name}.md is missing"
    )


@each_provider
def test_says_what_it_is(name: str) -> None:
    info = providers.provider(name).info

    assert info.key == name
    assert info.streams
    assert len({stream.name for stream in info.streams}) == len(info.streams)
    assert info.min_interval >= timedelta(seconds=60)
    assert providers.check_base_url(info.default_base_url) == info.default_base_url
    assert {case.stream for case in case_of(name).streams} == {stream.name for stream in info.streams}


@each_provider
def test_recognises_its_own_key_and_explains_others(name: str) -> None:
    provider, case = providers.provider(name), case_of(name)

    assert provider.recognise(case.key) == ""
    for key, sentence in case.wrong_keys.items():
        assert provider.recognise(key) == sentence


# Paging


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


# Refusals and troubles


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


# Rows


@each_stream
async def test_unknown_fields_change_nothing(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    body = one_page(stream)
    vendor.will_answer(stream.path, Answer(body))
    known = await fetch(name, stream)
    for bucket in body["data"]:
        bucket["brand_new"] = {"deep": [1]}
    for row in rows_of(body):
        row["brand_new"] = "x"
    vendor.will_answer(stream.path, Answer({**body, "brand_new": 1}))

    assert await fetch(name, stream) == known


@with_model
async def test_unknown_models_are_kept_as_they_are(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    body = one_page(stream)
    for row in rows_of(body):
        row[stream.model] = "Never-Seen_9:x/y"
    only_first = [{**body["data"][0], "results": body["data"][0]["results"][:1]}]
    vendor.will_answer(stream.path, Answer({**body, "data": only_first}))

    assert {model_of(record) for record in await fetch(name, stream)} == {"Never-Seen_9:x/y"}


def model_of(record: UsageRecord | CostRecord) -> str:
    return record.dims.model if isinstance(record, UsageRecord) else record.model


@each_stream
async def test_nulls_where_nothing_is_promised_are_taken(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    body = one_page(stream)
    row = {
        field: (value if field in stream.required else None) for field, value in next(rows_of(body)).items()
    }
    vendor.will_answer(stream.path, Answer({**body, "data": [{**body["data"][0], "results": [row]}]}))

    assert await fetch(name, stream)


@each_stream
async def test_missing_or_mistyped_figures_are_refused(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    for field in sorted(stream.required):
        for wrong in ("absent", None, [], True, "many", {}):
            body = one_page(stream)
            row = next(rows_of(body))
            row[field] = wrong
            if wrong == "absent":
                del row[field]
            vendor.will_answer(stream.path, Answer(body))
            with pytest.raises(ProviderReplyError) as caught:
                await fetch(name, stream)
            assert caught.value.where, (field, wrong)


@each_bill
@pytest.mark.parametrize("amount", ["-3.25", "0E-6176", "0.003627500000000000000000000000000000"])
async def test_amounts_are_exact_whatever_their_sign_and_length(
    name: str, stream: StreamCase, amount: str, vendor: Vendor, fetch: Fetch
) -> None:
    body = one_page(stream)
    set_amount(next(rows_of(body)), stream.amount, amount)
    vendor.will_answer(stream.path, Answer(body))

    record = (await fetch(name, stream))[0]

    assert isinstance(record, CostRecord)
    dollars = Decimal(amount) / (100 if stream.amount == ("amount",) else 1)
    assert record.nanos == int((dollars * 10**9).to_integral_value())


@each_bill
@pytest.mark.parametrize("amount", ["1e308", "NaN", "Infinity", "1,25", ""])
async def test_amounts_that_are_none_are_refused(
    name: str, stream: StreamCase, amount: str, vendor: Vendor, fetch: Fetch
) -> None:
    body = one_page(stream)
    set_amount(next(rows_of(body)), stream.amount, amount)
    vendor.will_answer(stream.path, Answer(body))

    with pytest.raises(ProviderReplyError):
        await fetch(name, stream)


def set_amount(row: dict[str, Any], path: tuple[str, ...], amount: str) -> None:
    *parents, last = path
    for parent in parents:
        row = row[parent]
    row[last] = amount


@each_stream
async def test_restated_and_vanished_rows_are_what_the_next_read_gives(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    body = one_page(stream)
    vendor.will_answer(stream.path, Answer(body))
    before = await fetch(name, stream)
    body["data"][0]["results"].pop(0)
    vendor.will_answer(stream.path, Answer(body))

    after = await fetch(name, stream)

    assert len(after) < len(before)
    assert all(record in before for record in after)


@each_stream
async def test_rows_outside_the_window_belong_to_another_read(
    name: str, stream: StreamCase, vendor: Vendor, fetch: Fetch
) -> None:
    vendor.will_answer(stream.path, Answer(one_page(stream)))
    later = timedelta(days=30)
    moved = providers.aligned(
        type(stream.window)(stream.window.start + later, stream.window.end + later), timedelta(days=1)
    )

    assert await fetch(name, StreamCase(**{**_case_fields(stream), "window": moved})) == []


def _case_fields(case: StreamCase) -> dict[str, Any]:
    return {name: getattr(case, name) for name in case.__dataclass_fields__}


# The check of a key


@each_provider
async def test_check_says_what_a_good_key_reads(name: str, vendor: Vendor, pool: HttpPool) -> None:
    case = case_of(name)
    for path, body in case.check_paths.items():
        vendor.will_answer(path, Answer(body))

    result = await providers.provider(name).check(client_of(name, vendor, pool), now=NOW)

    assert result.can_read == {stream.name for stream in providers.provider(name).info.streams}
    assert result.sentence == case.good_sentence
    assert result.lacks == ""
    assert result.powers.endswith(".")
    assert {request.path for request in vendor.asked} == set(case.check_paths)


@each_provider
async def test_check_goes_on_without_names(name: str, vendor: Vendor, pool: HttpPool) -> None:
    case = case_of(name)
    for path, body in case.check_paths.items():
        denied = path in case.denied_names
        vendor.will_answer(path, Answer(case.errors[403], status=403) if denied else Answer(body))

    result = await providers.provider(name).check(client_of(name, vendor, pool), now=NOW)

    assert result.sentence == "It reads usage and bills, but no names."
    assert "names" in result.lacks


@each_provider
@pytest.mark.parametrize("status", [401, 403])
async def test_check_refuses_a_key_that_reads_nothing(
    name: str, status: int, vendor: Vendor, pool: HttpPool
) -> None:
    case = case_of(name)
    for path in case.check_paths:
        vendor.will_answer(path, Answer(case.errors[status], status=status))

    with pytest.raises(ProviderAuthError, match=rf"\({status}\)"):
        await providers.provider(name).check(client_of(name, vendor, pool), now=NOW)
    if status == 401:
        assert len(vendor.asked) == 1


@each_provider
async def test_check_repeats_429_and_5xx_like_any_poll(name: str, vendor: Vendor, pool: HttpPool) -> None:
    case = case_of(name)
    for path, body in case.check_paths.items():
        vendor.will_answer(path, Answer({}, status=429), Answer({}, status=503), Answer(body))

    result = await providers.provider(name).check(client_of(name, vendor, pool), now=NOW)

    assert result.sentence == case.good_sentence


@each_provider
async def test_names_are_empty_where_none_may_be_read(name: str, vendor: Vendor, pool: HttpPool) -> None:
    names = await providers.provider(name).names(client_of(name, vendor, pool), FetchOptions(user_names=True))

    assert [found for found in names if not found.id.startswith("(")] == []


@each_provider
async def test_only_documented_paths_can_be_asked(name: str, vendor: Vendor, pool: HttpPool) -> None:
    client = client_of(name, vendor, pool)

    for path in (
        "",
        "admin",
        "../x",
        "v1/organizations/invites",
        "organization/admin_api_keys",
        "organization/costs?x=1",
    ):
        with pytest.raises(ProviderRequestError):
            await client.get_json(path)
    assert vendor.asked == []
