"""A long campaign of kills, by hand: `python -m benchmarks.kills [--kills 500] [--seed 1]` from the root of the repo.

The same campaign as tests/e2e/test_kills.py runs with fifty. Prints what was counted; exit 1 if anything is lost,
there twice, or not what the vendors' books say.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.campaign import run_campaign
from tests.e2e.conftest import settled_days, vendors_now
from tests.e2e.warm import WarmBot, Zygote
from tests.fakes.serving import served


def main() -> int:
    """Run one campaign in a folder of its own and print its report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    zygote = Zygote()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, served(vendors_now()) as vendors:
        bot = WarmBot(Path(folder), zygote=zygote)
        report = run_campaign(bot, vendors, kills=options.kills, seed=options.seed, days=settled_days())
    zygote.close()
    wrong = {
        name for name in {*report.stored, *report.books} if report.stored.get(name) != report.books.get(name)
    }
    print(f"{report.kills} kills in {time.monotonic() - began:.0f} s, seed {options.seed}")
    print(f"days that are not their bill: {len(wrong)} of {len(report.books)}")
    print(
        f"told once: {len(report.told_once)} of {len(report.announced)}; told twice: {len(report.told_twice)}"
    )
    print(f"deliveries left open: {report.unfinished}; db check: {report.problems or 'nothing is wrong'}")
    return 0 if report.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
