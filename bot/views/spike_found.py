"""What a spike message says, read from the evidence that was stored when it was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.views.evidence import from_evidence
from bot.views.facts import HourAmount
from bot.views.names import NOT_ATTRIBUTED
from bot.views.why_words import NamedPart
from charts.spec import Mark


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
