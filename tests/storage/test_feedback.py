"""One word for each incident, the last one; taking it back takes all that was called false about its cause."""

from datetime import timedelta

from spend.feedback import Said, Word
from tests.storage.cast import NOW, false_alarm


async def test_what_was_said_is_kept_as_it_was_said(store) -> None:
    workspace = store.workspace("home")

    await workspace.keep_feedback(false_alarm())

    assert await workspace.feedback() == [false_alarm()]
    assert await store.workspace("other").feedback() == []


async def test_the_same_word_again_changes_nothing_and_another_one_replaces_it(store) -> None:
    workspace = store.workspace("home")
    await workspace.keep_feedback(false_alarm())

    await workspace.keep_feedback(false_alarm(at=NOW + timedelta(days=1), by="Dana Weiss"))
    assert await workspace.feedback() == [false_alarm()]

    expected = false_alarm(at=NOW + timedelta(days=2), word=Word.EXPECTED)
    await workspace.keep_feedback(expected)
    assert await workspace.feedback() == [expected]


async def test_taking_back_forgets_every_false_alarm_of_the_cause_and_nothing_else(store) -> None:
    workspace = store.workspace("home")
    others: list[Said] = [
        false_alarm(incident_id="i3", cause_id="c1/prod"),
        false_alarm(incident_id="i4", word=Word.EXPECTED),
    ]
    for each in (false_alarm(), false_alarm(incident_id="i2", code="B3XN"), *others):
        await workspace.keep_feedback(each)

    assert await workspace.take_back_feedback("i1", "c1/*") == 2

    assert sorted(each.incident_id for each in await workspace.feedback()) == ["i3", "i4"]
    assert await workspace.take_back_feedback("i4", "c1/*") == 1
