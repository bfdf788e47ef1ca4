"""The ledger of one busy day: 10,000 usage records and a bill of 2,000 lines, open and settled.

`python -m benchmarks.ledger`
"""

from dataclasses import replace
from datetime import timedelta
from time import process_time

from benchmarks._company import Company
from benchmarks._machine import heading, milliseconds, say
from benchmarks._stored import NOW, RULES, TODAY
from providers._prices import default_prices
from spend.ledger import DayInput, reconcile_day
from spend.window import DAY, Window

_ROUNDS = 20
_CLASSES = ("uncached_in", "cache_read", "cache_write", "out", "")


def main() -> None:
    """Print how long the day takes before its bill is final, and after."""
    company = Company(keys=104)
    window = Window(TODAY - DAY, TODAY)
    usage = company.usage(window, default_prices())
    bill = [replace(line, token_class=name) for line in company.bill(window) for name in _CLASSES]
    say(heading())
    for what, read_at in (("still open", NOW - DAY), ("settled", NOW + timedelta(days=2))):
        day = DayInput(day=window.start.date(), usage=usage, bill=bill, bill_read_at=read_at, rules=RULES)
        seconds = []
        for _ in range(_ROUNDS):
            started = process_time()
            ledger = reconcile_day(day)
            seconds.append(process_time() - started)
        assert ledger.is_settled == (what == "settled")
        say(f"{len(usage):,} records, {len(bill):,} lines, {what}: {milliseconds(seconds)} of processor")


if __name__ == "__main__":
    main()
