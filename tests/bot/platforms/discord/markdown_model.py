"""What a Discord client makes of message text: a small model of its markdown, written from its documentation.

`parse` gives the pieces a person sees. It is greedy where clients differ: what any of them might show as a mention, a
link or a heading is one here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BLOCKS = (
    ("header", re.compile(r"\s*#{1,6}(?=\s|$)")),
    ("subtext", re.compile(r"\s*-#(?=\s|$)")),
    ("quote", re.compile(r"\s*>{1,3}(?=\s|$|>)")),
    ("list", re.compile(r"\s*(?:[-*+]|\d+[.)])(?=\s|$)")),
    ("rule", re.compile(r"\s*(?:-{3,}|={3,}|(?:\*\s*){3,}|_{3,})\s*$")),
)
_INLINE = (
    ("escaped", "\\", re.compile(r"\\([^0-9A-Za-z\s])")),
    ("code block", "`", re.compile(r"```(.*?)```", re.DOTALL)),
    ("code", "`", re.compile(r"(`+)(.*?[^`])\1(?!`)")),
    ("user", "<", re.compile(r"<@!?\d+>")),
    ("role", "<", re.compile(r"<@&\d+>")),
    ("channel", "<", re.compile(r"<#\d+>")),
    ("command", "<", re.compile(r"</[^:>]+:\d+>")),
    ("guide", "<", re.compile(r"<id:\w+>")),
    ("timestamp", "<", re.compile(r"<t:-?\d+(?::\w)?>")),
    ("emoji", "<:", re.compile(r"<a?:\w+:\d+>|:(?!\d\d:)[\w+~-]+:")),
    ("everyone", "@", re.compile(r"@(?:everyone|here)", re.IGNORECASE)),
    ("link", "[", re.compile(r"\[((?:\\.|[^\[\]\\])+)\]\(<?([^\s<>()]+)>?\)")),
    ("link", "<", re.compile(r"<((\w+:)[^\s>]+)>")),
    ("link", "hH", re.compile(r"((https?://)[^\s<]+)")),
    ("invite", "dD", re.compile(r"discord(?:app)?\.(?:gg|com)/\w+", re.IGNORECASE)),
    ("bold", "*", re.compile(r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)")),
    ("underline", "_", re.compile(r"__((?:\\.|[^\\])+?)__(?!_)")),
    ("italic", "*_", re.compile(r"[*_]((?:\\.|[^\\*_])+?)[*_]")),
    ("strike", "~", re.compile(r"~~(.+?)~~")),
    ("spoiler", "|", re.compile(r"\|\|(.+?)\|\|")),
)
_STARTING_WITH = {
    sign: [(kind, pattern) for kind, signs, pattern in _INLINE if sign in signs]
    for sign in {sign for _, signs, _ in _INLINE for sign in signs}
}
_BEGINS = re.compile(r"[\\`<:@\[*_~|]|https?:|discord", re.IGNORECASE)  # nothing else is worth a look


@dataclass(frozen=True)
class Piece:
    """One stretch of what is seen. kind: "text", or what the client makes of it. address: of a link."""

    kind: str
    text: str
    address: str = ""


def parse(markdown: str) -> list[Piece]:
    """Return the pieces of a message or an embed's description, stretches of text joined."""
    pieces: list[Piece] = []
    for number, text in enumerate(markdown.split("\n")):
        if number:
            pieces.append(Piece("text", "\n"))
        start = 0
        for kind, pattern in _BLOCKS:
            if found := pattern.match(text):
                pieces.append(Piece(kind, found[0]))
                start = found.end()
                break
        pieces += _inline(text[start:], inside="text")
    return _joined(pieces)


def visible(markdown: str) -> str:
    """Return the words a person reads, without the invisible characters that keep mentions apart."""
    return "".join(piece.text for piece in parse(markdown)).replace("\u200b", "")


def _inline(text: str, *, inside: str) -> Iterator[Piece]:
    at = 0
    while at < len(text):
        begins = _BEGINS.search(text, at)
        if begins is None or begins.start() > at:
            ends = begins.start() if begins else len(text)
            yield Piece(inside, text[at:ends])
            at = ends
            continue
        kind, found = next(
            (
                (kind, found)
                for kind, pattern in _STARTING_WITH[text[at]]
                if (found := pattern.match(text, at))
            ),
            ("text", None),
        )
        if found is None:
            yield Piece(inside, text[at])
            at += 1
            continue
        yield from _piece(kind, found, inside)
        at = found.end()


def _piece(kind: str, found: re.Match[str], inside: str) -> Iterator[Piece]:
    if kind == "escaped":
        yield Piece(inside, found[1])
    elif kind == "bold":
        yield from _inline(found[1], inside="bold")
    elif kind == "code":
        yield Piece("code", found[2])
    elif kind == "link" and found[0].startswith("["):
        words = "".join(piece.text for piece in _inline(found[1], inside="link"))
        yield Piece("link", words, address=found[2])
    else:
        yield Piece(kind, found[0], address=found[1] if kind == "link" else "")


def _joined(pieces: list[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        if joined and not piece.address and (joined[-1].kind, joined[-1].address) == (piece.kind, ""):
            joined[-1] = Piece(piece.kind, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined
