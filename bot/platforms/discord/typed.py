"""Commands in sentences as they are typed on Discord: `/spend today by model` is `/spend today by:model` there.

Messages are worded once, with commands as text; Discord knows no text behind a command, only options. What cannot be
said in options is left as it is. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from bot.commands import all_specs, find_typed
from bot.commands.spec import CommandSpec, Param
from bot.errors import CommandError
from bot.platforms.discord.commands import Leaf, leaves

_WORD = r'(?:[^\s,;()"]|"[^"]*")+'
_COMMAND = re.compile(rf"(?<![\w/])/(?:spend|budget)(?: (?!/){_WORD})*")
_ENDS = ".:?!"
_WINDOW = re.compile(
    r"(today|yesterday|(?:this |last )?(?:week|month)|last \d+ days|since \d{4}-\d\d-\d\d|"
    r"\d{4}-\d\d-\d\d(?:\.\.\d{4}-\d\d-\d\d)?)(?: |$)"
)
_SHAPES = {  # of one word, by the name of a parameter, else its kind
    "time": re.compile(r"\d\d:\d\d"),
    "zone": re.compile(r"[A-Z]\w+/\S+|UTC"),
    "amount": re.compile(r"[\d.,]+%?"),
    "count": re.compile(r"\d+"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "filter": re.compile(r"\w+:.+"),
}
_ANY_WORD = re.compile(r".+")


def typed(text: str) -> str:
    """Return a text with its commands as Discord takes them.

    >>> typed("Nearest: /spend today by model. Or /budget set 500 monthly for project:Search.")
    'Nearest: /spend today by:model. Or /budget set amount:500 period:monthly scope:project:Search.'
    """
    if "/spend" not in text and "/budget" not in text:
        return text
    return _COMMAND.sub(lambda found: _typed(found[0]), text)


@lru_cache(maxsize=500)
def _typed(said: str) -> str:
    """Turn the longest beginning that is a command; the words behind it belong to the sentence."""
    words = re.findall(_WORD, said[1:])
    sentence_end = next((place for place, word in enumerate(words, 1) if word[-1] in _ENDS), len(words))
    for count in range(sentence_end, 1, -1):  # a bare /spend stays as it is: typed, it shows what there is
        command = " ".join(words[:count])
        bare = command.rstrip(_ENDS)
        found = _in_options(re.findall(_WORD, bare))
        if found:
            return found + said[1 + len(bare) :]
    return said


def _in_options(words: Sequence[str]) -> str:
    """Return a whole command as Discord takes it, '' where these words are none."""
    spec = max(
        (spec for spec in all_specs() if tuple(words[: len(spec.path)]) == spec.path),
        key=lambda spec: len(spec.path),
        default=None,
    )
    if spec is None:
        return ""
    rest = words[len(spec.path) :]
    options = _options(spec, rest)
    if options is None or not _says_the_same(spec, options, rest):
        return ""
    leaf = _leaf(spec, options)
    if leaf is None:
        return ""
    given = [f"{param.name}:{options[param.name]}" for param in leaf.params if param.name in options]
    return " ".join(["/" + " ".join(leaf.path), *given])


def _options(spec: CommandSpec, words: Sequence[str]) -> dict[str, str] | None:
    """Read words as options by the names of their parameters; None where one is left over."""
    options: dict[str, str] = {}
    left = list(words)
    while left:
        taken = next(_readings(spec, options, left), None)
        if taken is None:
            return None
        name, value, count = taken
        options[name] = value
        del left[:count]
    return options


def _readings(
    spec: CommandSpec, options: Mapping[str, str], words: Sequence[str]
) -> Iterator[tuple[str, str, int]]:
    """What the next words may be: the name of a parameter, its value, and how many words that takes."""
    for param in spec.params:
        before, _, behind = param.form.partition("{}")
        head, tail = before.split(), behind.split()
        value, count = _value(param, words[len(head) :])
        end = len(head) + count
        is_here = list(words[: len(head)]) == head and list(words[end : end + len(tail)]) == tail
        if value and is_here and param.name not in options:
            yield param.name, value, end + len(tail)


def _value(param: Param, words: Sequence[str]) -> tuple[str, int]:
    """The value of a parameter at the beginning of some words and how many of them it takes; '' for none."""
    if param.kind == "window":
        found = _WINDOW.match(" ".join(words))
        return (found[1], len(found[1].split())) if found else ("", 0)
    word = words[0] if words else ""
    value = word if param.kind == "filter" else word.replace('"', "")
    shape = _SHAPES.get(param.name, _SHAPES.get(param.kind, _ANY_WORD))
    is_known = not param.choices or value in param.choices
    return (value, 1) if is_known and shape.fullmatch(value) else ("", 0)


def _says_the_same(spec: CommandSpec, options: Mapping[str, str], words: Sequence[str]) -> bool:
    try:
        _, read = find_typed(spec.path, options)
    except CommandError:
        return False
    required = {param.name for param in spec.params if param.is_required}
    is_same = _unquoted(read.rest()) == _unquoted(words)
    return is_same and (not words or required <= set(options))


def _unquoted(words: Sequence[str]) -> list[str]:
    """The words in any order, as it does not matter."""
    return sorted(word.replace('"', "") for word in words)


def _leaf(spec: CommandSpec, options: Mapping[str, str]) -> Leaf | None:
    """The command on Discord that has all of these options, those it means by itself included."""
    fitting = [
        leaf
        for leaf in leaves()
        if leaf.spec.path == spec.path
        and leaf.fixed.items() <= options.items()
        and options.keys() <= {*leaf.fixed, *(param.name for param in leaf.params)}
    ]
    return max(fitting, key=lambda leaf: len(leaf.fixed), default=None)
