"""Times, names and footers in words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.footer import Discount, Source, SourceState, Trust, footer, repeated
from bot.views.names import clean, cut, short, tell_apart
from bot.views.times import Clock, duration
from spend.usage import Basis
from tests.bot.views import harbor
from tests.bot.views.harbor import CLOCK, NOW, SOURCES, at


def test_moments_are_as_short_as_they_stay_clear() -> None:
    assert CLOCK.time_zone(NOW) == "14:05 CET"
    assert [CLOCK.near(at(19, 11, 40)), CLOCK.near(at(21, 1)), CLOCK.near(at(3, 9))] == [
        "11:40",
        "Sat 01:00",
        "Nov 3 09:00",
    ]
    assert [CLOCK.day(date(2026, 11, 19)), CLOCK.day(date(2025, 11, 19))] == ["Thu Nov 19", "Nov 19, 2025"]
    assert CLOCK.span(date(2026, 11, 3), date(2026, 11, 9)) == "Nov 3 to Nov 9"
    assert CLOCK.age(at(19, 14)) == "5 min ago"


@pytest.mark.parametrize(
    ("zone", "letters"),
    [
        ("Europe/Berlin", "CET"),
        ("America/Sao_Paulo", "UTC-3"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_without_letters_is_an_offset(zone: str, letters: str) -> None:
    assert Clock(datetime(2026, 11, 19, 12, tzinfo=UTC), ZoneInfo(zone)).letters(NOW) == letters


def test_lengths_of_time() -> None:
    lengths = (
        timedelta(minutes=80),
        timedelta(minutes=90),
        timedelta(minutes=380),
        timedelta(hours=30),
        timedelta(days=3),
    )

    assert [duration(length) for length in lengths] == ["80 min", "90 min", "6 h 20 min", "30 h", "3 days"]


def test_names_lose_what_could_break_a_message_and_nothing_else() -> None:
    assert clean("a\u202eb\u200bc\x00\nd") == "abc d"
    assert clean(" \u200b\n", "key_1") == "key_1"
    assert clean("", "") == "(not attributed)"
    assert cut("projects/very-long-name-of-something-2026-small", 26) == "projects/very-l…2026-small"
    assert len(short("x" * 10_000)) == 40


def test_names_that_look_alike_carry_their_ids() -> None:
    assert tell_apart({"k1": "prod", "k2": "Prod\u200b", "k3": "", "k4": "dev"}) == {
        "k1": "prod (k1)", "k2": "Prod\u200b (k2)", "k3": "k3", "k4": "dev",
    }  # fmt: skip


@given(st.text(max_size=200))
def test_a_cleaned_name_is_one_line_without_invisible_characters(name: str) -> None:
    cleaned = short(name, "id")

    assert cleaned
    assert len(cleaned) <= 40
    assert cleaned.isprintable()
    assert clean(cleaned) == cleaned


def line_of(trust: Trust, **source_changes: object) -> str:
    return footer(CLOCK, [replace(source, **source_changes) for source in SOURCES], trust)  # type: ignore[arg-type]


def test_the_footer_says_as_of_then_basis_then_what_is_missing() -> None:
    estimated = Trust(basis=Basis.ESTIMATED, bill_due_at=at(21, 1))

    assert line_of(Trust(basis=Basis.BILLED)) == "As of 14:05 CET · billed"
    assert line_of(estimated) == "As of 14:05 CET · estimated, bill due Sat 01:00"
    assert line_of(harbor.MONTH_TRUST) == "As of 14:05 CET · billed to Nov 17, estimated since"
    assert line_of(replace(estimated, bill_due_at=None, discounts=(Discount(Decimal("15"), "OpenAI"),))) == (
        "As of 14:05 CET · estimated · prices less 15% (OpenAI contract)"
    )
    assert (
        line_of(replace(estimated, is_provisional=True)) == "As of 14:05 CET · provisional, bill still open"
    )
    assert line_of(Trust(basis=Basis.BILLED, off_minute=30)) == (
        "As of 14:05 CET · billed · days cut at :30 past the UTC hour"
    )
    assert line_of(Trust(basis=Basis.BILLED, without_picture=True)).endswith(" · picture left out (busy)")


def test_a_posted_message_ends_with_the_code_of_its_delivery() -> None:
    trust = Trust(basis=Basis.ESTIMATED)

    assert footer(CLOCK, SOURCES, trust, code="K7Q2-2") == "Data to 14:05 CET · estimated · K7Q2-2"


def test_two_connections_of_one_provider_are_named_by_their_labels() -> None:
    sources = (
        Source(connection="Main", provider="OpenAI", stream="completions", as_of=NOW),
        Source(
            connection="Lab",
            provider="OpenAI",
            stream="completions",
            as_of=at(19, 11, 20),
            state=SourceState.STALE,
        ),
    )

    assert footer(CLOCK, sources, Trust(basis=Basis.ESTIMATED)) == (
        "Lab only to 11:20, Main as of 14:05 CET · estimated"
    )


def test_a_message_that_may_be_there_already_says_so_last() -> None:
    assert repeated("Data to 11:15 CET · estimated · K7Q2") == (
        "Data to 11:15 CET · estimated · K7Q2 (possible repeat)"
    )
    assert repeated("") == "(possible repeat)"
