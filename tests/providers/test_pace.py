"""The pace of one credential: bursts at once, the long run slow."""

from providers._pace import Pacer


class Clock:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def read(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


async def test_a_burst_waits_for_nothing_and_the_next_one_for_its_turn() -> None:
    clock = Clock()
    pacer = Pacer(burst=3, per_second=2, clock=clock.read, sleep=clock.sleep)

    for _ in range(5):
        await pacer.wait_turn()

    assert clock.slept == [0.5, 0.5]


async def test_the_bucket_fills_up_again_and_not_beyond_its_size() -> None:
    clock = Clock()
    pacer = Pacer(burst=2, per_second=1, clock=clock.read, sleep=clock.sleep)
    for _ in range(2):
        await pacer.wait_turn()

    clock.now = 1000
    for _ in range(3):
        await pacer.wait_turn()

    assert clock.slept == [1.0]


async def test_a_repeat_is_counted_without_waiting() -> None:
    clock = Clock()
    pacer = Pacer(burst=1, per_second=1, clock=clock.read, sleep=clock.sleep)

    await pacer.wait_turn()
    pacer.charge()
    assert clock.slept == []
    await pacer.wait_turn()
    assert clock.slept == [2.0]


async def test_a_clock_set_back_gives_nothing_away() -> None:
    clock = Clock()
    clock.now = 100
    pacer = Pacer(burst=1, per_second=1, clock=clock.read, sleep=clock.sleep)
    await pacer.wait_turn()

    clock.now = 50
    await pacer.wait_turn()

    assert clock.slept == [1.0]
