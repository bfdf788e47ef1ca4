"""Check configuration, database, master key, platforms and connections; say the next step for each.

Prints ok, warn or fail per check; exit 1 when anything fails.
"""

import argparse
import json

from bot.config import Config
from bot.doctor import examine
from bot.ports import Finding


def describe(parser: argparse.ArgumentParser) -> None:
    """How the findings are printed."""
    parser.add_argument("--json", action="store_true", help="print a JSON list")


async def do(options: argparse.Namespace, config: Config) -> int:
    """Print every finding."""
    findings = await examine(config)
    if options.json:
        print(json.dumps([_plain(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{finding.state:4}  {finding.what}: {finding.words}")
            if finding.next_step:
                print(f"      {finding.next_step}")
    return 1 if any(finding.state == "fail" for finding in findings) else 0


def _plain(finding: Finding) -> dict[str, str]:
    return {
        "state": finding.state,
        "check": finding.what,
        "words": finding.words,
        "next": finding.next_step,
    }
