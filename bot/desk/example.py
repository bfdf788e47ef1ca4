"""An answer with made-up figures, so that someone without a connection sees what an answer looks like."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.views.facts import SpendRow, Total
from bot.views.footer import Trust
from bot.views.model import Button, View, line
from bot.views.periods import Period, PeriodKind
from bot.views.spend import spend_view
from bot.views.spend_facts import SpendFacts
from bot.views.times import Clock
from spend.money import to_nanos
from spend.usage import Basis
from spend.window import Window

WORDS = "spend today by model"
# model, dollars today, dollars a week before, tokens
_MODELS = (
    ("claude-opus-5", "95.41", "10.44", 17_037_500),
    ("claude-sonnet-5", "26.85", "26.10", 11_425_532),
    ("gpt-5.2", "25.13", "27.02", 10_133_065),
    ("gpt-5-mini", "10.07", "9.71", 24_560_976),
    ("claude-haiku-4-5", "5.05", "4.71", 4_279_661),
)


def example_view(now: datetime) -> View:
    """Build the answer to `/spend today by model` of a company that is made up; lead and footer say so."""
    view = spend_view(_facts(now))
    return View(
        title="example",
        lead=line("Example: ", *view.lead.spans),
        table=view.table,
        chart=view.chart,
        footer=f"Made-up figures · this is what /{WORDS} shows",
        buttons=(Button("Connect a provider", "connect", "spendbot connect openai"),),
    )


def _facts(now: datetime) -> SpendFacts:
    clock = Clock(now, ZoneInfo("UTC"))
    today, before = clock.today, clock.today - timedelta(days=7)
    rows = tuple(
        SpendRow(
            labels=(model,),
            nanos=to_nanos(Decimal(amount)),
            before_nanos=to_nanos(Decimal(was)),
            tokens=tokens,
            basis=Basis.ESTIMATED,
        )
        for model, amount, was, tokens in _MODELS
    )
    total = Total(
        nanos=sum(row.nanos for row in rows), before_nanos=sum(row.before_nanos or 0 for row in rows)
    )
    return SpendFacts(
        clock=clock,
        words=WORDS,
        window=Window(datetime.combine(today, time(), UTC), now),
        period=Period(kind=PeriodKind.TODAY, first=today, last=today, until=now),
        base=Period(kind=PeriodKind.DAY, first=before, last=before, until=now - timedelta(days=7)),
        by=("model",),
        rows=rows,
        totals=(total,),
        sources=(),
        trust=Trust(basis=Basis.ESTIMATED),
    )
