"""Connecting: what is checked, what is refused, what is kept."""

from pathlib import Path

import pytest

from bot.errors import CommandError, FailedError
from bot.jobs.connect import ConnectRequest, check_label, connect
from bot.places import person_at_the_console
from providers import Secret
from storage import AuditEntry, ConnectionState
from tests.bot.demo.shop import shop
from tests.bot.open_desk import Desk, open_desk


async def _refusal(desk: Desk, provider: str, key: str, base_url: str = "") -> str:
    actor, _ = await person_at_the_console(desk.store)
    vendor = desk.vendors.openai if provider == "openai" else desk.vendors.anthropic
    request = ConnectRequest(provider=provider, key=Secret(key), base_url=base_url or vendor.base_url)
    with pytest.raises(CommandError) as refused:
        await connect(desk.house, desk.store, actor, request)
    assert await desk.store.connections() == []
    assert key not in str(refused.value)
    return refused.value.sentence


async def test_a_key_of_the_wrong_kind_is_explained_without_asking_the_vendor(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        sentence = await _refusal(desk, "openai", "sk-proj-Zq83hfT4NnAbCdEfGhIjKlMnOpQrStUv")

        assert sentence == (
            "This is a project key (sk-proj-…). Usage needs an admin key (sk-admin-…): OpenAI, Settings > Admin keys."
        )
        assert not desk.vendors.openai.requests


async def test_a_key_the_vendor_refuses_is_not_kept(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        sentence = await _refusal(desk, "anthropic", "sk-ant-admin01-" + "x" * 40)

        assert (
            sentence == "Anthropic refuses this key (401). Check that it was copied whole and is not revoked."
        )


async def test_a_base_url_may_not_lead_to_a_private_address(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        key = desk.vendors.openai.admin_key

        sentence = await _refusal(desk, "openai", key, "https://10.0.0.8/v1")

        assert "private" in sentence


async def test_the_same_key_is_refused_by_the_name_it_is_connected_under(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        await desk.connect("openai", "Harbor OpenAI", poll=False)

        with pytest.raises(FailedError, match=r"^This key is connected already, as Harbor OpenAI\.$"):
            await desk.connect("openai", "Another", poll=False)

        assert [c.label for c in await desk.store.connections()] == ["Harbor OpenAI"]


async def test_a_second_key_to_projects_that_are_counted_is_refused(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        await desk.connect("openai", "Harbor OpenAI")
        second = "sk-admin-" + "Second" * 8
        customers = desk.vendors.openai.customers
        known = customers.credential(desk.vendors.openai.admin_key)
        assert known is not None
        customers.add(second, known.customer)

        with pytest.raises(
            FailedError, match="is counted by Harbor OpenAI already; counting it twice is refused"
        ):
            await desk.connect("openai", "Another", key=second, poll=False)


async def test_a_broken_connection_is_given_the_new_key_and_keeps_its_history(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        before = await desk.connect("openai", "Harbor OpenAI")
        read_to = [state.history_from for state in (await desk.store.connection(before.id)).streams]
        await desk.store.set_state(before.id, ConnectionState.BROKEN, "refused", desk.clock())
        second = "sk-admin-" + "Second" * 8
        customers = desk.vendors.openai.customers
        known = customers.credential(desk.vendors.openai.admin_key)
        assert known is not None
        customers.add(second, known.customer)

        after = await desk.connect("openai", "Whatever", key=second, poll=False)

        assert (after.id, after.label, after.state) == (before.id, "Harbor OpenAI", ConnectionState.ACTIVE)
        assert [state.history_from for state in after.streams] == read_to


async def test_every_use_of_a_key_is_in_the_audit_and_no_key_is(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        await desk.connect("openai", "Harbor OpenAI")

        entries: list[AuditEntry] = await desk.store.audit_entries()

        assert [entry.what for entry in entries] == ["key used", "connected"]
        assert desk.vendors.openai.admin_key not in repr(entries)


@pytest.mark.parametrize("label", ["a" * 61, "bell\x07"])
def test_a_label_that_cannot_be_shown_is_refused(label: str) -> None:
    with pytest.raises(CommandError, match="at most 60 printable characters"):
        check_label(label)
