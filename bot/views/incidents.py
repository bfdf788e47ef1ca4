"""The list of what was alerted about, and one of it."""

from dataclasses import dataclass
from datetime import datetime

from bot.views import text
from bot.views.acts import state_words
from bot.views.answer_data import answer_data, decimal, moment
from bot.views.buttons import closed_buttons, why_button
from bot.views.footer import Source, Trust, footer
from bot.views.model import Button, Line, Name, Table, View, joined, line
from bot.views.names import clean, short
from bot.views.periods import Period, when
from bot.views.spike_found import SpikeEvidence
from bot.views.spike_lines import budget_line, maker_line, money, split_line, told_line, where_line
from bot.views.times import Clock
from spend.money import from_nanos
from spend.usage import Basis
from spend.window import Window

CHAT_ROWS = 7
_STATES = {"resolved": "over"}
_COLUMNS = (
    "when",
    "kind",
    "what",
    "amount",
    "currency",
    "basis",
    "state",
    "code",
    "told",
    "until",
    "acted_by",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """One incident. `what`: a key's, connection's or budget's raw name. Amounts in nano-units.

    nanos: what a spike's cause spent, or a budget had spent when it was told. until: of a spike that is over.
    threshold, limit_nanos: of a budget. told_nanos: when people were told. by: who acted last, act: in which word.
    spike: all that was stored of one.
    """

    kind: str
    code: str
    state: str
    since: datetime
    what: str
    nanos: int
    currency: str = "USD"
    until: datetime | None = None
    told_at: datetime | None = None
    told_nanos: int = 0
    is_key: bool = False
    limit_nanos: int = 0
    threshold: int = 0
    by: str = ""
    act: str = ""
    is_estimate: bool = False
    spike: SpikeEvidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentsFacts:
    """The incidents of a window, the newest first."""

    clock: Clock
    period: Period
    window: Window
    rows: tuple[IncidentRow, ...]
    sources: tuple[Source, ...]


def incidents_view(facts: IncidentsFacts) -> View:
    """Build the list."""
    spikes = [row for row in facts.rows if row.kind == "spike"]
    if not facts.rows:
        lead = line(f"No spike and no budget alert {when(facts.period, facts.clock)}.")
    else:
        budgets = len(facts.rows) - len(spikes)
        counted = [text.count(len(spikes), "spike")] if spikes else []
        counted += [text.count(budgets, "budget alert")] if budgets else []
        is_open = [row for row in spikes if row.state != "resolved"]
        still = f"; {text.count(len(is_open), 'spike')} still open" if is_open else ""
        words = text.listed(counted)
        lead = line(f"{words[0].upper()}{words[1:]} {when(facts.period, facts.clock)}{_cost(spikes)}{still}.")
    return _view(facts, "spend incidents", lead, (), _table(facts))


def incident_view(facts: IncidentsFacts) -> View:
    """Build what is known of one incident; its split is behind the button."""
    (row,) = facts.rows
    clock = facts.clock
    lead, body = _spike(row, clock) if row.kind == "spike" else _budget(row, clock)
    body = tuple(item for item in body if str(item))
    if row.by:
        body = (*body, line(f"{_state(row).capitalize()}; last acted on by {short(row.by)}."))
    buttons = closed_buttons(row.code, state=row.act) if row.kind == "spike" else (why_button(row.code),)
    return _view(facts, f"spend incidents {row.code}", lead, body, None, code=row.code, buttons=buttons)


def _view(
    facts: IncidentsFacts,
    title: str,
    lead: Line,
    body: tuple[Line, ...],
    table: Table | None,
    *,
    code: str = "",
    buttons: tuple[Button, ...] = (),
) -> View:
    ends = footer(facts.clock, facts.sources, Trust(basis=Basis.ESTIMATED))
    data = answer_data(
        title=title,
        lead=str(lead),
        facts=[str(item) for item in body],
        sources=facts.sources,
        basis=Basis.ESTIMATED,
        as_of=min((source.as_of for source in facts.sources if source.as_of), default=None),
        window=facts.window,
        window_label="incidents",
    )
    rows = [_exact(row) for row in facts.rows]
    return View(
        title=title,
        lead=lead,
        body=body,
        table=table,
        footer=" · ".join(part for part in (ends, code) if part) if facts.rows else "",
        buttons=buttons,
        data=data | {"table": {"columns": list(_COLUMNS), "rows": rows}},
    )


def _cost(spikes: list[IncidentRow]) -> str:
    if not spikes or len({row.currency for row in spikes}) > 1:
        return ""
    return f", {text.money(sum(row.nanos for row in spikes), spikes[0].currency)} in spikes"


def _table(facts: IncidentsFacts) -> Table | None:
    if not facts.rows:
        return None
    rows = [_cells(row, facts.clock) for row in facts.rows]
    columns = ("What", "Money", "When", "State", "Code")
    numeric = frozenset({1})
    whole = Table(columns, tuple(rows), numeric=numeric)
    if len(rows) <= CHAT_ROWS + 1:
        return whole
    left = len(rows) - CHAT_ROWS
    brief = (*rows[:CHAT_ROWS], (f"Older ({left})", "", "", "", ""))
    return Table(columns, whole.rows, numeric=numeric, short=Table(columns, brief, numeric=numeric))


def _cells(row: IncidentRow, clock: Clock) -> tuple[str, ...]:
    what = f"Spike: {clean(row.what)}" if row.kind == "spike" else f"{clean(row.what)} {_passed(row)}"
    return what, text.money(row.nanos, row.currency), clock.near(row.since), _state(row), row.code


def _passed(row: IncidentRow) -> str:
    ahead = "forecast at " if row.kind == "projected" else "at "
    return f"{ahead}{row.threshold}% of {text.limit(from_nanos(row.limit_nanos), row.currency)}"


def _state(row: IncidentRow) -> str:
    if row.kind != "spike" and row.state == "open":
        return "told"
    return _STATES.get(row.state) or state_words(row.act or row.state)


def _spike(row: IncidentRow, clock: Clock) -> tuple[Line, tuple[Line, ...]]:
    end = row.until
    is_one_day = end is not None and clock.day_of(row.since) == clock.day_of(end)
    to = "" if end is None else f" to {clock.time(end) if is_one_day else clock.near(end)}"
    span = f"since {clock.near(row.since)}" if end is None else f"from {clock.near(row.since)}{to}"
    who = Name(short(row.what)) if row.is_key else short(row.what)
    usual = "" if row.spike is None else f", {_usual(row.spike)}"
    lead = line("Spike: ", who, f" spent {text.money(row.nanos, row.currency)} {span}{usual}.")
    if row.spike is None:
        return lead, ()
    told = told_line(row.spike, clock)
    if end is not None:
        return lead, (told, split_line(row.spike))
    where = joined(where_line(row.spike), maker_line(row.spike, clock))
    return lead, (told, where, line(budget_line(row.spike, clock)))


def _usual(found: SpikeEvidence) -> str:
    return f"usually {money(found, found.usual_nanos)}" if found.usual_nanos else "usually nothing"


def _budget(row: IncidentRow, clock: Clock) -> tuple[Line, tuple[Line, ...]]:
    amount = text.money(row.nanos, row.currency)
    words = f"Budget: {short(row.what)} {_passed(row)}, told at {clock.near(row.since)}: {amount} spent then."
    return line(words), ()


def _exact(row: IncidentRow) -> list[object]:
    return [
        moment(row.since),
        row.kind,
        row.what,
        decimal(row.nanos),
        row.currency,
        Basis.ESTIMATED.value if row.is_estimate else Basis.MIXED.value,
        row.state,
        row.code,
        moment(row.told_at),
        moment(row.until),
        row.by,
    ]
