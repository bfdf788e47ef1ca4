"""The facts behind the why of an alert: the excess of a spike, or what a budget has spent against its last period."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.errors import CommandError
from bot.query import AskedWindow
from bot.reports.budgets import budget_frame, scope_filters
from bot.reports.frame import Frame
from bot.reports.why import COLUMNS, named_parts, split_aside, uses_of, why_facts
from bot.views import text
from bot.views.budget_alert import BudgetEvidence
from bot.views.errors import nothing_to_split
from bot.views.facts import Total
from bot.views.footer import Trust
from bot.views.names import short
from bot.views.why import WhyFacts
from bot.views.why_words import NamedPart
from spend.budgets import Period
from spend.explain import Cause, Part, Split, Thing, Use
from spend.money import split_exactly
from spend.notify import Incident, IncidentKind
from spend.usage import Basis
from spend.window import HOUR, Window
from storage import Filter

_BUDGETS = (IncidentKind.BUDGET, IncidentKind.PROJECTED)
_KINDS = {Period.DAY: "today", Period.WEEK: "week", Period.MONTH: "month"}
_DUST = 1000  # nano-units that rounding a usual amount can move between causes
_WEEK = timedelta(days=7)


async def why_incident(frame: Frame, incident: Incident, words: str) -> WhyFacts:
    """Return the split behind an incident. Raises CommandError for one that is about no money spent."""
    if incident.kind is IncidentKind.SPIKE:
        return await _why_spike(frame, incident, words)
    if incident.kind in _BUDGETS:
        return await _why_budget(frame, incident, words)
    raise CommandError(nothing_to_split(incident.code))


async def spike_parts(frame: Frame, evidence: Mapping[str, Any]) -> tuple[NamedPart, ...]:
    """Split a spike's excess: by key as it was judged, then each key's part by what changed on it; exactly.

    What is usual for a key has the shape (models, classes, prices) of the same hours one week before, and what it spent
    that of its hours now; both are brought to the amounts of the evidence by volume, so that the parts make the excess.
    Both shapes are of estimates, as the judgement was: a bill that came since is no change of price.
    """
    connection_id = str(evidence["connection_id"])
    since = datetime.fromisoformat(evidence["since"])
    hours = [datetime.fromisoformat(hour) for hour, _ in evidence["hours"]]
    now = Window(since, max([*hours, since]) + HOUR)
    local = since.astimezone(frame.zone)
    then_start = (local.replace(tzinfo=None) - _WEEK).replace(tzinfo=frame.zone)
    then = Window(then_start.astimezone(since.tzinfo), then_start.astimezone(since.tzinfo) + now.length)
    mine = (Filter("connection_id", (connection_id,)),)
    after = uses_of(await frame.store.slices(now, COLUMNS, mine))
    before = uses_of(await frame.store.slices(then, COLUMNS, mine))
    usual, spent = [], []
    for row in evidence["by_key"]:
        then_own, now_own = _of_key(connection_id, row, before, after)
        usual += then_own
        spent += now_own
    found = await split_aside(usual, spent)
    return named_parts(frame, [_without_dust(split) for split in found], first_use_from=then.start)


def _of_key(
    connection_id: str, row: Mapping[str, Any], before: Sequence[Use], after: Sequence[Use]
) -> tuple[list[Use], list[Use]]:
    """Return what is usual for a key and what it spent, in the amounts of the evidence."""
    usual, excess = int(row["usual_nanos"]), int(row["excess_nanos"])
    own_before, own_after = ([use for use in uses if use.api_key == row["id"]] for uses in (before, after))
    plain = Use(connection_id=connection_id, api_key=str(row["id"]), estimate_nanos=1)
    then = _brought_to(usual, own_before) or _brought_to(usual, own_after) or _brought_to(usual, [plain])
    return then, _brought_to(usual + excess, own_after) or _brought_to(usual + excess, [plain])


def _brought_to(target: int, uses: Sequence[Use]) -> list[Use]:
    """Return slices with more or less volume, so that their estimates are `target` in all; [] where there are none."""
    priced = [use for use in uses if use.estimate_nanos > 0 and all(part >= 0 for part in use.parts.values())]
    total = sum(use.estimate_nanos for use in priced)
    if not total or target <= 0:
        return []
    return [
        replace(
            use,
            billed_nanos=0,
            estimated_nanos=nanos,
            tokens={name: max(1, count * target // total) for name, count in use.tokens.items() if count},
            parts=_parts(use, nanos),
            requests=use.requests and max(1, use.requests * target // total),
            unpriced_rows=0,
            unpriced_tokens=0,
        )
        for use, nanos in zip(
            priced, split_exactly(target, [use.estimate_nanos for use in priced]), strict=True
        )
    ]


def _parts(use: Use, nanos: int) -> dict[str, int]:
    names = sorted(name for name, part in use.parts.items() if part)
    if not names:
        return {}
    return dict(zip(names, split_exactly(nanos, [use.parts[name] for name in names]), strict=True))


def _without_dust(split: Split) -> Split:
    """Give what rounding the usual moved between causes to the largest part; the parts sum to the same as before.

    The key is what is new, whatever else nothing is known of before: a usual amount is of keys alone.
    """
    kept = [part for part in split.parts if abs(part.nanos) >= _DUST] or list(split.parts)
    rest = split.change_nanos - sum(part.nanos for part in kept)
    largest = max(kept, key=lambda part: abs(part.nanos), default=None)
    parts = [replace(part, nanos=part.nanos + rest) if part is largest else part for part in kept]
    return replace(split, parts=tuple(_of_its_key(part) for part in parts))


def _of_its_key(part: Part) -> Part:
    is_new = part.cause is Cause.NEW and part.api_key and part.thing is not Thing.USE
    return replace(part, thing=Thing.KEY) if is_new else part


async def _why_spike(frame: Frame, incident: Incident, words: str) -> WhyFacts:
    evidence, clock = incident.evidence, frame.clock
    since = datetime.fromisoformat(evidence["since"])
    until, as_of = (datetime.fromisoformat(evidence[name]) for name in ("until", "as_of"))
    parts = await spike_parts(frame, evidence)
    excess = sum(part.nanos for part in parts)
    observed = int(evidence["observed_nanos"])
    currency = str(evidence.get("currency", "USD"))
    end = until if incident.resolved_at else as_of
    is_one_day = clock.day_of(since) == clock.day_of(end)
    span = f"from {clock.near(since)} to {clock.time(end) if is_one_day else clock.near(end)}"
    return WhyFacts(
        clock=clock,
        words=words,
        window=Window(since, max(until, since + timedelta(minutes=1))),
        totals=(
            Total(
                nanos=observed, currency=currency, estimated_nanos=observed, before_nanos=observed - excess
            ),
        ),
        parts=parts,
        sources=frame.sources(frozenset({str(evidence["connection_id"])})),
        trust=Trust(basis=Basis.ESTIMATED),
        before_words="Usual",
        after_words="Spent",
        against=f"usual {span}",
        subtitle=f"{span[len('from ') :]} against the usual",
        opening=f"Spike {incident.code}",
        no_base="" if parts else f"{incident.code}: nothing above the usual is left to split.",
        footer=f"Data to {clock.near_zone(as_of)} · estimated · {incident.code}",
    )


async def _why_budget(frame: Frame, incident: Incident, words: str) -> WhyFacts:
    found = BudgetEvidence.from_evidence(incident.evidence)
    budget = next((each for each in await frame.store.budgets() if each.id == found.budget_id), None)
    if budget is None:
        raise CommandError(nothing_to_split(incident.code))
    last = min(found.last, frame.today)
    kind = _kind(frame, found, last)
    window = AskedWindow(kind, found.first, last)
    filters = await scope_filters(frame, budget)
    facts = await why_facts(budget_frame(frame, budget, filters), window, words=words, spend="", also=filters)
    label, limit = short(found.label), text.limit(found.limit, found.currency)
    return replace(
        facts,
        opening=f"{label}, {facts.opening}" if facts.opening else label,
        no_base=f"{label}: {facts.no_base}" if facts.no_base else "",
        code=f"budget {limit} · {incident.code}",
    )


def _kind(frame: Frame, found: BudgetEvidence, last: date) -> str:
    """Return the window's kind: the running period, or days that are past."""
    return _KINDS[found.period] if last == frame.today else "range"
