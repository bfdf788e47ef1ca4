"""What the words of an OpenAI bill line mean: the model, the kind and the token class, '' for what they do not say.

Facts: the text of `line_item` has no documented grammar. Forms read in public issues and client libraries, checked
2026-11-21: `gpt-5-mini-2025-08-07, cached input`, `gpt-6-astra, input_tokens`, `gpt-5-2025-08-07 priority, output`,
`batch | gpt-5-mini-2025-08-07`, `text-embedding-3-small`, `Text tokens`, `Web search tool calls`.
"""

import re
from typing import NamedTuple

from spend.usage import TOKENS, Kind

# Words that stand beside a model's name and say how it was called, not which model it is.
_CALLED_HOW = frozenset(
    {"batch", "priority", "flex", "scale", "default", "standard", "fast", "tier"}
    | {"long", "short", "context", "api", "regional"}
)
_TOKEN_WORDS = frozenset(
    {"input", "prompt", "output", "completion", "reasoning", "token", "tokens"}
    | {"cached", "cache", "read", "write", "uncached", "30m", "12h", "text", "audio", "image"}
)
_KINDS = (  # the first that matches; words in any order
    ({"web", "search"}, Kind.WEB_SEARCH),
    ({"file", "search"}, Kind.FILE_SEARCH),
    ({"code", "interpreter"}, Kind.CODE_EXECUTION),
    ({"storage"}, Kind.STORAGE),
    ({"moderation"}, Kind.MODERATION),
    ({"transcription"}, Kind.AUDIO_IN),
    ({"speech"}, Kind.AUDIO_OUT),
)
_KIND_OF_UNIT = {
    "tokens": TOKENS,
    "1000_tokens": TOKENS,
    "images": Kind.IMAGES,
    "characters": Kind.AUDIO_OUT,
    "gibibyte_hours": Kind.STORAGE,
}
_MODEL = re.compile(r"(?=.*[0-9])(?=.*[a-z])[a-z0-9][\w.:/-]*", re.IGNORECASE)


class BillWords(NamedTuple):
    """What a bill line says about itself."""

    model: str = ""
    kind: str = ""
    token_class: str = ""


def read_line_item(line_item: str, unit: str = "") -> BillWords:
    """Read a bill line; `unit` is its quantity unit, '' if none. Words that are not known give no model and no kind.

    >>> read_line_item("gpt-5-2025-08-07 priority, cached input")
    BillWords(model='gpt-5-2025-08-07', kind='tokens', token_class='cache_read')
    """
    subject, _, what = line_item.partition(", ")
    if what:
        model = _model_in(subject)
        kind, token_class = _meaning(what)
        return BillWords(model, kind, token_class) if kind and model else BillWords("", *_meaning(line_item))
    model = _model_in(line_item)
    if not model:
        return BillWords("", *_meaning(line_item))
    is_counted_in_tokens = not unit or _KIND_OF_UNIT.get(unit) == TOKENS
    return BillWords(model, TOKENS if is_counted_in_tokens else _KIND_OF_UNIT.get(unit, ""))


def _model_in(words: str) -> str:
    """Return the one word that names a model, when every other word only says how it was called."""
    models = [word for word in re.split(r"[\s|()]+", words) if word and word.lower() not in _CALLED_HOW]
    return models[0] if len(models) == 1 and _MODEL.fullmatch(models[0]) else ""


def _meaning(words: str) -> tuple[str, str]:
    """Return (kind, token class) of words without a model."""
    found = set(re.findall(r"[a-z0-9]+", words.lower())) - _CALLED_HOW
    for needed, kind in _KINDS:
        if needed <= found:
            return kind, ""
    if found and found <= _TOKEN_WORDS:
        return TOKENS, _token_class(found)
    return "", ""


def _token_class(words: set[str]) -> str:
    prefix = "audio_" if "audio" in words else "image_" if "image" in words else ""
    if "write" in words:
        return "" if prefix else "cache_write"
    if words & {"cached", "cache"}:
        return f"{prefix}cache_read"
    if words & {"output", "completion", "reasoning"}:
        return f"{prefix}out"
    if words & {"input", "prompt", "uncached"}:
        return f"{prefix}in" if prefix else "uncached_in"
    return ""
