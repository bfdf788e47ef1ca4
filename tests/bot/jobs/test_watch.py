"""The watch as a whole: cheap while nothing changes, one workspace or kind of finding never stops the others."""

from pathlib import Path

import pytest

from bot.changes.posts import step_name
from bot.jobs.telling import budget_target
from bot.jobs.watch import Watcher
from bot.jobs.watch_budgets import BudgetWatch
from bot.jobs.watch_spikes import SpikeWatch
from bot.reports.frame import Frame
from spend.notify import IncidentKind, Step
from tests.bot.jobs.watching import Chat, local, scene, shop
from tests.storage.cast import by_mira


async def test_looking_again_reads_nothing_while_nothing_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Frame] = []

    async def note(_: object, frame: Frame) -> None:
        looked.append(frame)

    monkeypatch.setattr(SpikeWatch, "look", note)
    async with scene(shop(), local(18, 12), tmp_path) as house:
        await house.connect("anthropic")
        for second in (0, 10, 20, 50):
            await house.look_at(local(18, 12).replace(second=second))
        assert len(looked) == 1

        await house.look_at(local(18, 12, 1))
        assert len(looked) == 2
        await house.poll(everything=True)
        await house.look_at(local(18, 12, 1).replace(second=10))
        assert len(looked) == 3


async def test_one_kind_of_finding_that_fails_never_stops_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(BudgetWatch, "look", fail)
    async with scene(shop(), local(8, 12), tmp_path) as loop:
        await loop.connect("anthropic")
        await loop.at(local(19, 9, 50))
        await loop.at(local(19, 12, 0))

        assert len(await loop.of_kind(IncidentKind.SPIKE)) == 1
        assert len(await loop.of_kind(IncidentKind.FIRST_SEEN)) == 1


async def test_every_workspace_of_a_house_is_watched(tmp_path: Path) -> None:
    async with scene(shop(), local(8, 12), tmp_path) as loop:
        await loop.house.store.add_workspace("Second", loop.clock.now)
        await loop.connect("anthropic")
        watcher = Watcher(loop.house)
        await watcher.tick()
        for minute in (20, 40):
            loop.clock.now = local(19, 10, minute).astimezone(loop.clock.now.tzinfo)
            await loop.poll()
            await watcher.tick()

        (spike,) = await loop.of_kind(IncidentKind.SPIKE)
        assert spike.told_steps[0] == "first"


async def test_until_a_chat_channel_is_chosen_whoever_connected_is_told_directly(tmp_path: Path) -> None:
    """Mira connected it in Slack; nobody said where alerts go yet."""
    async with scene(shop(), local(8, 12), tmp_path) as loop:
        loop.house.platforms["slack"] = Chat()  # type: ignore[assignment]
        place = await loop.store.add_installation("slack", "T1", "Harbor Notes", by_mira())
        await loop.connect("anthropic")
        await loop.at(local(19, 10, 30))

        (spike,) = await loop.of_kind(IncidentKind.SPIKE)
        queued = await loop.store.deliveries(incident_id=spike.id)
        assert [(each.platform, each.installation_id, each.channel) for each in queued] == [
            ("console", "console", "console"),
            ("slack", place.id, "@mira"),
        ]


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("", []),
        ("slack:T1", []),
        ("slack:i1:C1", [("slack", "i1", "C1")]),
        ("discord:i1:a:b", [("discord", "i1", "a:b")]),
    ],
)
def test_a_budget_names_its_own_channel(channel: str, expected: list[tuple[str, str, str]]) -> None:
    assert budget_target(channel) == expected


def test_a_first_step_of_a_kind_has_no_number() -> None:
    assert step_name(Step.FIRST, None) == "first"
