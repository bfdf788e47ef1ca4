"""What spends for the first time is told once, together, an hour after its first hour; never from loaded history."""

from pathlib import Path

from bot.views.first_seen import newcomers_from
from spend.notify import IncidentKind
from tests.bot.jobs.watching import local, scene, shop


async def test_a_new_key_is_told_once_an_hour_after_its_first_hour(tmp_path: Path) -> None:
    """It spends from 10:00 on, so it is told at 12:00: $38.67 by then, less what is not reported yet."""
    async with scene(shop(), local(8, 12), tmp_path) as loop:
        await loop.connect("anthropic")
        for hour, minute in ((9, 50), (10, 30), (11, 50)):
            await loop.at(local(19, hour, minute))
            assert await loop.of_kind(IncidentKind.FIRST_SEEN) == []

        await loop.at(local(19, 12))
        loop.restart()
        for hour in (14, 18):
            await loop.at(local(19, hour))

        (told,) = await loop.of_kind(IncidentKind.FIRST_SEEN)
        (item,) = newcomers_from(told.evidence)
        assert (item.what, item.name, item.provider, item.project) == ("key", "nightly", "Anthropic", "Alpha")
        assert (item.models, item.made_on) == (("claude-opus-5",), local(13, 0).date())
        assert told.told_steps == ("first",)
        assert round(item.nanos / 10**9, 2) == 38.67


async def test_history_and_the_first_day_of_watching_are_never_news(tmp_path: Path) -> None:
    async with scene(shop(), local(19, 8), tmp_path) as loop:
        await loop.connect("anthropic")
        for hour in (9, 12, 15, 18):
            await loop.at(local(19, hour))
        await loop.at(local(20, 12))

        assert await loop.of_kind(IncidentKind.FIRST_SEEN) == []


async def test_a_nameless_key_has_its_name_read_by_the_next_poll(tmp_path: Path) -> None:
    """It is made at 09:55, after the names of the day were read."""
    async with scene(shop(made_at=local(19, 9, 55)), local(8, 12), tmp_path) as loop:
        connection = await loop.connect("anthropic")
        await loop.at(local(19, 9, 50))
        await loop.at(local(19, 10, 30))
        assert connection.id not in loop.house.names_read_at

        await loop.at(local(19, 11, 50))
        await loop.at(local(19, 12, 5))

        (told,) = await loop.of_kind(IncidentKind.FIRST_SEEN)
        assert [item.name for item in newcomers_from(told.evidence)] == ["nightly"]


async def test_a_name_that_never_comes_is_waited_for_ten_minutes(tmp_path: Path) -> None:
    async with scene(shop(made_at=local(25, 12)), local(8, 12), tmp_path) as loop:
        await loop.connect("anthropic")
        for hour, minute in ((9, 50), (10, 30), (11, 50), (12, 5)):
            await loop.at(local(19, hour, minute))
            assert await loop.of_kind(IncidentKind.FIRST_SEEN) == []

        await loop.at(local(19, 12, 12))

        (told,) = await loop.of_kind(IncidentKind.FIRST_SEEN)
        assert [item.name for item in newcomers_from(told.evidence)] == ["apikey_nightly"]
