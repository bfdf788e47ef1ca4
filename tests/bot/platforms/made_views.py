"""Views of every shape with hostile names in every slot, for the properties that each platform's renderer keeps.

`made_views()` is the strategy; `HOSTILE_NAMES` 200 names for tests that go through them one by one; `view_named` puts
one of them into every slot.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice, product

from hypothesis import strategies as st

from bot.views.model import Button, Layout, Line, Link, Name, Table, Tone, View
from charts.spec import Bars, Slot

_CORES = (
    "<!channel>", "<!here|here>", "<@U012ABCDEF>", "<@&1234567890>", "<#C012ABCDEF|general>", "@everyone", "@here",
    "<https://evil.example|click>", "[click](https://evil.example)", "https://evil.example/a?b=c", "www.evil.example",
    "&lt;!channel&gt;", "*bold* _it_ ~no~", "`code`", "```\nblock\n```", "||spoiler||", "# heading", "> quote\n> more",
    "$5 and $6", "$\\frac{a}{b}$", "two\nlines\r\nhere", "\u202eevil\u202c", "\u200b\u200c\u200d", "zero\u200bwidth",
    "\ud800lone", "tail\udfff", "\x00nul\x1b[31m", "👩‍👩‍👧‍👦 family", "🜁" * 50, "e\u0301" * 30, "ظ" * 40, "x" * 10_000,
    "many words " * 1_000, "=HYPERLINK(\"https://evil.example\")", "<t:1700000000:R>", ":smile: :boom:", "",
    "\u2028", "-12.50%", "mailto:a@evil.example",
)  # fmt: skip
_DRESSES = ("{}", "team-{}", "{} (key_1)", "a {} b", "{0} {0}")

HOSTILE_NAMES: tuple[str, ...] = tuple(dress.format(core) for core, dress in product(_CORES, _DRESSES))
"""Two hundred names that people or vendors might give."""

_ACTIONS = (
    "ack",
    "expected",
    "snooze_1h",
    "by_model",
    "by_key",
    "share",
    "raise_budget",
    "connect",
    "why",
    "mute_key",
)
_SENTENCES = (
    "Spike: ", " spent ", " since 10:00, usually nothing. ", "November so far: ", ", more (+23%) than ", " of it. ",
    "No figures from ", " ends near ", ". ", " and ",
)  # fmt: skip
_OUR_URL = "https://platform.openai.com/api-keys"


@dataclass(frozen=True, slots=True)
class MadeView:
    """A view, the figures its lead says (each must stay), and the names that were put into it."""

    view: View
    figures: tuple[str, ...]
    names: tuple[str, ...]


def hostile_names() -> st.SearchStrategy[str]:
    """Names from the list, and any text at all, lone surrogates too."""
    return st.sampled_from(HOSTILE_NAMES) | st.text(st.characters(), max_size=60)


def made_views() -> st.SearchStrategy[MadeView]:
    """Views with any number of everything, including more than a platform takes, and names of both kinds: from the
    list, and any text at all, lone surrogates too.

    All but that text is read off a few bytes, one choice each: a view of thirty choices would take longer to make than
    to render, and zeros are still the smallest view of all.
    """
    return st.builds(_drawn, st.text(st.characters(), max_size=40), st.binary(min_size=36, max_size=36))


def _drawn(text: str, choices: bytes) -> MadeView:
    listed = [HOSTILE_NAMES[choice % len(HOSTILE_NAMES)] for choice in choices[:3]]
    return _made([text, *listed][: 1 + choices[3] % 4], choices[4:])


class _Shape:
    """Bytes as a row of choices."""

    def __init__(self, choices: bytes) -> None:
        self._choices = iter(choices)

    def below(self, bound: int) -> int:
        """The next choice, from 0 to `bound` - 1."""
        return next(self._choices) % bound

    def few(self, usual: int, most: int) -> int:
        """Mostly up to `usual`, one time in four up to `most`."""
        return self.below((usual if self.below(4) else most) + 1)


def _made(names: Sequence[str], choices: bytes) -> MadeView:
    shape = _Shape(choices)
    amounts = tuple(f"${shape.below(256) ** 2:,}.{shape.below(100):02d}" for _ in range(1 + shape.below(3)))
    view = View(
        layout=tuple(Layout)[shape.below(len(Layout))],
        tone=tuple(Tone)[shape.below(len(Tone))],
        title="made",
        lead=_lead(names, amounts, is_raw=bool(shape.below(2))),
        body=tuple(_body(names, amounts, index) for index in range(shape.few(5, 60))),
        table=_table(shape, names, amounts) if shape.below(2) else None,
        chart=_chart(names[-1]) if shape.below(2) else None,
        footer=f"As of 14:05 CET · {names[0]} · K7Q2" if shape.below(4) else "",
        buttons=_buttons(names, shape.few(6, 40), kind=shape.below(8)),
        is_private=bool(shape.below(2)),
    )
    return MadeView(view, amounts, tuple(names))


def view_named(name: str) -> MadeView:
    """One view with this name in every slot."""
    return _made([name], bytes(range(1, 33)))


def _lead(names: Sequence[str], amounts: Sequence[str], *, is_raw: bool) -> Line:
    """Sentences of ours, and between them a figure and a name each; a name may come as a plain span."""
    spans: list[str | Name | Link] = []
    for sentence, amount, name in zip(_SENTENCES, amounts, cycle(names), strict=False):
        spans += [sentence, amount, " ", name if is_raw else Name(name)]
    return Line(tuple(spans))


def _body(names: Sequence[str], amounts: Sequence[str], index: int) -> Line:
    name, amount = names[index % len(names)], amounts[index % len(amounts)]
    link = (Link(f"Keys of {name}", _OUR_URL),) if index % 3 == 2 else ()
    return Line((_SENTENCES[index % len(_SENTENCES)], Name(name), f" {amount} ", name, *link))


def _table(shape: _Shape, names: Sequence[str], amounts: Sequence[str]) -> Table:
    columns, rows = 2 + shape.below(4), shape.few(9, 130)
    cells = cycle((*names, *amounts, "", "57%"))
    whole = Table(
        columns=tuple(islice(cells, columns)),
        rows=tuple(tuple(islice(cells, columns)) for _ in range(rows)),
        total=tuple(islice(cells, columns)) if shape.below(2) else None,
        numeric=frozenset(range(1, columns)),
        sections=(rows // 2,) if rows > 1 and shape.below(4) == 3 else (),
    )
    if rows < 3 or shape.below(2):
        return whole
    return replace(whole, short=replace(whole, rows=whole.rows[:3], sections=()))


def _chart(name: str) -> Bars:
    return Bars(title="made", subtitle="", alt=f"Bars of {name}", slots=(Slot(1.0), Slot(2.0)))


def _buttons(names: Sequence[str], count: int, *, kind: int) -> tuple[Button, ...]:
    return tuple(
        Button(
            label=("By model", names[index % len(names)])[index % 2],
            action=_ACTIONS[index % len(_ACTIONS)],
            value=f"spend by key {names[0][:60]}" if index % 4 else "K7Q2",
            url=_OUR_URL if index % 5 == kind else "",
            is_rare=index % 3 == kind % 3,
            confirm=f"Disconnect {names[0]}? Its key is destroyed." if index % 7 == kind else "",
        )
        for index in range(count)
    )
