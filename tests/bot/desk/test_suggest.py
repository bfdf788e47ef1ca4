"""What is suggested while somebody types."""

from bot.desk.suggest import matching


def test_what_begins_as_typed_comes_first_and_each_keeps_its_order() -> None:
    assert matching("Gpt", ["my-gpt", "gpt-5.2", "opus", "gpt-5-mini", "a-gpt"]) == [
        "gpt-5.2",
        "gpt-5-mini",
        "my-gpt",
        "a-gpt",
    ]


def test_at_most_25_are_suggested_and_none_that_is_too_long() -> None:
    assert matching("", ["x" * 101, *(str(number) for number in range(30))]) == [
        str(number) for number in range(25)
    ]


def test_fifty_thousand_names_are_looked_at_once_each() -> None:
    """Comparing each with each would hold everybody else up for minutes."""
    names = [f"key-{number}" for number in range(50_000)]

    assert matching("k", names) == names[:25]
