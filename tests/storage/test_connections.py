"""Connections: nothing is counted twice (R13), keys are sealed, every use of one is audited."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from spend.usage import Role
from storage.errors import DuplicateConnectionError, KeyUnreadableError, NotFoundError, StorageError
from storage.values import ConnectionState
from tests.storage.cast import HOUR, KEY, MINUTE, NOW, OTHER_KEY, by_mira, harbor_anthropic, harbor_openai


async def test_a_new_connection_is_active_and_its_streams_are_due_at_once(store) -> None:
    workspace = store.workspace("home")

    kept = await workspace.add_connection(harbor_openai(account_id="org-1"), NOW, by_mira())

    assert kept == await workspace.connection(kept.id)
    assert kept == await workspace.connection_by_label("Harbor OpenAI")
    assert [kept] == await workspace.connections()
    assert (kept.state, kept.key_hint, kept.account_id) == (ConnectionState.ACTIVE, "q7Xw", "org-1")
    assert [(each.stream, each.role, each.next_due_at) for each in kept.streams] == [
        ("usage.completions", Role.USAGE, NOW),
        ("costs", Role.COST, NOW),
    ]
    assert KEY not in repr(kept)


async def test_the_same_key_is_refused_with_the_name_it_has(store) -> None:
    workspace = store.workspace("home")
    await workspace.add_connection(harbor_openai(), NOW, by_mira())

    with pytest.raises(DuplicateConnectionError) as caught:
        await workspace.add_connection(harbor_openai(label="Again"), NOW, by_mira())

    assert str(caught.value) == "This key is connected already, as Harbor OpenAI."
    assert len(await workspace.connections()) == 1


async def test_the_same_account_by_another_key_is_refused(store) -> None:
    workspace = store.workspace("home")
    await workspace.add_connection(harbor_openai(account_id="org-1", account_name="Harbor"), NOW, by_mira())
    again = harbor_openai(label="Again", key=OTHER_KEY, account_id="org-1", account_name="Harbor")

    with pytest.raises(DuplicateConnectionError) as caught:
        await workspace.add_connection(again, NOW, by_mira())

    assert str(caught.value) == "Harbor is counted by Harbor OpenAI already; counting it twice is refused."


async def test_two_accounts_without_a_known_id_are_two_connections(store) -> None:
    workspace = store.workspace("home")

    await workspace.add_connection(harbor_openai(), NOW, by_mira())
    await workspace.add_connection(harbor_openai(label="Second", key=OTHER_KEY), NOW, by_mira())

    assert [each.label for each in await workspace.connections()] == ["Harbor OpenAI", "Second"]


async def test_a_label_names_one_connection(store) -> None:
    workspace = store.workspace("home")
    await workspace.add_connection(harbor_openai(), NOW, by_mira())

    with pytest.raises(DuplicateConnectionError, match="named Harbor OpenAI already"):
        await workspace.add_connection(harbor_anthropic(label="Harbor OpenAI"), NOW, by_mira())


async def test_the_same_key_in_another_workspace_is_none_of_our_business(store) -> None:
    other = await store.add_workspace("other", NOW)
    await store.workspace("home").add_connection(harbor_openai(), NOW, by_mira())

    await store.workspace(other).add_connection(harbor_openai(), NOW, by_mira())

    states = await store.list_keys()
    assert [each.workspace for each in states] == ["home", "other"]
    assert states[0].fingerprint != states[1].fingerprint


@pytest.mark.parametrize("by", ["same key", "same account", "same label"])
@pytest.mark.parametrize("state", ["paused", "broken", "disconnected"])
async def test_an_idle_connection_is_revived_with_its_label_history_and_cursors(store, state, by) -> None:
    workspace = store.workspace("home")
    first = await workspace.add_connection(harbor_openai(account_id="org-1"), NOW, by_mira())
    await workspace.stream_failed(first.id, "costs", NOW, NOW + HOUR, "OpenAI did not answer.")
    if state == "disconnected":
        await workspace.disconnect(first.id, NOW, by_mira())
    else:
        await workspace.set_state(first.id, ConnectionState(state), "refused (401)", NOW)
    again = {
        "same key": harbor_openai(label="New name"),
        "same account": harbor_openai(label="New name", key=OTHER_KEY, account_id="org-1"),
        "same label": harbor_openai(key=OTHER_KEY),
    }[by]

    revived = await workspace.add_connection(again, NOW + MINUTE, by_mira())

    assert (revived.id, revived.label) == (first.id, "Harbor OpenAI")
    assert (revived.state, revived.state_reason) == (ConnectionState.ACTIVE, "")
    assert revived.connected_at == NOW
    assert revived.account_id == "org-1"
    assert [(each.next_due_at, each.failures, each.last_error) for each in revived.streams] == [
        (NOW + MINUTE, 0, "")
    ] * 2
    assert await workspace.open_key(first.id, NOW, by_mira()) == again.key
    assert len(await workspace.connections(include_disconnected=True)) == 1


async def test_an_idle_label_is_not_given_to_another_account(store) -> None:
    workspace = store.workspace("home")
    first = await workspace.add_connection(harbor_openai(account_id="org-1"), NOW, by_mira())
    await workspace.disconnect(first.id, NOW, by_mira())

    with pytest.raises(DuplicateConnectionError, match="choose another name"):
        await workspace.add_connection(harbor_openai(key=OTHER_KEY, account_id="org-2"), NOW, by_mira())


async def test_a_key_that_reads_less_hides_a_stream_and_one_that_reads_more_brings_it_back(store) -> None:
    workspace = store.workspace("home")
    first = await workspace.add_connection(harbor_openai(), NOW, by_mira())
    await workspace.set_state(first.id, ConnectionState.BROKEN, "refused (401)", NOW)
    less = await workspace.add_connection(
        harbor_openai(key=OTHER_KEY, streams=[("usage.completions", Role.USAGE)]), NOW, by_mira()
    )
    await workspace.set_state(first.id, ConnectionState.BROKEN, "refused (401)", NOW)

    more = await workspace.add_connection(harbor_openai(), NOW, by_mira())

    assert [each.stream for each in less.streams] == ["usage.completions"]
    assert [each.stream for each in more.streams] == ["usage.completions", "costs"]


async def test_each_use_of_a_key_is_audited_in_the_same_transaction(store) -> None:
    workspace = store.workspace("home")
    kept = await workspace.add_connection(harbor_openai(), NOW, by_mira("connected openai"))

    for minute in range(3):
        assert await workspace.open_key(kept.id, NOW, by_mira("used key", NOW + minute * MINUTE)) == KEY

    entries = await workspace.audit_entries(10)
    assert [each.what for each in entries] == ["used key", "used key", "used key", "connected openai"]
    assert entries[0].at == NOW + 2 * MINUTE
    assert all(KEY not in repr(each) for each in entries)


async def test_disconnecting_destroys_the_key_and_keeps_the_rest(store) -> None:
    workspace = store.workspace("home")
    kept = await workspace.add_connection(harbor_openai(), NOW, by_mira())

    gone = await workspace.disconnect(kept.id, NOW + HOUR, by_mira("disconnected"))

    assert (gone.state, gone.state_since) == (ConnectionState.DISCONNECTED, NOW + HOUR)
    assert await workspace.connections() == []
    assert [gone] == await workspace.connections(include_disconnected=True)
    with pytest.raises(NotFoundError, match="disconnected"):
        await workspace.open_key(kept.id, NOW, by_mira())
    assert not await workspace.set_state(kept.id, ConnectionState.ACTIVE, "", NOW)
    async with store._engines.reader.connect() as tx:
        assert (
            await tx.execute(text("SELECT count(*) FROM connection WHERE sealed_key IS NOT NULL"))
        ).scalar() == 0


async def test_a_state_tells_whether_it_changed_and_since_when(store) -> None:
    workspace = store.workspace("home")
    kept = await workspace.add_connection(harbor_openai(), NOW, by_mira())

    assert await workspace.set_state(kept.id, ConnectionState.BROKEN, "refused (401)", NOW + HOUR)
    assert not await workspace.set_state(kept.id, ConnectionState.BROKEN, "refused (403)", NOW + 2 * HOUR)

    broken = await workspace.connection(kept.id)
    assert (broken.state_since, broken.state_reason) == (NOW + HOUR, "refused (403)")
    with pytest.raises(StorageError):
        await workspace.set_state(kept.id, ConnectionState.DISCONNECTED, "", NOW)


async def test_a_replaced_key_is_the_one_that_opens(store) -> None:
    workspace = store.workspace("home")
    kept = await workspace.add_connection(harbor_openai(), NOW, by_mira())
    await workspace.set_state(kept.id, ConnectionState.BROKEN, "refused (401)", NOW)

    renewed = await workspace.replace_key(kept.id, OTHER_KEY, NOW, by_mira())

    assert (renewed.state, renewed.key_hint) == (ConnectionState.ACTIVE, "r2Fp")
    assert await workspace.open_key(kept.id, NOW, by_mira()) == OTHER_KEY


async def test_a_key_of_another_connection_cannot_replace(store) -> None:
    workspace = store.workspace("home")
    kept = await workspace.add_connection(harbor_openai(), NOW, by_mira())
    await workspace.add_connection(harbor_anthropic(), NOW, by_mira())

    with pytest.raises(DuplicateConnectionError, match="as Harbor Anthropic"):
        await workspace.replace_key(kept.id, OTHER_KEY, NOW, by_mira())


@pytest.mark.parametrize("column", ["provider", "id", "base_url", "sealed_key"])
async def test_a_row_changed_behind_our_back_does_not_open(store, column) -> None:
    """A key moved to another connection, provider, address: refused, and the audit has no row of a use."""
    workspace = store.workspace("home")
    kept = await workspace.add_connection(harbor_openai(), NOW, by_mira())
    other = await workspace.add_connection(harbor_anthropic(), NOW, by_mira())
    value = {
        "provider": "'anthropic'",
        "id": "'moved'",
        "base_url": "'https://evil.example'",
        "sealed_key": f"(SELECT sealed_key FROM connection WHERE id = '{other.id}')",
    }[column]
    async with store._engines.writer.begin() as tx:
        await tx.execute(text(f"UPDATE connection SET {column} = {value} WHERE id = '{kept.id}'"))

    with pytest.raises(KeyUnreadableError):
        await workspace.open_key("moved" if column == "id" else kept.id, NOW, by_mira("used key"))

    assert "used key" not in [each.what for each in await workspace.audit_entries()]


async def test_what_is_unknown_is_said(store) -> None:
    workspace = store.workspace("home")
    kept = await workspace.add_connection(harbor_openai(), NOW, by_mira())
    other = store.workspace(await store.add_workspace("other", NOW))

    for missing in (
        workspace.connection("nobody"),
        workspace.connection_by_label("nobody"),
        other.connection(kept.id),
        other.open_key(kept.id, NOW, by_mira()),
        other.disconnect(kept.id, NOW, by_mira()),
        other.set_state(kept.id, ConnectionState.PAUSED, "", NOW),
        other.replace_key(kept.id, OTHER_KEY, NOW, by_mira()),
    ):
        with pytest.raises(NotFoundError):
            await missing
    assert (await workspace.connection(kept.id)).state is ConnectionState.ACTIVE


async def test_a_failed_connect_leaves_nothing(store) -> None:
    workspace = store.workspace("home")
    twice = replace(harbor_openai(), streams=[])

    await workspace.add_connection(twice, NOW, by_mira())
    with pytest.raises(DuplicateConnectionError):
        await workspace.add_connection(harbor_openai(label="x"), NOW, by_mira("second"))

    assert (await workspace.connections())[0].streams == ()
    assert "second" not in [each.what for each in await workspace.audit_entries()]
