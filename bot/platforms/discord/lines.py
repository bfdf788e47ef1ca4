"""Lines of a view as Discord markdown: every name escaped or in backticks, cut where there is no room.

Escaping is done on whole stretches of text, never on single spans: two harmless ones could make a mention together.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from bot.platforms.discord.escape import at_line_start, cut_middle, escape, is_tame, one_line
from bot.platforms.discord.limits import units
from bot.platforms.discord.typed import typed
from bot.views.model import Line, Link, Name, type_span

_BRACKETS = str.maketrans("[]", "()")


def bold(line: Line, most: int) -> str:
    """Return a line in bold, at most so many units; '' when it says nothing."""
    return _fitting(line, most - 4, lambda words: f"**{words}**" if words else "")


def markdown(line: Line, most: int) -> str:
    """Return a line of an embed's description, at most so many units."""
    return _fitting(line, most, at_line_start)


def _fitting(line: Line, most: int, finish: Callable[[str], str]) -> str:
    """Write it whole, else with its longest spans cut in the middle, as little as will do."""
    spans = [_on_one_line(span) for span in line.spans]
    whole = _written(spans, most)
    if units(whole) <= most:
        return finish(whole)
    fits, too_much = 1, most
    while too_much - fits > 1:
        middle = (fits + too_much) // 2
        fits, too_much = (middle, too_much) if units(_written(spans, middle)) <= most else (fits, middle)
    return finish(_written(spans, fits))


def _on_one_line(span: type_span) -> type_span:
    """A span without what Discord cannot show; our own words name commands as they are typed there."""
    return typed(one_line(span)) if isinstance(span, str) else replace(span, text=one_line(span.text).strip())


def _written(spans: Sequence[type_span], longest: int) -> str:
    """The spans as markdown, none of them longer than that before it is escaped."""
    parts = [_part(span, longest) for span in spans]
    written = ""
    for is_text, together in groupby(parts, key=lambda part: part[0]):
        stretch = "".join(words for _, words in together)
        written += escape(stretch) if is_text else stretch
    return written.strip()


def _part(span: type_span, longest: int) -> tuple[bool, str]:
    """One span as (is plain text, words): what is no plain text is markdown already."""
    words = cut_middle(span if isinstance(span, str) else span.text, longest)
    if isinstance(span, Name) and is_tame(words):
        return False, f"`{words}`"
    if isinstance(span, Link) and words.strip() and _is_address(span.url):
        return False, f"[{escape(words.translate(_BRACKETS))}](<{span.url}>)"
    return True, words


def _is_address(url: str) -> bool:
    return url.startswith("https://") and url.isascii() and not set(url) & set(" <>()[]\\\"'`*|")
