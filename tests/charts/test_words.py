"""Cleaning, cutting and wrapping, with a ruler that makes every character 10 px wide."""

import pytest

from charts.words import clean, cut_end, cut_middle, wrap_title


def ruler(text: str) -> float:
    return 10.0 * len(text)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("gpt-5.2", "gpt-5.2"),
        ("  two\n lines\t here ", "two lines here"),
        ("\u202eevil\u202c \u200bname\ufeff", "evil name"),
        ("a\ud800b", "ab"),
        ("e\u0301", "é"),
        ("Z" + "\u0335" * 9, "Z\u0335"),
        ("\x1b[31m", "[31m"),
        ("since\u00a010:00", "since\u00a010:00"),
        ("☎\ufe0f", "☎"),
        ("", ""),
    ],
)
def test_words_lose_what_cannot_be_seen_and_keep_the_rest(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_ten_kilobytes_are_shortened_before_anything_is_measured() -> None:
    cleaned = clean("head" + "x" * 10_000 + "tail")

    assert len(cleaned) < 300
    assert cleaned.startswith("head")
    assert cleaned.endswith("tail")


def test_names_are_cut_in_the_middle_with_more_of_the_head_than_of_the_tail() -> None:
    assert cut_middle("projects/very-long-2026-small", 110, ruler) == "projec…mall"


def test_what_fits_is_not_cut() -> None:
    assert cut_middle("exactly 10", 100, ruler) == "exactly 10"
    assert cut_end("exactly 10", 100, ruler) == "exactly 10"
    assert cut_middle("", 0, ruler) == ""


def test_a_cut_at_the_end_leaves_no_comma_hanging() -> None:
    assert cut_end("today, tomorrow", 70, ruler) == "today…"


def test_no_room_at_all_leaves_an_ellipsis() -> None:
    assert cut_middle("name", 3, ruler) == "…"


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Short", ("Short",)),
        (
            "claude-opus-5 is 57% of today, it was 13% last Thursday",
            ("claude-opus-5 is 57% of today,", "it was 13% last Thursday"),
        ),
        ("$102.69 more than last week by this time", ("$102.69 more than", "last week by this time")),
        (
            "agents-nightly spent $80.09 since 10:00 today",
            ("agents-nightly spent", "$80.09 since 10:00 today"),
        ),
    ],
)
def test_titles_break_into_two_lines_where_a_reader_would_pause(title: str, lines: tuple[str, ...]) -> None:
    assert wrap_title(title, 320, ruler) == lines


def test_a_title_that_is_too_long_for_two_lines_is_cut_at_its_end() -> None:
    first, second = wrap_title("one two three four five six seven eight nine ten eleven", 200, ruler)

    assert first == "one two three four"
    assert second == "five six seven eigh…"
