"""What provider keys and chat tokens look like, so that one in the wrong place is never kept or repeated."""

import re

from bot.errors import CommandError
from bot.views.errors import key_in_words

# Forms of keys and tokens. A form starts where a word starts, so that `task-orchestrator` is no `sk-or...`; one of 32
# characters and more is taken anywhere. Each start is looked at once: no form can make the search slow.
_KEYS = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"sk-(?:admin|ant|proj|svcacct|or|None)-[A-Za-z0-9_-]{8,}|sk-[A-Za-z0-9_-]{16,}|xai-[A-Za-z0-9]{16,}"
    r"|xox[abeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{8,}|xapp-[A-Za-z0-9-]{8,}|AIza[A-Za-z0-9_-]{20,}"
    r"|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|AKIA[A-Z0-9]{12,}"
    r"|eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{8,}|[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}"
    r"|pplx-[A-Za-z0-9]{16,}|gsk_[A-Za-z0-9]{16,}|r8_[A-Za-z0-9]{16,})"
    r"|sk-[A-Za-z0-9_-]{29,}"
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


def hide_keys(text: str) -> str:
    """Return the text with `[redacted]` in place of every key or token."""
    return _KEYS.sub("[redacted]", text)


def refuse_keys(text: str) -> None:
    """Raise a CommandError that repeats nothing when the text holds a provider key or a chat token."""
    owner = find_key(text)
    if owner is not None:
        raise CommandError(key_in_words(owner))
