"""What provider keys and chat tokens look like, so that one in the wrong place is never kept or repeated."""

import re

from bot.errors import CommandError
from bot.views.errors import key_in_words

# Forms of keys and tokens; the rest of such a word is never looked at, kept or repeated.
_KEYS = re.compile(
    r"(sk-(admin|ant|proj|svcacct|or|None)[-_]?[A-Za-z0-9_-]{8,}|sk-[A-Za-z0-9_-]{16,}|xai-[A-Za-z0-9]{16,}"
    r"|xox[abeprs]-[A-Za-z0-9-]{8,}|xapp-[A-Za-z0-9-]{8,}|AIza[A-Za-z0-9_-]{20,}|gh[pousr]_[A-Za-z0-9]{20,}"
    r"|github_pat_[A-Za-z0-9_]{20,}|AKIA[A-Z0-9]{12,}|eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{8,}"
    r"|pplx-[A-Za-z0-9]{16,}|gsk_[A-Za-z0-9]{16,}|r8_[A-Za-z0-9]{16,})"
)
_KEY_OWNERS = (
    ("sk-ant", "Anthropic"),
    ("sk-or", "OpenRouter"),
    ("sk-", "OpenAI"),
    ("xai-", "xAI"),
    ("xo", "Slack"),
)


def find_key(text: str) -> str | None:
    """Return who issued a key or token that the text holds ('' = unknown), or None when it holds none."""
    match = _KEYS.search(text)
    if match is None:
        return None
    return next((owner for start, owner in _KEY_OWNERS if match[0].startswith(start)), "")


def refuse_keys(text: str) -> None:
    """Raise a CommandError that repeats nothing when the text holds a provider key or a chat token."""
    owner = find_key(text)
    if owner is not None:
        raise CommandError(key_in_words(owner))
