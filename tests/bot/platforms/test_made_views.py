"""The made views are what their tests take them for."""

from hypothesis import given

from tests.bot.platforms.made_views import HOSTILE_NAMES, MadeView, made_views


def test_there_are_two_hundred_hostile_names() -> None:
    assert len(set(HOSTILE_NAMES)) == 200


@given(made_views())
def test_the_lead_of_a_made_view_says_all_its_figures(made: MadeView) -> None:
    assert all(figure in str(made.view.lead) for figure in made.figures)
