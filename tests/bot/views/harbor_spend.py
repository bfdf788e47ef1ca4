"""The facts behind the answers about spend of docs/messages.md 3.2, in the story of `harbor`."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.views.facts import OpenSpike, Outlook, Pace
from bot.views.model import View
from bot.views.spend_facts import Driver, SpendFacts, Today
from tests.bot.views import harbor
from tests.bot.views.harbor import nanos, row, total

SPIKE = OpenSpike(cause="agents-nightly", nanos=nanos("80.09"), since=harbor.at(19, 10))


OUTLOOK = Outlook(
    nanos=nanos("3528.61"),
    low_nanos=nanos("3449.20"),
    high_nanos=nanos("3621.70"),
    limit=Decimal("3300.00"),
    over_on=date(2026, 11, 28),
)


MONTH = SpendFacts(
    clock=harbor.CLOCK,
    words="spend",
    window=harbor.MONTH_WINDOW,
    period=harbor.MONTH,
    base=harbor.OCTOBER,
    rows=harbor.MONTH_ROWS,
    totals=(harbor.MONTH_TOTAL,),
    sources=harbor.SOURCES,
    trust=harbor.MONTH_TRUST,
    provider_names=harbor.PROVIDER_NAMES,
    today=Today(total=harbor.TODAY_TOTAL, period=harbor.TODAY, base=harbor.LAST_THURSDAY),
    spikes=(SPIKE,),
    outlook=OUTLOOK,
)


TODAY = SpendFacts(
    clock=harbor.CLOCK,
    words="spend today",
    window=harbor.TODAY_WINDOW,
    period=harbor.TODAY,
    base=harbor.LAST_THURSDAY,
    rows=harbor.TODAY_ROWS,
    totals=(harbor.TODAY_TOTAL,),
    sources=harbor.SOURCES,
    trust=harbor.TODAY_TRUST,
    provider_names=harbor.PROVIDER_NAMES,
    spikes=(SPIKE,),
    pace=Pace(
        hourly_3h_nanos=nanos("34.55"),
        usual_hourly_nanos=nanos("9.85"),
        hourly_24h_nanos=nanos("9.13"),
        daily_nanos=nanos("118.20"),
        active_days=7,
    ),
)


BY_MODEL = replace(TODAY, words="spend today by model", by=("model",), rows=harbor.TODAY_MODELS, pace=None)


CHANGE = replace(
    MONTH,
    words="spend week vs last week by project",
    period=harbor.WEEK,
    base=harbor.LAST_WEEK,
    is_change=True,
    by=("project",),
    rows=(
        row("Evals", amount="21.45", before="22.12"),
        row("Ingest", amount="48.15", before="49.16"),
        row("Support", amount="208.83", before="205.63"),
        row("Search", amount="157.30", before="156.38"),
        row("Agents", amount="162.30", before="62.05"),
    ),
    totals=(total("598.03", "495.34"),),
    drivers=(
        Driver(key="agents-nightly", nanos=nanos("98.79"), before_nanos=0),
        Driver(key="agents-prod", nanos=nanos("63.51"), before_nanos=nanos("62.05")),
    ),
    today=None,
    outlook=None,
)


def words(view: View) -> list[str]:
    """Lead and body as plain text."""
    return [str(view.lead), *(str(item) for item in view.body)]
