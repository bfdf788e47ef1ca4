"""What the words of an OpenAI bill line mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers._openai_bill import BillWords, read_line_item
from spend.usage import TOKEN_CLASSES


@pytest.mark.parametrize(
    ("line_item", "words"),
    [
        ("gpt-5-mini-2025-08-07, input", ("gpt-5-mini-2025-08-07", "tokens", "uncached_in")),
        ("gpt-5-mini-2025-08-07, cached input", ("gpt-5-mini-2025-08-07", "tokens", "cache_read")),
        ("gpt-5.6-sol, cache write", ("gpt-5.6-sol", "tokens", "cache_write")),
        ("gpt-5.6-sol, output", ("gpt-5.6-sol", "tokens", "out")),
        ("gpt-6-astra, input_tokens", ("gpt-6-astra", "tokens", "uncached_in")),
        ("gpt-6-astra, input_cached_tokens", ("gpt-6-astra", "tokens", "cache_read")),
        ("gpt-5-2025-08-07 priority, input", ("gpt-5-2025-08-07", "tokens", "uncached_in")),
        ("gpt-5-2025-08-07 flex, output", ("gpt-5-2025-08-07", "tokens", "out")),
        ("batch | gpt-5-mini-2025-08-07", ("gpt-5-mini-2025-08-07", "tokens", "")),
        ("batch | gpt-5-mini-2025-08-07, output", ("gpt-5-mini-2025-08-07", "tokens", "out")),
        ("gpt-5 (batch), input", ("gpt-5", "tokens", "uncached_in")),
        ("text-embedding-3-small", ("text-embedding-3-small", "tokens", "")),
        ("ft:gpt-5-mini:harbor::Ab9, output", ("ft:gpt-5-mini:harbor::Ab9", "tokens", "out")),
        ("gpt-realtime-2, audio input", ("gpt-realtime-2", "tokens", "audio_in")),
        ("gpt-realtime-2, cached audio input", ("gpt-realtime-2", "tokens", "audio_cache_read")),
        ("gpt-image-1, image output", ("gpt-image-1", "tokens", "image_out")),
        ("gpt-5, web search", ("gpt-5", "web_search", "")),
        ("Text tokens", ("", "tokens", "")),
        ("Web search tool calls", ("", "web_search", "")),
        ("File search tool calls", ("", "file_search", "")),
        ("Code interpreter sessions, 1 GB", ("", "code_execution", "")),
        ("File storage", ("", "storage", "")),
        ("Credit adjustment", ("", "", "")),
        ("Scale Tier bundle, gpt-5", ("", "", "")),
        ("gpt-5, mystery units", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_known_words_are_read_and_unknown_ones_left_alone(
    line_item: str, words: tuple[str, str, str]
) -> None:
    assert read_line_item(line_item) == words


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("tokens", "tokens"),
        ("1000_tokens", "tokens"),
        ("images", "images"),
        ("duration_minutes", ""),
        ("new", ""),
    ],
)
def test_a_bare_model_is_what_its_unit_says(unit: str, kind: str) -> None:
    assert read_line_item("whisper-1", unit) == ("whisper-1", kind, "")


@given(st.text(), st.text())
def test_any_text_gives_an_answer(line_item: str, unit: str) -> None:
    words = read_line_item(line_item, unit)

    assert isinstance(words, BillWords)
    assert words.token_class in ("", *TOKEN_CLASSES)
