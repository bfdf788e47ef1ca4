"""One message of every kind, from the story of Harbor Notes: what renderings and previews of all platforms show."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.desk import Field, Form
from bot.views import connect, errors
from bot.views.budget import budget_list_view, budget_set_view
from bot.views.budget_alert import BudgetEvidence, budget_passed_view, budget_projected_view
from bot.views.burn import burn_view
from bot.views.first_seen import first_seen_view
from bot.views.footer import without_picture
from bot.views.forecast import forecast_view
from bot.views.help import help_view
from bot.views.incidents import incident_view, incidents_view
from bot.views.model import Line, Table, View
from bot.views.prices import price_list_view
from bot.views.restatement import RestatementEvidence, restatement_view
from bot.views.settings import SettingsFacts, alerts_here, changed_view, settings_view
from bot.views.spend import nothing_connected, spend_view
from bot.views.spike import spike_grew_line, spike_over_line, spike_over_view, spike_view
from bot.views.status import connections_view, status_view
from bot.views.summary import summary_view
from bot.views.trouble import trouble_over_view, trouble_view
from bot.views.why import why_view
from providers import provider, provider_names
from spend.pricing import Discount, PriceOverride, PriceRules
from tests.bot.platforms.story_days import DAYS, FAN, FOUND, GREW, HOURS, MEAN_HOURS
from tests.bot.views import (
    test_budget,
    test_budget_alert,
    test_forecast,
    test_incidents,
    test_notes,
    test_spend,
    test_spike,
    test_why,
)
from tests.bot.views.harbor import CLOCK, TODAY_ROWS, at, clock, nanos, row, total
from tests.bot.views.test_summary import RICH

_MONTH = replace(test_spend.MONTH, days=DAYS, fan=FAN)
_TODAY = replace(test_spend.TODAY, hours=HOURS)
_IN_TWO_CURRENCIES = replace(
    _MONTH,
    rows=(
        row("anthropic", amount="1237.36"),
        row("openai", amount="1016.19"),
        row("mistral", amount="41.20", currency="EUR"),
    ),
    totals=(total("2253.55"), total("41.20", currency="EUR")),
    base=None,
    today=None,
    outlook=None,
    spikes=(),
)
_BY_PROJECT_AND_MODEL = replace(
    test_spend.MONTH,
    by=("project", "model"),
    rows=test_spend.PROJECTS_AND_MODELS,
    today=None,
    outlook=None,
    spikes=(),
)
_BY_DAY = replace(
    _MONTH,
    by=("day",),
    rows=tuple(row(f"2026-11-{day:02d}", amount=f"{100 + day}.25") for day in range(1, 20)),
    totals=(total("2094.75"),),
    base=None,
    today=None,
    outlook=None,
    spikes=(),
)
_PRICES = PriceRules(
    (PriceOverride("ft:gpt-5-mini:harbor", Decimal("0.004"), Decimal(15), date(2026, 11, 3)),),
    (Discount("c1", Decimal("15.0"), date(2026, 11, 1)),),
)
_SETTINGS = SettingsFacts(
    name="Harbor Notes", zone="Europe/Berlin", first_weekday=0, user_names=False, pictures="dark"
)

_PROVIDERS = [provider(name).info for name in provider_names()]


def _passed(**changes: object) -> BudgetEvidence:
    return BudgetEvidence.from_evidence(test_budget_alert.evidence(**changes))


_ON_COURSE = _passed(
    scope=test_budget_alert.EVERYTHING,
    limit_nanos=nanos("3300"),
    spent_nanos=nanos("1259.54"),
    threshold=100,
    forecast=test_budget_alert.forecast("3321", "3219", "3428", "2026-11-30"),
    as_of=at(12, 8, 55).isoformat(),
    to_yesterday_nanos=nanos("1259.54"),
)

STORIES: dict[str, View] = {
    "greeting": connect.greeting_view("Harbor Notes"),
    "connected": connect.connected_view(test_notes.CONNECTED),
    "disconnect": connect.disconnect_confirm_view("Harbor Anthropic", "c1"),
    "disconnected": connect.disconnected_view("Harbor Anthropic", "Mira Okafor"),
    "nothing_connected": nothing_connected("spend"),
    "month": spend_view(_MONTH),
    "today": spend_view(_TODAY),
    "today_by_model": spend_view(replace(test_spend.BY_MODEL, providers=TODAY_ROWS)),
    "month_by_project_by_model": spend_view(_BY_PROJECT_AND_MODEL),
    "month_by_day": spend_view(_BY_DAY),
    "two_currencies": spend_view(_IN_TWO_CURRENCIES),
    "week_vs_last_week": spend_view(test_spend.CHANGE),
    "no_picture": without_picture(spend_view(_MONTH)),
    "forecast": forecast_view(replace(test_forecast.FACTS, days=DAYS, fan=FAN)),
    "burn": burn_view(replace(test_forecast.BURN, hours=MEAN_HOURS)),
    "status": status_view(test_notes.STATUS),
    "connections": connections_view(CLOCK, test_notes.STATUS.connections),
    "budget_list": budget_list_view(test_budget.FACTS),
    "budget_set": budget_set_view(test_budget.SET),
    "budget_set_told": budget_set_view(replace(test_budget.SET, by="Mira Okafor")),
    "settings": settings_view(_SETTINGS),
    "alerts_here": changed_view(alerts_here("#ai-spend")),
    "price_list": price_list_view(CLOCK, _PRICES, labels={"c1": "Harbor OpenAI"}, version="0.2.3"),
    "help": help_view(),
    "spike": spike_view(FOUND, clock(at(19, 11, 20)), code="K7Q2"),
    "spike_acknowledged": spike_view(GREW, clock(at(19, 12, 18)), code="K7Q2", act=test_spike.ACK),
    "spike_grew": spike_grew_line(GREW, clock(at(19, 12, 15)), code="K7Q2-2"),
    "spike_over": spike_over_view(test_spike.OVER, clock(at(19, 17, 30)), code="K7Q2-3", act=test_spike.ACK),
    "spike_over_thread": spike_over_line(test_spike.OVER, clock(at(19, 17, 30)), code="K7Q2-4"),
    "budget_passed": budget_passed_view(
        _passed(spike=test_budget_alert.SPIKE), clock(at(19, 13)), code="B4TZ"
    ),
    "budget_projected": budget_projected_view(_ON_COURSE, clock(at(12, 9)), code="B5TZ"),
    "first_seen": first_seen_view((test_notes.NIGHTLY,), clock(at(16, 5, 15)), code="F1RS"),
    "trouble": trouble_view(test_notes.BROKEN, clock(at(21, 9)), code="T3AB"),
    "trouble_over": trouble_over_view(
        replace(test_notes.BROKEN, ended_at=at(20, 12, 50), gap_nanos=nanos("6.40")),
        clock(at(20, 13)),
        code="T3AB-2",
    ),
    "restatement": restatement_view(
        RestatementEvidence(
            provider="OpenAI", day=date(2026, 11, 12), before_nanos=nanos("60.20"), after_nanos=nanos("62.38")
        ),
        CLOCK,
        code="R2ST",
    ),
    "summary": summary_view(replace(RICH, days=DAYS[4:18]), clock(at(19, 9)), code="S4MM"),
    "why": why_view(test_why.FACTS),
    "incidents": incidents_view(test_incidents.FACTS),
    "incident": incident_view(replace(test_incidents.FACTS, rows=test_incidents.FACTS.rows[:1])),
    "refusal": errors.refusal_view(errors.not_a_window("todya", "today", "/spend today")),
    "fault": errors.fault_view("7F3K"),
}
"""Each kind of message by its name."""

FORMS: dict[str, Form] = {
    "connect_form": Form(
        name="connect",
        title="Connect a provider",
        text=connect.connect_form_text([(each.key, each.name, each.key_hint) for each in _PROVIDERS]),
        fields=(
            Field(
                name="provider", label="Provider", kind="choice", value="anthropic",
                choices=tuple((each.key, each.name) for each in _PROVIDERS),
            ),
            Field(
                name="label", label="Name", hint="Shown beside its figures. Left out: the name of the account.",
                is_required=False,
            ),
            Field(name="key", label="Key (visible while you type)", kind="key"),
        ),
        submit="Check and save",
    ),
    "budget_form": Form(
        name="set_budget",
        title="Set a budget",
        fields=(
            Field(name="amount", label="Amount", hint="Such as 500 or 1,200 EUR; without a currency in USD."),
            Field(
                name="period", label="For", kind="choice", value="monthly",
                choices=(("monthly", "a month"), ("weekly", "a week"), ("daily", "a day")),
            ),
            Field(
                name="scope", label="What it counts", value="everything",
                hint="everything, or provider, project, model or key with a name: project:Search",
            ),
            Field(
                name="channel", label="Also told in", kind="channel", is_required=False,
                hint="Besides the alert channels. spendbot has to be a member there.",
            ),
        ),
        submit="Set budget",
    ),
}  # fmt: skip
"""Each kind of form by its name."""

_CAST = re.compile(
    "Harbor Notes|Harbor Anthropic|Harbor OpenAI|Mira Okafor|Dana Weiss|Anthropic|OpenAI|mistral|"
    "agents-nightly|agents-prod|Agents|Support|Search|Ingest|Evals|ft:gpt-5-mini:harbor|gpt-5.2|gpt-5-mini|"
    "claude-opus-5|claude-sonnet-5|claude-haiku-4-5|text-embedding-3-small|#ai-spend"
)


def renamed(view: View, name: str) -> View:
    """Return a message in which everything that somebody named is called this."""
    table = view.table
    return replace(
        view,
        lead=_renamed_line(view.lead, name),
        body=tuple(_renamed_line(each, name) for each in view.body),
        table=_renamed_table(table.for_chat, name) if table else None,
        chart=replace(view.chart, alt=_named(view.chart.alt, name)) if view.chart else None,
        footer=_named(view.footer, name),
        buttons=tuple(replace(each, label=_named(each.label, name)) for each in view.buttons),
    )


def _named(words: str, name: str) -> str:
    return _CAST.sub(lambda _: name, words)


def _renamed_line(words: Line, name: str) -> Line:
    return Line(
        tuple(
            _named(span, name) if isinstance(span, str) else replace(span, text=_named(span.text, name))
            for span in words.spans
        )
    )


def _renamed_table(table: Table, name: str) -> Table:
    rows = tuple(tuple(_named(cell, name) for cell in row) for row in table.rows)
    return replace(table, rows=rows, short=None)
