"""Names outlive what they name; first and last uses come from records."""

from datetime import timedelta

from spend.window import HOUR
from tests.storage.cast import NOW
from tests.storage.reads import MONDAY, TUESDAY, at, connect, read_usage, used


async def test_a_name_is_kept_when_it_is_not_listed_any_more(store) -> None:
    workspace, connection = await connect(store)
    made = NOW - timedelta(days=9)
    listed = [
        ("project", "proj-1", "Search team", "", "", made),
        ("key", "key-1", "nightly", "user-7", "proj-1", made),
    ]
    await workspace.save_names(connection, listed, NOW)

    await workspace.save_names(connection, [("project", "proj-1", "", "", "", None)], NOW + HOUR)

    key, project = await workspace.names()
    assert (key.what, key.id, key.name, key.maker, key.project) == (
        "key",
        "key-1",
        "nightly",
        "user-7",
        "proj-1",
    )
    assert (project.name, project.created_at, project.first_used_at) == ("Search team", made, None)


async def test_uses_are_learned_from_records_oldest_and_newest(store) -> None:
    workspace, connection = await connect(store)
    await workspace.save_window(read_usage(connection, [used(at(TUESDAY, 3)), used(at(TUESDAY, 5))]))
    await workspace.save_names(connection, [("key", "key-1", "nightly", "", "", None)], NOW)

    await workspace.save_window(
        read_usage(connection, [used(at(MONDAY, 1)), used(at(TUESDAY, 3), model="o4")], read_at=NOW)
    )

    known = {(each.what, each.id): each for each in await workspace.names()}
    assert {("project", "search"), ("key", "key-1"), ("model", "gpt-5"), ("model", "o4")} == known.keys()
    key = known["key", "key-1"]
    assert (key.name, key.first_used_at, key.last_used_at) == ("nightly", at(MONDAY, 1), at(TUESDAY, 5))
    assert [each.id for each in await workspace.first_seen(at(TUESDAY, 0))] == ["o4"]
