"""A false alarm raises what its own cause must reach, by steps, up to twice, for four weeks; either word teaches."""

from datetime import UTC, datetime, timedelta

from spend.feedback import Raised, Said, Word, feedback_of, raised, with_word

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def said(code: str, day: int = 0, word: Word = Word.FALSE, cause_id: str = "c1/nightly") -> Said:
    return Said(
        incident_id=code,
        dedup_key=f"spike:{code}",
        code=code,
        cause_id=cause_id,
        word=word,
        by="Mira Okafor",
        at=NOON + day * DAY,
    )


def test_each_false_alarm_adds_a_quarter_up_to_twice() -> None:
    calls = [said(code) for code in ("A", "B", "C", "D", "E")]

    assert [raised(calls[:n], NOON)[0].percent for n in range(1, 6)] == [125, 150, 175, 200, 200]
    assert raised(calls, NOON)[0].calls == 5


def test_it_is_of_one_cause_alone() -> None:
    found = feedback_of([said("A"), said("B", cause_id="c1/*")], NOON)

    assert (found.percent("c1/nightly"), found.percent("c1/*"), found.percent("c1/prod")) == (125, 125, 100)


def test_all_is_forgotten_four_weeks_after_the_newest() -> None:
    calls = [said("A"), said("B", 20)]

    assert raised(calls, NOON + 48 * DAY - timedelta(seconds=1)) == [
        Raised("c1/nightly", 2, 150, NOON + 48 * DAY, "B")
    ]
    assert raised(calls, NOON + 48 * DAY) == []


def test_the_newest_call_comes_first() -> None:
    found = raised([said("A"), said("B", 2, cause_id="c2/*"), said("C", 1, cause_id="c3/*")], NOON + 3 * DAY)

    assert [each.code for each in found] == ["B", "C", "A"]


def test_an_expected_spike_is_learned_and_raises_nothing() -> None:
    found = feedback_of([said("A", word=Word.EXPECTED), said("B")], NOON)

    assert found.learned == {"spike:A", "spike:B"}
    assert found.percents == {"c1/nightly": 125}


def test_what_was_learned_stays_learned() -> None:
    assert feedback_of([said("A")], NOON + 100 * DAY).learned == {"spike:A"}


def test_the_last_word_about_a_spike_counts_and_the_same_one_again_is_nothing_new() -> None:
    kept = [said("A"), said("B")]

    assert with_word(kept, said("A", 3)) == kept
    assert with_word(kept, said("A", 3, Word.EXPECTED)) == [said("B"), said("A", 3, Word.EXPECTED)]
