"""CPU and size of each picture, warm: `python -m benchmarks.charts [ROUNDS]`. Prints a table with the machine's facts.

The goal is under 100 ms of CPU for each picture; only this process counts, so a busy machine changes little.
"""

import platform
import statistics
import sys
import time

import matplotlib as mpl

from charts.png import draw
from charts.theme import THEMES
from tests.charts.stories import stories


def main(rounds: int) -> None:
    """Draw every story `rounds` times on each card and print median and worst CPU time in ms, and bytes."""
    print(f"Python {platform.python_version()}, matplotlib {mpl.__version__}, {platform.machine()}, {_cpu()}")
    print(f"{'picture':<12}{'card':<8}{'median ms':>10}{'worst ms':>10}{'bytes':>10}")
    for name, spec in stories().items():
        for theme in THEMES:
            size = len(draw(spec, theme))
            times = []
            for _ in range(rounds):
                started = time.process_time()
                draw(spec, theme)
                times.append(1000 * (time.process_time() - started))
            print(f"{name:<12}{theme:<8}{statistics.median(times):>10.0f}{max(times):>10.0f}{size:>10,}")


def _cpu() -> str:
    """Give the processor's name where Linux tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as facts:
            names = [line.split(":", 1)[1].strip() for line in facts if line.startswith("model name")]
    except OSError:
        names = []
    return f"{len(names)} x {names[0]}" if names else platform.processor() or "unknown processor"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
