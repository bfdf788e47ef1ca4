from hypothesis import given
from hypothesis import strategies as st

from spend.usage import (
    AMOUNT_CLASSES,
    DIMENSION_COLUMNS,
    NOT_ATTRIBUTED,
    TOKEN_CLASSES,
    UNITS_CLASS,
    Dimensions,
    TokenCounts,
    variant_of,
    variant_value,
)


def test_tokens_list_what_was_reported_zero_included_in_the_order_of_classes() -> None:
    tokens = TokenCounts(out=7, uncached_in=0, cache_read=5)

    assert list(tokens.items()) == [("uncached_in", 0), ("cache_read", 5), ("out", 7)]
    assert tokens.total == 12


def test_nothing_reported_is_no_class_at_all() -> None:
    assert list(TokenCounts().items()) == []
    assert TokenCounts().total == 0
    assert TokenCounts() != TokenCounts(out=0)


def test_amounts_split_into_token_classes_then_units_then_what_nobody_explains() -> None:
    assert (*TOKEN_CLASSES, UNITS_CLASS, NOT_ATTRIBUTED) == AMOUNT_CLASSES
    assert len(set(AMOUNT_CLASSES)) == len(AMOUNT_CLASSES)


def test_dimensions_are_empty_text_unless_reported() -> None:
    assert {getattr(Dimensions(), column) for column in DIMENSION_COLUMNS} == {""}


def test_a_variant_is_sorted_pairs_of_what_has_a_value() -> None:
    assert variant_of(speed="fast", geo="us", batch=None, size="") == "geo=us,speed=fast"
    assert variant_of(geo=None) == ""


def test_a_value_is_read_back_out_of_a_variant() -> None:
    variant = variant_of(context_window="0-200k", geo="us")

    assert variant_value(variant, "context_window") == "0-200k"
    assert variant_value(variant, "window") == ""
    assert variant_value("", "geo") == ""


words = st.text("abcdefgh-_0123456789.", min_size=1, max_size=12)


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), words, max_size=5))
def test_every_named_value_survives_the_way_through_a_variant(values: dict[str, str]) -> None:
    variant = variant_of(**values)

    assert {name: variant_value(variant, name) for name in values} == values
