"""Several changes as one transaction: all of them are kept, or none."""

import asyncio

import pytest

from storage.failpoints import COMMITTED, COMMITTING, arm
from storage.store import Store
from tests.storage.cast import NOW, by_mira
from tests.storage.killing import KilledError


async def audited(store: Store) -> list[str]:
    return sorted(entry.what for entry in await store.workspace("home").audit_entries())


async def test_what_is_written_together_is_one_commit(store: Store) -> None:
    home, passed = store.workspace("home"), []
    disarm = arm(passed.append)
    async with home.together():
        await home.audit(by_mira("first"))
        await home.audit(by_mira("second"))
    disarm()

    assert passed == [COMMITTING, COMMITTED]
    assert await audited(store) == ["first", "second"]


async def test_what_fails_in_between_leaves_nothing(store: Store) -> None:
    home = store.workspace("home")

    async def fail_together() -> None:
        async with home.together():
            await home.audit(by_mira("first"))
            raise KilledError

    with pytest.raises(KilledError):
        await fail_together()
    await home.audit(by_mira("later"))

    assert await audited(store) == ["later"]


async def test_another_task_and_another_database_stay_outside(store: Store, tmp_path) -> None:
    home, begun, go_on = store.workspace("home"), asyncio.Event(), asyncio.Event()

    async def fail_together() -> None:
        async with home.together():
            await home.audit(by_mira("mine"))
            begun.set()
            await go_on.wait()
            raise KilledError

    failing = asyncio.create_task(fail_together())
    await begun.wait()
    other = await Store.open(f"sqlite:///{tmp_path / 'other.db'}", key_source=None, now=NOW)
    await other.home(NOW)
    writing = asyncio.create_task(home.audit(by_mira("theirs")))
    go_on.set()
    with pytest.raises(KilledError):
        await failing
    await writing
    await other.close()

    assert await audited(store) == ["theirs"]


async def test_a_database_opened_in_the_block_is_not_joined(store: Store, tmp_path) -> None:
    home = store.workspace("home")
    other = await Store.open(f"sqlite:///{tmp_path / 'other.db'}", key_source=None, now=NOW)

    async def fail_together() -> None:
        async with home.together():
            await other.home(NOW)
            raise KilledError

    with pytest.raises(KilledError):
        await fail_together()

    assert [name for _, name in await other.workspaces()] == ["home"]
    await other.close()
