"""A campaign of kills, by hand: `python -m benchmarks.kills [--kills 1000] [--seed 1]` from the root of the repo.

The campaign of tests/e2e/test_kills.py. Prints what was counted; exit 1 if anything is lost, there twice, or not what
the vendors' books say. `--only K` plays one round again; the home of a round that went wrong is kept.
"""

import argparse
import platform
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.e2e.campaign import run_campaign
from tests.e2e.kill_town import kill_town
from tests.e2e.warm import Zygote


def main() -> int:
    """Run one campaign in a folder of its own and print its report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="K", help="play this round alone")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="spendbot-kills-"))
    zygote, began = Zygote(), time.monotonic()
    with kill_town(folder, zygote) as town:
        report = run_campaign(town, folder, kills=options.kills, seed=options.seed, only=options.only)
    zygote.close()
    print(f"{datetime.now(UTC):%Y-%m-%d}, CPython {platform.python_version()}, seed {options.seed}")
    print(f"{time.monotonic() - began:.0f} s")
    print("\n".join(report.lines()))
    if not report.wrong:
        shutil.rmtree(folder)
    for number in report.wrong:
        again = f"python -m benchmarks.kills --seed {options.seed} --only {number}"
        print(f"round {number}: {folder}/round-{number}, again with: {again}")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
