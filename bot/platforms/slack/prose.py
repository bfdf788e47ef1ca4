"""Lead and body as one `rich_text` block: nothing in it is parsed, so no name can ping, link or format.

Facts: Slack, "Rich text block" and "Rich text section element", checked 2026-11-20: a `text` element shows its text as
it is; an empty one is refused ("must be more than 0 characters"). Lines are parted by a newline within one section, as
Slack's own composer writes them.
"""

from collections.abc import Sequence

from bot.platforms.slack.limits import (
    LINE_JSON,
    PARAGRAPH_LINES,
    PROSE,
    PROSE_JSON,
    SENTENCE,
    URL,
    Block,
    most_that_fit,
    size,
)
from bot.platforms.slack.words import fitted, label, plain
from bot.views.model import Line, Link, Name, type_span
from bot.views.text import more


def sentence(line: Line, otherwise: str) -> str:
    """Return a line as plain text of a bounded length; `otherwise` where it has no visible character."""
    return "".join(words for words, _ in fitted(line.spans, SENTENCE)).strip() or label(otherwise, SENTENCE)


def prose(lead: Line, body: Sequence[Line], *, otherwise: str, room: int = PROSE_JSON) -> Block:
    """Build the block of lead (bold) and body, one line each; lines that do not fit are counted.

    otherwise: what a lead without a visible character says. room: characters of JSON.
    """
    first = line_elements(lead, is_bold=True) or [text_element(label(otherwise, SENTENCE), is_bold=True)]
    return paragraph([first, *map(line_elements, body)], room)


def paragraph(lines: Sequence[Sequence[Block]], room: int = PROSE_JSON) -> Block:
    """Build a `rich_text` block of lines; those that do not fit are counted ("and 14 more lines"). The first stays."""
    filled = [line for line in lines if line]
    most = most_that_fit(min(len(filled), PARAGRAPH_LINES), lambda most: _fits(filled[:most], room))
    shown = filled[: max(most, 1)]
    if len(shown) < len(filled):
        shown.append([text_element(more(len(filled) - len(shown), "line"))])
    return _rich_text(_joined(shown))


def paragraph_words(lines: Sequence[str], last: str) -> str:
    """Join lines as plain text; those before the last that do not fit are counted. The first stays."""
    most = most_that_fit(min(len(lines), PARAGRAPH_LINES), lambda most: _length(lines[:most], last) <= PROSE)
    shown = list(lines[: max(most, 1)])
    if len(shown) < len(lines):
        shown.append(more(len(lines) - len(shown), "line"))
    return "\n".join(filter(None, [*shown, last]))


def line_elements(line: Line, *, is_bold: bool = False) -> list[Block]:
    """Return the elements of one line: text, names in code style, links; [] when it has no visible character."""
    parts = fitted(line.spans, SENTENCE)
    words = "".join(part for part, _ in parts)
    if not words.strip():
        return []
    elements = _merged([_element(part, span, is_bold) for part, span in parts])
    return elements if size(elements) <= LINE_JSON else [text_element(words, is_bold=is_bold)]


def is_web(url: str) -> bool:
    """Tell whether an address can be linked to: https (http for a server of one's own), and not too long."""
    return (
        url.startswith(("https://", "http://")) and len(url) <= URL and url == plain(url) and " " not in url
    )


def text_element(words: str, *, is_bold: bool = False, is_code: bool = False) -> Block:
    """Build a `text` element; `words` are ready and not empty."""
    return {"type": "text", "text": words} | _style(is_bold, is_code)


def _element(words: str, span: type_span, is_bold: bool) -> Block:
    if isinstance(span, Link) and is_web(span.url):
        return {"type": "link", "url": span.url, "text": words} | _style(is_bold, is_code=False)
    return text_element(words, is_bold=is_bold, is_code=isinstance(span, Name))


def _merged(elements: Sequence[Block]) -> list[Block]:
    """Text of one style in a row is one element."""
    merged: list[Block] = []
    for element in elements:
        last = merged[-1] if merged else {}
        if last and last | {"text": element["text"]} == element and "url" not in element:
            merged[-1] = last | {"text": f"{last['text']}{element['text']}"}
        else:
            merged.append(element)
    return merged


def _style(is_bold: bool, is_code: bool) -> Block:
    style = {name: True for name, is_on in (("bold", is_bold), ("code", is_code)) if is_on}
    return {"style": style} if style else {}


def _joined(lines: Sequence[Sequence[Block]]) -> list[Block]:
    elements: list[Block] = []
    for line in lines:
        if elements:
            elements.append(text_element("\n"))
        elements += line
    return elements


def _length(lines: Sequence[str], last: str) -> int:
    return sum(len(each) + 1 for each in (*lines, last)) + len(more(PROSE, "line"))


def _fits(lines: Sequence[Sequence[Block]], room: int) -> bool:
    elements = _joined(lines)
    return size(elements) <= room and sum(len(str(each["text"])) for each in elements) <= PROSE


def _rich_text(elements: Sequence[Block]) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}
