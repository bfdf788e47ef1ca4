"""Saving windows: replaced as a whole, written only where they differ, and everything that follows made again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from spend.ledger import DayInput, DayLedger, reconcile_day
from spend.window import DAY, HOUR, Window
from storage.errors import NotFoundError, StorageError
from storage.store import WorkspaceStore
from storage.tables._all import all_tables
from storage.values import SeenHour
from tests.storage.reads import (
    EARLY,
    EMBEDDINGS,
    LATE,
    MONDAY,
    RULES,
    TUESDAY,
    at,
    billed,
    connect,
    days,
    read_bill,
    read_usage,
    used,
)

_CONTENT = (
    "usage_record",
    "cost_record",
    "bucket",
    "pending_empty",
    "spend_cell",
    "spend_day",
    "day_state",
    "known_name",
)


async def content(workspace: WorkspaceStore) -> dict[str, list[tuple[Any, ...]]]:
    """Everything windows leave behind, but for when it was seen."""
    tables = all_tables().tables
    async with workspace._read() as tx:
        found = {name: (await tx.execute(select(tables[name]))).all() for name in _CONTENT}
    return {name: sorted(tuple(map(repr, row)) for row in rows) for name, rows in found.items()}


async def test_usage_is_estimated_until_its_bill_is_read_late_enough(store) -> None:
    workspace, connection = await connect(store)

    saved = await workspace.save_window(read_usage(connection, [used(at(MONDAY, 9))]))

    assert (saved.rows, saved.changed, saved.changed_hours) == (1, True, (at(MONDAY, 9),))
    (spend,) = await workspace.slices(days(MONDAY, MONDAY), [])
    assert (spend.billed_nanos, spend.estimated_nanos) == (0, 10_000_000)

    early = await workspace.save_window(read_bill(connection, [billed(MONDAY, 7_000_000)], read_at=EARLY))
    (spend,) = await workspace.slices(days(MONDAY, MONDAY), [])
    assert early.settled_days == ()
    assert (spend.billed_nanos, spend.estimated_nanos) == (0, 10_000_000)

    late = await workspace.save_window(read_bill(connection, [billed(MONDAY, 7_000_000)], read_at=LATE))
    (spend,) = await workspace.slices(days(MONDAY, MONDAY), [])
    assert not late.changed, "the same lines as before"
    assert late.settled_days == (MONDAY, TUESDAY)
    assert (spend.billed_nanos, spend.estimated_nanos, spend.estimate_nanos) == (7_000_000, 0, 10_000_000)
    assert spend.parts == {"uncached_in": 7_000_000}


async def test_saving_a_window_twice_is_saving_it_once(store) -> None:
    workspace, connection = await connect(store)
    usage = read_usage(connection, [used(at(MONDAY, 9)), used(at(TUESDAY, 1), model="o4", nanos=5)])
    bill = read_bill(connection, [billed(MONDAY, 7_000_000), billed(TUESDAY, 11, model="")])
    await workspace.save_window(usage)
    await workspace.save_window(bill)
    once = await content(workspace)

    again = [await workspace.save_window(usage), await workspace.save_window(bill)]

    assert once == await content(workspace)
    assert [(saved.changed, saved.changed_hours, saved.settled_days, saved.restated) for saved in again] == [
        (False, (), (), ())
    ] * 2


async def test_the_order_of_windows_does_not_matter(store) -> None:
    workspace, connection = await connect(store)
    windows = [
        read_usage(connection, [used(at(MONDAY, 9)), used(at(MONDAY, 10))], window=days(MONDAY, MONDAY)),
        read_usage(connection, [used(at(TUESDAY, 1), nanos=None)], window=days(TUESDAY, TUESDAY)),
        read_usage(connection, [used(at(MONDAY, 9), kind="embeddings")], stream=EMBEDDINGS),
        read_bill(connection, [billed(MONDAY, 33), billed(TUESDAY, -4, model="")]),
    ]
    for window in windows:
        await workspace.save_window(window)
    forwards = await content(workspace)
    await store.forget("home")
    await store.home(EARLY)
    workspace, other = await connect(store)

    for window in reversed(windows):
        await workspace.save_window(type(window)(**_fields(window) | {"connection_id": other}))

    backwards = await content(workspace)
    for rows in (forwards, backwards):
        for name, found in rows.items():
            rows[name] = sorted(
                tuple(each.replace(connection, "C").replace(other, "C") for each in row) for row in found
            )
    assert forwards == backwards


def _fields(window: Any) -> dict[str, Any]:
    return {name: getattr(window, name) for name in window.__dataclass_fields__}


async def test_a_window_replaces_what_was_in_it_and_nothing_else(store) -> None:
    workspace, connection = await connect(store)
    hours = [used(at(MONDAY, 9), nanos=1), used(at(MONDAY, 10), nanos=2), used(at(MONDAY, 11), nanos=4)]
    await workspace.save_window(read_usage(connection, hours))
    later = Window(at(MONDAY, 10), at(MONDAY, 12))

    saved = await workspace.save_window(
        read_usage(connection, [used(at(MONDAY, 10), nanos=8)], window=later, read_at=EARLY + HOUR)
    )

    assert saved.changed_hours == (at(MONDAY, 10), at(MONDAY, 11))
    found = await workspace.slices(days(MONDAY, MONDAY), ["hour"])
    assert {each.key: each.nanos for each in found} == {("2026-11-16T10:00Z",): 8, ("2026-11-16T09:00Z",): 1}


async def test_the_cells_of_a_settled_day_are_its_bill(store) -> None:
    workspace, connection = await connect(store)
    usage = [used(at(MONDAY, hour), nanos=3, model=model) for hour in range(24) for model in ("gpt-5", "o4")]
    lines = [
        billed(MONDAY, 1_000_003),
        billed(MONDAY, 17, model="o4", currency="EUR"),
        billed(MONDAY, -5, model="", kind="", line_item="credit"),
        billed(MONDAY, 7, model="never-used", line_item="never-used, output"),
    ]

    await workspace.save_window(read_usage(connection, usage))
    await workspace.save_window(read_bill(connection, lines))

    found = await workspace.slices(days(MONDAY, MONDAY), [])
    assert {each.currency: each.billed_nanos for each in found} == {"USD": 1_000_005, "EUR": 17}
    assert [each.estimated_nanos for each in found] == [0, 0]
    assert await store.check() == []


async def test_an_empty_day_where_there_was_money_needs_a_second_read(store) -> None:
    workspace, connection = await connect(store)
    await workspace.save_window(read_usage(connection, [used(at(MONDAY, 9)), used(at(TUESDAY, 9))]))
    without_monday = [used(at(TUESDAY, 9))]

    first = await workspace.save_window(read_usage(connection, without_monday, read_at=EARLY + HOUR))
    same = await workspace.save_window(read_usage(connection, without_monday, read_at=EARLY + HOUR))
    (kept,) = await workspace.slices(days(MONDAY, MONDAY), [])
    second = await workspace.save_window(read_usage(connection, without_monday, read_at=EARLY + 2 * HOUR))

    assert first.needs_second_read
    assert same.needs_second_read, "the same read again is no second one"
    assert kept.nanos == 10_000_000
    assert not second.needs_second_read
    assert second.changed_hours == (at(MONDAY, 9),)
    assert await workspace.slices(days(MONDAY, MONDAY), []) == []


async def test_an_empty_read_followed_by_a_full_one_is_forgotten(store) -> None:
    workspace, connection = await connect(store)
    full, empty = [billed(MONDAY, 5)], list[Any]()
    await workspace.save_window(read_bill(connection, full))

    reads = [empty, full, empty]
    answers = [
        await workspace.save_window(read_bill(connection, lines, read_at=LATE + (number + 1) * HOUR))
        for number, lines in enumerate(reads)
    ]

    assert [saved.needs_second_read for saved in answers] == [True, False, True]
    assert [each.nanos for each in await workspace.slices(days(MONDAY, TUESDAY), [])] == [5]


async def test_a_settled_day_whose_bill_changes_is_restated_once(store) -> None:
    workspace, connection = await connect(store)
    await workspace.save_window(read_usage(connection, [used(at(MONDAY, 9))]))
    first = await workspace.save_window(read_bill(connection, [billed(MONDAY, 70)], read_at=LATE))
    changed = read_bill(connection, [billed(MONDAY, 75)], read_at=LATE + HOUR)

    saved = await workspace.save_window(changed)
    again = await workspace.save_window(changed)

    assert (first.restated, again.restated) == ((), ())
    (restated,) = saved.restated
    assert (restated.day, restated.before_nanos, restated.after_nanos) == (MONDAY, 70, 75)
    assert [restated] == await workspace.restatements(LATE)
    assert await workspace.restatements(LATE + 2 * HOUR) == []
    await workspace.mark_restatements_told([restated])
    (told,) = await workspace.restatements(LATE)
    assert told.told


async def test_a_clock_set_back_never_opens_a_settled_day(store) -> None:
    workspace, connection = await connect(store)
    await workspace.save_window(read_usage(connection, [used(at(MONDAY, 9))]))
    await workspace.save_window(read_bill(connection, [billed(MONDAY, 70)], read_at=LATE))

    await workspace.save_window(read_bill(connection, [billed(MONDAY, 71)], read_at=LATE - 2 * DAY))

    (spend,) = await workspace.slices(days(MONDAY, MONDAY), [])
    assert (spend.billed_nanos, spend.estimated_nanos) == (71, 0)
    (state, _) = await workspace.day_states(MONDAY, TUESDAY)
    assert (state.day, state.is_settled, state.bill_read_at) == (MONDAY, True, LATE)


async def test_a_day_partly_in_a_cost_window_is_not_read_whole(store) -> None:
    workspace, connection = await connect(store)
    until_noon = Window(at(MONDAY, 0), at(TUESDAY, 12))

    saved = await workspace.save_window(read_bill(connection, [billed(MONDAY, 70)], window=until_noon))

    assert saved.settled_days == (MONDAY,)
    assert [state.day for state in await workspace.day_states(MONDAY, TUESDAY)] == [MONDAY]


async def test_a_missing_bill_leaves_the_day_estimated_and_says_so(store) -> None:
    workspace, connection = await connect(store)
    await workspace.save_window(read_usage(connection, [used(at(MONDAY, 9))]))

    await workspace.save_window(read_bill(connection, []))

    monday, tuesday = await workspace.day_states(MONDAY, TUESDAY)
    assert (monday.is_settled, monday.is_bill_missing) == (False, True)
    assert (tuesday.is_settled, tuesday.is_bill_missing) == (True, False)


async def test_as_seen_totals_grow_with_every_change(store) -> None:
    workspace, connection = await connect(store)
    nine = at(MONDAY, 9)
    for minutes, nanos in ((5, 10), (10, 10), (15, 30)):
        seen_at = EARLY + timedelta(minutes=minutes)
        await workspace.save_window(read_usage(connection, [used(nine, nanos=nanos)], read_at=seen_at))

    seen = await workspace.as_seen(connection, days(MONDAY, MONDAY))

    expected = [(nine, EARLY + timedelta(minutes=5), 10), (nine, EARLY + timedelta(minutes=15), 30)]
    assert expected == [(each.hour, each.seen_at, each.nanos) for each in seen]
    newest = SeenHour(connection, nine, EARLY + timedelta(minutes=15), 30)
    assert [newest] == await workspace.hours_seen_since(EARLY + timedelta(minutes=6))
    assert await workspace.hours_seen_since(EARLY + timedelta(minutes=16)) == []


async def test_records_come_back_as_they_were_read(store) -> None:
    workspace, connection = await connect(store)
    usage = [used(at(MONDAY, 9)), used(at(MONDAY, 10), nanos=None, variant="speed=fast")]

    await workspace.save_window(read_usage(connection, usage))

    assert [each.record for each in usage] == await workspace.usage_records(connection, days(MONDAY, MONDAY))
    assert await workspace.usage_records(connection, days(TUESDAY, TUESDAY)) == []
    assert await workspace.first_record_at() == at(MONDAY, 9)


async def test_new_prices_make_the_day_again(store) -> None:
    workspace, connection = await connect(store)
    await workspace.save_window(
        read_usage(connection, [used(at(MONDAY, 9)), used(at(MONDAY, 10), nanos=None)])
    )
    prices = {at(MONDAY, 9): 10_000_000, at(MONDAY, 10): 4_000_000}

    def price(records):  # type: ignore[no-untyped-def]
        return [used(each.start, nanos=prices[each.start]) for each in records]

    assert await workspace.reprice(connection, MONDAY, price, RULES)
    assert not await workspace.reprice(connection, MONDAY, price, RULES)
    assert not await workspace.reprice(connection, TUESDAY, price, RULES)

    (spend,) = await workspace.day_slices(MONDAY, MONDAY, [])
    assert (spend.estimated_nanos, spend.unpriced_tokens) == (14_000_000, 0)


async def test_nothing_is_saved_of_a_read_with_a_record_outside_of_its_window(store) -> None:
    workspace, connection = await connect(store)
    stray = read_usage(connection, [used(at(TUESDAY, 0))], window=days(MONDAY, MONDAY))

    with pytest.raises(StorageError, match="outside of the window"):
        await workspace.save_window(stray)

    assert await workspace.first_record_at() is None


async def test_an_unknown_connection_or_stream_is_refused(store) -> None:
    workspace, connection = await connect(store)

    with pytest.raises(NotFoundError):
        await workspace.save_window(read_usage("nobody", []))
    with pytest.raises(NotFoundError):
        await workspace.save_window(read_usage(connection, [], stream="usage.images"))


async def test_a_busy_day_is_reconciled_like_any_other(store) -> None:
    workspace, connection = await connect(store)
    usage = [
        used(at(MONDAY, hour), nanos=1, api_key=f"key-{key}") for hour in range(24) for key in range(100)
    ]

    await workspace.save_window(read_usage(connection, usage))
    await workspace.save_window(read_bill(connection, [billed(MONDAY, 4_801)]))

    keys = await workspace.day_slices(MONDAY, MONDAY, ["api_key"])
    assert (len(keys), sum(each.billed_nanos for each in keys)) == (100, 4_801)


async def test_cells_that_do_not_add_up_are_not_kept(store, monkeypatch) -> None:
    """A ledger that loses a cell is refused, with the figures and without a name; what was there stays."""
    workspace, connection = await connect(store)
    await workspace.save_window(read_usage(connection, [used(at(MONDAY, 9))]))
    before = await content(workspace)

    def lossy(day: DayInput) -> DayLedger:
        return replace(reconcile_day(day), cells=())

    monkeypatch.setattr("storage._days.reconcile_day", lossy)
    with pytest.raises(StorageError, match=r"cells sum to 0 \(USD\), what was read to 20000000") as refused:
        await workspace.save_window(
            read_usage(connection, [used(at(MONDAY, 9)), used(at(MONDAY, 10))], read_at=LATE)
        )

    assert "search" not in refused.value.sentence
    assert await content(workspace) == before
