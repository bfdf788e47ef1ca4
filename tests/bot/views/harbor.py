"""The cast of docs/messages.md: Harbor Notes, Thu Nov 19 2026, 14:05 CET. Figures are right to the cent."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.views.facts import SpendRow, Total
from bot.views.footer import Source, SourceState, Trust
from bot.views.periods import Period, PeriodKind
from bot.views.times import Clock
from spend.money import to_nanos
from spend.usage import Basis
from spend.window import Window

BERLIN = ZoneInfo("Europe/Berlin")
PROVIDER_NAMES = {"anthropic": "Anthropic", "openai": "OpenAI"}


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of the story, by the clock in Berlin."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def nanos(amount: str) -> int:
    return to_nanos(Decimal(amount))


NOW = at(19, 14, 5)
CLOCK = Clock(NOW, BERLIN)


def clock(moment: datetime) -> Clock:
    return Clock(moment, BERLIN)


MONTH = Period(kind=PeriodKind.MONTH, first=date(2026, 11, 1), last=date(2026, 11, 19), until=NOW)
OCTOBER = Period(
    kind=PeriodKind.MONTH, first=date(2026, 10, 1), last=date(2026, 10, 19), until=at(19, 14, 5, 10)
)
TODAY = Period(kind=PeriodKind.TODAY, first=date(2026, 11, 19), last=date(2026, 11, 19), until=NOW)
LAST_THURSDAY = Period(
    kind=PeriodKind.DAY, first=date(2026, 11, 12), last=date(2026, 11, 12), until=at(12, 14, 5)
)
WEEK = Period(kind=PeriodKind.WEEK, first=date(2026, 11, 16), last=date(2026, 11, 19), until=NOW)
LAST_WEEK = Period(
    kind=PeriodKind.WEEK, first=date(2026, 11, 9), last=date(2026, 11, 12), until=at(12, 14, 5)
)
MONTH_WINDOW = Window(at(1, 0), NOW)
TODAY_WINDOW = Window(at(19, 0), NOW)

SOURCES = (
    Source(connection="Harbor Anthropic", provider="Anthropic", stream="messages", as_of=NOW),
    Source(connection="Harbor OpenAI", provider="OpenAI", stream="completions", as_of=NOW),
)
MONTH_TRUST = Trust(basis=Basis.MIXED, billed_to=date(2026, 11, 17))
TODAY_TRUST = Trust(basis=Basis.ESTIMATED, bill_due_at=at(21, 1))


def source(provider: str, state: SourceState, as_of: datetime | None, **more: object) -> Source:
    return Source(
        connection=f"Harbor {provider}",
        provider=provider,
        stream="usage",
        state=state,
        as_of=as_of,
        **more,  # type: ignore[arg-type]
    )


def row(
    *labels: str,
    amount: str,
    before: str | None = None,
    tokens: int | None = None,
    basis: Basis = Basis.ESTIMATED,
    currency: str = "USD",
    requests: int | None = None,
) -> SpendRow:
    return SpendRow(
        labels=labels,
        nanos=nanos(amount),
        before_nanos=None if before is None else nanos(before),
        tokens=tokens,
        basis=basis,
        currency=currency,
        requests=requests,
    )


def total(amount: str, before: str | None = None, billed: str = "0", currency: str = "USD") -> Total:
    return Total(
        nanos=nanos(amount),
        currency=currency,
        billed_nanos=nanos(billed),
        estimated_nanos=nanos(amount) - nanos(billed),
        before_nanos=None if before is None else nanos(before),
    )


MONTH_TOTAL = total("2253.55", "1834.88", billed="1944.30")
TODAY_TOTAL = total("166.59", "80.98")
MONTH_ROWS = (
    row("openai", amount="1016.19", basis=Basis.MIXED),
    row("anthropic", amount="1237.36", basis=Basis.MIXED),
)
TODAY_ROWS = (row("anthropic", amount="127.31"), row("openai", amount="39.28"))
TODAY_MODELS = (
    row("claude-opus-5", amount="95.41", before="10.60", tokens=17_037_500, requests=1204),
    row("claude-sonnet-5", amount="26.85", before="27.30", tokens=11_425_531),
    row("gpt-5.2", amount="25.13", before="26.00", tokens=10_133_064),
    row("gpt-5-mini", amount="10.07", before="8.40", tokens=24_560_975),
    row("claude-haiku-4-5", amount="5.05", before="4.90", tokens=4_279_661),
    row("text-embedding-3-small", amount="4.08", before="3.78", tokens=204_000_000),
)
