"""The same look means the same in all charts: billed, estimated, missing, zero, over."""

import io
from dataclasses import replace

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from charts.marks import MOST_BARS, binned
from charts.png import compose, draw
from charts.spec import Bars, BudgetRow, ChartSpec, Limit, Mark, MonthBar, Role, Slice, Slot, Usual
from charts.theme import LIGHT
from charts.trend import thinned
from tests.charts.stories import breakdown, budgets, hours, record, spike, stories, summary, trend


def colours(spec: ChartSpec) -> dict[str, int]:
    """How many pixels there are of each colour of the light card, by role."""
    image = Image.open(io.BytesIO(draw(spec, "light"))).convert("RGB")
    counts = {pixel: count for count, pixel in image.getcolors(maxcolors=1 << 20) or []}
    roles = ("blue", "orange", "grey", "blue_tint", "orange_tint", "band", "ink")
    return {role: counts.get(tuple(bytes.fromhex(getattr(LIGHT, role)[1:])), 0) for role in roles}


def bars(*slots: Slot) -> Bars:
    return Bars(title="t", subtitle="s", alt="a", slots=slots)


def words_of(spec: ChartSpec) -> list[str]:
    return [text.get_text() for text in compose(spec, "light").texts]


def test_billed_bars_are_solid_and_estimated_or_open_ones_light() -> None:
    assert colours(bars(Slot(5)))["blue_tint"] == 0
    for mark in (Mark.ESTIMATED, Mark.OPEN):
        assert colours(bars(Slot(5, mark)))["blue_tint"] > 100_000


def test_zero_is_a_stub_and_missing_is_hatched_and_named() -> None:
    zero, missing = bars(Slot(5), Slot(0)), bars(Slot(5), Slot(0, Mark.MISSING))

    assert colours(zero)["blue"] > colours(missing)["blue"]
    assert "no data" in words_of(missing)
    assert "no data" not in words_of(zero)


def test_a_missing_stretch_of_a_running_total_is_named_and_not_joined() -> None:
    story = trend()
    spent = tuple(
        replace(point, mark=Mark.MISSING) if 8 <= point.at <= 12 else point for point in story.spent
    )
    gapped = replace(story, spent=spent)

    assert "no data" in words_of(gapped)
    assert colours(gapped)["blue"] < colours(story)["blue"]


def test_where_the_spending_stands_is_not_written_over_last_month() -> None:
    """Last month ran a little, or far, above this one: the label goes below the dot, or above last month's line."""
    story = replace(trend(), fan=(), budget=None, forecast_label="", range_label="")
    for factor in (1.25, 1.6):
        past = tuple(replace(point, amount=point.amount * factor) for point in story.compared)
        named = replace(story, compared=past)
        bare = replace(named, now_label="")

        assert colours(named)["grey"] == colours(bare)["grey"]


def test_orange_is_only_where_something_is_over_or_new() -> None:
    calm = replace(breakdown(), rows=(Slice("gpt-5.2", "$1.00", "100%", 1.0),))

    assert colours(calm)["orange"] == 0
    assert colours(breakdown())["orange"] > 1000
    assert colours(hours())["orange"] == 0
    assert (
        colours(replace(spike(), slots=tuple(replace(slot, cause=0) for slot in spike().slots)))["orange"]
        == 0
    )


def test_a_budget_that_is_over_shows_the_part_above_its_limit_in_orange() -> None:
    over = BudgetRow("Agents", "$414 of $400", "103%", "over", 414, 400, None, True)
    within = BudgetRow("Agents", "$214 of $400", "53%", "fits", 214, 400, 300)

    assert (
        colours(replace(budgets(), rows=(over,)))["orange"]
        > colours(replace(budgets(), rows=(within,)))["orange"]
    )
    assert colours(replace(budgets(), rows=(within,)))["orange_tint"] == 0


def test_a_forecast_beyond_the_track_is_marked() -> None:
    assert words_of(budgets()).count("»") == 1


def test_a_month_without_a_budget_has_no_limit_in_its_bar() -> None:
    free = replace(summary(), month=MonthBar("November $10", 10, "spent", 20))

    assert "budget $3,300" in words_of(summary())
    assert not any(words.startswith("budget") for words in words_of(free))


def test_a_grid_value_gives_way_to_the_budget_line() -> None:
    assert "$3,000" not in words_of(trend())
    assert "$3,000" in words_of(replace(trend(), budget=Limit(2500, "Budget $2,500")))


def test_more_bars_than_fit_are_summed_and_as_sure_as_the_least_sure() -> None:
    slots = [Slot(1.0)] * 123 + [Slot(1.0, Mark.ESTIMATED)]

    bins = binned(slots)

    assert len(bins) == MOST_BARS
    assert sum(item.amount for item in bins) == pytest.approx(124.0)
    assert bins[-1].mark is Mark.ESTIMATED
    assert bins[0].mark is Mark.BILLED


def test_a_bin_is_missing_only_when_all_of_it_is() -> None:
    slots = [Slot(0, Mark.MISSING)] * 2 + [Slot(0, Mark.MISSING), Slot(3.0, role=Role.ACCENT)] * 61

    first, second, *_ = binned(slots)

    assert first.mark is Mark.MISSING
    assert (second.amount, second.role) == (3.0, Role.ACCENT)


def test_thinning_keeps_the_first_and_the_last() -> None:
    kept = thinned(range(1_000_000), 400)

    assert (len(kept), kept[0], kept[-1]) == (400, 0, 999_999)


@pytest.mark.parametrize("name", stories())
def test_dark_and_light_differ_in_colour_alone(name: str) -> None:
    light, dark = (compose(stories()[name], theme) for theme in ("light", "dark"))

    assert [(text.get_text(), text.get_position()) for text in light.texts] == [
        (text.get_text(), text.get_position()) for text in dark.texts
    ]


def test_the_track_record_names_the_bill_and_the_day_and_draws_the_range_as_an_estimate() -> None:
    shown = words_of(record())

    assert {"billed", "$3,128.25", "Oct 19: $3,110, 0.7% low", "80% range: held on 31 of 31 days"} <= {*shown}
    assert colours(record())["blue_tint"] > 50_000
    assert colours(replace(record(), shown=()))["blue_tint"] == 0


def test_the_cause_of_a_spike_stands_left_of_it_where_the_usual_is_high_on_the_right() -> None:
    whole = spike()
    usual = tuple(Usual(4, 2, 6 if hour < 10 else 16) for hour in range(24))
    early = replace(whole, slots=whole.slots[:11], usual=usual, told=None)
    canvas = compose(early, "light")
    renderer = FigureCanvasAgg(canvas.figure).get_renderer()
    name = next(text for text in canvas.texts if text.get_text() == early.cause_name)

    assert name.get_window_extent(renderer).x1 < 1080 * 0.45
