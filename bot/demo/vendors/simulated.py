"""Both vendors running at once over one story's accounts, under one clock."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from bot.demo.vendors.account import Account
from bot.demo.vendors.anthropic import AnthropicApi
from bot.demo.vendors.billing import anthropic_charges, openai_charges
from bot.demo.vendors.crowd import ANTHROPIC_CROWD, OPENAI_CROWD, Crowd
from bot.demo.vendors.customers import USAGE, Customer, Customers
from bot.demo.vendors.faults import FaultDial
from bot.demo.vendors.freshness import ANTHROPIC_LAG, OPENAI_LAG
from bot.demo.vendors.ledger import Ledger
from bot.demo.vendors.openai import OpenAiApi
from bot.demo.vendors.server import VendorServer

Clock = Callable[[], datetime]


class Accounts(Protocol):
    """What a story gives: the company's account at each vendor. It may be narrower than the vendors' whole truth."""

    @property
    def openai(self) -> Account: ...

    @property
    def anthropic(self) -> Account: ...


class SimulatedOpenAi(VendorServer):
    """The OpenAI of a story. Every key looks real and opens nothing anywhere else."""

    admin_key = "sk-admin-hN3vKc0TzRw8LmYb2PdUe7GsXa5JoQf1Vi9HtCq6ZkBn4MyEr0-q7Xw"
    usage_only_key = "sk-admin-uS7bWd4KqYn1RxZe9TfMa3LoGv6HcPj8Ci2JtBk5XwDm0NyUr1-u5Gt"
    project_key = "sk-proj-pR9mXe2LbVt6QwYc1KfSa8GoDn4HzUj3Ci7JrBk0TxWm5NyEq2-p3Kd"

    def __init__(self, account: Account, clock: Clock, faults: FaultDial) -> None:
        self.ledger = Ledger(account, openai_charges, OPENAI_LAG)
        self.customers = Customers()
        customer = Customer(account, self.ledger)
        self.customers.add(self.admin_key, customer)
        self.customers.add(self.usage_only_key, customer, frozenset({USAGE}))
        self.customers.add(self.project_key, customer, frozenset())
        self.api = OpenAiApi(self.customers, clock)
        super().__init__(self.api, faults)

    @property
    def base_url(self) -> str:
        """What the vendor's SDK calls base URL, with /v1."""
        return f"{self.origin}/v1"


class SimulatedAnthropic(VendorServer):
    """The Anthropic of a story. `inference_key` is a good key of the wrong kind (403)."""

    admin_key = "sk-ant-admin01-Kd8vQ2mZxT5wLc9RbY1nPe7JsU4gHa0FoXi3GtVq6CkWzB_yMrE-DhNj-r2FpAA-r2Fp"
    inference_key = "sk-ant-api03-Wn4tBe7KqLx1RvZc9YfMa2SoGd6HpUj8Ci3JtXk5QwDm0NyEr_vT-b1HsAA-k9Ls"

    def __init__(self, account: Account, clock: Clock, faults: FaultDial) -> None:
        self.ledger = Ledger(account, anthropic_charges, ANTHROPIC_LAG)
        self.customers = Customers()
        customer = Customer(account, self.ledger)
        self.customers.add(self.admin_key, customer)
        self.customers.add(self.inference_key, customer, frozenset())
        super().__init__(AnthropicApi(self.customers, clock), faults)

    @property
    def base_url(self) -> str:
        """What the vendor's SDK calls base URL, without /v1."""
        return self.origin


class SimulatedVendors:
    """`async with SimulatedVendors(story, clock) as vendors`: both servers listen until the end of the block.

    `clock` returns an aware time; what has happened moves with it. `throttle_one_in`: see FaultDial.
    """

    def __init__(self, story: Accounts, clock: Clock, *, seed: int = 0, throttle_one_in: int = 0) -> None:
        def dial(offset: int) -> FaultDial:
            return FaultDial(seed=seed + offset, throttle_one_in=throttle_one_in)

        self.openai = SimulatedOpenAi(story.openai, clock, dial(0))
        self.anthropic = SimulatedAnthropic(story.anthropic, clock, dial(1))
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.openai)
        await self._stack.enter_async_context(self.anthropic)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()


class CrowdedOpenAi(VendorServer):
    """One OpenAI server with any number of small accounts, one per key of `crowd.key(n)`: for benchmarks."""

    def __init__(self, clock: Clock, *, size: int, seed: int = 0, throttle_one_in: int = 0) -> None:
        self.crowd = Crowd(OPENAI_CROWD, size=size, seed=seed)
        api = OpenAiApi(Customers(self.crowd.credential), clock)
        super().__init__(api, FaultDial(seed=seed, throttle_one_in=throttle_one_in))

    @property
    def base_url(self) -> str:
        """What the vendor's SDK calls base URL, with /v1."""
        return f"{self.origin}/v1"


class CrowdedAnthropic(VendorServer):
    """One Anthropic server with any number of small accounts, one per key of `crowd.key(n)`: for benchmarks."""

    def __init__(self, clock: Clock, *, size: int, seed: int = 0, throttle_one_in: int = 0) -> None:
        self.crowd = Crowd(ANTHROPIC_CROWD, size=size, seed=seed)
        api = AnthropicApi(Customers(self.crowd.credential), clock)
        super().__init__(api, FaultDial(seed=seed, throttle_one_in=throttle_one_in))

    @property
    def base_url(self) -> str:
        """What the vendor's SDK calls base URL, without /v1."""
        return self.origin
