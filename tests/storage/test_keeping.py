"""Everything is kept for its time, and no longer."""

from datetime import timedelta

import pytest

from storage.errors import StorageError
from storage.keeping import KINDS
from tests.storage.cast import NOW
from tests.storage.reads import EARLY, MONDAY, USAGE, at, connect, days, read_usage, used


async def test_what_is_too_old_goes_and_money_stays(store) -> None:
    workspace, connection = await connect(store)
    await workspace.save_window(read_usage(connection, [used(at(MONDAY, 9))]))
    await workspace.stream_failed(connection, USAGE, EARLY, EARLY, "The vendor is down.")
    await workspace.remember_act("slack:1", EARLY)

    early = await workspace.clean(EARLY + timedelta(hours=23))
    late = await workspace.clean(EARLY + timedelta(days=36))
    later = await workspace.clean(EARLY + timedelta(days=91))

    assert set(early.values()) == {0}
    assert {kind: count for kind, count in late.items() if count} == {"as_seen": 1, "acts": 1}
    assert {kind: count for kind, count in later.items() if count} == {"poll_attempts": 1}
    assert len(await workspace.slices(days(MONDAY, MONDAY), [])) == 1


async def test_a_setting_changes_how_long_a_kind_is_kept(store) -> None:
    workspace, connection = await connect(store)
    await workspace.save_window(read_usage(connection, [used(at(MONDAY, 9))]))
    a_day = timedelta(days=1)

    kept = await workspace.clean(EARLY + 50 * a_day, {"as_seen": timedelta(0), "usage_records": a_day})
    gone = await workspace.clean(EARLY + 102 * a_day, {"as_seen": timedelta(0), "usage_records": a_day})

    assert "as_seen" not in kept, "zero is for ever"
    assert (kept["usage_records"], gone["usage_records"]) == (0, 1), "records that may be restated stay"
    with pytest.raises(StorageError, match="no kind of data named prompts"):
        await workspace.clean(NOW, {"prompts": a_day})


def test_every_kind_that_ends_by_itself_says_when() -> None:
    ending = {name: kind.keep.days for name, kind in KINDS.items() if kind.keep}

    assert ending == {
        "as_seen": 35,
        "poll_attempts": 90,
        "decisions": 400,
        "deliveries": 400,
        "console_messages": 400,
        "feedback": 400,
        "acts": 1,
        "notes": 90,
    }
