"""Text on its way to Slack: made harmless, escaped, cut on purpose. Whatever is cut says how much was left out."""

from bot.platforms.slack.limits import Block
from bot.views.model import Name, type_span
from bot.views.names import cut

_NO_TEXT = frozenset(
    {"Cc", "Cf", "Cs", "Zl", "Zp"}
)  # controls, bidi and zero-width, surrogates, line separators
_SPACES = frozenset("\n\r\t\v\f\x85\u2028\u2029")
NOTHING = "…"


def plain(text: str) -> str:
    """Return text without controls, bidi and zero-width characters and lone surrogates.

    Line breaks and other white space become spaces, and stay: spans of one sentence are joined by them.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else " " for char in text if char.isprintable() or char.isspace()
    )


def escape(text: str) -> str:
    """Return text that Slack's `text` field shows as it is: no mention, no link.

    Facts: Slack, "Formatting text for app surfaces": `&`, `<` and `>` are to be escaped, checked 2026-11-20.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shorten(text: str, longest: int) -> str:
    """Return text of at most `longest` characters, cut in its middle, with the number of those left out.

    >>> shorten("a" * 60 + "b" * 60, 60)
    'aaaaaaaaaaaaaaaaaa… (89 characters left out) …bbbbbbbbbbbbb'
    """
    if len(text) <= longest:
        return text
    room = longest - len(f"… ({len(text):,} characters left out) …")
    head = max(room * 3 // 5, 1)
    tail = max(room - head, 1)
    left_out = len(text) - head - tail
    return f"{text[:head]}… ({left_out:,} characters left out) …{text[-tail:]}"[:longest]


def label(text: str, longest: int, otherwise: str = NOTHING) -> str:
    """Return a text of its own (a label, a cell, a title), never empty, cut in its middle."""
    return cut(one_line(text), longest) or cut(one_line(otherwise), longest) or NOTHING


def one_line(text: str) -> str:
    """Return harmless text with single spaces and none at its ends."""
    return " ".join(plain(text).split())


def plain_text(text: str) -> Block:
    """Build a text object in which nothing is parsed, `:names:` of emoji neither. `text` is ready."""
    return {"type": "plain_text", "text": text, "emoji": False}


def fitted(spans: tuple[type_span, ...], longest: int) -> list[tuple[str, type_span]]:
    """Return the words of each span, together at most `longest` characters; spans without words are gone.

    Names give way first, to 40 characters; then whatever is longer than a sentence of ours; so figures stay.
    """
    ready = [(_words_of(span), span) for span in spans]
    for most in (300, 120, 80):
        if sum(len(words) for words, _ in ready) <= longest:
            break
        ready = [(shorten(words, most) if len(words) > most else words, span) for words, span in ready]
    total = sum(len(words) for words, _ in ready)
    if total > longest:
        return [(shorten("".join(words for words, _ in ready), longest), "")]
    return [(words, span) for words, span in ready if words]


def _words_of(span: type_span) -> str:
    if isinstance(span, str):
        return shorten(plain(span), 300)
    if isinstance(span, Name):
        return label(span.text, 40)
    return label(span.text, 75)
