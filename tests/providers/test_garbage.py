"""Mutated answers: every one gives records or a ProviderReplyError, never a crash, and never half of its money."""

import copy
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import providers
from providers import FetchOptions, ProviderReplyError
from spend.usage import CostRecord
from tests.contracts.case import StreamCase, case_of
from tests.providers.recorded import Recorded

STREAMS = [(name, case) for name in providers.provider_names() for case in case_of(name).streams]
GARBAGE = st.sampled_from(
    [
        None,
        True,
        -1,
        2**70,
        Decimal("1e308"),
        Decimal("NaN"),
        Decimal("0.5"),
        "",
        "x",
        "NaN",
        "1e999",
        [],
        {},
        [[]],
    ]
)


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield (container, key) of every value inside a JSON body."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield node, key
        yield from places(value)


async def fetched(name: str, case: StreamCase, body: Any) -> list[Any]:
    provider = providers.provider(name)
    stream = next(s for s in provider.info.streams if s.name == case.stream)
    path = case.path.removeprefix(case_of(name).base_path).removeprefix("/")
    pages = provider.fetch(Recorded({path: [body]}), stream, case.window, FetchOptions())
    return [record async for page in pages for record in page.records]


@settings(max_examples=150)
@given(st.sampled_from(STREAMS), st.data())
async def test_a_mutated_answer_is_records_or_a_reason(
    chosen: tuple[str, StreamCase], data: st.DataObject
) -> None:
    name, case = chosen
    body = {**copy.deepcopy(dict(case.bodies[0])), "has_more": False}
    everywhere = list(places(body))
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = everywhere[data.draw(st.integers(0, len(everywhere) - 1))]
        if data.draw(st.booleans()) and isinstance(container, dict):
            container.pop(key, None)
        elif isinstance(container, dict) or key < len(container):
            container[key] = data.draw(GARBAGE)

    with suppress(ProviderReplyError):
        await fetched(name, case, body)


@settings(max_examples=30)
@given(st.sampled_from([entry for entry in STREAMS if entry[1].amount]), st.data())
async def test_a_bill_line_is_never_dropped(chosen: tuple[str, StreamCase], data: st.DataObject) -> None:
    """Whatever the words of a bill become, its total stays."""
    name, case = chosen
    body = {**copy.deepcopy(dict(case.bodies[0])), "has_more": False}
    before = await fetched(name, case, copy.deepcopy(body))
    words = data.draw(st.lists(st.text(min_size=1), min_size=99, max_size=99, unique=True))
    rows = [row for bucket in body["data"] for row in bucket["results"]]
    for row, text in zip(rows, words, strict=False):
        row["line_item" if "line_item" in row else "description"] = text

    assert total(await fetched(name, case, body)) == total(before)


def total(records: list[CostRecord]) -> int:
    return sum(record.nanos for record in records)
