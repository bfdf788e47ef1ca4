"""The demo, told whole: what it shows, what it writes, and that its figures are the vendors' own."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.cli.demo import fresh_house
from bot.config import load_config
from bot.demo.clock import StoryClock
from bot.demo.driver import Demo
from bot.demo.story import harbor_notes
from bot.demo.transcript import Transcript
from bot.demo.vendors import SimulatedVendors
from bot.errors import CommandError
from bot.wiring import open_house
from providers import provider_names
from spend.money import NANOS_PER_UNIT
from spend.notify import IncidentKind
from spend.window import dates, utc_day

type_told = tuple[Path, SimulatedVendors, Demo]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[type_told]:
    folder = tmp_path_factory.mktemp("demo")
    house_folder = fresh_house(folder)
    config = load_config(
        {"SPENDBOT_LOG_LEVEL": "error"},
        providers=tuple(provider_names()),
        keepable=(),
        data_dir=house_folder / "data",
        config_dir=house_folder / "key",
    )
    story = harbor_notes(seed=1, days=40, openai_discount_percent=15)
    clock = StoryClock(story.start + timedelta(days=1, hours=9))
    transcript = Transcript(folder, colour=False)
    async with SimulatedVendors(story, clock, seed=1) as vendors, open_house(config, clock=clock) as house:
        demo = Demo(house, story, vendors, clock, transcript)
        await demo.tell()
        transcript.save()
        yield folder, vendors, demo


async def test_the_transcript_tells_the_whole_story(told: type_told) -> None:
    folder, _vendors, _demo = told

    text = (folder / "transcript.md").read_text(encoding="utf-8")

    for words in (
        "Harbor OpenAI is connected (key …q7Xw)",
        "Budget set: $400 a month for Agents.",
        "New key: agents-nightly",
        "Spike: agents-nightly spent",
        "Budget: Agents has used 80% of its $400",
        "Budget: Agents is over its $400",
        "Over: agents-nightly spent",
        "Thursday: $",
        "> /spend today by model",
        "> /spend forecast",
    ):
        assert words in text


async def test_the_spike_is_told_as_soon_as_it_stands_out_and_not_at_the_next_half_hour(
    told: type_told,
) -> None:
    """It reaches the floor of $5 before 11:00; the look at 11:05 would find $6.67."""
    _folder, _vendors, demo = told
    (spike,) = await demo.store.incidents(kinds=(IncidentKind.SPIKE,))

    assert 5 * NANOS_PER_UNIT <= int(spike.evidence["told"]["nanos"]) < 6 * NANOS_PER_UNIT
    assert datetime.fromisoformat(spike.evidence["told"]["at"]).astimezone(demo.story.zone).hour == 10


async def test_every_picture_is_shown_in_line_and_is_there(told: type_told) -> None:
    folder, _vendors, _demo = told

    shown = re.findall(r'<img src="([^"]+)"', (folder / "transcript.md").read_text(encoding="utf-8"))

    assert len(shown) >= 10
    assert sorted(shown) == sorted(path.name for path in folder.glob("*.png"))
    assert all((folder / name).read_bytes().startswith(b"\x89PNG") for name in shown)


async def test_settled_days_equal_what_the_vendors_billed(told: type_told) -> None:
    _folder, vendors, demo = told
    store = demo.store
    states = await store.day_states((demo.story.start).date(), demo.story.end.date())
    connections = {c.id: c.provider for c in await store.connections()}
    settled = {
        provider: sorted(s.day for s in states if connections[s.connection_id] == provider and s.is_settled)
        for provider in ("openai", "anthropic")
    }

    for provider, vendor in (("openai", vendors.openai), ("anthropic", vendors.anthropic)):
        days = settled[provider]
        assert len(days) >= 38
        for day in dates(days[0], days[-1]):
            slices = await store.slices(utc_day(day), ("provider",))
            stored = sum(piece.billed_nanos for piece in slices if piece.key == (provider,))
            assert stored == vendor.ledger.billed_nanos(day, day), (provider, day)


async def test_the_vendors_were_only_read(told: type_told) -> None:
    _folder, vendors, _demo = told

    assert vendors.openai.violations == []
    assert vendors.anthropic.violations == []


async def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "letters.txt").write_text("mine")

    with pytest.raises(CommandError, match="was not made by the demo"):
        fresh_house(tmp_path)

    assert (tmp_path / "house" / "letters.txt").read_text() == "mine"
