"""The commands as Discord shows them, and what an invocation means."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.commands import all_specs
from bot.platforms.discord.commands import Invocation, leaves, read_invocation, tree

NAME = re.compile(r"[-_a-z0-9]{1,32}")


def nodes(options: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for option in options:
        yield option
        yield from nodes(option.get("options", []))


def size(node: dict[str, Any]) -> int:
    """Count as Discord does: names, descriptions and values of a command together."""
    own = len(node.get("name", "")) + len(node.get("description", ""))
    choices = sum(len(choice["name"]) + len(choice["value"]) for choice in node.get("choices", ()))
    return own + choices + sum(size(option) for option in node.get("options", ()))


def invoked(*path: str, **options: Any) -> Invocation | None:
    here = [{"name": name, "type": 3, "value": value} for name, value in options.items()]
    for number, name in enumerate(reversed(path[1:])):
        here = [{"name": name, "type": 1 if number == 0 else 2, "options": here}]
    return read_invocation({"name": path[0], "options": here})


def meant(*path: str, **options: Any) -> tuple[str, dict[str, str], bool]:
    found = invoked(*path, **options)
    assert found is not None
    return " ".join(found.leaf.spec.path), dict(found.options), found.share


def test_every_command_there_is_can_be_chosen() -> None:
    assert {leaf.spec.path for leaf in leaves()} == {spec.path for spec in all_specs()}


def test_every_parameter_can_be_given_or_is_fixed_by_a_word() -> None:
    for spec in all_specs():
        given = {param.name for leaf in leaves() if leaf.spec is spec for param in leaf.params}
        fixed = {name for leaf in leaves() if leaf.spec is spec for name in leaf.fixed}
        assert given | fixed == {param.name for param in spec.params}, spec.name


def test_there_are_two_commands_for_servers_only() -> None:
    commands = tree()

    assert [command["name"] for command in commands] == ["spend", "budget"]
    assert {tuple(command["contexts"] + command["integration_types"]) for command in commands} == {(0, 0)}


def test_the_commands_are_the_ones_people_know() -> None:
    spend = {" ".join(leaf.path) for leaf in leaves()}

    assert spend >= {
        *("spend show", "spend today", "spend week", "spend month", "spend forecast", "spend burn"),
        *("spend connect", "spend connections", "spend disconnect", "spend status", "spend settings"),
        *("spend help", "spend alerts here", "spend alerts off", "spend summary at", "spend summary now"),
        *("spend summary off", "spend price list", "spend price set", "spend price discount"),
        *("spend price end", "budget set", "budget list", "budget remove"),
    }


def test_discord_takes_the_commands() -> None:
    for command in tree():
        assert size(command) < 8000
        for node in [command, *nodes(command["options"])]:
            assert NAME.fullmatch(node["name"])
            assert 1 <= len(node["description"]) <= 100
            assert len(node.get("options", ())) <= 25
            assert len(node.get("choices", ())) <= 25
            assert not ("choices" in node and node.get("autocomplete"))
            required = [option.get("required", False) for option in node.get("options", ())]
            assert required == sorted(required, reverse=True)


def test_no_option_is_a_float() -> None:
    assert 10 not in {node["type"] for command in tree() for node in nodes(command["options"])}


def test_no_option_takes_a_key() -> None:
    [connect] = [leaf for leaf in leaves() if leaf.path == ("spend", "connect")]

    assert [param.name for param in connect.params] == ["provider"]


@pytest.mark.parametrize(
    ("path", "options", "meaning"),
    [
        ("spend show", {}, ("spend", {}, False)),
        (
            "spend show",
            {"window": "last 7 days", "by": "model"},
            ("spend", {"window": "last 7 days", "by": "model"}, False),
        ),
        ("spend today", {"top": 3, "share": True}, ("spend", {"window": "today", "top": "3"}, True)),
        ("spend alerts here", {}, ("spend alerts", {"where": "here"}, False)),
        ("spend summary off", {}, ("spend summary", {"where": "off"}, False)),
        ("spend summary at", {"time": "09:00"}, ("spend summary", {"time": "09:00"}, False)),
        ("spend price end", {"name": " x "}, ("spend price end", {"name": "x"}, False)),
        ("budget list", {"share": False}, ("budget list", {}, False)),
    ],
)
def test_an_invocation_means_the_same_as_its_words(
    path: str, options: dict[str, Any], meaning: tuple[str, dict[str, str], bool]
) -> None:
    assert meant(*path.split(), **options) == meaning


def test_a_command_of_an_older_version_means_nothing() -> None:
    assert invoked("spend", "yesterday") is None
    assert read_invocation({"name": "spend"}) is None


@pytest.mark.parametrize(
    ("path", "options", "opens"),
    [
        ("spend connect", {}, True),
        ("spend connect", {"provider": "openai"}, True),
        ("budget set", {}, True),
        ("budget set", {"amount": "500"}, True),
        ("budget set", {"amount": "500", "period": "monthly"}, False),
        ("budget list", {}, False),
    ],
)
def test_what_was_left_out_is_asked_for_by_a_form(path: str, options: dict[str, str], *, opens: bool) -> None:
    found = invoked(*path.split(), **options)

    assert found is not None
    assert found.leaf.opens_form(found.options) is opens


def test_a_channel_keeps_the_name_it_is_chosen_by() -> None:
    option = {"name": "channel", "type": 7, "value": "81"}
    inner = {"name": "set", "type": 1, "options": [option]}
    named = {"resolved": {"channels": {"81": {"name": "ai-<spend>|"}}}}
    with_name = read_invocation({"name": "budget", "options": [inner], **named})
    without = read_invocation({"name": "budget", "options": [inner]})

    assert with_name is not None
    assert without is not None
    assert (with_name.options["channel"], without.options["channel"]) == ("<#81|ai-spend>", "81")
