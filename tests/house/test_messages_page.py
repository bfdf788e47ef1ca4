"""What docs/messages.md quotes is what people are told."""

from tests.house.messages_page import BLOCK, PAGE, TOLD, as_told


def test_every_quoted_message_is_as_the_code_makes_it() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert as_told(page) == page, "look at it, then: python -m tests.house.messages_page"


def test_the_answers_about_why_and_how_sure_are_quoted() -> None:
    quoted = {found[2] for found in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))}

    assert {"forecast", "record", "why", "incidents", "incident", "spike_over_thread"} <= quoted <= set(TOLD)
