"""Forms, as people in a simulated server fill them in."""

from pathlib import Path

import pytest

from bot.platforms.discord.modals import typed_values
from tests.bot.platforms.discord.simulated import open_server

WRONG_KEY = "sk-proj-canary0000000000000000000000000000"


async def test_connect_opens_a_form_as_its_first_response(connected: Path) -> None:
    async with open_server(connected) as server:
        result = await server.mira.slash(server.channel, "spend connect", provider="anthropic")
        [call] = server.calls()

    assert (call.path.rsplit("/", 1)[1], call.json["type"]) == ("callback", 9)
    assert result.modal["title"] == "Connect a provider"


async def test_the_form_begins_with_the_provider_that_was_named(connected: Path) -> None:
    async with open_server(connected) as server:
        result = await server.mira.slash(server.channel, "spend connect", provider="anthropic")

    chosen = [o["value"] for p in parts(result.modal) for o in p.get("options", ()) if o.get("default")]
    assert chosen == ["anthropic"]


def parts(modal: dict) -> list[dict]:
    return [part["component"] for part in modal["components"] if "component" in part]


async def test_a_key_is_checked_kept_and_never_shown(connected: Path) -> None:
    async with open_server(connected) as server:
        connection = next(c for c in await server.bot.store.connections() if c.provider == "openai")
        await server.mira.slash(server.channel, "spend disconnect", name=connection.label)
        shown = await server.mira.slash(server.channel, "spend connect")
        key = server.bot.vendors.openai.admin_key
        result = await server.mira.submit_modal(shown, {"provider": ["openai"], "key": key, "label": "Again"})

        assert result.ephemeral
        assert key not in server.env.transcript().replace("submit", "")
    print(result.response)


async def test_a_wrong_key_is_said_privately_and_the_form_opens_again_without_it(connected: Path) -> None:
    async with open_server(connected) as server:
        shown = await server.mira.slash(server.channel, "spend connect")
        result = await server.mira.submit_modal(
            shown, {"provider": ["openai"], "key": WRONG_KEY, "label": "Second"}
        )

        assert result.ephemeral
        assert "This is a project key" in result.response.content
        assert WRONG_KEY not in str(result.response.message)

        again = await server.mira.click(result.response, label="Fill in again")

        typed = {part["custom_id"]: part.get("value", "") for part in parts(again.modal)}
        assert (typed["label"], typed["key"]) == ("Second", "")


async def test_who_may_not_send_a_form_is_told_so_instead_of_being_shown_it(connected: Path) -> None:
    async with open_server(connected) as server:
        for command, act in (("budget set", "set budgets"), ("spend connect", "connect providers")):
            refused = (await server.dana.slash(server.channel, command)).response

            assert refused.content.startswith(f"**Only admins {act} here.")


async def test_a_budget_without_its_amount_is_asked_for_by_a_form(connected: Path) -> None:
    async with open_server(connected) as server:
        shown = await server.mira.slash(server.channel, "budget set")
        result = await server.mira.submit_modal(
            shown,
            {"amount": "500", "period": ["monthly"], "scope": "everything", "channel": [server.channel]},
        )
        [budget] = await server.bot.store.budgets()

        assert result.response.content.startswith("**Budget set: $500 a month for Everything.")
        assert budget.channel.split(":")[2] == str(server.channel.id)


async def test_what_was_typed_comes_back_with_what_was_wrong(connected: Path) -> None:
    async with open_server(connected) as server:
        shown = await server.mira.slash(server.channel, "budget set")
        result = await server.mira.submit_modal(
            shown, {"amount": "lots", "period": ["weekly"], "scope": "everything"}
        )
        again = await server.mira.click(result.response, label="Fill in again")

        assert parts(again.modal)[0]["value"] == "lots"
        chosen = [o["value"] for p in parts(again.modal) for o in p.get("options", ()) if o.get("default")]
        assert chosen == ["weekly"]


async def test_a_form_can_be_sent_after_a_restart(connected: Path) -> None:
    async with open_server(connected) as server:
        shown = await server.mira.slash(server.channel, "budget set")
        await server.restart()
        result = await server.mira.submit_modal(
            shown, {"amount": "500", "period": ["monthly"], "scope": "everything"}
        )

        assert result.response.content.startswith("**Budget set: $500 a month")


@pytest.mark.parametrize(
    ("components", "values"),
    [
        ([{"type": 18, "component": {"type": 4, "custom_id": "amount", "value": "5"}}], {"amount": "5"}),
        (
            [{"type": 18, "component": {"type": 3, "custom_id": "period", "values": ["daily"]}}],
            {"period": "daily"},
        ),
        ([{"type": 1, "components": [{"type": 4, "custom_id": "key", "value": "x"}]}], {"key": "x"}),
        ([{"type": 18, "component": {"type": 8, "custom_id": "channel", "values": []}}], {}),
        ([{"type": 10, "content": "words"}], {}),
    ],
)
def test_fields_are_read_by_their_names(components: list[dict[str, object]], values: dict[str, str]) -> None:
    assert dict(typed_values(components)) == values
