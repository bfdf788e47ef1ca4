"""What was shown and what detectors remember."""

from tests.storage.cast import HOUR, NOW
from tests.storage.reads import MONDAY, TUESDAY


async def test_the_first_forecast_of_a_day_stands(store) -> None:
    workspace = store.workspace("home")
    await workspace.save_forecast(MONDAY, "workspace", {"month_nanos": 5})
    await workspace.save_forecast(MONDAY, "workspace", {"month_nanos": 9})
    await workspace.save_forecast(TUESDAY, "workspace", {"month_nanos": 7})

    shown = await workspace.forecasts(MONDAY)

    assert [(each.day, each.evidence) for each in shown] == [
        (MONDAY, {"month_nanos": 5}),
        (TUESDAY, {"month_nanos": 7}),
    ]
    assert [each.day for each in await workspace.forecasts(TUESDAY)] == [TUESDAY]


async def test_a_snapshot_replaces_the_one_before(store) -> None:
    workspace = store.workspace("home")
    assert await workspace.load_detector_snapshot("spikes") is None

    await workspace.save_detector_snapshot("spikes", b"\x00old", NOW)
    await workspace.save_detector_snapshot("spikes", b"\x00new", NOW + HOUR)

    assert await workspace.load_detector_snapshot("spikes") == b"\x00new"
