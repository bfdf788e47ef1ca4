"""From what a picture shows to a PNG file. The only module of this package that callers need for drawing."""

from charts import bars, breakdown, budgets, hours, record, spike, summary, trend, waterfall
from charts.canvas import Canvas
from charts.spec import (
    Bars,
    Breakdown,
    Budgets,
    ChartSpec,
    Hours,
    Record,
    Spike,
    Summary,
    Trend,
    Waterfall,
)
from charts.theme import THEMES, ThemeName


def draw(spec: ChartSpec, theme: ThemeName) -> bytes:
    """Draw a picture into a PNG file, 1080 px wide and never taller than wide.

    Pure and safe in any thread; takes CPU (docs/charts.md has figures), so keep it off the event loop. Never raises
    for what a spec holds: hostile words are cleaned and cut, amounts that cannot be drawn are held to what can.
    """
    return compose(spec, theme).png()


def compose(spec: ChartSpec, theme: ThemeName) -> Canvas:
    """Lay a picture out without encoding it."""
    colours = THEMES[theme]
    match spec:
        case Trend():
            return trend.compose(spec, colours)
        case Bars():
            return bars.compose(spec, colours)
        case Breakdown():
            return breakdown.compose(spec, colours)
        case Budgets():
            return budgets.compose(spec, colours)
        case Spike():
            return spike.compose(spec, colours)
        case Hours():
            return hours.compose(spec, colours)
        case Waterfall():
            return waterfall.compose(spec, colours)
        case Record():
            return record.compose(spec, colours)
        case Summary():
            return summary.compose(spec, colours)
