"""Text that Discord shows as it is written: no mention, link, timestamp, emoji, header, list, quote or spoiler.

Message text and embed descriptions are Discord markdown; footers, labels, hints and alt texts are plain: a backslash
would be seen there. Facts: Discord API docs, "Message Formatting"; Discord help center, "Markdown Text 101"; both read
2026-11-21. A backslash makes the character behind it literal, unless that is a letter, a digit or a space.
"""

import re
import unicodedata

from bot.platforms.discord.limits import units

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_BREAKS = re.compile(r"\s")
_GAPS = re.compile(" {2,}")
_RIGHT_TO_LEFT = re.compile("([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])(?=[^\\w]*(?:\\d|$))")
_LEFT_TO_RIGHT = "\u200e"  # or figures behind an Arabic or Hebrew name would be drawn in front of it
_SPECIAL = re.compile(r"[\\*_~|`<>\[\]]|:(?=//|(?!\d\d:)[\w+~-]+:)")  # :word: is an emoji, 12:18: a time
_PING = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_MARKUP_IN_PLAIN = re.compile(r"<(?=[@#/:]|a:|t:|id:)", re.IGNORECASE)
_INVITE = re.compile(r"(discord(?:app)?\.(?:gg|com|new)|dis\.gd)/", re.IGNORECASE)
_NUMBERED = re.compile(r"^(\d+)([.)])(?=\s|$)")
_WILD = re.compile(r"[`\\*<>@|~]|://|:[\w+~-]+:")
_BREAK_WORD = "\u200b"  # parts @ and everyone, as discord.py does: backslashes are for clients only
_LEFT_OUT = "…"


def one_line(text: str) -> str:
    """Return the text on one line, each gap one space, without controls, bidi marks and zero-width characters."""
    if not text.isprintable():
        spaced = _BREAKS.sub(" ", text)
        text = "".join(char for char in spaced if unicodedata.category(char) not in _UNSEEN)
    if not text.isascii():
        text = _RIGHT_TO_LEFT.sub(rf"\1{_LEFT_TO_RIGHT}", text)
    return _GAPS.sub(" ", text) if "  " in text else text


def escape(text: str) -> str:
    r"""Return message text that reads as `text`, wherever in a line it stands but at its start.

    >>> print(escape("*a_b* <@1> https://x.example :boom:"))
    \*a\_b\* \<@1\> https\://x.example \:boom:
    """
    escaped = _INVITE.sub(r"\1\/", _SPECIAL.sub(r"\\\g<0>", text))
    return _PING.sub(f"@{_BREAK_WORD}", escaped) if "@" in escaped else escaped


def at_line_start(escaped: str) -> str:
    r"""Return escaped text that starts no header, list or rule when it begins a line.

    >>> print(at_line_start("# a"), at_line_start("1. b"), at_line_start("-$2.18"))
    \# a 1\. b \-$2.18
    """
    if escaped.startswith(("#", "+", "-", "=")):
        return f"\\{escaped}"
    return _NUMBERED.sub(r"\1\\\2", escaped)


def is_tame(name: str) -> bool:
    """Tell whether a name can stand between backticks, also inside bold text, and cannot get out."""
    return bool(name.strip()) and not _WILD.search(name)


def plain(text: str) -> str:
    """Return the text for a place without markdown; what looks like a mention there is broken up all the same."""
    return _MARKUP_IN_PLAIN.sub(f"<{_BREAK_WORD}", _PING.sub(f"@{_BREAK_WORD}", one_line(text)))


def cut_middle(text: str, most: int) -> str:
    """Return at most `most` units of a text, 60 % of them from its start, the rest from its end.

    >>> cut_middle("projects/very-long-name-2026-small", 20)
    'projects/ve…26-small'
    """
    if units(text) <= most:
        return text
    head = ((most - 1) * 3 + 2) // 5
    return f"{_first(text, head)}{_LEFT_OUT}{_first(text[::-1], most - 1 - head)[::-1]}"


def _first(text: str, most: int) -> str:
    """The first characters that fit."""
    kept = text[:most]
    while units(kept) > most:
        kept = kept[: -((units(kept) - most + 1) // 2)]
    return kept
