"""Spike alerts, built from the evidence that was stored when they were found: first, grew, over, found late."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.views import text
from bot.views.acts import Act, act_words, acted_words
from bot.views.buttons import closed_buttons, incident_buttons
from bot.views.evidence import from_evidence
from bot.views.facts import HourAmount, OpenSpike, Total
from bot.views.hours_chart import spike_hours
from bot.views.model import Layout, Line, Name, Tone, View, joined, line, type_span
from bot.views.names import NOT_ATTRIBUTED, possessive, short
from bot.views.times import Clock, duration, month_name
from bot.views.why_table import fold
from bot.views.why_words import NamedPart, phrase, shown_parts
from charts.spec import Mark

_CAUSES = 2


@dataclass(frozen=True, slots=True)
class Cause:
    """One part of what is too much: a key, model or project by name, with its nano-units."""

    name: str
    nanos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Squeezed:
    """The tightest budget the spike eats: its label, limit, what is spent, and when it is gone at this pace."""

    label: str
    limit: Decimal
    spent_nanos: int
    currency: str
    month: date
    gone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeEvidence:
    """What a spike message says. `key` is '' when no single key caused it; amounts are estimates in nano-units."""

    since: datetime
    until: datetime
    as_of: datetime
    observed_nanos: int
    usual_nanos: int
    excess_nanos: int
    pace_nanos: int
    currency: str
    key: str
    place: str
    models: tuple[Cause, ...]
    projects: tuple[Cause, ...]
    causes: tuple[Cause, ...]
    hours: tuple[HourAmount, ...]
    is_late: bool = False
    maker: str = ""
    made_on: date | None = None
    first_used_on: date | None = None
    budget: Squeezed | None = None
    told_at: datetime | None = None
    told_nanos: int = 0
    off_from: datetime | None = None
    off_to: datetime | None = None
    vendor: str = ""
    keys_url: str = ""
    split: tuple[NamedPart, ...] = ()

    @classmethod
    def from_evidence(cls, evidence: Mapping[str, Any]) -> "SpikeEvidence":
        """Read a finding's evidence (`spend/spike_evidence.py`) and what the bot adds to it before storing.

        Added, all optional: `names` {id: name}, `currency`, `key_facts` {maker, made_on, first_used_on}, `budget`
        {label, limit, currency, spent_nanos, month, gone_at}, `told` {at, nanos}, `off` {from, to}, `vendor`
        {name, keys_url}, `split` (of a spike that is over: its excess by cause). Dates and moments are ISO text.
        """
        names: Mapping[str, str] = evidence.get("names", {})
        subject, key_facts = evidence["subject"], evidence.get("key_facts", {})
        told, off, vendor = evidence.get("told", {}), evidence.get("off", {}), evidence.get("vendor", {})
        return cls(
            since=datetime.fromisoformat(evidence["since"]),
            until=datetime.fromisoformat(evidence["until"]),
            as_of=datetime.fromisoformat(evidence["as_of"]),
            observed_nanos=subject["observed_nanos"],
            usual_nanos=subject["usual_nanos"],
            excess_nanos=evidence["excess_nanos"],
            pace_nanos=evidence["pace_nanos_per_hour"],
            currency=evidence.get("currency", "USD"),
            key=_named(names, subject["api_key"]) if subject["api_key"] else "",
            place=_named(names, evidence["connection_id"]),
            models=tuple(Cause(_named(names, id_), nanos) for id_, nanos in subject["by_model"]),
            projects=tuple(Cause(_named(names, id_), nanos) for id_, nanos in subject["by_project"]),
            causes=tuple(Cause(_named(names, row["id"]), row["excess_nanos"]) for row in evidence["by_key"]),
            hours=tuple(_hour(row) for row in evidence["day"]["hours"]),
            is_late=evidence.get("is_late", False),
            maker=key_facts.get("maker", ""),
            made_on=_date(key_facts.get("made_on")),
            first_used_on=_date(key_facts.get("first_used_on")),
            budget=_squeezed(evidence.get("budget")),
            told_at=_moment(told.get("at")),
            told_nanos=told.get("nanos", 0),
            off_from=_moment(off.get("from")),
            off_to=_moment(off.get("to")),
            vendor=vendor.get("name", ""),
            keys_url=vendor.get("keys_url", ""),
            split=tuple(from_evidence(NamedPart, part) for part in evidence.get("split", ())),
        )


def spike_view(found: SpikeEvidence, clock: Clock, *, code: str, act: Act | None = None) -> View:
    """Build the alert of an open spike, as first told or as it has grown since."""
    body = [_where_line(found), _maker_line(found, clock)]
    squeezed = _budget_line(found, clock)
    lines = [
        joined(*body),
        *([line(squeezed)] if squeezed else []),
        *([line(act_words(act, clock))] if act else []),
    ]
    return View(
        layout=Layout.ALERT,
        title=_title(found),
        lead=line(*_lead(found, clock)),
        body=tuple(item for item in lines if str(item)),
        chart=spike_hours(
            clock, found.hours, _open(found), told_at=found.told_at, pace=_pace(found).removeprefix("about ")
        ),
        footer=_footer(found, clock, code),
        buttons=incident_buttons(
            code.partition("-")[0],
            state=act.state if act else "open",
            key=found.key,
            keys_url=found.keys_url,
            vendor=found.vendor,
        ),
        tone=Tone.ATTENTION,
        is_private=False,
    )


def spike_over_view(found: SpikeEvidence, clock: Clock, *, code: str, act: Act | None = None) -> View:
    """Build the closed alert: what it came to, what followed after it was told, who acted; why and what to call it."""
    span = f"from {clock.near(found.since)} to {clock.near(found.until)}"
    day = " today" if clock.day_of(found.since) == clock.day_of(found.until) == clock.today else ""
    usual = "usually nothing" if found.usual_nanos == 0 else f"usually {_money(found, found.usual_nanos)}"
    lead = line("Over: ", *_who(found), f"{_money(found, found.observed_nanos)} {span}{day}, {usual}.")
    followed = []
    if found.told_at:
        rest = text.to_step(found.observed_nanos, _step(found)) - text.to_step(found.told_nanos, _step(found))
        told = f"Told at {clock.near(found.told_at)} at {_money(found, found.told_nanos)}"
        followed.append(f"{told}; {_money(found, rest)} followed." if rest > 0 else f"{told}.")
    body = joined(line(*followed), _all_model(found), line(acted_words(act, clock)) if act else line())
    off = line()
    if found.off_from and found.off_to:
        off = line(f"spendbot was off from {clock.near(found.off_from)} to {clock.near(found.off_to)}.")
    return View(
        layout=Layout.ALERT,
        title=_title(found),
        lead=lead,
        body=tuple(item for item in (body, off) if str(item)),
        footer=_footer(found, clock, code),
        buttons=closed_buttons(code.partition("-")[0], state=act.state if act else ""),
        tone=Tone.CLOSED,
        is_private=False,
    )


def spike_grew_line(found: SpikeEvidence, clock: Clock, *, code: str) -> View:
    """Build the line in the thread at each doubling: `$31.73 by 12:10, about $25 an hour. Agents: $300.63 of $400.`"""
    words = f"{_money(found, found.observed_nanos)} by {clock.time(found.as_of)}, {_pace(found)}."
    if found.budget:
        budget = found.budget
        spent = text.money(budget.spent_nanos, budget.currency)
        words += f" {short(budget.label)}: {spent} of {text.limit(budget.limit, budget.currency)}."
    return _thread(found, clock, words, code)


def spike_over_line(found: SpikeEvidence, clock: Clock, *, code: str) -> View:
    """Build the last message in the thread: when it began and ended, what it cost before and after it was told, why."""
    length = duration(found.until - found.since)
    words = f"Over since {clock.near(found.until)}: {_money(found, found.observed_nanos)} in {length}."
    view = _thread(found, clock, words, code)
    lines = (_told_line(found, clock), _split_line(found))
    return replace(view, body=tuple(item for item in lines if str(item)))


def _told_line(found: SpikeEvidence, clock: Clock) -> Line:
    """`Began at 10:00, told at 11:20 after 80 min: $11.55 until then, $123.55 after.`"""
    began = f"Began at {clock.near(found.since)}"
    if found.told_at is None:
        return line(f"{began}; told when it was over.")
    late = duration(max(found.told_at - found.since, timedelta(minutes=1)))
    step = _step(found)
    rest = text.to_step(found.observed_nanos, step) - text.to_step(found.told_nanos, step)
    after = f", {_money(found, rest)} after" if rest > 0 else ""
    told = f"told at {clock.near(found.told_at)} after {late}: {_money(found, found.told_nanos)} until then"
    return line(f"{began}, {told}{after}.")


def _split_line(found: SpikeEvidence) -> Line:
    """`Of the $135.10 too much: the new key agents-nightly on claude-opus-5 $135.10.`"""
    if not found.split:
        return _causes_line(found) if len(found.causes) > 1 else line()
    total = Total(nanos=sum(part.nanos for part in found.split), currency=found.currency, before_nanos=0)
    groups = shown_parts(found.split, total)
    if len(groups) == 1:
        return line("All that is too much is ", *phrase(groups[0][0]), ".")
    kept, rest = fold(groups, _CAUSES, text.step_of(total.nanos, total.currency))
    spans: list[type_span] = [f"Of the {text.money(total.nanos, total.currency)} too much: "]
    for place, (part, shown) in enumerate(kept):
        spans += [", "] if place else []
        spans += [*phrase(part), f" {text.money(shown, total.currency)}"]
    together = sum(shown for _, shown in rest)
    spans += [f", other {text.money(together, total.currency)}"] if rest and together else []
    return line(*spans, ".")


def _lead(found: SpikeEvidence, clock: Clock) -> tuple[type_span, ...]:
    head = f"Spike, found late ({clock.near(clock.now)}): " if found.is_late else "Spike: "
    spent = f"{_money(found, found.observed_nanos)} since {clock.near(found.since)}"
    now = f" Now {_pace(found)}." if found.pace_nanos and not found.is_late else ""
    return (head, *_who(found), f"{spent}, {_against(found, clock)}.{now}")


def _against(found: SpikeEvidence, clock: Clock) -> str:
    if found.usual_nanos == 0:
        return "usually nothing at this time"
    usual = _money(found, found.usual_nanos)
    multiple = text.times(found.observed_nanos, found.usual_nanos)
    weekday = clock.weekday_of(found.since)
    return f"{multiple} the usual {usual} of a {weekday}" if multiple else f"usually {usual} on a {weekday}"


def _who(found: SpikeEvidence) -> tuple[type_span, ...]:
    return (Name(short(found.key)), " spent ") if found.key else ()


def _where_line(found: SpikeEvidence) -> Line:
    """Where the money went: one model in one project, or the exact parts of what is too much."""
    if not found.key and len(found.causes) > 1:
        return _causes_line(found)
    if not found.models:
        return line()
    model, project = found.models[0], found.projects[0].name if len(found.projects) == 1 else ""
    is_all = len(found.models) == 1
    place = f" in project {short(project)}" if project and project != NOT_ATTRIBUTED else ""
    amount = "All" if is_all else _money(found, model.nanos)
    return line(f"{amount} of it ", Name(short(model.name)), f"{place}.")


def _causes_line(found: SpikeEvidence) -> Line:
    """`Of the $27.80 too much: agents-prod $19.10, search-prod $6.20, other $2.50.`"""
    rest = sum(cause.nanos for cause in found.causes[_CAUSES:])
    parts = [*found.causes[:_CAUSES], *([Cause("", rest)] if rest else [])]
    amounts, total = text.column([cause.nanos for cause in parts], found.currency)
    spans: list[type_span] = [f"Of the {total} too much: "]
    for place, (cause, amount) in enumerate(zip(parts, amounts, strict=True)):
        spans += [", "] if place else []
        spans += [Name(short(cause.name)), f" {amount}"] if cause.name else [f"other {amount}"]
    return line(*spans, ".")


def _maker_line(found: SpikeEvidence, clock: Clock) -> Line:
    if not found.key:
        return line()
    first = f"first used {clock.on(found.first_used_on)}" if found.first_used_on else ""
    if found.maker:
        made = f" on {clock.on(found.made_on)}" if found.made_on else ""
        return line(f"{short(found.maker)} made the key{made}{f'; {first}' if first else ''}.")
    return line(f"The key was {first}.") if first else line()


def _budget_line(found: SpikeEvidence, clock: Clock) -> str:
    budget = found.budget
    if budget is None:
        return ""
    limit = text.limit(budget.limit, budget.currency)
    spent = text.money(budget.spent_nanos, budget.currency)
    name = f"{possessive(short(budget.label))} {limit} for {month_name(budget.month)}"
    if budget.gone_at is None:
        return f"{name}: {spent} so far."
    return f"At this pace {name} is gone at about {clock.near(round_hour(budget.gone_at))} ({spent} so far)."


def round_hour(moment: datetime) -> datetime:
    """Round a guessed moment to the hour: "at about" promises no more."""
    return (moment + timedelta(minutes=30)).replace(minute=0, second=0, microsecond=0)


def _all_model(found: SpikeEvidence) -> Line:
    return line("All ", Name(short(found.models[0].name)), ".") if len(found.models) == 1 else line()


def _thread(found: SpikeEvidence, clock: Clock, words: str, code: str) -> View:
    return View(
        layout=Layout.NOTE,
        title=_title(found),
        lead=line(words),
        footer=_footer(found, clock, code),
        tone=Tone.ATTENTION,
        is_private=False,
    )


def _footer(found: SpikeEvidence, clock: Clock, code: str) -> str:
    return f"Data to {clock.near_zone(found.as_of)} · estimated · {code}"


def _title(found: SpikeEvidence) -> str:
    return f"Spike: {short(found.key or found.place)}"


def _pace(found: SpikeEvidence) -> str:
    return f"{text.about(found.pace_nanos, found.currency)} an hour"


def _money(found: SpikeEvidence, nanos: int) -> str:
    return text.money(nanos, found.currency, step=_step(found))


def _step(found: SpikeEvidence) -> int:
    return text.step_of(found.observed_nanos, found.currency)


def _open(found: SpikeEvidence) -> OpenSpike:
    return OpenSpike(
        cause=found.key,
        nanos=found.observed_nanos,
        since=found.since,
        usual_nanos=found.usual_nanos,
        currency=found.currency,
    )


def _named(names: Mapping[str, str], id_: str) -> str:
    return names.get(id_) or id_ or NOT_ATTRIBUTED


def _hour(row: Mapping[str, Any]) -> HourAmount:
    return HourAmount(
        start=datetime.fromisoformat(row["hour"]),
        nanos=row["nanos"] or 0,
        cause_nanos=row["cause_nanos"] or 0,
        mark=Mark.MISSING if row["nanos"] is None else Mark.BILLED,
        usual_nanos=row["usual_nanos"],
        low_nanos=row["low_nanos"],
        high_nanos=row["high_nanos"],
    )


def _squeezed(budget: Mapping[str, Any] | None) -> Squeezed | None:
    if not budget:
        return None
    return Squeezed(
        label=budget["label"],
        limit=Decimal(budget["limit"]),
        spent_nanos=budget["spent_nanos"],
        currency=budget.get("currency", "USD"),
        month=date.fromisoformat(budget["month"]),
        gone_at=_moment(budget.get("gone_at")),
    )


def _moment(text_: str | None) -> datetime | None:
    return datetime.fromisoformat(text_) if text_ else None


def _date(text_: str | None) -> date | None:
    return date.fromisoformat(text_) if text_ else None
