"""The client: where it connects, what it logs, what it waits for. Everything per provider is in the contract suite."""

import logging
import pickle
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

import providers
from providers import (
    BadBaseUrlError,
    HttpPool,
    Limits,
    ProviderRateLimitedError,
    ProviderUnavailableError,
    Secret,
)
from providers._pace import Pacer
from providers._replies import retry_after
from tests.contracts.case import sample
from tests.contracts.vendor import Answer, Vendor

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
KEY = "sk-ant-admin01-madeUpForTests0000r2Fp"
QUICK = Limits(connect_s=5, read_s=5, total_s=10, attempts=2, first_wait_s=0.001, longest_wait_s=0.002)
PATH = "v1/organizations/cost_report"


class FixedResolver(AbstractResolver):
    """Answers every name with one address, as a hostile name server would."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host=self.address, port=port, family=socket.AF_INET, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    server = Vendor()
    await server.start()
    yield server
    await server.stop()


def client_at(pool: HttpPool, url: str, *, allow_private: bool = False) -> providers.ReadClient:
    return pool.client_for(
        providers.provider("anthropic"),
        url,
        Secret(KEY),
        allow_private=allow_private,
        credential="c1",
        limits=QUICK,
    )


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "192.168.1.1"])
async def test_a_public_name_that_leads_inside_is_not_connected(vendor: Vendor, address: str) -> None:
    port = vendor.url.rsplit(":", 1)[1]
    pool = HttpPool(resolver=FixedResolver(address))

    with pytest.raises(ProviderUnavailableError, match="private network"):
        await client_at(pool, f"https://api.example.com:{port}").get_json(PATH)
    await pool.aclose()
    assert vendor.asked == []


async def test_the_name_localhost_must_lead_to_this_machine(vendor: Vendor) -> None:
    pool = HttpPool(resolver=FixedResolver("10.0.0.7"))

    with pytest.raises(ProviderUnavailableError, match="private network"):
        await client_at(pool, "http://localhost:9").get_json(PATH)
    await pool.aclose()


async def test_tls_is_always_verified(vendor: Vendor) -> None:
    pool = HttpPool()

    with pytest.raises(ProviderUnavailableError, match="could not be reached"):
        await client_at(pool, vendor.url.replace("http://", "https://")).get_json(PATH)
    await pool.aclose()
    assert vendor.asked == []


def test_a_bad_base_url_makes_no_client() -> None:
    with pytest.raises(BadBaseUrlError):
        client_at(HttpPool(), "http://api.example.com")


async def test_nothing_but_get_leaves_even_from_the_inner_client(vendor: Vendor) -> None:
    pool = HttpPool()
    client_at(pool, vendor.url)
    (inner,) = pool._clients.values()

    for method in ("POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
        with pytest.raises(providers.ProviderRequestError):
            await inner.send(httpx.Request(method, f"{vendor.url}/{PATH}"))
    await pool.aclose()
    assert vendor.asked == []


async def test_logs_hold_neither_key_nor_query_at_debug(
    vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    vendor.will_answer(f"/{PATH}", Answer({}, status=503), Answer({"data": []}))
    pool = HttpPool()

    await client_at(pool, vendor.url).get_json(PATH, {"starting_at": "2026-11-17"})
    await pool.aclose()

    of_clients = [r.getMessage() for r in caplog.records if not r.name.startswith("aiohttp.access")]
    assert not any(KEY in line or "starting_at" in line for line in of_clients)


async def test_the_monthly_spend_cap_is_not_repeated(vendor: Vendor) -> None:
    body = sample("anthropic", "error.429.spend_cap.json")
    vendor.will_answer(f"/{PATH}", Answer(body, status=429))
    pool = HttpPool(clock=lambda: NOW)

    with pytest.raises(ProviderRateLimitedError) as caught:
        await client_at(pool, vendor.url).get_json(PATH)
    await pool.aclose()

    assert len(vendor.asked) == 1
    assert caught.value.retry_after == datetime(2026, 12, 1, tzinfo=UTC) - NOW


async def test_connections_of_one_provider_share_a_client_and_keep_their_own_keys(vendor: Vendor) -> None:
    vendor.will_answer(f"/{PATH}", Answer({"data": []}))
    pool = HttpPool()
    provider = providers.provider("anthropic")
    for name in ("a", "b"):
        key = Secret(f"sk-ant-admin01-{name}")
        client = pool.client_for(provider, vendor.url, key, allow_private=False, credential=name)
        await client.get_json(PATH)
    assert len(pool._clients) == 1
    await pool.aclose()

    assert [request.headers["x-api-key"] for request in vendor.asked] == [
        "sk-ant-admin01-a",
        "sk-ant-admin01-b",
    ]


async def test_cookies_of_one_connection_never_reach_another(vendor: Vendor) -> None:
    vendor.will_answer(f"/{PATH}", Answer({"data": []}, headers={"Set-Cookie": "session=abc; Path=/"}))
    pool = HttpPool()

    for _ in range(2):
        await client_at(pool, vendor.url).get_json(PATH)
    await pool.aclose()

    assert not any("Cookie" in request.headers for request in vendor.asked)


async def test_a_name_that_does_not_resolve_is_trouble_without_the_name() -> None:
    class NoSuchName(FixedResolver):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            raise OSError(f"no such name: {host}")

    pool = HttpPool(resolver=NoSuchName(""))
    with pytest.raises(ProviderUnavailableError, match="could not be reached") as caught:
        await client_at(pool, "https://nowhere.example.com").get_json(PATH)
    await pool.aclose()
    assert "nowhere" not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_a_missing_scope_is_a_missing_right_whatever_its_status(vendor: Vendor) -> None:
    vendor.will_answer(
        "/v1/organization/costs", Answer(sample("openai", "error.403.missing_scope.json"), status=401)
    )
    pool = HttpPool()
    client = pool.client_for(
        providers.provider("openai"), f"{vendor.url}/v1", Secret(KEY), allow_private=False, credential="c"
    )

    with pytest.raises(providers.ProviderAuthError) as caught:
        await client.get_json("organization/costs")
    await pool.aclose()

    assert caught.value.status == 403
    assert caught.value.sentence == (
        "OpenAI accepts the key but lets it read no usage (403). Make one with Read only, or allow Usage: Read."
    )


def test_a_secret_hides_itself() -> None:
    secret = Secret(KEY)

    assert KEY not in f"{secret} {secret!r} {[secret]}"
    assert secret.hint == "…r2Fp"
    with pytest.raises(TypeError):
        pickle.dumps(secret)


async def test_the_pace_is_kept_per_credential(vendor: Vendor) -> None:
    vendor.will_answer(f"/{PATH}", Answer({"data": []}))
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(round(seconds))

    pool = HttpPool(make_pacer=lambda: Pacer(burst=1, per_second=0.01, sleep=note))
    for credential in ("a", "a", "b"):
        provider = providers.provider("anthropic")
        client = pool.client_for(
            provider, vendor.url, Secret(KEY), allow_private=False, credential=credential
        )
        await client.get_json(PATH)
    await pool.aclose()

    assert waits == [100]


async def test_nested_and_unknown_encodings_are_not_unpacked(vendor: Vendor) -> None:
    pool = HttpPool()
    for encoding in ("gzip, gzip", "br", "zstd"):
        vendor.will_answer(f"/{PATH}", Answer(b"{}", headers={"Content-Encoding": encoding}))
        with pytest.raises(ProviderUnavailableError):
            await client_at(pool, vendor.url).get_json(PATH)
    await pool.aclose()


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("", None),
        ("soon", None),
        ("-5", None),
        ("7", timedelta(seconds=7)),
        ("0.5", timedelta(seconds=0.5)),
        ("900", timedelta(minutes=15)),
        ("901", timedelta(minutes=15)),
        ("Sat, 21 Nov 2026 09:30:30 GMT", timedelta(seconds=30)),
        ("Sat, 21 Nov 2026 09:00:00 GMT", timedelta(0)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(minutes=15)),
        ("Fri, 99 Dec 2026", None),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str, wait: timedelta | None) -> None:
    assert retry_after(header, NOW) == wait
