"""The first line of a why: what a lead acts on, in as many characters as a lock screen shows."""

from dataclasses import replace

import pytest

from bot.views.facts import Total
from bot.views.periods import Period, PeriodKind
from bot.views.why import named, why_view
from bot.views.why_lead import LONGEST_LEAD
from bot.views.why_words import NamedPart
from tests.bot.views.harbor import CLOCK, nanos
from tests.bot.views.why_cases import CACHE, FACTS, NIGHTLY, SEARCH, changed_by, picture, words


def test_the_first_line_says_what_to_act_on() -> None:
    view = why_view(FACTS)

    assert words(view) == [
        "$85.61 more than last Thursday by 14:05: $80.09 is the new key agents-nightly on claude-opus-5.",
        "agents-nightly: 14.3M tokens at $5.60 per 1M. The rest is more requests on search-prod.",
        "By cause: new +$80.09, volume +$5.52.",
        "As of 14:05 CET · estimated, bill due Sat 01:00",
    ]
    assert view.table is not None
    assert view.table.rows == (
        ("The new key agents-nightly on claude-opus-5", "+$80.09"),
        ("More requests on search-prod", "+$5.52"),
    )
    assert view.table.total == ("Change", "+$85.61")
    assert [(button.label, button.value) for button in view.buttons] == [
        ("By key", "spend today by key"),
        ("Share here", "spend why today"),
    ]


def test_a_short_first_line_says_what_the_rest_is() -> None:
    view = why_view(
        replace(changed_by(SEARCH, replace(CACHE, nanos=nanos("1")), after="87.50"), against="Monday")
    )

    assert str(view.lead) == (
        "$6.52 more than Monday: $5.52 is more requests on search-prod, the rest is more cache writes on support-prod."
    )
    assert str(view.body[0]) == "search-prod: 1,204 requests, were 1,000."


@pytest.mark.parametrize(
    ("key", "opening", "lead"),
    [
        (
            "projects/very-long-name-of-a-nightly-job-2026-small",
            "",
            "$80.09 more than last Thursday by 14:05: "
            "all of it is the new key projects/ve…26-small on claude-opus-5.",
        ),
        (
            "projects/very-long-name-of-a-nightly-job-2026-small",
            "Only key projects/very-long-n…26-small and model claude-opus-5",
            "$80.09 more than last Thursday by 14:05: "
            "all of it is the new key projects/ve…26-small on claude-opus-5.",
        ),
        (
            "projects/very-long-name-of-a-nightly-job-2026-small",
            "Budget of a very long name, Nov 2 to Nov 8",
            "Budge…ov 8: $80.09 more than last Thursday by 14:05: "
            "all of it is the new key projects…small on claude-opus-5.",
        ),
    ],
)
def test_a_first_line_is_never_longer_than_a_lock_screen_shows(key: str, opening: str, lead: str) -> None:
    facts = changed_by(replace(NIGHTLY, key=key), after="161.07")

    found = str(why_view(replace(facts, opening=opening)).lead)

    assert found == lead
    assert len(found) <= LONGEST_LEAD


def test_a_filter_that_has_no_room_in_the_first_line_opens_the_next() -> None:
    facts = replace(changed_by(NIGHTLY, SEARCH, after="166.59"), opening="Yesterday, only provider anthropic")

    assert words(why_view(facts))[:2] == [
        "Yesterday: $85.61 more than last Thursday by 14:05: $80.09 is the new key agents-nightly on claude-opus-5.",
        "Only provider anthropic. agents-nightly: 14.3M tokens at $5.60 per 1M. "
        "The rest is more requests on search-prod.",
    ]


def test_what_falls_against_the_change_is_said_as_such() -> None:
    view = why_view(changed_by(NIGHTLY, CACHE, after="160.39"))

    assert words(view)[:2] == [
        "$79.41 more than last Thursday by 14:05: $80.09 is the new key agents-nightly on claude-opus-5.",
        "agents-nightly: 14.3M tokens at $5.60 per 1M. The rest is $0.68 less.",
    ]
    assert picture(view).title == "$79.41 more than last Thursday, $80.09 more on agents-nightly"
    assert picture(view).steps[1].money == "−$0.68"


def test_the_same_total_made_of_other_parts_says_so() -> None:
    view = why_view(
        changed_by(replace(SEARCH, nanos=nanos("2")), replace(CACHE, nanos=nanos("-2")), after="80.98")
    )

    assert str(view.lead) == "The same as last Thursday by 14:05: rises of $2.00 and falls of as much."


def test_many_small_parts_of_one_cause_are_said_together_with_the_largest() -> None:
    """Forty new keys of $2 each: that the first of them cost $2 is not why."""
    keys = [replace(NIGHTLY, key=f"key-{number:02}", nanos=nanos("2")) for number in range(40)]
    volumes = [replace(SEARCH, key=f"key-{number:02}", nanos=nanos("2") + number) for number in range(4)]

    def lead(*parts: NamedPart, after: str) -> str:
        return str(why_view(changed_by(*parts, after=after)).lead).partition(": ")[2]

    assert lead(*keys, after="160.98") == "$80.00 is 40 new keys, the largest key-00 ($2.00)."
    assert lead(*keys, replace(CACHE, nanos=nanos("-1")), after="159.98") == (
        "$80.00 is 40 new keys, the largest key-00 ($2.00)."
    )
    assert picture(why_view(changed_by(*keys, after="160.98"))).title == (
        "$80.00 more than last Thursday, $80.00 of it 40 new keys"
    )
    assert lead(*volumes, after="88.98") == "$8.00 is more volume on 4 keys, the largest key-03 ($2.00)."


def test_a_long_first_line_leaves_out_the_largest_of_many_before_it_cuts_what_it_opens_with() -> None:
    """ "Novem… far" tells nobody which days these are."""
    volumes = [
        replace(SEARCH, key=f"a-key-of-some-length-{number:02}", nanos=nanos("2")) for number in range(4)
    ]
    facts = replace(
        changed_by(*volumes, after="88.98"), opening="November so far", against="the last 7 days by 14:05"
    )

    assert str(why_view(replace(facts, opening="November of a year so far")).lead) == (
        "November of a year: $8.00 more than the last 7 days by 14:05: $8.00 is more volume on 4 keys."
    )


def test_a_rest_below_a_cent_is_nothing_to_speak_of() -> None:
    view = why_view(changed_by(NIGHTLY, replace(CACHE, nanos=-1_333), after="161.07"))

    assert words(view)[:2] == [
        "$80.09 more than last Thursday by 14:05: all of it is the new key agents-nightly on claude-opus-5.",
        "agents-nightly: 14.3M tokens at $5.60 per 1M.",
    ]


def test_a_change_below_a_cent_is_not_zero_and_nothing_opens_a_sentence() -> None:
    below = Total(nanos=5, before_nanos=2, estimated_nanos=5)
    tiny = why_view(replace(changed_by(replace(SEARCH, nanos=3), after="1"), totals=(below,)))
    nothing = why_view(replace(FACTS, parts=(), totals=(Total(nanos=0, before_nanos=0),)))

    assert str(tiny.lead).startswith("<$0.01 more than last Thursday by 14:05: all of it is ")
    assert picture(tiny).change.money == "+<$0.01"
    assert str(nothing.lead) == "Nothing, the same as last Thursday by 14:05."


def test_days_are_only_called_before_where_they_are() -> None:
    """November so far against the last 7 days: those are not the 7 days before November."""
    today = CLOCK.today

    def against(first: int, last: int) -> str:
        base = Period(kind=PeriodKind.DAYS, first=today.replace(day=first), last=today.replace(day=last))
        now = Period(kind=PeriodKind.DAYS, first=today.replace(day=13), last=today, until=CLOCK.now)
        return named(now, base, CLOCK)[0]

    assert against(6, 12) == "the 7 days before"
    assert against(13, 19) == "the last 7 days"
    assert against(2, 8) == "Nov 2 to Nov 8"
