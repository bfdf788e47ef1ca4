"""Cursors are good for the question they were given for."""

import pytest

from bot.demo.vendors.cursors import Cursors, StaleCursorError


def test_a_cursor_remembers_its_place() -> None:
    cursors = Cursors()

    token = cursors.issue(("costs", 1), 7)

    assert cursors.redeem(token, ("costs", 1)) == 7
    assert cursors.redeem(token, ("costs", 1)) == 7


@pytest.mark.parametrize("question", [("costs", 2), ("usage", 1), ()])
def test_another_question_is_refused(question: tuple[object, ...]) -> None:
    cursors = Cursors()
    token = cursors.issue(("costs", 1), 7)

    with pytest.raises(StaleCursorError):
        cursors.redeem(token, question)


def test_a_made_up_cursor_is_refused() -> None:
    with pytest.raises(StaleCursorError):
        Cursors().redeem("page_x", ("costs", 1))


def test_two_vendors_do_not_share_cursors() -> None:
    one, other = Cursors(), Cursors()

    with pytest.raises(StaleCursorError):
        other.redeem(one.issue(("costs", 1), 7), ("costs", 1))
