"""`python -m benchmarks.analytics --bench PATH [forecast|coldstart|spikes|nab|all] [words for score.py]`.

Runs the bench's own scorer over the product's code. Without a bench at PATH it says so in one sentence and ends well:
nothing of the bench is kept here.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = Path(__file__).with_name("plugin.py")


def main(words: list[str]) -> int:
    """Score the product; returns the scorer's exit code, 0 where there is no bench."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.analytics")
    parser.add_argument("--bench", type=Path, metavar="PATH", help="the folder with score.py")
    parser.add_argument("what", nargs="?", default="all")
    asked, more = parser.parse_known_args(words)
    scorer = asked.bench / "score.py" if asked.bench else None
    if scorer is None or not scorer.is_file():
        print("Skipped: the analytics bench is not here; name the folder of its score.py with --bench PATH.")
        return 0
    command = [sys.executable, str(scorer.resolve()), asked.what, "--impl", str(PLUGIN), *more]
    quiet = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}  # the bench's folder stays as it is
    return subprocess.run(command, cwd=ROOT, env=quiet, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
