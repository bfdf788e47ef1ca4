"""Every kind of incident is told from its stored evidence, with the code of its message."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.jobs.incident_views import Telling, act_of, incident_view
from bot.views.evidence import to_evidence
from bot.views.facts import Total
from bot.views.footer import Trust
from bot.views.restatement import RestatementEvidence
from bot.views.summary import SummaryEvidence
from bot.views.trouble import TroubleEvidence
from spend.notify import Incident, IncidentKind, IncidentState
from spend.usage import Basis
from tests.bot.views.harbor import at, clock
from tests.bot.views.test_budget_alert import evidence as budget
from tests.bot.views.test_budget_alert import forecast
from tests.bot.views.test_spike import EVIDENCE

NOW = at(19, 11, 20)
SUMMARY = SummaryEvidence(
    day=date(2026, 11, 18),
    total=Total(nanos=142_660_000_000),
    month=Total(nanos=2_086_960_000_000),
    as_of=NOW,
    sources=(),
    trust=Trust(basis=Basis.BILLED),
)
TROUBLE = TroubleEvidence(what="broken", connection="Harbor Anthropic", provider="Anthropic", key_hint="r2Fp")
RESTATED = RestatementEvidence(
    provider="OpenAI", day=date(2026, 11, 12), before_nanos=60_200_000_000, after_nanos=62_380_000_000
)


def incident(kind: IncidentKind = IncidentKind.SPIKE, **changes: Any) -> Incident:
    known = Incident(
        id="i1",
        kind=kind,
        dedup_key="k",
        code="K7Q2",
        state=IncidentState.OPEN,
        opened_at=NOW,
        updated_at=NOW,
        evidence={},
    )
    return replace(known, **changes)


def lead(kind: IncidentKind, evidence: Any, step: str = "first", **changes: Any) -> str:
    telling = Telling(
        incident=incident(kind), evidence=evidence, step=step, code="K7Q2-2", clock=clock(NOW), **changes
    )
    view = incident_view(telling)
    assert view.footer.endswith("K7Q2-2") or kind is IncidentKind.GREETING
    assert not view.is_private
    return str(view.lead)


@pytest.mark.parametrize(
    ("kind", "evidence", "words"),
    [
        (IncidentKind.SPIKE, EVIDENCE, "Spike: agents-nightly spent $11.55"),
        (IncidentKind.BUDGET, budget(), "Budget: Agents has used 80% of its $400"),
        (
            IncidentKind.PROJECTED,
            budget(forecast=forecast("420", "400", "440", None), threshold=100),
            "Budget: Agents is on course for about $420",
        ),
        (
            IncidentKind.FIRST_SEEN,
            {"items": [{"what": "key", "name": "agents-nightly", "nanos": 4_500_000_000}]},
            "New key: agents-nightly spent $4.50 today.",
        ),
        (IncidentKind.TROUBLE, to_evidence(TROUBLE), "No figures from Harbor Anthropic since now"),
        (IncidentKind.RESTATEMENT, to_evidence(RESTATED), "OpenAI changed its bill for Thu Nov 12"),
        (IncidentKind.SUMMARY, to_evidence(SUMMARY), "Wednesday: $142.66."),
        (IncidentKind.NOTICE, {"title": "t", "lead": "Mira did it.", "body": ["Why."]}, "Mira did it."),
        (IncidentKind.GREETING, {"workspace": "Harbor Notes"}, "spendbot is here for Harbor Notes"),
    ],
    ids=lambda value: value.value if isinstance(value, IncidentKind) else "",
)
def test_it_is_told_in_the_words_of_its_kind(kind: IncidentKind, evidence: Any, words: str) -> None:
    assert lead(kind, evidence).startswith(words)


@pytest.mark.parametrize(
    ("step", "is_thread_line", "words"),
    [
        ("grew-2", False, "Spike: agents-nightly spent $11.55"),
        ("grew-2", True, "agents-nightly spent $11.55 by 11:15"),
        ("resolved", False, "Over: agents-nightly spent $11.55 from 10:00 to 11:15"),
        ("resolved-2", True, "Over since 11:15: agents-nightly spent $11.55 in 75 min."),
    ],
)
def test_a_spike_has_words_for_each_step(step: str, is_thread_line: bool, words: str) -> None:
    assert lead(IncidentKind.SPIKE, EVIDENCE, step, is_thread_line=is_thread_line).startswith(words)


def test_a_late_spike_says_so() -> None:
    assert lead(IncidentKind.SPIKE, EVIDENCE, is_late=True).startswith("Spike, found late (11:20): ")


def test_trouble_that_is_over_is_told_as_over() -> None:
    back = replace(TROUBLE, ended_at=NOW)

    assert lead(IncidentKind.TROUBLE, to_evidence(back), "resolved").startswith("Harbor Anthropic is back")


def test_who_acted_is_known_while_it_is_open_and_afterwards_where_it_is_clear() -> None:
    acted = incident(state=IncidentState.SNOOZED, acted_by="Mira", acted_at=NOW, quiet_until=NOW)

    snoozed = act_of(acted, {})
    assert snoozed is not None
    assert (snoozed.state, snoozed.by, snoozed.quiet_until) == ("snoozed", "Mira", NOW)
    assert act_of(replace(acted, state=IncidentState.RESOLVED), {}) is None
    acknowledged = act_of(replace(acted, state=IncidentState.RESOLVED, quiet_until=None), {})
    assert acknowledged is not None
    assert acknowledged.state == "acknowledged"
    kept = act_of(incident(), {"act": {"state": "expected", "by": "Dana", "at": NOW.isoformat()}})
    assert kept is not None
    assert (kept.state, kept.at) == ("expected", NOW)
    assert act_of(incident(), {}) is None
