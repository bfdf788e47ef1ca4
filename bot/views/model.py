"""A view: a message without a platform. Made by commands and jobs, drawn by `bot/platforms/<name>/render.py`.

All words are finished here; a renderer maps slots, escapes and cuts, and adds no word of its own. Slots and their
order: lead, body, table, picture, footer, buttons.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from charts.spec import ChartSpec


class Layout(StrEnum):
    """How a platform sends it: an answer is private; an alert is text first; a summary waits for its picture."""

    ANSWER = "answer"
    ALERT = "alert"
    NOTE = "note"
    SUMMARY = "summary"
    FORM = "form"


class Tone(StrEnum):
    """The colour bar where a platform has one; the first word of the lead says it everywhere."""

    NEUTRAL = "neutral"
    ATTENTION = "attention"
    TROUBLE = "trouble"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Name:
    """A model's or key's name in a sentence: code style where the platform has it. Raw text, not escaped."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere. `url` is always one of ours (provider files), never a vendor's data."""

    text: str
    url: str


type_span = str | Name | Link


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence or line, as spans. `str(line)` is the plain text."""

    spans: tuple[type_span, ...]

    def __str__(self) -> str:
        return "".join(span if isinstance(span, str) else span.text for span in self.spans)


def line(*spans: type_span) -> Line:
    """Build a line: `line("Spike: ", Name("agents-nightly"), " spent $11.55")`."""
    return Line(spans)


def joined(*lines: Line) -> Line:
    """Put several sentences into one line; those without words are left out."""
    spans: list[type_span] = []
    for item in lines:
        if str(item):
            spans += [*([" "] if spans else []), *item.spans]
    return Line(tuple(spans))


@dataclass(frozen=True, slots=True)
class Table:
    """Finished cells. `rows` end with `total` apart; `numeric` names the right-aligned columns by index.

    `sections`: rows before which a new section starts (two currencies), by row index; each ends with a total of its
    own then. `short`: the same table with
    seven rows and then `other (5)`, for chat; None when the whole is short enough.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None = None
    numeric: frozenset[int] = frozenset()
    sections: tuple[int, ...] = ()
    short: "Table | None" = None

    @property
    def for_chat(self) -> "Table":
        """The table as a chat shows it."""
        return self.short or self


@dataclass(frozen=True, slots=True)
class Button:
    """Verb and object. `command` is what it does in words that can be typed; `style` "" or "danger".

    `action` is the stable id behind it (`ack`, `snooze_1h`, `by_model` ...), `value` its argument. `is_rare`: overflow.
    """

    label: str
    action: str
    command: str = ""
    value: str = ""
    url: str = ""
    is_rare: bool = False
    confirm: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One message. `data` is the exact JSON-ready object of `ask --json`, None where it has none.

    `is_private`: only for whoever asked. `is_refusal`: what was said could not be done (ask exits 2).
    """

    layout: Layout = Layout.ANSWER
    title: str
    lead: Line
    body: tuple[Line, ...] = ()
    table: Table | None = None
    chart: ChartSpec | None = None
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    tone: Tone = Tone.NEUTRAL
    is_private: bool = True
    is_refusal: bool = False
    data: dict[str, Any] | None = field(default=None, compare=False)
