"""Texts before they are drawn: cleaned, cut in the middle, wrapped into a balanced title. No drawing library here.

Widths come from the caller (`measure`: text to px), because only the font knows them.
"""

import re
import unicodedata
from collections.abc import Callable

Measure = Callable[[str], float]

NO_DATA = "no data"
ELLIPSIS = "…"

# More than any line can show; what a name holds beyond is never measured (10,000 characters are 220,000 px).
_MOST_CHARACTERS = 120
# Cc controls, Cf bidi and zero-width, Cs lone surrogates, Co private, Cn unassigned.
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = frozenset("\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
# Variation selectors only choose between pictures of an emoji.
_SELECTORS = range(0xFE00, 0xFE10)
# A letter under a tower of accents would reach over its neighbours' lines.
_MOST_ACCENTS = 1
# Breaking after a comma reads better, and is worth this much imbalance in px.
_COMMA_IS_WORTH = 60.0
# A line does not end with these: they belong to the word that follows.
_LEANS_FORWARD = frozenset({"a", "about", "an", "by", "last", "of", "on", "since", "the", "this", "to"})


def clean(text: str) -> str:
    """Give one line without controls, bidi marks, zero-width characters and lone surrogates; newlines are spaces."""
    if len(text) > 2 * _MOST_CHARACTERS:
        text = text[:_MOST_CHARACTERS] + ELLIPSIS + text[-_MOST_CHARACTERS:]
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept: list[str] = []
    accents = 0
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        accents = accents + 1 if category.startswith("M") else 0
        if character in _SPACES or category in ("Zs", "Zl", "Zp"):
            kept.append("\u00a0" if character == "\u00a0" else " ")
        elif category not in _DROPPED and ord(character) not in _SELECTORS and accents <= _MOST_ACCENTS:
            kept.append(character)
    return re.sub(r" +", " ", "".join(kept)).strip(" ")


def cut_middle(text: str, width: float, measure: Measure) -> str:
    """Cut `text` in the middle, 60/40, until it is at most `width` px wide."""
    return _longest(len(text), width, measure, lambda kept: _without_middle(text, kept))


def cut_end(text: str, width: float, measure: Measure) -> str:
    """Cut `text` at the end until it is at most `width` px wide."""
    return _longest(len(text), width, measure, lambda kept: _without_end(text, kept))


def wrap_title(text: str, width: float, measure: Measure) -> tuple[str, ...]:
    """Break a title into at most two balanced lines; a comma is the best place, "since 10:00" is not broken.

    A word wider than a line is cut in the middle; what does not fit on the second line is cut at its end.
    """
    words = [cut_middle(word, width * 0.9, measure) for word in text.split(" ")]
    whole = " ".join(words)
    if measure(whole) <= width:
        return (whole,)
    breaks = [place for place in range(1, len(words)) if _may_break(words, place)]
    best: tuple[float, str, str] | None = None
    for place in breaks or range(1, len(words)):
        first, second = " ".join(words[:place]), " ".join(words[place:])
        widest = max(measure(first), measure(second))
        cost = widest - (_COMMA_IS_WORTH if first.endswith((",", ";", ":")) else 0.0)
        if widest <= width and (best is None or cost < best[0]):
            best = (cost, first, second)
    if best is not None:
        return best[1:]
    return _overfull(words, width, measure)


def _may_break(words: list[str], place: int) -> bool:
    """Say whether a line may end before `words[place]`: no leaning word at its end, no lone word on the next."""
    return words[place - 1].lower() not in _LEANS_FORWARD and place < len(words) - 1


def _overfull(words: list[str], width: float, measure: Measure) -> tuple[str, str]:
    """Fill the first line, cut the second."""
    place = 1
    while place < len(words) - 1 and measure(" ".join(words[: place + 1])) <= width:
        place += 1
    return " ".join(words[:place]), cut_end(" ".join(words[place:]), width, measure)


def _longest(length: int, width: float, measure: Measure, shorten: Callable[[int], str]) -> str:
    """Give the longest `shorten(n)`, n at most `length`, that is not wider than `width`, else an ellipsis."""
    if measure(whole := shorten(length)) <= width:
        return whole
    fits, too_many = 0, length
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if measure(shorten(middle)) <= width:
            fits = middle
        else:
            too_many = middle
    return shorten(fits) if fits else ELLIPSIS


def _without_middle(text: str, kept: int) -> str:
    if kept >= len(text):
        return text
    head = -(-kept * 3 // 5)
    return text[:head] + ELLIPSIS + text[len(text) - (kept - head) :]


def _without_end(text: str, kept: int) -> str:
    return text if kept >= len(text) else text[:kept].rstrip(" ,;:·") + ELLIPSIS
