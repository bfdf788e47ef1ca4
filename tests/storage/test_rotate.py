"""The master key of a database: recognised, listed, and rotated in a way that survives being killed anywhere."""

import pytest
from sqlalchemy import text

from storage import rotate
from storage.errors import KeyUnreadableError, RunLeaseHeldError, StorageError
from storage.holder import Holder
from storage.keybox import KeyBox, fingerprint, new_master_key
from storage.store import Store
from storage.values import ConnectionState
from tests.canaries import MASTER_KEY
from tests.storage.cast import KEY, NOW, OTHER_KEY, by_mira, harbor_anthropic, harbor_openai
from tests.storage.killing import KilledError, dead_process, killed_after

NEW_KEY = bytes(range(100, 132))
THIRD_KEY = bytes(range(200, 232))


async def opened(url: str, key: bytes | None) -> Store:
    return await Store.open(url, key_source=None if key is None else lambda: key, now=NOW)


async def two_workspaces(store: Store) -> dict[str, str]:
    """Connect one key in each of two workspaces; return workspace id -> connection id."""
    other = await store.add_workspace("other", NOW)
    ours = await store.workspace("home").add_connection(harbor_openai(), NOW, by_mira())
    theirs = await store.workspace(other).add_connection(harbor_anthropic(), NOW, by_mira())
    return {"home": ours.id, other: theirs.id}


async def keys_opened(store: Store, connections: dict[str, str]) -> list[str]:
    return [
        await store.workspace(workspace).open_key(connection, NOW, by_mira())
        for workspace, connection in connections.items()
    ]


async def kek_ids(store: Store) -> set[str]:
    async with store._engines.reader.connect() as tx:
        return set((await tx.execute(text("SELECT kek_id FROM data_key"))).scalars())


async def canaries(store: Store) -> set[str]:
    async with store._engines.reader.connect() as tx:
        return set((await tx.execute(text("SELECT kek_id FROM canary"))).scalars())


async def test_a_wrong_master_key_is_recognised_without_any_key_stored(store, database_url) -> None:
    with pytest.raises(KeyUnreadableError) as caught:
        await opened(database_url, NEW_KEY)

    assert str(caught.value) == (
        "This database was sealed with another master key "
        f"(fingerprint {fingerprint(MASTER_KEY)}, not {fingerprint(NEW_KEY)})."
    )
    assert await canaries(store) == {fingerprint(MASTER_KEY)}


async def test_a_missing_master_key_is_said_and_none_is_made(store, database_url) -> None:
    with pytest.raises(KeyUnreadableError, match="No master key is set"):
        await Store.open(database_url, key_source=lambda: None, now=NOW)

    assert await store.is_sealed()


async def test_a_store_opened_without_a_key_reads_everything_but_keys(store, database_url) -> None:
    kept = await store.workspace("home").add_connection(harbor_openai(), NOW, by_mira())
    keyless = await opened(database_url, None)

    assert await keyless.workspace("home").connections() == [kept]
    with pytest.raises(KeyUnreadableError):
        await keyless.workspace("home").open_key(kept.id, NOW, by_mira())
    with pytest.raises(KeyUnreadableError):
        await keyless.workspace("home").add_connection(harbor_anthropic(), NOW, by_mira())
    assert await store.workspace("home").connections() == [kept]
    await keyless.close()


async def test_keys_are_listed_by_fingerprint_and_state_only(store) -> None:
    connections = await two_workspaces(store)
    await store.workspace("home").disconnect(connections["home"], NOW, by_mira())

    ours, theirs = await store.list_keys()

    assert (ours.workspace, ours.provider, ours.label, ours.state, ours.kek_id) == (
        "home",
        "openai",
        "Harbor OpenAI",
        ConnectionState.DISCONNECTED,
        "",
    )
    assert (theirs.hint, theirs.kek_id, len(theirs.fingerprint)) == ("r2Fp", fingerprint(MASTER_KEY), 16)
    assert KEY not in repr(ours)
    assert OTHER_KEY not in repr(theirs)


async def test_a_rotation_makes_the_old_master_key_useless(store, database_url) -> None:
    connections = await two_workspaces(store)
    before = [each.fingerprint for each in await store.list_keys()]

    assert await store.rotate(NEW_KEY, NOW) == 2

    assert await keys_opened(store, connections) == [KEY, OTHER_KEY]
    assert await kek_ids(store) == await canaries(store) == {fingerprint(NEW_KEY)}
    assert [each.fingerprint for each in await store.list_keys()] == before
    with pytest.raises(KeyUnreadableError):
        await opened(database_url, MASTER_KEY)
    again = await opened(database_url, NEW_KEY)
    assert await keys_opened(again, connections) == [KEY, OTHER_KEY]
    await again.close()


async def test_a_duplicate_is_still_found_after_a_rotation(store) -> None:
    await two_workspaces(store)
    await store.rotate(NEW_KEY, NOW)

    with pytest.raises(StorageError, match="connected already, as Harbor OpenAI"):
        await store.workspace("home").add_connection(harbor_openai(label="Again"), NOW, by_mira())


async def test_a_rotation_killed_after_any_statement_is_finished_by_running_it_again(
    store, database_url, monkeypatch
) -> None:
    """Each round dies one statement later than the one before, until a round gets through alive."""
    monkeypatch.setattr(rotate, "_BATCH", 1)
    monkeypatch.setattr(Holder, "this_process", dead_process)
    connections = await two_workspaces(store)
    present, rounds, survived = MASTER_KEY, 0, False
    while not survived:
        rounds += 1
        wanted = new_master_key()
        dying = await opened(database_url, present)
        try:
            with killed_after(dying, rounds):
                await dying.rotate(wanted, NOW)
            survived = True
        except KilledError:
            assert await kek_ids(dying) <= {fingerprint(present), fingerprint(wanted)}
            assert await kek_ids(dying) <= await canaries(dying)  # each key in use still has its canary
        await dying.close()

        again = await opened(database_url, None)
        await again.rotate(wanted, NOW, old_key=present)
        assert await keys_opened(again, connections) == [KEY, OTHER_KEY]
        assert await canaries(again) == await kek_ids(again) == {fingerprint(wanted)}
        await again.close()
        present = wanted

    assert rounds > 12


async def test_a_rotation_that_was_not_finished_refuses_a_third_key(store, monkeypatch) -> None:
    monkeypatch.setattr(rotate, "_BATCH", 1)
    await two_workspaces(store)
    wrapped = 0

    def stop_at_the_second(*_: object) -> None:
        nonlocal wrapped
        wrapped += 1
        if wrapped == 2:
            raise KilledError

    rewrap = KeyBox.rewrap
    monkeypatch.setattr(KeyBox, "rewrap", lambda *args: stop_at_the_second() or rewrap(*args))
    with pytest.raises(KilledError):
        await store.rotate(NEW_KEY, NOW)
    assert await kek_ids(store) == {fingerprint(MASTER_KEY), fingerprint(NEW_KEY)}

    with pytest.raises(KeyUnreadableError, match=fingerprint(NEW_KEY)):
        await store.rotate(THIRD_KEY, NOW)

    assert await store.rotate(NEW_KEY, NOW) == 1


async def test_a_rotation_is_refused_while_a_run_lives(store) -> None:
    connections = await two_workspaces(store)
    token = await store.take_run_lease(Holder.this_process(), NOW)

    with pytest.raises(RunLeaseHeldError):
        await store.rotate(NEW_KEY, NOW)
    assert await kek_ids(store) == {fingerprint(MASTER_KEY)}

    await store.release_run_lease(token)
    await store.rotate(NEW_KEY, NOW)
    assert await keys_opened(store, connections) == [KEY, OTHER_KEY]


async def test_a_rotation_to_the_same_or_from_a_wrong_key_changes_nothing(store, database_url) -> None:
    await two_workspaces(store)
    keyless = await opened(database_url, None)

    with pytest.raises(StorageError, match="in use already"):
        await store.rotate(MASTER_KEY, NOW)
    with pytest.raises(KeyUnreadableError, match="another master key"):
        await keyless.rotate(NEW_KEY, NOW, old_key=THIRD_KEY)
    with pytest.raises(KeyUnreadableError, match="31 bytes"):
        await store.rotate(NEW_KEY[:31], NOW)

    assert await kek_ids(store) == await canaries(store) == {fingerprint(MASTER_KEY)}
    await keyless.close()


async def test_a_process_with_the_old_key_seals_nothing_after_a_rotation(store, database_url) -> None:
    late = await opened(database_url, MASTER_KEY)
    await store.rotate(NEW_KEY, NOW)

    with pytest.raises(KeyUnreadableError, match="not the one of this database"):
        await late.workspace("home").add_connection(harbor_openai(), NOW, by_mira())

    assert await store.workspace("home").connections() == []
    await late.close()
