"""The split behind an alert: estimates on both sides, in the amounts that were told."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.demo.vendors.account import Counts
from bot.reports.frame import load_frame
from bot.reports.why_incident import spike_parts
from bot.views.why_words import NamedPart
from tests.bot.open_desk import MILLION, Desk, metered, open_desk, used

DOLLAR = 10**9
NINE = datetime(2026, 11, 19, 9, tzinfo=UTC)


async def split_of(desk: Desk, *by_key: dict[str, Any]) -> list[tuple[str, int]]:
    """Return cause and nano-units of each part of a spike from 09:00 to 10:00."""
    frame = await load_frame(desk.house, desk.store, desk.clock())
    (connection,) = await desk.store.connections()
    evidence = {
        "connection_id": connection.id,
        "since": NINE.isoformat(),
        "hours": [[NINE.isoformat(), 0]],
        "by_key": by_key,
    }
    parts: tuple[NamedPart, ...] = await spike_parts(frame, evidence)
    return [(part.cause.value, part.nanos) for part in parts]


async def test_a_bill_below_its_estimates_is_no_rise_in_price_of_a_spike(tmp_path: Path) -> None:
    """Last Thursday's hour was billed at 90 %; three times its requests are $28 more of estimates, all of it volume."""
    rows = [used(12, 9), used(19, 9, counts=Counts(out=3 * MILLION, requests=30))]
    async with open_desk(tmp_path, metered(rows, discount=10)) as desk:
        await desk.connect("openai", "Shop OpenAI")
        found = await split_of(desk, {"id": "key_a", "usual_nanos": 14 * DOLLAR, "excess_nanos": 28 * DOLLAR})

    assert found == [("volume", 28 * DOLLAR)]
