"""A platform that fails is tried again, later each time, and says the same failure once."""

from dataclasses import dataclass, field

import pytest

from bot.errors import PlatformError
from bot.platforms.supervisor import keep_listening, wait_s


class EnoughError(Exception):
    """Ends a test."""


@dataclass
class Failing:
    """A platform that fails with one error after the other; `lasts` is for how long each run listened."""

    errors: list[Exception]
    lasts: float = 0.0
    now: float = 0.0
    waits: list[float] = field(default_factory=list)
    down: dict[str, str] = field(default_factory=dict)
    name: str = "slack"

    async def run(self) -> None:
        self.now += self.lasts
        raise self.errors[len(self.waits)]

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        if len(self.waits) == len(self.errors):
            raise EnoughError

    async def keep(self) -> None:
        with pytest.raises(EnoughError):
            await keep_listening(self, down=self.down, wait=self.wait, seconds=lambda: self.now)


def test_waits_double_up_to_five_minutes() -> None:
    assert [wait_s(failures) for failures in range(9)] == [2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert wait_s(1_000_000) == 300


async def test_every_failure_is_waited_out_with_jitter() -> None:
    failing = Failing([PlatformError("Slack refuses the token.")] * 3)

    await failing.keep()

    assert failing.waits >= [1.6, 3.2, 6.4]
    assert all(
        least * 0.8 <= waited <= least * 1.2 for least, waited in zip((2, 4, 8), failing.waits, strict=True)
    )


async def test_what_listened_for_long_starts_with_a_short_wait_again() -> None:
    failing = Failing([OSError()] * 4, lasts=600.0)

    await failing.keep()

    assert max(failing.waits) <= 2.4


async def test_the_same_failure_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    failing = Failing([PlatformError("Slack refuses the token.")] * 3 + [PlatformError("No answer.")])

    await failing.keep()

    said = [row for row in capsys.readouterr().out.splitlines() if "platform_down" in row]
    assert len(said) == 2
    assert "Slack refuses the token." in said[0]
    assert "No answer." in said[1]
