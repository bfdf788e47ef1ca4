"""The same act delivered twice has one effect, for 24 hours."""

import asyncio
from datetime import timedelta

from tests.storage.cast import HOUR, NOW

DAY = 24 * HOUR


async def test_an_act_is_new_once(store) -> None:
    workspace = store.workspace("home")

    assert await workspace.remember_act("slack:trigger:1", NOW)
    assert not await workspace.remember_act("slack:trigger:1", NOW)
    assert not await workspace.remember_act("slack:trigger:1", NOW + DAY - timedelta(microseconds=1))
    assert await workspace.remember_act("slack:trigger:1", NOW + DAY)
    assert await workspace.remember_act("slack:trigger:2", NOW)


async def test_of_fifty_racing_deliveries_of_an_act_one_has_an_effect(store) -> None:
    workspace = store.workspace("home")

    first = await asyncio.gather(*(workspace.remember_act("discord:1", NOW) for _ in range(50)))

    assert first.count(True) == 1


async def test_acts_of_two_workspaces_do_not_meet(store) -> None:
    other = store.workspace(await store.add_workspace("other", NOW))

    assert await store.workspace("home").remember_act("slack:1", NOW)
    assert await other.remember_act("slack:1", NOW)
