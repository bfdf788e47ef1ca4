"""What is said of figures that end before now, without a bot around it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.views.footer import Source, SourceState
from bot.views.unread import figures_end, is_missing, is_unread, next_step
from spend.window import Window
from tests.bot.views import harbor
from tests.bot.views.harbor import CLOCK, NOW, at

OLD = harbor.source("OpenAI", SourceState.STALE, at(16, 23))
FRESH = harbor.source("Anthropic", SourceState.OK, NOW)
ALSO_OLD = replace(FRESH, state=SourceState.STALE, as_of=at(17, 9))


def test_figures_end_where_the_first_of_them_does() -> None:
    assert figures_end(CLOCK, (OLD, ALSO_OLD)) == "Figures end on Mon Nov 16, 23:00, 3 days ago"
    assert figures_end(CLOCK, (OLD, FRESH)) == "Figures of Harbor OpenAI end on Mon Nov 16, 23:00, 3 days ago"
    assert figures_end(CLOCK, ()) == ""


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (
            (OLD, ALSO_OLD),
            "Harbor Anthropic and Harbor OpenAI were not read since. "
            "Is spendbot run running? /spend status shows what is read.",
        ),
        ((OLD, FRESH), "Harbor OpenAI was not read since. /spend status shows what is read."),
        (
            (replace(OLD, reason="its reads fail"), FRESH),
            "Every read of Harbor OpenAI since failed. /spend status shows what is read.",
        ),
        ((FRESH,), ""),
        ((replace(OLD, state=SourceState.PAUSED),), ""),
    ],
)
def test_the_next_step_goes_with_what_happened(sources: tuple[Source, ...], said: str) -> None:
    assert str(next_step(CLOCK, sources)) == said


def test_a_day_is_the_most_that_may_be_missing() -> None:
    assert not is_missing(replace(OLD, as_of=NOW - timedelta(hours=24)), NOW)
    assert is_missing(replace(OLD, as_of=NOW - timedelta(hours=24, minutes=1)), NOW)
    assert is_missing(replace(FRESH, state=SourceState.BROKEN), NOW)


def test_a_window_is_unread_when_the_figures_end_where_it_begins() -> None:
    noon = datetime(2026, 11, 19, 12, tzinfo=UTC)
    window = Window(noon, noon + timedelta(hours=1))

    assert is_unread((replace(FRESH, as_of=noon),), window)
    assert not is_unread((replace(FRESH, as_of=noon + timedelta(minutes=1)), OLD), window)
    assert not is_unread((replace(FRESH, as_of=None),), window)
