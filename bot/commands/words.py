"""The words of a command: split once, in linear time, then read from left to right.

Quotes group words (`project:"Search team"`); typographic quotes count as plain ones, because chat clients make them.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from zoneinfo import available_timezones

from bot.errors import CommandError
from bot.keyshapes import refuse_keys

LONGEST_TEXT = 2000
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})
_DASHES = re.compile(r"[\u2013\u2014]")
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?|[0-9]{1,3}(,[0-9]{3}){1,3}(\.[0-9]{1,9})?", re.ASCII)
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def split_words(text: str) -> list[str]:
    """Split a command's text at white space, keeping quoted parts together and dropping the quotes.

    Raises CommandError for a text that is too long or whose quote is never closed.
    """
    if len(text) > LONGEST_TEXT:
        raise CommandError(f"That is too long: at most {LONGEST_TEXT} characters are read.")
    refuse_keys(text)
    words: list[str] = []
    current: list[str] = []
    is_open = was_quoted = False
    for char in text.translate(_QUOTES):
        if char == '"':
            is_open = not is_open
            was_quoted = True
        elif char.isspace() and not is_open:
            if current or was_quoted:
                words.append("".join(current))
            current, was_quoted = [], False
        elif char.isprintable() or char == " ":
            current.append(char)
    if is_open:
        raise CommandError('A quote is not closed. Write the name between two quotes: project:"Search team".')
    if current or was_quoted:
        words.append("".join(current))
    return words


LONGEST_MENDED = 200


class Words:
    """A cursor over the words of one command. Words compare without regard to case.

    command: what they stand behind, as it is typed (`/spend why`).
    """

    def __init__(self, words: Sequence[str], command: str = "") -> None:
        self._words = list(words)
        self._at = 0
        self._command = command

    def __bool__(self) -> bool:
        return self._at < len(self._words)

    def peek(self, ahead: int = 0) -> str:
        """Return a coming word in lower case, '' past the end."""
        at = self._at + ahead
        return self._words[at].lower() if at < len(self._words) else ""

    def take(self) -> str:
        """Return the next word as written and go on; '' past the end."""
        if not self:
            return ""
        self._at += 1
        return self._words[self._at - 1]

    def take_if(self, *phrases: str) -> str:
        """Take the first of the phrases (of one or more words) that stands here; '' when none does."""
        for phrase in phrases:
            parts = phrase.split()
            if all(self.peek(i) == part for i, part in enumerate(parts)):
                self._at += len(parts)
                return phrase
        return ""

    def rest(self) -> list[str]:
        """Return the words that are still to be read, those with spaces in quotes."""
        return [_quoted(word) for word in self._words[self._at :]]

    def mended(self, near: str, *, taken: int = 1) -> str:
        """Return the whole command with what was meant in place of the words taken last; of a long one only that."""
        place = self._at - taken
        before, behind = self._words[:place], self._words[self._at :]
        command = [self._command] if self._command else []
        whole = " ".join([*command, *map(_quoted, before), near, *map(_quoted, behind)])
        return whole if len(whole) <= LONGEST_MENDED else " ".join([*command, *before[-1:], near])

    def end(self, usage: str) -> None:
        """Raise a CommandError when words are left over."""
        if self:
            raise CommandError(f'"{shown(self.take())}" is one word too many. It is read as: {usage}.')


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word


def shown(word: str) -> str:
    """Return a person's own word for repeating: cut at 40 characters, never a key."""
    return word if len(word) <= 40 else word[:39] + "…"


def nearest(word: str, choices: Iterable[str]) -> str:
    """Return the choice most like the word, whatever the case (there is always one)."""
    known = {choice.lower(): choice for choice in choices}
    return known[difflib.get_close_matches(word.lower(), known, 1, 0.0)[0]]


def close_to(word: str, choices: Iterable[str]) -> str:
    """Return the choice that was probably meant, '' where none is much like the word."""
    return next(iter(difflib.get_close_matches(word.lower(), list(choices), 1)), "")


def read_amount(word: str, *, what: str = "an amount") -> Decimal:
    """Read 500, 1,200 or 49.90 (a leading $ is fine) as a positive Decimal. Raises CommandError."""
    text = word.removeprefix("$")
    if not _AMOUNT.fullmatch(text) or Decimal(text.replace(",", "")) == 0:
        raise CommandError(f'"{shown(word)}" is not {what}. Write 500, 1,200 or 49.90, in USD.')
    amount = Decimal(text.replace(",", ""))
    if amount > 1_000_000_000:
        raise CommandError(f'"{shown(word)}" is not {what}: at most 1,000,000,000.')
    return amount


def read_count(word: str, *, most: int) -> int | None:
    """Read a whole number from 1 to `most`; None for anything else."""
    if not (word.isascii() and word.isdecimal()) or len(word) > 6 or not 1 <= int(word) <= most:
        return None
    return int(word)


def read_date(word: str) -> date:
    """Read 2026-11-03. Raises CommandError for anything else, and for days that no month has."""
    if _DATE.fullmatch(word):
        try:
            return date.fromisoformat(word)
        except ValueError:
            pass
    raise CommandError(f'"{shown(word)}" is not a date. Write it as 2026-11-03.')


def read_time(word: str) -> str:
    """Return a time of day as HH:MM. Raises CommandError."""
    match = _TIME.fullmatch(word)
    if match is None:
        raise CommandError(f'"{shown(word)}" is not a time. Write it as 09:00.')
    return f"{int(match[1]):02}:{match[2]}"


def read_zone(word: str) -> str:
    """Return the name of a time zone as the zone database spells it. Raises CommandError with the nearest."""
    names = {name.lower(): name for name in available_timezones()}
    if word.lower() in names:
        return names[word.lower()]
    near = names[nearest(word, names)] if word else "Europe/Berlin"
    raise CommandError(f'"{shown(word)}" is not a time zone. Nearest: {near}.')


def is_date(word: str) -> bool:
    """Tell whether a word has the form of a date."""
    return _DATE.fullmatch(word) is not None


def split_range(word: str) -> tuple[str, str] | None:
    """Return both ends of `A..B`, or None when the word is no range. A long dash counts as the two dots."""
    first, dots, last = _DASHES.sub("..", word).replace("…", "..").partition("..")
    return (first, last.lstrip(".")) if dots and (is_date(first) or is_date(last)) else None
