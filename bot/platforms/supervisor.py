"""Keeps a chat platform listening: contains its failures, waits longer after each, and never stops another platform."""

import asyncio
import random
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Protocol

import structlog

from bot.errors import PlatformError

log = structlog.get_logger("spendbot.platforms")

FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 300.0
SETTLED_S = 10.0  # what listens this long is told as listening
STEADY_S = 120.0  # what listened this long had nothing wrong with it: the next failure is a new one


class Listener(Protocol):
    """A chat platform as far as listening goes."""

    name: str

    async def run(self) -> None:
        """Listen until cancelled. Raises PlatformError, with a sentence, or whatever else went wrong."""


async def keep_listening(
    listener: Listener,
    *,
    down: MutableMapping[str, str],
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    seconds: Callable[[], float] | None = None,
) -> None:
    """Listen until cancelled, again and again: a failure is logged and waited out, with jitter, up to five minutes.

    down: says why it is not listened to, for the health page. `wait` and `seconds` are the clock. The same failure is
    logged once until it listens again or fails otherwise.
    """
    clock = seconds or asyncio.get_running_loop().time
    failures, last_said = 0, ""
    while True:
        began = clock()
        settled = asyncio.get_running_loop().call_later(SETTLED_S, down.pop, listener.name, None)
        try:
            await listener.run()
            sentence = "It stopped listening."
        except PlatformError as err:
            sentence = err.sentence
        except Exception as err:  # the top of a platform: the other one goes on
            sentence = type(err).__name__
            if sentence != last_said:
                log.exception("platform_failed", platform=listener.name)
        finally:
            settled.cancel()
        down[listener.name] = sentence
        if clock() - began >= STEADY_S:
            failures, last_said = 0, ""
        pause_s = wait_s(failures) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
        if sentence != last_said:
            log.warning("platform_down", platform=listener.name, why=sentence, again_in_s=round(pause_s))
        failures, last_said = failures + 1, sentence
        await wait(pause_s)


def wait_s(failures: int) -> float:
    """Return how long to wait after so many failures in a row before this one: doubling, at most five minutes."""
    return min(FIRST_WAIT_S * 2.0 ** min(failures, 10), LONGEST_WAIT_S)
