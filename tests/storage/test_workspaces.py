"""Workspaces: the home workspace, settings, chat places and channels."""

import asyncio

import pytest

from storage.errors import NotFoundError, StorageError
from storage.values import Channel, Settings
from tests.storage.cast import HOUR, NOW, by_mira

CONSOLE = Channel(
    installation_id="console", platform="console", channel="console", purpose="alerts", name="console"
)


async def test_home_is_made_once_however_often_it_is_asked_for(store) -> None:
    made = await asyncio.gather(*(store.home(NOW) for _ in range(10)))

    assert set(made) == {"home"}
    assert await store.workspaces() == [("home", "home")]
    assert [each.platform for each in await store.workspace("home").installations()] == ["console"]
    assert await store.workspace("home").channels("alerts") == [CONSOLE]


async def test_home_keeps_its_id_when_it_is_renamed(store) -> None:
    await store.workspace("home").change_settings(by_mira(), name="Harbor Notes")

    assert await store.home(NOW) == "home"
    assert await store.workspace_by_name("Harbor Notes") == "home"
    with pytest.raises(NotFoundError):
        await store.workspace_by_name("home")


async def test_settings_start_at_their_defaults_and_change_one_by_one(store) -> None:
    workspace = store.workspace("home")
    assert await workspace.settings() == Settings(name="home")

    changed = await workspace.change_settings(
        by_mira("changed the zone"), zone="Europe/Berlin", admins=("slack:U1", "discord:2")
    )

    assert changed == Settings(name="home", zone="Europe/Berlin", admins=("slack:U1", "discord:2"))
    assert changed == await workspace.settings()
    assert [each.what for each in await workspace.audit_entries()] == ["changed the zone"]


async def test_an_unknown_setting_changes_nothing(store) -> None:
    workspace = store.workspace("home")

    with pytest.raises(StorageError, match="colour"):
        await workspace.change_settings(by_mira(), zone="Europe/Berlin", colour="red")

    assert await workspace.settings() == Settings(name="home")
    assert await workspace.audit_entries() == []


async def test_a_workspace_name_is_taken_once(store) -> None:
    await store.add_workspace("Harbor Notes", NOW)

    with pytest.raises(StorageError, match="Harbor Notes already"):
        await store.add_workspace("Harbor Notes", NOW)


async def test_a_missing_workspace_is_said(store) -> None:
    with pytest.raises(NotFoundError):
        await store.workspace("nobody").settings()


async def test_a_chat_place_belongs_to_one_workspace(store) -> None:
    other = store.workspace(await store.add_workspace("other", NOW))

    linked = await store.workspace("home").add_installation("slack", "T1", "Harbor", by_mira())

    assert await store.installation("slack", "T1") == linked
    assert linked.workspace_id == "home"
    assert await store.installation("discord", "T1") is None
    with pytest.raises(StorageError, match="another workspace"):
        await other.add_installation("slack", "T1", "Harbor", by_mira())
    assert await other.installations() == []


async def test_a_removed_chat_place_comes_back_as_the_same_one(store) -> None:
    workspace = store.workspace("home")
    linked = await workspace.add_installation("slack", "T1", "Harbor", by_mira())
    spend = Channel(installation_id=linked.id, platform="slack", channel="C1", purpose="alerts")
    await workspace.set_channel(spend, by_mira())

    await workspace.remove_installation(linked.id, NOW + HOUR, by_mira())

    assert (await store.installation("slack", "T1")).removed_at == NOW + HOUR
    assert await workspace.channels("alerts") == [CONSOLE]
    with pytest.raises(NotFoundError):
        await workspace.set_channel(spend, by_mira())
    assert await workspace.add_installation("slack", "T1", "Harbor", by_mira()) == linked
    assert await workspace.channels("alerts") == [spend]


async def test_channels_of_a_place_that_is_gone_for_good_are_forgotten(store) -> None:
    workspace = store.workspace("home")
    linked = await workspace.add_installation("discord", "G1", "Harbor", by_mira())
    spend = Channel(installation_id=linked.id, platform="discord", channel="1", purpose="alerts")
    await workspace.set_channel(spend, by_mira())

    assert await workspace.forget_channels(linked.id) == 0
    await workspace.remove_installation(linked.id, NOW, by_mira())
    assert await workspace.forget_channels(linked.id) == 1

    await workspace.add_installation("discord", "G1", "Harbor", by_mira())
    assert await workspace.channels("alerts") == [CONSOLE]


async def test_the_console_is_on_until_a_chat_channel_is_set(store) -> None:
    workspace = store.workspace("home")
    linked = await workspace.add_installation("slack", "T1", "Harbor", by_mira())
    spend = Channel(
        installation_id=linked.id, platform="slack", channel="C1", purpose="alerts", name="#ai-spend"
    )

    await workspace.set_channel(spend, by_mira())
    await workspace.set_channel(spend, by_mira())
    assert await workspace.channels("alerts") == [spend]
    assert [each.platform for each in await workspace.channels("summary")] == ["console"]

    await workspace.clear_channel("alerts", linked.id, "C1", by_mira())
    assert await workspace.channels("alerts") == [CONSOLE]
    with pytest.raises(NotFoundError):
        await workspace.clear_channel("alerts", linked.id, "C1", by_mira())


async def test_a_channel_of_another_workspace_cannot_be_set(store) -> None:
    other = store.workspace(await store.add_workspace("other", NOW))
    linked = await store.workspace("home").add_installation("slack", "T1", "Harbor", by_mira())
    theirs = Channel(installation_id=linked.id, platform="slack", channel="C1", purpose="alerts")

    with pytest.raises(NotFoundError):
        await other.set_channel(theirs, by_mira())
