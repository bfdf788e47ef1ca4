"""Names made to break messages leave them whole, in every view that speaks of names."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.console.render import render
from bot.views.model import View
from bot.views.names import tell_apart
from bot.views.spend import spend_view
from bot.views.spike import spike_view
from tests.bot.views.harbor import at, clock, row, total
from tests.bot.views.harbor_spend import BY_MODEL, CHANGE, MONTH
from tests.bot.views.test_spike import FOUND

HOSTILE = [
    "$5 and $6", "*bold* _x_ `code`", "<!channel>", "@everyone", "two\nlines\r\nhere", "\u202eevil", "x" * 10_000,
    "\u200b", "\ud800lone", "a|b", "🜁" * 50,
]  # fmt: skip


def views_with(name: str) -> list[View]:
    """Views whose largest slice, cause and comparison carry the name."""
    label = tell_apart({"key_1": name})["key_1"]
    rows = (
        row(label, amount="95.41", before="10.60", tokens=10),
        row("b", amount="71.18", before="70.38", tokens=5),
    )
    by_key = replace(BY_MODEL, by=("key",), rows=rows)
    return [
        spend_view(by_key),
        spend_view(replace(CHANGE, rows=rows, totals=(total("166.59", "80.98"),), drivers=())),
        spend_view(replace(MONTH, spikes=(replace(MONTH.spikes[0], cause=name),))),
        spike_view(replace(FOUND, key=name or "key_1", maker=name), clock(at(19, 11, 20)), code="K7Q2"),
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_leave_the_message_whole(name: str) -> None:
    for view in views_with(name):
        assert_whole(view)


@given(st.text(max_size=60))
def test_any_name_leaves_the_message_whole(name: str) -> None:
    for view in views_with(name):
        assert_whole(view)


def assert_whole(view: View) -> None:
    """Lead and body are single printable lines of a bounded length, the console stays within its columns."""
    for words in (str(view.lead), *(str(item) for item in view.body)):
        assert words.isprintable()
        assert len(words) < 300
    assert len(view.lead.spans) < 20
    text = render(view)
    assert all(len(line) <= 72 for line in text.splitlines())
    assert all(character.isprintable() or character == "\n" for character in text)
    if view.chart:
        assert len(view.chart.alt) <= 300
    json.dumps(view.data)
