"""The shop's vendors, running."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from bot.demo.vendors import SimulatedVendors
from tests.bot.demo.shop import Asking, Clock, shop


@pytest.fixture
async def asking() -> AsyncIterator[Asking]:
    """The shop's vendors on Thursday, when Monday is long settled."""
    clock = Clock(datetime(2026, 11, 19, 12, 0, tzinfo=UTC))
    async with (
        SimulatedVendors(shop(), clock) as vendors,
        httpx.AsyncClient(trust_env=False, timeout=5) as client,
    ):
        yield Asking(vendors, clock, client)
