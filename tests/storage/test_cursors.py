"""How far streams were read: the newest edge, the history, and when each span was last read whole."""

from datetime import timedelta

from spend.window import DAY, HOUR, Window
from tests.storage.cast import NOW
from tests.storage.reads import COSTS, USAGE, connect, read_usage

_2D, _7D, _30D = timedelta(days=2), timedelta(days=7), timedelta(days=30)
_MIDNIGHT = NOW.replace(hour=0, minute=0)


async def state(workspace, connection, name=USAGE):  # type: ignore[no-untyped-def]
    """The stream as the workspace shows it."""
    kept = await workspace.connection(connection)
    return next(each for each in kept.streams if each.stream == name)


async def save(workspace, connection, start, end, read_at, **more) -> None:  # type: ignore[no-untyped-def]
    """Save an empty read."""
    window = Window(start, end)
    await workspace.save_window(read_usage(connection, [], window=window, read_at=read_at, **more))


async def test_reads_move_the_newest_edge_and_history_the_oldest(store) -> None:
    workspace, connection = await connect(store)
    end = _MIDNIGHT + DAY

    await save(workspace, connection, end - _2D, end, NOW)
    first = await state(workspace, connection)
    await save(workspace, connection, end - _2D - _7D, end - _2D, NOW + HOUR, is_history=True)
    second = await state(workspace, connection)

    assert (first.as_of, first.history_from, first.backfill_done) == (NOW, end - _2D, False)
    assert (second.as_of, second.history_from) == (NOW, end - _2D - _7D)
    assert second.last_success_at == NOW + HOUR


async def test_history_with_a_gap_does_not_count(store) -> None:
    workspace, connection = await connect(store)
    end = _MIDNIGHT + DAY
    await save(workspace, connection, end - _2D, end, NOW)

    await save(workspace, connection, end - _30D, end - _7D, NOW, is_history=True)

    assert (await state(workspace, connection)).history_from == end - _2D


async def test_the_backfill_is_done_when_its_goal_is_reached_or_the_vendor_has_no_more(store) -> None:
    workspace, connection = await connect(store)

    await save(workspace, connection, NOW - timedelta(days=91), NOW, NOW)
    await workspace.finish_backfill(connection, COSTS)

    assert (await state(workspace, connection)).backfill_done
    assert (await state(workspace, connection, COSTS)).backfill_done


async def test_rereading_an_old_window_does_not_make_figures_look_fresh(store) -> None:
    workspace, connection = await connect(store)
    await save(workspace, connection, NOW - _2D, NOW, NOW)

    await save(workspace, connection, NOW - _2D, NOW - DAY, NOW + HOUR)

    assert (await state(workspace, connection)).as_of == NOW


async def test_a_span_counts_as_read_when_all_of_it_was(store) -> None:
    workspace, connection = await connect(store)
    spans = [_2D, _7D, _30D]

    assert await workspace.last_reread(connection, USAGE, spans, NOW) == dict.fromkeys(spans)

    await save(workspace, connection, NOW - _7D, NOW, NOW)
    later = NOW + 3 * HOUR
    await save(workspace, connection, later - _2D, later, later)
    found = await workspace.last_reread(connection, USAGE, spans, later)

    assert found == {_2D: later, _7D: NOW, _30D: NOW}


async def test_a_span_read_in_pieces_counts_from_its_first_piece(store) -> None:
    workspace, connection = await connect(store)
    for number in range(4):
        start = NOW - timedelta(days=7 * (4 - number))
        await save(workspace, connection, start, start + _7D, NOW + number * HOUR)

    assert (await workspace.last_reread(connection, USAGE, [_30D], NOW)) == {_30D: NOW}
    gap = NOW + timedelta(days=40)
    await save(workspace, connection, gap - DAY, gap, gap)
    assert (await workspace.last_reread(connection, USAGE, [_30D], gap)) == {_30D: None}
