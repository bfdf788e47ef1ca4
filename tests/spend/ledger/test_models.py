"""R5: which spellings are one family."""

import pytest

from spend._models import model_family


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("gpt-5", "gpt-5"),
        ("GPT-5-Mini", "gpt-5-mini"),
        ("gpt-5-mini-2025-08-07", "gpt-5-mini"),
        ("claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
        ("claude-sonnet-4-5-latest", "claude-sonnet-4-5"),
        ("gpt-4-0613", "gpt-4"),
        ("openai/gpt-5", "gpt-5"),
        ("publishers/google/models/gemini-2.5-pro", "gemini-2.5-pro"),
        ("anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
        ("eu-west.mistral.mistral-large", "mistral-large"),
        ("", ""),
    ],
)
def test_prefix_version_and_date_are_not_part_of_a_family(name: str, family: str) -> None:
    assert model_family(name) == family


@pytest.mark.parametrize(
    "name",
    [
        "gpt-3.5-turbo",
        "gemini-2.5-flash",
        "text-embedding-3-small",
        "claude-sonnet-4-5",
        "o3",
        "deepseek-r1:free",
        "ft:gpt-4o-mini-2024-07-18:acme::abc123",
        "llama-3-70b-8192",
    ],
)
def test_what_makes_a_model_another_one_stays(name: str) -> None:
    assert model_family(name) == name


def test_different_models_are_different_families() -> None:
    names = ["gpt-5", "gpt-5-mini", "gpt-5.1", "gpt-5-pro", "ft:gpt-5:acme::1", "ft:gpt-5:acme::2", "gpt-50"]

    assert len({model_family(name) for name in names}) == len(names)


@pytest.mark.parametrize("name", ["/", "@", "2025-08-07", "openai/"])
def test_a_name_that_is_all_prefix_or_date_is_itself(name: str) -> None:
    assert model_family(name) == name
