"""CPU and size of each picture, warm: `python -m benchmarks.charts [ROUNDS]`. Prints a table with the machine's facts.

The goal is under 100 ms of CPU for each picture; only this process counts, so a busy machine changes little.
"""

import statistics
import sys
import time

from benchmarks._machine import heading
from charts.png import draw
from charts.theme import THEMES
from tests.charts.stories import stories


def main(rounds: int) -> None:
    """Draw every story `rounds` times on each card and print median and worst CPU time in ms, and bytes."""
    print(heading("matplotlib"))
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


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
