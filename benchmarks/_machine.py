"""What a figure was measured on, and how figures are told: the machine is shared, so medians and ratios count."""

import platform
import statistics
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version


def heading(*libraries: str) -> str:
    """Return one line on when, on what and with which versions of the libraries that matter."""
    versions = [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in libraries)]
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, {_processor()}, {', '.join(versions)}"
    )


def milliseconds(seconds: Sequence[float]) -> str:
    """Return the median, the 99th percentile and the worst of some times, in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else [seconds[0]] * 99
    median, late, worst = statistics.median(seconds), cuts[98], max(seconds)
    return f"median {1000 * median:.1f} ms, p99 {1000 * late:.1f} ms, worst {1000 * worst:.1f} ms"


def say(text: str) -> None:
    """Print a line at once, so that a long run shows how far it is."""
    print(text)
    sys.stdout.flush()


def _processor() -> str:
    """Give the processor's name where Linux tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as facts:
            names = [line.split(":", 1)[1].strip() for line in facts if line.startswith("model name")]
    except OSError:
        names = []
    return f"{len(names)} x {names[0]}" if names else platform.processor() or "unknown processor"
