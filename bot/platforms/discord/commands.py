"""The slash commands as Discord wants them, made of `bot.commands.all_specs()`; and what an invocation means.

Pure. Every command has the same path as everywhere else, but where Discord knows no such thing: a command with
subcommands cannot be invoked itself, so bare `/spend ...` is `/spend show`, and the windows asked for most are words of
their own; what a word chooses elsewhere (`alerts here|off`) is a group here.

Facts: Discord's API reference, Application Commands (checked 2026-11-20): 25 options and choices, one level of groups,
8,000 characters a command, names of 32, descriptions of 100.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from bot.commands import all_specs
from bot.commands.spec import CommandSpec, Param

MOST_CHOICES, LONGEST_DESCRIPTION, LONGEST_TEXT = 25, 100, 200
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, CHANNEL = 1, 2, 3, 4, 5, 7
IN_GUILDS, INSTALLED_IN_GUILDS, CHAT = 0, 0, 1
TEXT_CHANNELS = (0, 5)  # text and announcement channels
SHARE = "share"
_SUGGESTED = frozenset({"window", "filter", "scope", "name"})
ZONE = "zone"  # a text that is one of hundreds
_SHAREABLE = frozenset(
    {"spend", "spend forecast", "spend burn", "spend connections", "spend status", "budget list"}
)
_ROOTS = {"spend": "What LLM APIs cost: ask, connect, set alerts", "budget": "Show, set and remove budgets"}
_NO_MENTION = str.maketrans("", "", "<>|")
type_path = tuple[str, ...]
type_json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One command people can choose. `path` is what Discord shows, `spec` what it means with `fixed` added.

    `form`: the form that opens where a required option is left out, '' = none.
    """

    path: type_path
    spec: CommandSpec
    help: str
    params: tuple[Param, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)
    form: str = ""

    @property
    def is_shareable(self) -> bool:
        """Tell whether its answer can be shown to everybody in the channel at once."""
        return " ".join(self.spec.path) in _SHAREABLE

    def opens_form(self, options: Mapping[str, str]) -> bool:
        """Tell whether its form asks for what was left out; where nothing is required the form is all there is."""
        required = [param.name for param in self.params if param.is_required]
        return bool(self.form) and not (required and all(options.get(name) for name in required))


@dataclass(frozen=True, slots=True)
class Invocation:
    """What somebody chose: the leaf, its options as text by the names of the spec's parameters, whether to share."""

    leaf: Leaf
    options: Mapping[str, str]
    share: bool = False


def leaves(specs: Iterable[CommandSpec] | None = None) -> tuple[Leaf, ...]:
    """Return every command people can choose on Discord, in the order they are listed."""
    found = [leaf for spec in (specs or all_specs()) for leaf in _leaves_of(spec)]
    return tuple(sorted(found, key=lambda leaf: (leaf.path[0] != "spend", len(leaf.path), leaf.path)))


@cache
def _all_leaves() -> tuple[Leaf, ...]:
    return leaves()


def tree(specs: Iterable[CommandSpec] | None = None) -> list[type_json]:
    """Return the commands as they are sent to Discord."""
    roots: dict[str, list[Leaf]] = {}
    for leaf in leaves(specs):
        roots.setdefault(leaf.path[0], []).append(leaf)
    return [
        {
            "name": name,
            "type": CHAT,
            "description": _ROOTS[name],
            "options": list(_nodes(below)),
            "contexts": [IN_GUILDS],
            "integration_types": [INSTALLED_IN_GUILDS],
        }
        for name, below in roots.items()
    ]


def read_invocation(data: Mapping[str, Any]) -> Invocation | None:
    """Return what an invocation means; None when no such command is known here (an older version's is still shown)."""
    path, given = walk(data)
    leaf = next((leaf for leaf in _all_leaves() if leaf.path == path), None)
    if leaf is None:
        return None
    values = {str(option["name"]): option for option in given}
    share = values.pop(SHARE, {}).get("value") is True
    options = {name: _as_text(option, data) for name, option in values.items()}
    return Invocation(leaf, {**options, **leaf.fixed}, share)


def walk(data: Mapping[str, Any]) -> tuple[type_path, Sequence[Mapping[str, Any]]]:
    """Return the path of an invocation and the options behind it."""
    path = [str(data.get("name", ""))]
    options: Sequence[Mapping[str, Any]] = data.get("options") or ()
    while len(options) == 1 and options[0].get("type") in (SUBCOMMAND, GROUP):
        path.append(str(options[0]["name"]))
        options = options[0].get("options") or ()
    return tuple(path), options


def _as_text(option: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    value = str(option.get("value")).strip()
    return mention(value, data) if option.get("type") == CHANNEL else value


def mention(channel: str, data: Mapping[str, Any]) -> str:
    """Return a channel that was chosen, with its name where Discord says it along: `<#81|ai-spend>`."""
    resolved = (data.get("resolved") or {}).get("channels") or {}
    name = str((resolved.get(channel) or {}).get("name") or "")
    return f"<#{channel}|{name.translate(_NO_MENTION)}>" if name else channel


def _leaves_of(spec: CommandSpec) -> Iterator[Leaf]:
    plain = Leaf(
        path=spec.path, spec=spec, help=spec.help, params=spec.params, form=_FORMS.get(spec.path, "")
    )
    shape = _SHAPES.get(spec.path)
    yield from shape(plain) if shape else [plain]


def _spend(leaf: Leaf) -> list[Leaf]:
    """`/spend show` for everything, and a word each for the windows asked for most."""
    shown = [replace(leaf, path=("spend", "show"))]
    rest = tuple(param for param in leaf.params if param.name != "window")
    for window, words in (
        ("today", "Today so far"),
        ("week", "This week so far"),
        ("month", "This month so far"),
    ):
        shown.append(
            replace(
                leaf,
                path=("spend", window),
                help=f"{words}, cut as you ask.",
                params=rest,
                fixed={"window": window},
            )
        )
    return shown


def _alerts(leaf: Leaf) -> list[Leaf]:
    helps = {
        "here": "Tell spikes, budgets and trouble in this channel.",
        "off": "Tell nothing in this channel any longer.",
    }
    return _one_each(leaf, helps)


def _summary(leaf: Leaf) -> list[Leaf]:
    at = tuple(replace(param, is_required=param.name == "time") for param in leaf.params)
    here = tuple(
        replace(param, choices=("here",), help="In this channel") if param.name == "where" else param
        for param in at
    )
    helps = {"now": "Show yesterday's summary at once.", "off": "No morning summary any longer."}
    first = replace(
        leaf, path=(*leaf.path, "at"), help="When and where the morning summary comes.", params=here
    )
    return [first, *_one_each(leaf, helps)]


def _one_each(leaf: Leaf, helps: Mapping[str, str]) -> list[Leaf]:
    return [
        replace(leaf, path=(*leaf.path, word), help=words, params=(), fixed={"where": word})
        for word, words in helps.items()
    ]


_SHAPES: Mapping[type_path, Callable[[Leaf], list[Leaf]]] = {
    ("spend",): _spend,
    ("spend", "alerts"): _alerts,
    ("spend", "summary"): _summary,
}
_FORMS: Mapping[type_path, str] = {("spend", "connect"): "connect", ("budget", "set"): "set_budget"}
_GROUPS = {
    "alerts": "Where spikes, budgets and trouble are told",
    "summary": "The morning summary: when, and where",
    "price": "Prices and discounts of your own",
}


def _nodes(below: Sequence[Leaf]) -> Iterator[type_json]:
    """Write subcommands, and groups of them where a path has three words."""
    groups: dict[str, list[Leaf]] = {}
    for leaf in below:
        if len(leaf.path) == 2:
            yield _subcommand(leaf)
        else:
            groups.setdefault(leaf.path[1], []).append(leaf)
    for name, inside in groups.items():
        description = _GROUPS.get(name, inside[0].help)
        yield {
            "type": GROUP,
            "name": name,
            "description": description,
            "options": [_subcommand(leaf) for leaf in inside],
        }


def _subcommand(leaf: Leaf) -> type_json:
    required = [param for param in leaf.params if param.is_required and not leaf.form]
    optional = [param for param in leaf.params if param not in required]
    options = [_option(param, is_required=True) for param in required]  # Discord wants these first
    options += [_option(param) for param in optional]
    if leaf.is_shareable:
        options.append({"type": BOOLEAN, "name": SHARE, "description": "Show the answer to everybody here"})
    return {
        "type": SUBCOMMAND,
        "name": leaf.path[-1],
        "description": _short(leaf.help),
        **({"options": options} if options else {}),
    }


def _option(param: Param, *, is_required: bool = False) -> type_json:
    option: type_json = {"type": STRING, "name": param.name, "description": _short(param.help)}
    if is_required:
        option["required"] = True
    if param.kind == "count":
        return {**option, "type": INTEGER, "min_value": 1}
    if param.kind == "channel":
        return {**option, "type": CHANNEL, "channel_types": list(TEXT_CHANNELS)}
    if param.kind == "flag":
        return {**option, "type": BOOLEAN}
    if is_suggested(param):
        return {**option, "autocomplete": True, "max_length": LONGEST_TEXT}
    if param.choices:
        return {**option, "choices": [{"name": choice, "value": choice} for choice in param.choices]}
    return {**option, "max_length": LONGEST_TEXT}


def is_suggested(param: Param) -> bool:
    """Tell whether values are suggested while somebody types."""
    return param.kind in _SUGGESTED or param.name == ZONE or len(param.choices) > MOST_CHOICES


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_DESCRIPTION else f"{words[: LONGEST_DESCRIPTION - 1]}…"
