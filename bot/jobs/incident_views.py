"""What a delivery says, built again from the evidence that was stored with its incident; nothing is asked anew."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.views.acts import Act
from bot.views.budget_alert import BudgetEvidence, budget_passed_view, budget_projected_view
from bot.views.connect import greeting_view
from bot.views.evidence import from_evidence
from bot.views.first_seen import first_seen_view, newcomers_from
from bot.views.model import Layout, View, line
from bot.views.restatement import RestatementEvidence, restatement_view
from bot.views.spike import (
    spike_grew_line,
    spike_over_line,
    spike_over_view,
    spike_view,
)
from bot.views.spike_found import SpikeEvidence
from bot.views.summary import SummaryEvidence, summary_view
from bot.views.times import Clock
from bot.views.trouble import TroubleEvidence, trouble_over_view, trouble_view
from spend.notify import Incident, IncidentKind, IncidentState, Step

LATE_AFTER = timedelta(hours=6)
_ACTS = (IncidentState.ACKNOWLEDGED, IncidentState.EXPECTED, IncidentState.SNOOZED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One message about an incident: what was stored, and how it is told.

    step: what happened ("first", "grew-2", "resolved"). code: of this very message (`K7Q2-2`). is_thread_line: the
    short words that follow in a thread. is_late: it could not be told within 6 hours of being found.
    """

    incident: Incident
    evidence: Mapping[str, Any]
    step: str
    code: str
    clock: Clock
    is_thread_line: bool = False
    is_late: bool = False

    @property
    def is_over(self) -> bool:
        """Tell whether the message says that it has ended."""
        return self.incident.state is IncidentState.RESOLVED or is_step(self.step, Step.RESOLVED)


def incident_view(telling: Telling) -> View:
    """Build the message. Raises KeyError, TypeError or ValueError for evidence that is not of the incident's kind."""
    return _VIEWS[telling.incident.kind](telling)


def is_step(step: str, of: Step) -> bool:
    """Tell whether a stored step (`grew-2`) is one of this kind."""
    return step.partition("-")[0] == of.value


def act_of(incident: Incident, evidence: Mapping[str, Any]) -> Act | None:
    """Return what a person did about it, None where nobody did.

    The evidence keeps it (`act`: {state, by, at, quiet_until}); without that the state tells, and once it is over an
    act without an end was an acknowledgement.
    """
    kept = evidence.get("act") or incident.evidence.get("act")
    if kept:
        return from_evidence(Act, kept)
    if not incident.acted_by or incident.acted_at is None:
        return None
    state = incident.state
    if state not in _ACTS:
        if incident.quiet_until is not None:
            return None
        state = IncidentState.ACKNOWLEDGED
    return Act(state.value, incident.acted_by, incident.acted_at, incident.quiet_until)


def _act(telling: Telling) -> Act | None:
    return act_of(telling.incident, telling.evidence)


def _spike(telling: Telling) -> View:
    found = SpikeEvidence.from_evidence(telling.evidence)
    clock, code = telling.clock, telling.code
    if telling.is_thread_line:
        is_end = is_step(telling.step, Step.RESOLVED)
        return (spike_over_line if is_end else spike_grew_line)(found, clock, code=code)
    act = _act(telling)
    if telling.is_over:
        return spike_over_view(found, clock, code=code, act=act)
    return spike_view(replace(found, is_late=found.is_late or telling.is_late), clock, code=code, act=act)


def _budget(telling: Telling) -> View:
    return budget_passed_view(
        BudgetEvidence.from_evidence(telling.evidence), telling.clock, code=telling.code, act=_act(telling)
    )


def _projected(telling: Telling) -> View:
    return budget_projected_view(
        BudgetEvidence.from_evidence(telling.evidence), telling.clock, code=telling.code, act=_act(telling)
    )


def _first_seen(telling: Telling) -> View:
    found = newcomers_from(telling.evidence)
    return first_seen_view(found, telling.clock, code=telling.code, act=_act(telling))


def _trouble(telling: Telling) -> View:
    found = from_evidence(TroubleEvidence, telling.evidence)
    build = trouble_over_view if telling.is_over else trouble_view
    return build(found, telling.clock, code=telling.code)


def _restatement(telling: Telling) -> View:
    found = from_evidence(RestatementEvidence, telling.evidence)
    return restatement_view(found, telling.clock, code=telling.code)


def _summary(telling: Telling) -> View:
    return summary_view(from_evidence(SummaryEvidence, telling.evidence), telling.clock, code=telling.code)


def _notice(telling: Telling) -> View:
    """Build the note about a change that somebody made; its words were finished when it was made."""
    kept = telling.evidence
    return View(
        layout=Layout.NOTE,
        title=kept["title"],
        lead=line(kept["lead"]),
        body=tuple(line(words) for words in kept["body"]),
        footer=telling.code,
        is_private=False,
    )


def _greeting(telling: Telling) -> View:
    return greeting_view(telling.evidence["workspace"], telling.evidence.get("connected", ()))


_VIEWS: Mapping[IncidentKind, Callable[[Telling], View]] = {
    IncidentKind.SPIKE: _spike,
    IncidentKind.BUDGET: _budget,
    IncidentKind.PROJECTED: _projected,
    IncidentKind.FIRST_SEEN: _first_seen,
    IncidentKind.TROUBLE: _trouble,
    IncidentKind.RESTATEMENT: _restatement,
    IncidentKind.SUMMARY: _summary,
    IncidentKind.NOTICE: _notice,
    IncidentKind.GREETING: _greeting,
}
