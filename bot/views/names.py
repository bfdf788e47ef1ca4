"""Names that people and vendors gave: made harmless, told apart, cut in the middle."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

LONGEST_NAME = 40
NOT_ATTRIBUTED = "(not attributed)"
_INVISIBLE = {
    "Cc",
    "Cf",
    "Cs",
    "Co",
    "Cn",
    "Zl",
    "Zp",
}  # controls, bidi, zero-width, surrogates, line separators
_BREAKS = "\n\r\t\v\f\x85\u2028\u2029"


def clean(name: str, fallback: str = "") -> str:
    """Return a name without controls, bidi marks and zero-width characters; line breaks become spaces.

    Nothing left: the fallback (an id), cleaned too, else `(not attributed)`.
    """
    spaced = "".join(" " if char in _BREAKS else char for char in name)
    visible = "".join(char for char in spaced if unicodedata.category(char) not in _INVISIBLE)
    words = " ".join(visible.split())
    if words:
        return words
    return clean(fallback) if fallback else NOT_ATTRIBUTED


def cut(name: str, longest: int = LONGEST_NAME) -> str:
    """Cut a name in the middle, 60 % of what stays from its start and 40 % from its end.

    >>> cut("projects/very-long-name-2026-small", 20)
    'projects/ve…26-small'
    """
    if len(name) <= longest:
        return name
    head = ((longest - 1) * 3 + 2) // 5
    return f"{name[:head]}…{name[len(name) - (longest - 1 - head) :]}"


def short(name: str, fallback: str = "") -> str:
    """Return a name as a sentence holds it: clean and at most 40 characters."""
    return cut(clean(name, fallback))


def tell_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Give each id its label: the raw name, the id where no name is known, `name (id)` where two would look alike."""
    looks = {id_: _look(name or id_) for id_, name in names.items()}
    alike = Counter(looks.values())
    return {
        id_: f"{name} ({id_})" if name and alike[looks[id_]] > 1 else (name or id_ or NOT_ATTRIBUTED)
        for id_, name in names.items()
    }


def possessive(name: str) -> str:
    """`Agents'`, `Search's`."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def nearest(word: str, known: Sequence[str], most: int = 2) -> tuple[str, ...]:
    """Return the known words that differ least from what was said, best first; empty when nothing is near."""
    import difflib  # here, because only refusals need it

    return tuple(difflib.get_close_matches(word, known, n=most, cutoff=0.5))


def _look(name: str) -> str:
    return unicodedata.normalize("NFKC", cut(clean(name))).casefold()
