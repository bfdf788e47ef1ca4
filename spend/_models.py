"""When two spellings mean the same model: the family of a model name, for matching a bill with usage (R5)."""

import re
from functools import cache

_REGION_AND_VENDOR = re.compile(r"(?:[a-z][a-z-]*\.)+(?=[a-z])")  # us.anthropic.claude-sonnet-5
_VERSION = re.compile(r"(?:-v\d+)?:\d+$")  # Bedrock: -v1:0
_DATE = re.compile(
    r"-(?:\d{4}-\d{2}-\d{2}"  # gpt-5-mini-2025-08-07
    r"|\d{8}"  # claude-haiku-4-5-20251001
    r"|(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"  # gpt-4-0613
    r"|latest)$"  # an alias of the newest date
)


@cache
def model_family(name: str) -> str:
    """Return a model's name in lower case, without vendor prefix, version mark and date.

    Fine-tuned models (`ft:`) and marketing suffixes (`:free`) have prices of their own, so they stay apart.

    >>> model_family("us.anthropic.claude-haiku-4-5-20251001-v1:0")
    'claude-haiku-4-5'
    >>> model_family("openai/GPT-5-mini-2025-08-07")
    'gpt-5-mini'
    """
    lowered = name.lower()
    if lowered.startswith("ft:"):
        return lowered
    bare = lowered.rpartition("/")[2].partition("@")[0]
    bare = _REGION_AND_VENDOR.sub("", bare, count=1) if _REGION_AND_VENDOR.match(bare) else bare
    bare = _DATE.sub("", _VERSION.sub("", bare))
    return bare or lowered
