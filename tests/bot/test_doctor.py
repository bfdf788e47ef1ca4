"""What the doctor and the status say of channels: how the last post went, or that none was tried."""

from decimal import Decimal
from pathlib import Path

import pytest

from bot.doctor import channels
from bot.jobs.announce import announce
from bot.reports.frame import load_frame
from bot.reports.status import status_facts
from spend.budgets import Budget, Period, Scope
from spend.notify import NewDelivery, Op
from storage import Channel
from tests.bot.jobs.telling_house import FIRST, by_mira, make_empty, telling_house
from tests.fakes.chat import ChatPlatform, ChatService


@pytest.mark.parametrize(
    ("faults", "state", "words"),
    [
        ([], "ok", "the last post arrived (2026-11-19 10:20 UTC)"),
        (["403"], "fail", "the last post failed: spendbot was removed there."),
    ],
)
async def test_the_last_post_in_each_channel_is_told(
    faults: list[str], state: str, words: str, tmp_path: Path
) -> None:
    await make_empty(tmp_path / "empty.db")
    (tmp_path / "house").mkdir()
    async with (
        ChatService() as service,
        telling_house(tmp_path / "house", tmp_path / "empty.db", {"slack": ChatPlatform(service)}) as telling,
    ):
        place = await telling.workspace.add_installation("slack", "T1", "Harbor", by_mira("installed"))
        channel = Channel(
            installation_id=place.id, platform="slack", channel="C1", purpose="alerts", name="#ai-spend"
        )
        await telling.workspace.set_channel(channel, by_mira("alerts on"))
        before = [finding async for finding in channels(telling.house)]
        service.faults.extend(faults)
        post = NewDelivery(step="first", installation_id=place.id, platform="slack", channel="C1", op=Op.POST)
        await telling.find(FIRST, post)
        await announce(telling.house, telling.clock.now)
        after = [finding async for finding in channels(telling.house)]
        status = await status_facts(await load_frame(telling.house, telling.workspace, telling.clock.now))

    assert [(each.what, each.words) for each in before] == [("slack: #ai-spend", "not tried yet")]
    assert [(each.state, each.words) for each in after] == [(state, words)]
    assert [(each.name, f"the last post failed: {each.why}") for each in status.unheard] == [
        ("#ai-spend", words) for _ in faults
    ]


async def test_the_own_channel_of_a_budget_is_looked_at_too(tmp_path: Path) -> None:
    await make_empty(tmp_path / "empty.db")
    (tmp_path / "house").mkdir()
    async with telling_house(tmp_path / "house", tmp_path / "empty.db", {}) as telling:
        store = telling.workspace
        place = await store.add_installation("slack", "T1", "Harbor", by_mira("installed"))
        await store.keep_note("channel slack:C7", "#finance", telling.clock.now)
        budget = Budget(
            id="", scope=Scope(), period=Period.MONTH, limit=Decimal(500), channel=f"slack:{place.id}:C7"
        )
        await store.set_budget(budget, by_mira("budget"))
        found = [finding async for finding in channels(telling.house)]

    assert [(each.what, each.words) for each in found] == [("slack: #finance", "not tried yet")]
