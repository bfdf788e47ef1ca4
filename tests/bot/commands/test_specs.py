"""The one description of each command that parsing, help, typed options and the docs share."""

from collections import Counter
from datetime import date

import pytest

from bot import commands
from bot.commands.spec import CommandSpec, ReadContext
from tests.docs_commands import PAGE, commands_page

CONTEXT = ReadContext(today=date(2026, 11, 19))
SPECS = commands.all_specs()
KINDS = {
    *(
        "window",
        "dimension",
        "filter",
        "count",
        "amount",
        "period",
        "scope",
        "channel",
        "date",
        "name",
        "choice",
    ),
    *("flag", "text"),
}


def test_every_command_of_the_contract_is_there() -> None:
    assert {" ".join(spec.path) for spec in SPECS} == {
        "spend", "spend forecast", "spend burn", "spend connect", "spend connections", "spend disconnect",
        "spend status", "spend audit", "spend settings", "spend help", "spend price list", "spend price set",
        "spend price discount", "spend price end", "spend alerts", "spend alerts expected", "spend alerts false",
        "spend alerts again", "spend summary", "spend why", "spend incidents",
        "budget set", "budget list",
        "budget remove",
    }  # fmt: skip


def test_no_path_is_taken_twice() -> None:
    assert max(Counter(spec.path for spec in SPECS).values()) == 1


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_example_is_read_as_its_own_command(spec: CommandSpec) -> None:
    found, words = commands.find(spec.example)
    found.read(words, CONTEXT)
    words.end(found.usage)

    assert found is spec


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_command_is_described(spec: CommandSpec) -> None:
    assert spec.help.endswith(".")
    assert "\n" not in spec.help
    assert bool(spec.act) == spec.is_admin
    assert bool(spec.params) == bool(spec.usage)
    for param in spec.params:
        assert param.kind in KINDS
        assert param.help
        assert bool(param.choices) or param.kind != "choice"
        assert len(param.choices) == len(set(param.choices))


def test_the_page_of_commands_is_the_one_they_make() -> None:
    assert PAGE.read_text(encoding="utf-8") == commands_page(), "run: python -m tests.docs_commands"
