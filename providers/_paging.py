"""Page loops: walk a vendor's pages to the end, or fail; a part of an answer is never taken for the whole.

Two ways of paging: buckets with `has_more` and `next_page`, and lists that go on `after` the last id.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from providers._base import Page, ReadClient, type_json
from providers._errors import ProviderAuthError, ProviderReplyError, ProviderRequestError
from spend.usage import CostRecord, UsageRecord

MOST_PAGES = 500  # a week of hours, one bucket a page, is 168
MOST_ROWS = 500_000

Record = UsageRecord | CostRecord
RecordT = TypeVar("RecordT", UsageRecord, CostRecord)


async def read_pages(
    client: ReadClient,
    path: str,
    choices: Sequence[Mapping[str, Any]],
    parse: Callable[[Sequence[Any]], Sequence[RecordT]],
) -> list[Page]:
    """Return every page of a bucket report, parsed from its `data`.

    `choices` are the parameters to try in order: the next ones are used when the vendor refuses a combination (400).
    A cursor that expired (410) starts the walk again, once. Raises ProviderReplyError for a repeated cursor, more to
    come without a cursor, missing `data` or `has_more`, too much, and rows that come twice: adding them up would
    double money, dropping one would be a guess.
    """
    *larger, last = choices
    for params in larger:
        try:
            return await _walk_again(client, path, params, parse)
        except ProviderRequestError as error:
            if error.status != 400:
                raise
    return await _walk_again(client, path, last, parse)


async def read_optional_list(
    client: ReadClient, path: str, params: Mapping[str, Any], *, cursor: str
) -> list[Mapping[str, Any]]:
    """Return a list as `read_list` does; empty where the key may not read it or the vendor does not know it.

    A refused key (401) is raised all the same.
    """
    try:
        return await read_list(client, path, params, cursor=cursor)
    except (ProviderAuthError, ProviderRequestError) as error:
        if error.status == 401:
            raise
        return []


async def read_list(
    client: ReadClient, path: str, params: Mapping[str, Any], *, cursor: str
) -> list[Mapping[str, Any]]:
    """Return every item of a list that goes on with `<cursor>=<last_id>`. Raises ProviderReplyError as `read_pages`."""
    items: list[Mapping[str, Any]] = []
    seen: set[str] = set()
    query = dict(params)
    for _ in range(MOST_PAGES):
        body = await client.get_json(path, query)
        found, has_more = _envelope(body)
        items.extend(item for item in found if isinstance(item, Mapping))
        if not has_more:
            return items
        query[cursor] = _next(body, "last_id", seen)
    raise ProviderReplyError("The list has more pages than can be true.", where="has_more")


async def _walk_again(
    client: ReadClient,
    path: str,
    params: Mapping[str, Any],
    parse: Callable[[Sequence[Any]], Sequence[RecordT]],
) -> list[Page]:
    try:
        return await _walk(client, path, params, parse)
    except ProviderRequestError as error:
        if error.status != 410:
            raise
    return await _walk(client, path, params, parse)


async def _walk(
    client: ReadClient,
    path: str,
    params: Mapping[str, Any],
    parse: Callable[[Sequence[Any]], Sequence[RecordT]],
) -> list[Page]:
    pages: list[Page] = []
    seen: set[str] = set()
    keys: set[tuple[Any, ...]] = set()
    query = dict(params)
    for _ in range(MOST_PAGES):
        body = await client.get_json(path, query)
        buckets, has_more = _envelope(body)
        records = parse(buckets)
        _refuse_twins(records, keys)
        pages.append(Page(records))
        if not has_more:
            return pages
        query["page"] = _next(body, "next_page", seen)
    raise ProviderReplyError("The report has more pages than can be true.", where="has_more")


def _envelope(body: type_json) -> tuple[list[Any], bool]:
    """Return `data` and `has_more` of one page; both are required, because a default would hide a cut answer."""
    if not isinstance(body, Mapping) or not isinstance(body.get("data"), list):
        raise ProviderReplyError("An answer has no list of data.", where="data")
    if not isinstance(body.get("has_more"), bool):
        raise ProviderReplyError("An answer does not say whether it is the last page.", where="has_more")
    return body["data"], body["has_more"]


def _next(body: Mapping[str, Any], field: str, seen: set[str]) -> str:
    cursor = body.get(field)
    if not isinstance(cursor, str) or not cursor:
        raise ProviderReplyError("An answer says there is more, but not where.", where=field)
    if cursor in seen:
        raise ProviderReplyError("The pages of an answer go round in a circle.", where=field)
    seen.add(cursor)
    return cursor


def _refuse_twins(records: Iterable[Record], keys: set[tuple[Any, ...]]) -> None:
    for record in records:
        key = _key_of(record)
        if key in keys:
            raise ProviderReplyError("An answer holds the same row twice.", where="results")
        keys.add(key)
    if len(keys) > MOST_ROWS:
        raise ProviderReplyError("An answer holds more rows than can be true.", where="results")


def _key_of(record: Record) -> tuple[Any, ...]:
    """Return the key columns of a record: what storage keeps it under."""
    if isinstance(record, UsageRecord):
        return record.start, record.width_s, record.dims
    named = (record.project, record.api_key, record.model, record.kind, record.line_item, record.variant)
    return record.day, *named, record.token_class, record.currency
