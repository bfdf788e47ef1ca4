"""Reads the plain part of YAML that an app manifest is written in: nested mappings, lists, words, true and false.

Anything beyond it (anchors, tabs, flow style, odd indentation) raises ValueError, so that what passes is plain.
"""

import re
from typing import Any

_PAIR = re.compile(r"([\w/]+):(?: (.+))?")


def read_yaml(text: str) -> Any:
    """Return the document as dicts, lists and scalars."""
    lines = []
    for raw in text.splitlines():
        if not raw.strip() or raw.lstrip().startswith("#"):
            continue
        bare = re.sub(r" #(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$).*", "", raw).rstrip()
        indent = len(bare) - len(bare.lstrip(" "))
        if "\t" in bare or indent % 2:
            raise ValueError(f"indented otherwise: {raw!r}")
        lines.append((indent, bare.strip()))
    value, rest = _block(lines, 0)
    if rest:
        raise ValueError(f"left over: {rest[0][1]!r}")
    return value


def _block(lines: list[tuple[int, str]], indent: int) -> tuple[Any, list[tuple[int, str]]]:
    if lines and lines[0][1].startswith("- "):
        return _list(lines, indent)
    found: dict[str, Any] = {}
    while lines and lines[0][0] == indent:
        match = _PAIR.fullmatch(lines[0][1])
        if match is None or match[1] in found:
            raise ValueError(f"no plain pair: {lines[0][1]!r}")
        if match[2] is not None:
            found[match[1]], lines = _scalar(match[2]), lines[1:]
        else:
            found[match[1]], lines = _block(lines[1:], indent + 2)
    return found, lines


def _list(lines: list[tuple[int, str]], indent: int) -> tuple[list[Any], list[tuple[int, str]]]:
    found: list[Any] = []
    while lines and lines[0][0] == indent and lines[0][1].startswith("- "):
        entry = lines[0][1][2:]
        if _PAIR.fullmatch(entry) and ": " in entry:
            value, lines = _block([(indent + 2, entry), *lines[1:]], indent + 2)
            found.append(value)
        else:
            found.append(_scalar(entry))
            lines = lines[1:]
    return found, lines


def _scalar(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"[0-9]+", text):
        return int(text)
    if text.startswith('"'):
        if not re.fullmatch(r'"[^"\\]*"', text):
            raise ValueError(f"no plain text: {text!r}")
        return text[1:-1]
    if text[0] in "&*!|>[]{}%@`'" or ": " in text:
        raise ValueError(f"no plain text: {text!r}")
    return text
