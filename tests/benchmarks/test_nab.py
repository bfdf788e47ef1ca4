"""The adapter for the Numenta benchmark: steady streams score nothing, a jump is told, and again doubled."""

from datetime import datetime, timedelta

from benchmarks.analytics import plugin

START = datetime(2014, 4, 1)  # noqa: DTZ001 - the benchmark's own times have no zone
DAY = 24


def scores(values: list[float], *, probation: int = 7 * DAY) -> list[float]:
    """Hourly values from 0 to 100, scored row by row."""
    detector = plugin.make_nab_detector(probation, 0.0, 100.0)
    return [detector.handle(START + n * timedelta(hours=1), value) for n, value in enumerate(values)]


def test_a_steady_stream_scores_nothing() -> None:
    assert set(scores([10.0] * 20 * DAY)) == {0.0}


def test_a_jump_scores_where_the_product_speaks_and_again_when_it_has_doubled() -> None:
    """From 10 to about 60 for four hours: the excess adds up to 50, 90, 140; it is told, and again past its double."""
    found = scores([10.0] * 15 * DAY + [60.0, 50.0, 60.0, 60.0] + [10.0] * DAY)

    told = [n - 15 * DAY for n, score in enumerate(found) if score >= 0.5]
    assert told == [0, 2]


def test_probation_is_never_scored() -> None:
    assert set(scores([10.0] * 15 * DAY + [60.0] * 4, probation=15 * DAY + 4)) == {0.0}
