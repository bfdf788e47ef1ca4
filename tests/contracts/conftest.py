"""The vendor, the pool and the fetch of the contract suite."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

import providers
from providers import FetchOptions, HttpPool
from tests.contracts.case import StreamCase
from tests.contracts.reading import NOW, QUICK, Fetch, Records, client_of
from tests.contracts.vendor import Vendor


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    """A vendor that, whatever a test does, is asked with GET only and sees the key in headers only."""
    server = Vendor()
    await server.start()
    yield server
    await server.stop()
    for request in server.asked:
        assert request.method == "GET"
        assert "madeUpForTests" not in request.path + str(request.query)
        assert "madeUpForTests" in str(request.headers)
        assert request.headers["User-Agent"].startswith("spendbot/")


@pytest.fixture
async def pool() -> AsyncIterator[HttpPool]:
    made = HttpPool(clock=lambda: NOW)
    yield made
    await made.aclose()


@pytest.fixture
def fetch(vendor: Vendor, pool: HttpPool) -> Fetch:
    """Fetch a stream's case from the vendor and return all records."""

    async def run(name: str, stream: StreamCase, **limits: Any) -> Records:
        provider = providers.provider(name)
        chosen = next(s for s in provider.info.streams if s.name == stream.stream)
        client = client_of(name, vendor, pool, limits=replace(QUICK, **limits))
        found: Records = []
        async for page in provider.fetch(client, chosen, stream.window, FetchOptions()):
            found.extend(page.records)
        return found

    return run
