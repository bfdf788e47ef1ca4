"""Put what the console says of each story into docs/messages.md, and its picture beside it.

`python -m tests.house.messages_page`, after looking at what changed. A block follows a line `<!-- story: NAME -->`.
"""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.platforms.console.render import render
from bot.views.forecast import forecast_view
from bot.views.record import MonthJudged, RecordFacts, record_view
from bot.views.spike import spike_over_line
from charts.png import draw
from spend.forecast import MonthRecord, Range, Shown
from tests.bot.platforms.stories import STORIES
from tests.bot.views import harbor, test_crossings, test_forecast, test_spike
from tests.bot.views.harbor import at, clock, nanos
from tests.bot.views.test_record import SEPTEMBER

PAGE = Path(__file__).resolve().parents[2] / "docs" / "messages.md"
ENDED = nanos("3128.25")


def _shown(day: int) -> Shown:
    """A forecast that begins 4 % too low with a range of 6 %, both less from day to day."""
    left = 31 - day
    mid = ENDED - nanos(f"{4 * left}")
    return Shown(date(2026, 10, day), Range(mid, mid - nanos(f"{6 * left}"), mid + nanos(f"{6 * left}")))


OCTOBER = MonthJudged(MonthRecord(date(2026, 10, 1), ENDED, tuple(_shown(day) for day in range(1, 32))))
TOLD = STORIES | {
    "forecast": forecast_view(
        replace(
            test_forecast.FACTS,
            months=(OCTOBER, SEPTEMBER),
            budgets=(test_crossings.GPT,),
            by_other_method_nanos=nanos("4021"),
        )
    ),
    "record": record_view(
        RecordFacts(
            clock=harbor.CLOCK,
            months=(OCTOBER, SEPTEMBER),
            sources=harbor.SOURCES,
            trust=harbor.MONTH_TRUST,
        )
    ),
    "spike_over_thread": spike_over_line(
        replace(test_spike.OVER, split=test_spike.SPLIT), clock(at(19, 17, 30)), code="K7Q2-4"
    ),
}
BLOCK = re.compile(r"(<!-- story: (\w+) -->\n\n```text\n)(.*?)(```)", re.DOTALL)


def as_told(page: str) -> str:
    """Return the page with every block as the console says it now."""
    return BLOCK.sub(lambda found: f"{found[1]}{render(TOLD[found[2]]).rstrip()}\n{found[4]}", page)


def main() -> None:
    """Write the page, and the pictures that it shows."""
    page = as_told(PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(page, encoding="utf-8")
    for name in re.findall(r"messages/told-(\w+)\.png", page):
        chart = TOLD[name].chart
        if chart is not None:
            (PAGE.parent / "messages" / f"told-{name}.png").write_bytes(draw(chart, "light"))


if __name__ == "__main__":
    main()
