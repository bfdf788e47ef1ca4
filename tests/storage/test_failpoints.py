"""The two boundaries of every writing transaction."""

import pytest

from storage.failpoints import COMMITTED, COMMITTING, arm
from storage.store import Store
from tests.storage.cast import NOW
from tests.storage.killing import KilledError


@pytest.mark.parametrize(("boundary", "kept"), [(COMMITTING, False), (COMMITTED, True)])
async def test_a_process_killed_before_its_commit_leaves_nothing_and_after_it_everything(
    store: Store, boundary: str, kept: bool
) -> None:
    def stop(name: str) -> None:
        if name == boundary:
            raise KilledError

    disarm = arm(stop)
    with pytest.raises(KilledError):
        await store.add_workspace("other", NOW)
    disarm()

    assert ("other" in [name for _, name in await store.workspaces()]) is kept
