"""Commands that messages name can be typed on Discord as they stand."""

import doctest
import re
from datetime import date

import pytest

from bot.commands import all_specs, find, find_typed
from bot.commands.spec import CommandSpec, ReadContext
from bot.platforms.discord import typed as module
from bot.platforms.discord.commands import leaves
from bot.platforms.discord.typed import typed
from bot.views import errors
from bot.views.help import help_view
from tests.bot.platforms.stories import STORIES
from tests.bot.views.harbor import CLOCK

CONTEXT = ReadContext(today=date(2026, 11, 19))


@pytest.mark.parametrize(
    ("said", "on_discord"),
    [
        ("asked with /spend.", "asked with /spend."),
        ("/spend, /spend week vs last week, /spend burn", "/spend, /spend week vs:last week, /spend burn"),
        ("Nearest: /spend by key.", "Nearest: /spend show by:key."),
        ("/spend last 7 days", "/spend show window:last 7 days"),
        ("/spend since 2026-11-03.", "/spend show window:since 2026-11-03."),
        ("/spend 2026-11-03..2026-11-09 by project", "/spend show window:2026-11-03..2026-11-09 by:project"),
        ("/spend month by project by model", "/spend month by:project then_by:model"),
        ("/spend today model:gpt-5* top 5", "/spend today top:5 filter:model:gpt-5*"),
        ("/spend help shows what there is.", "/spend help shows what there is."),
        ("/spend shows the month so far.", "/spend shows the month so far."),
        ("Use /spend alerts here in another channel.", "Use /spend alerts here in another channel."),
        ("/spend summary at 09:00 turns them on again.", "/spend summary at time:09:00 turns them on again."),
        ("/budget set 500 monthly (or weekly, daily).", "/budget set amount:500 period:monthly (or weekly, daily)."),
        ("/budget remove everything.", "/budget remove scope:everything."),
        ("/spend settings zone Europe/Berlin, week", "/spend settings what:zone value:Europe/Berlin, week"),
        ("/spend price set gpt-5 3 in 15 out", "/spend price set model:gpt-5 in:3 out:15"),
        ("/spend disconnect NAME.", "/spend disconnect name:NAME."),
        ('/spend disconnect "Harbor OpenAI".', "/spend disconnect name:Harbor OpenAI."),
        ('/spend today project:"Search team" by key', '/spend today by:key filter:project:"Search team"'),
        ("https://x.example/spend today by model", "https://x.example/spend today by model"),
        ("nothing to type", "nothing to type"),
    ],
)  # fmt: skip
def test_a_command_in_a_sentence_is_said_with_its_options(said: str, on_discord: str) -> None:
    assert typed(said) == on_discord


@pytest.mark.parametrize("spec", all_specs(), ids=lambda spec: spec.name)
def test_the_example_of_each_command_means_the_same_when_it_is_typed_there(spec: CommandSpec) -> None:
    found, words = find(spec.example)
    path, options = chosen(typed(spec.example))
    leaf = next(leaf for leaf in leaves() if leaf.path == path)
    on_discord, same_words = find_typed(leaf.spec.path, {**options, **leaf.fixed})

    assert on_discord == found
    assert on_discord.read(same_words, CONTEXT) == found.read(words, CONTEXT)


def chosen(said: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Read a command as Discord does: its path, then `name:value` up to the next name it knows."""
    path = max(
        (leaf.path for leaf in leaves() if said[1:].split()[: len(leaf.path)] == list(leaf.path)), key=len
    )
    names = "|".join(param.name for leaf in leaves() if leaf.path == path for param in leaf.params) or "-"
    parts = re.split(rf"(?:^| )({names}):", " ".join(said[1:].split()[len(path) :]))
    return path, dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_that_a_message_names_is_one_of_discords() -> None:
    known = {" ".join(leaf.path) for leaf in leaves()}
    told = [str(line) for view in (*STORIES.values(), help_view()) for line in (view.lead, *view.body)]
    told += [
        errors.not_a_window("todya", "today", "/spend today"),
        errors.not_a_dimension("modle", "model", "/spend by model"),
        errors.budget_needs_period("500"),
        errors.still_to_come(date(2026, 12, 1), None, CLOCK),
        errors.key_in_words("OpenAI"),
    ]
    commands = [found for line in told for found in re.findall(r"(/(?:spend|budget)[ \w]*)", typed(line))]

    assert len(commands) > 20
    for command in commands:
        words = command[1:].split()
        assert (
            len(words) == 1
            or words[1] == "shows"
            or any(" ".join(words[:count]) in known for count in (2, 3))
        ), command


def test_every_example_gives_what_it_says() -> None:
    assert doctest.testmod(module).failed == 0
