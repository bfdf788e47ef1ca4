"""A change of November against October, and the words its answer has."""

from dataclasses import replace

from bot.views.facts import Total
from bot.views.model import View
from bot.views.why import WhyFacts
from bot.views.why_words import NamedPart, phrase
from charts.spec import Waterfall
from spend.explain import Cause, Facts, Thing
from tests.bot.views.harbor import CLOCK, SOURCES, TODAY_TRUST, TODAY_WINDOW, nanos

NIGHTLY = NamedPart(
    cause=Cause.NEW, nanos=nanos("80.09"), thing=Thing.KEY, connection="Harbor Anthropic", project="Agents",
    key="agents-nightly", models=("claude-opus-5",), after=Facts(nanos=nanos("80.09"), tokens=14_300_000),
)  # fmt: skip
SEARCH = NamedPart(
    cause=Cause.VOLUME, nanos=nanos("5.52"), key="search-prod", project="Search",
    before=Facts(nanos=nanos("20"), requests=1_000, tokens=2_000_000),
    after=Facts(nanos=nanos("25.52"), requests=1_204, tokens=2_400_000),
)  # fmt: skip
FACTS = WhyFacts(
    clock=CLOCK,
    words="spend why today",
    window=TODAY_WINDOW,
    totals=(Total(nanos=nanos("166.59"), estimated_nanos=nanos("166.59"), before_nanos=nanos("80.98")),),
    parts=(NIGHTLY, SEARCH),
    sources=SOURCES,
    trust=TODAY_TRUST,
    before_words="Last Thursday",
    after_words="Today",
    against="last Thursday by 14:05",
    subtitle="Today against last Thursday by 14:05",
    spend="spend today",
)
CACHE = replace(SEARCH, cause=Cause.CACHE, nanos=nanos("-0.68"), key="support-prod",
                before=Facts(tokens=200, input_tokens=100, cached_tokens=35),
                after=Facts(tokens=200, input_tokens=100, cached_tokens=80))  # fmt: skip


def words(view: View) -> list[str]:
    return [str(view.lead), *(str(item) for item in view.body), view.footer]


def picture(view: View) -> Waterfall:
    assert isinstance(view.chart, Waterfall)
    return view.chart


def said(part: NamedPart) -> str:
    return "".join(span if isinstance(span, str) else span.text for span in phrase(part))


def changed_by(*parts: NamedPart, after: str, before: str = "80.98") -> WhyFacts:
    total = Total(nanos=nanos(after), estimated_nanos=nanos(after), before_nanos=nanos(before))
    return replace(FACTS, parts=parts, totals=(total,))
