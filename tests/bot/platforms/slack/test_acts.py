"""What Slack tells of an act, read whatever of it is missing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack.acts import Origin, read_command, read_home, read_interaction, read_origin, unescaped

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
NAMES = (
    *("trigger_id", "user_id", "user", "team", "channel", "container", "view", "response_url", "enterprise"),
    *("event", "text", "command", "channel_name", "event_id", "tab", "id", "name", "private_metadata"),
)


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_any_body_at_all_is_read(body: dict[str, Any]) -> None:
    act, text = read_command(body)
    assert isinstance(text, str)
    assert isinstance(act.channel, str)
    assert isinstance(read_interaction(body).user_id, str)
    read_home(body)


@given(st.text(max_size=50), st.text(max_size=20), st.text(max_size=20), st.text(max_size=200))
def test_what_a_form_remembers_comes_back(value: str, channel: str, name: str, url: str) -> None:
    origin = Origin(value=value, channel=channel, channel_name=name, response_url=url)

    assert read_origin({"private_metadata": origin.note()}) == origin


def test_a_note_never_outgrows_slacks_limit_and_loses_only_the_address() -> None:
    note = Origin(value="v", channel="C1", response_url="https://x/" + "r" * 3000).note()

    assert len(note) <= 3000
    assert read_origin({"private_metadata": note}) == Origin(value="v", channel="C1")


@pytest.mark.parametrize("text", ["", "plain", "[1]", "{", "7", '"x"'])
def test_a_note_that_is_not_ours_is_a_forms_value(text: str) -> None:
    assert read_origin({"private_metadata": text}) == Origin(value=text)


@pytest.mark.parametrize(
    ("said", "read"),
    [("ai-spend", "#ai-spend"), ("directmessage", ""), ("privategroup", ""), ("mpdm-a--b-1", ""), ("", "")],
)
def test_channels_are_named_as_people_see_them(said: str, read: str) -> None:
    act, _ = read_command({"channel_name": said, "command": "/spend"})

    assert act.channel_name == read


def test_what_was_typed_is_unescaped_once_and_mentions_stay() -> None:
    assert unescaped("a &amp;lt; b &lt;c&gt; <#C1|finops>") == "a &lt; b <c> <#C1|finops>"


def test_a_press_on_a_modal_goes_back_to_where_the_modal_was_opened() -> None:
    note = Origin(channel="C1", channel_name="#ai-spend", response_url="https://hooks/1").note()
    body = {"view": {"type": "modal", "id": "V1", "private_metadata": note}, "container": {"type": "view"}}

    act = read_interaction(body)

    assert (act.channel, act.channel_name, act.response_url) == ("C1", "#ai-spend", "https://hooks/1")
    assert (act.view_id, act.is_on_message) == ("V1", False)
