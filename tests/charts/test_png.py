"""Every kind of picture, over its story and over what no view should ever hand in."""

import io
import math
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from subprocess import run
from typing import get_args

import matplotlib as mpl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from charts.png import compose, draw
from charts.spec import Bars, ChartSpec, Hours, Point, Slot, Spike, SpikeSlot, Trend
from charts.theme import THEMES, ThemeName
from tests.charts.build import bent
from tests.charts.looks import assert_legible, assert_shape
from tests.charts.stories import stories

STORIES = stories()
HOSTILE = {
    "dollars": "$x^2$ and \\frac{$a$}{$",
    "newlines": "one\ntwo\r\n\u2028three\tfour",
    "right to left": "\u202eעברית and العربية\u202c",
    "emoji": "🚀🔥👩‍👩‍👧‍👦 launch 🧨",
    "10 kB": "very-long-name-" * 700,
    "one long word": "x" * 10_000,
    "lone surrogate": "a\ud800b\udfff",
    "controls": "\x00\x1b[31mred\x07\u200b\ufeff",
    "tower of accents": "Z" + "\u0301" * 500,
    "unassigned": "\U0010ffff\u0378 \ue000",
    "wide": "維基百科" * 30,
    "nothing": "",
}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", STORIES)
def test_every_story_is_a_legible_picture_of_the_right_size(name: str, theme: ThemeName) -> None:
    png = draw(STORIES[name], theme)

    assert_shape(png)
    assert len(png) >= 15_000
    assert_legible(compose(STORIES[name], theme))


def test_there_is_a_story_of_every_kind() -> None:
    assert {type(spec) for spec in STORIES.values()} == set(get_args(ChartSpec))


@pytest.mark.parametrize("name", STORIES)
def test_the_story_is_wholly_shown(name: str) -> None:
    """No label of a story is dropped or cut, except the grid value that a budget line crosses."""
    shown = " ".join(text.get_text() for text in compose(STORIES[name], "light").texts)
    wanted: list[str] = []
    bent(STORIES[name], words=lambda text: wanted.append(text) or text)
    title, subtitle, _alt = wanted[:3]
    labels = [*title.split(), subtitle, *wanted[3:]]

    missing = {label for label in labels if label not in shown}

    assert missing <= {"$3,000"}


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", STORIES)
def test_hostile_words_are_cleaned_and_cut_and_nothing_touches(name: str, hostile: str) -> None:
    spec = bent(STORIES[name], words=lambda _: HOSTILE[hostile])

    canvas = compose(spec, "light")

    assert_legible(canvas)
    assert not any(text.get_parse_math() for text in canvas.texts)


@pytest.mark.parametrize("amount", [math.nan, math.inf, -1e308, 5e-324, 0.0, -12.0])
@pytest.mark.parametrize("name", STORIES)
def test_amounts_that_cannot_be_drawn_still_give_a_picture(name: str, amount: float) -> None:
    spec = bent(STORIES[name], amounts=lambda _: amount)

    assert_legible(compose(_whole_hours(spec), "light"))


@pytest.mark.parametrize("bad", [math.nan, math.inf, -1e308])
@pytest.mark.parametrize("name", STORIES)
def test_one_bad_amount_among_good_ones_leaves_the_labels_apart(name: str, bad: float) -> None:
    count = iter(range(10_000))
    spec = bent(STORIES[name], amounts=lambda amount: bad if next(count) == 9 else amount)

    assert_legible(compose(_whole_hours(spec), "light"))


@pytest.mark.parametrize("name", STORIES)
def test_nothing_to_show_still_gives_a_picture(name: str) -> None:
    if name == "waterfall":
        spec = bent(STORIES[name], rows=lambda items: items if items and isinstance(items[0], str) else ())
    else:
        spec = bent(STORIES[name], rows=lambda items: ())
    canvas = compose(spec, "light")

    assert_legible(canvas)
    assert_shape(canvas.png())


@pytest.mark.parametrize("name", ["breakdown", "budgets", "waterfall", "summary"])
def test_seventy_rows_are_held_to_what_fits_and_the_rest_is_counted(name: str) -> None:
    spec = bent(STORIES[name], rows=lambda items: items if isinstance(items[0], str) else items * 24)
    canvas = compose(spec, "light")

    assert_legible(canvas)
    assert_shape(canvas.png())
    said = [text.get_text() for text in canvas.texts]
    assert name == "summary" or any("more" in words for words in said)


@pytest.mark.parametrize(
    "kind",
    [
        lambda n: Bars(
            title="t", subtitle="", alt="", slots=tuple([Slot(1.0)] * n), compared=tuple([1.0] * n)
        ),
        lambda n: Hours(title="t", subtitle="", alt="", slots=tuple([Slot(1.0)] * n)),
        lambda n: Trend(title="t", subtitle="", alt="", days=n, spent=tuple([Point(0.0, 1.0)] * n)),
        lambda n: Spike(
            title="t",
            subtitle="",
            alt="",
            hours=n,
            slots=(SpikeSlot(1, 1),) * n,
            cause_name="",
            cause_pace="",
        ),
    ],
    ids=["bars", "hours", "trend", "spike"],
)
def test_a_million_points_are_thinned_and_drawn_within_seconds(kind) -> None:
    spec = kind(1_000_000)
    started = time.process_time()

    assert_shape(draw(spec, "light"))

    assert time.process_time() - started < 10.0


@pytest.mark.parametrize("name", STORIES)
@settings(max_examples=6, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_any_spec_of_any_kind_gives_a_picture_with_its_words_apart(name: str, data: st.DataObject) -> None:
    spec = data.draw(st.from_type(type(STORIES[name])))
    words = data.draw(st.sampled_from([*HOSTILE.values(), "$1.23", "gpt-5.2"]))

    canvas = compose(bent(spec, words=lambda text: words if len(text) > 3 else text), "dark")

    assert_legible(canvas)


@pytest.mark.parametrize("theme", THEMES)
def test_the_card_and_its_blue_come_out_in_their_exact_colours(theme: ThemeName) -> None:
    image = Image.open(io.BytesIO(draw(STORIES["hours"], theme))).convert("RGB")
    colours = {colour for _, colour in image.getcolors(maxcolors=100_000) or []}

    for wanted in (THEMES[theme].card, THEMES[theme].blue, THEMES[theme].grey):
        assert tuple(bytes.fromhex(wanted[1:])) in colours


def test_the_same_spec_gives_the_same_bytes_in_many_threads() -> None:
    with ThreadPoolExecutor(4) as pool:
        pictures = set(pool.map(lambda _: draw(STORIES["budgets"], "light"), range(8)))

    assert len(pictures) == 1


def test_drawing_leaves_the_settings_of_the_library_alone() -> None:
    before = dict(mpl.rcParams)
    draw(STORIES["spike"], "light")

    assert dict(mpl.rcParams) == before


def test_specs_and_scales_load_no_drawing_library_and_drawing_never_loads_pyplot() -> None:
    code = (
        "import sys; import charts, charts.spec, charts.scale; assert 'matplotlib' not in sys.modules;"
        "import charts.png; assert 'matplotlib.pyplot' not in sys.modules"
    )

    assert run([sys.executable, "-W", "error", "-c", code], timeout=60).returncode == 0


@pytest.mark.parametrize("name", STORIES)
def test_alt_texts_keep_to_300_characters(name: str) -> None:
    assert 0 < len(STORIES[name].alt) <= 300


def _whole_hours(spec: ChartSpec) -> ChartSpec:
    """A spike's hours are a count, whatever its amounts are."""
    return replace(spec, hours=24) if isinstance(spec, Spike) else spec
