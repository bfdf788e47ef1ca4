"""A busy day is made in a moment: the ledger runs inside the transaction that saves a window."""

from time import process_time

from spend.ledger import reconcile_day
from spend.ledger_check import check_day
from tests.spend.build import atom, day_of, line


def test_ten_thousand_atoms_and_two_thousand_bill_lines_take_well_under_two_seconds() -> None:
    """The goal is under a second on one core; the bound leaves room for a busy machine."""
    usage = [
        atom(
            1000 + i,
            hour=hour,
            project=f"project-{i % 20}",
            key=f"key-{i}",
            model=f"model-{i % 8}",
            parts=(("uncached_in", 400), ("cache_read", 100), ("out", 500 + i)),
        )
        for i in range(400)
        for hour in range(24)
    ]
    bill = [
        line(
            20_000 + i,
            project=f"project-{i % 20}",
            key=f"key-{i % 400}",
            model=f"model-{i % 9}",
            token_class=cls,
        )
        for i in range(1000)
        for cls in ("uncached_in", "out")
    ]
    day = day_of(usage, bill)

    started = process_time()
    ledger = reconcile_day(day)
    took_s = process_time() - started

    assert check_day(day, ledger) == []
    assert took_s < 2
