"""Rows: odd ones, new ones, missing ones, restated ones."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

import providers
from providers import ProviderReplyError
from spend.usage import CostRecord, UsageRecord
from tests.contracts.case import StreamCase
from tests.contracts.reading import Fetch, each_bill, each_stream, one_page, rows_of, with_model
from tests.contracts.vendor import Answer, Vendor


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

    assert await fetch(name, replace(stream, window=moved)) == []
