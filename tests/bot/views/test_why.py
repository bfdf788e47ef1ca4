"""Why, word for word: Harbor Notes on Thu Nov 19, 14:05, and what one row can say."""

from dataclasses import replace

import pytest

from bot.views.facts import Total, Unpriced
from bot.views.why import why_view
from bot.views.why_chart import step_name
from bot.views.why_detail import detail
from bot.views.why_gather import gathered
from bot.views.why_words import NamedPart
from spend.explain import Cause, Facts, Thing
from tests.bot.views.harbor import nanos
from tests.bot.views.why_cases import CACHE, FACTS, NIGHTLY, SEARCH, changed_by, picture, said


def test_the_picture_goes_from_one_total_to_the_other() -> None:
    chart = picture(why_view(FACTS))

    assert chart.title == "$85.61 more than last Thursday, $80.09 of it agents-nightly"
    assert chart.subtitle == "Today against last Thursday by 14:05, USD"
    assert (chart.before, chart.after) == (("Last Thursday", "$80.98"), ("Today", "$166.59"))
    assert [(step.name, step.money, step.is_bold) for step in chart.steps] == [
        ("agents-nightly, new", "+$80.09", True),
        ("search-prod, volume", "+$5.52", False),
    ]
    assert chart.change.money == "+$85.61"
    assert chart.alt == (
        "$85.61 more than last Thursday, $80.09 of it agents-nightly. Waterfall chart from $80.98 to $166.59; "
        "agents-nightly, new +$80.09, search-prod, volume +$5.52."
    )


def test_many_parts_are_seven_and_other_in_chat_and_the_shown_ones_make_the_change() -> None:
    parts = [replace(SEARCH, key=f"key-{number:02}", nanos=nanos("1.005")) for number in range(12)]
    view = why_view(changed_by(NIGHTLY, *parts, after="173.13"))

    assert view.table is not None
    assert len(view.table.rows) == 13
    rows = view.table.for_chat.rows
    assert len(rows) == 8
    assert rows[-1] == ("Other (6)", "+$6.00")
    assert sum(round(100 * float(cell.replace("+$", ""))) for _, cell in rows) == 9215
    assert view.table.total == ("Change", "+$92.15")
    assert str(view.body[0]).endswith(" The rest is 12 smaller parts.")
    assert view.data is not None
    assert len(view.data["table"]["rows"]) == 13


def test_parts_below_a_cent_are_one_row_and_all_of_them_are_in_the_exact_object() -> None:
    dust = [replace(SEARCH, key=f"key-{number}", nanos=1_000_000) for number in range(3)]
    view = why_view(replace(changed_by(NIGHTLY, *dust, after="161.073")))

    assert view.table is not None
    assert [row[0] for row in view.table.rows] == ["The new key agents-nightly on claude-opus-5", "Other (3)"]
    assert view.data is not None
    assert len(view.data["table"]["rows"]) == 4


def test_several_currencies_have_a_section_each_and_are_never_added() -> None:
    euro = replace(SEARCH, currency="EUR", nanos=nanos("-3"))
    view = why_view(
        replace(
            FACTS,
            totals=(*FACTS.totals, Total(nanos=nanos("1"), currency="EUR", before_nanos=nanos("4"))),
            parts=(NIGHTLY, SEARCH, euro),
        )
    )

    assert str(view.lead) == "USD 85.61 more and EUR 3.00 less than last Thursday by 14:05, not added."
    assert view.table is not None
    assert view.table.sections == (3,)
    assert view.table.total is None
    assert [row[1] for row in view.table.rows] == [
        "+USD 80.09",
        "+USD 5.52",
        "+USD 85.61",
        "-EUR 3.00",
        "-EUR 3.00",
    ]
    assert str(view.body[0]).startswith("USD 80.09 is the new key agents-nightly on claude-opus-5. ")
    assert str(view.body[1]) == "By cause: new +USD 80.09, volume +USD 5.52."
    assert view.data is not None
    assert [(each["currency"], each["change"]) for each in view.data["changes"]] == [
        ("USD", "85.61"),
        ("EUR", "-3"),
    ]


def test_tokens_without_a_price_are_in_no_part_and_said_so() -> None:
    view = why_view(replace(FACTS, unpriced=(Unpriced("ft:gpt-5-mini:harbor", "completions", 12_400_000),)))

    assert str(view.body[-1]) == "12.4M tokens not priced (ft:gpt-5-mini:harbor): in no part."


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (NIGHTLY, "the new key agents-nightly on claude-opus-5"),
        (replace(NIGHTLY, is_first_use=False), "the key agents-nightly on claude-opus-5, unused then"),
        (replace(NIGHTLY, cause=Cause.GONE), "the key agents-nightly on claude-opus-5, unused now"),
        (replace(NIGHTLY, thing=Thing.MODEL), "the new model claude-opus-5 on agents-nightly"),
        (replace(NIGHTLY, thing=Thing.USE), "claude-opus-5 on agents-nightly, unused there then"),
        (replace(NIGHTLY, thing=Thing.MODEL, models=(), kind="file_search"),
         "file searches on agents-nightly, unused there then"),
        (replace(NIGHTLY, cause=Cause.GONE, thing=Thing.MODEL, models=(), kind="fee", nanos=-1),
         "other charges on agents-nightly, unused there now"),
        (replace(NIGHTLY, thing=Thing.PROJECT), "the new project Agents"),
        (replace(NIGHTLY, thing=Thing.CONNECTION), "the new key agents-nightly on claude-opus-5"),
        (replace(NIGHTLY, thing=Thing.CONNECTION, key=""), "the new connection Harbor Anthropic"),
        (SEARCH, "more requests on search-prod"),
        (replace(SEARCH, nanos=-1, before=Facts()), "fewer tokens on search-prod"),
        (replace(SEARCH, cause=Cause.MODELS, models=("gpt-5.2",)), "a larger share of gpt-5.2 on search-prod"),
        (replace(SEARCH, cause=Cause.SIZE), "larger requests on search-prod"),
        (replace(SEARCH, cause=Cause.TIER, nanos=-1), "a cheaper tier on search-prod"),
        (replace(SEARCH, cause=Cause.TIER, tier_from="batch tier=default", tier="default"),
         "the move from batch to standard on search-prod"),
        (replace(SEARCH, cause=Cause.TIER, tier_from="standard context_window=0-200k",
                 tier="standard context_window=200k-1M"),
         "the move from context window 0-200k to context window 200k-1M on search-prod"),
        (replace(SEARCH, cause=Cause.TIER, tier_from="standard", tier="standard speed=fast"),
         "the move from standard to speed fast on search-prod"),
        (CACHE, "more cache hits on support-prod"),
        (replace(SEARCH, cause=Cause.PRICE, models=("gpt-5.2",)), "a higher price of gpt-5.2"),
        (
            replace(SEARCH, cause=Cause.BILL, models=("gpt-5.2", "gpt-5-mini")),
            "the bill against the estimate of gpt-5.2 and 1 more",
        ),
        (replace(CACHE, nanos=1), "more cache writes on support-prod"),
        (replace(CACHE, nanos=1, before=CACHE.after, after=CACHE.before), "fewer cache hits on support-prod"),
        (replace(CACHE, before=CACHE.after, after=CACHE.before), "fewer cache writes on support-prod"),
        (replace(SEARCH, cause=Cause.CHARGES, key="a", kind="web_search"), "more web searches on a"),
        (replace(SEARCH, cause=Cause.CHARGES, nanos=-1, kind="completions"), "fewer other charges on search-prod"),
        (replace(SEARCH, cause=Cause.PRICED, models=("tuned",)), "tuned, priced only in part"),
    ],
)  # fmt: skip
def test_each_cause_has_its_words(part: NamedPart, sentence: str) -> None:
    assert said(part) == sentence


def test_the_figures_behind_a_part_are_one_sentence() -> None:
    def behind(part: NamedPart) -> str:
        return "".join(span if isinstance(span, str) else span.text for span in detail(part))

    assert behind(SEARCH) == "search-prod: 1,204 requests, were 1,000."
    assert behind(replace(SEARCH, cause=Cause.SIZE, nanos=-1)) == (
        "search-prod: 1.99K tokens a request, were 2.00K."
    )
    assert behind(replace(NIGHTLY, maker="Dana Weiss")) == (
        "agents-nightly: 14.3M tokens at $5.60 per 1M; Dana Weiss made the key."
    )
    assert behind(CACHE) == "support-prod: 80% of its input came from the cache, was 35%."
    assert behind(replace(SEARCH, cause=Cause.PRICE, models=("gpt-5.2",))) == (
        "gpt-5.2: $10.63 per 1M in all, was $10.00."
    )


def test_a_credit_is_called_one_and_never_put_together_with_what_was_bought() -> None:
    """$11 of web searches and a credit of $5: "$6 of web searches" was neither."""
    searches = replace(
        NIGHTLY, thing=Thing.MODEL, models=(), kind="web_search", nanos=nanos("11"), key="search-prod"
    )
    credit = replace(searches, kind="other", nanos=nanos("-5"), key="", owner="Search")

    assert [(said(part), part.nanos) for part in gathered([searches, credit])] == [
        ("web searches on search-prod, unused there then", nanos("11")),
        ("a credit on Search", nanos("-5")),
    ]
    gone = replace(credit, cause=Cause.GONE, nanos=nanos("5"), thing=Thing.USE)
    assert said(gone) == "an earlier credit on Search"


def test_requests_that_were_not_counted_are_tokens() -> None:
    """A part of an hour counted no whole request; the split took tokens for them, and so do the words."""
    part = replace(SEARCH, after=replace(SEARCH.after, requests=0))

    assert said(part) == "more tokens on search-prod"
    assert str(detail(part)[1]) == ": 2.40M tokens, were 2.00M."


def test_figures_that_go_the_other_way_than_the_part_are_not_said() -> None:
    """A price rose, but cheaper tokens were bought at it: "a higher price ... $9 in all, was $10" explains nothing."""
    cheaper = Facts(nanos=nanos("9"), requests=10, tokens=1_000_000)
    dearer = Facts(nanos=nanos("10"), requests=10, tokens=1_000_000)
    price = replace(SEARCH, cause=Cause.PRICE, models=("gpt-5.2",), before=dearer, after=cheaper)

    assert detail(price) == ()
    assert detail(replace(price, nanos=-1)) != ()
    assert detail(replace(SEARCH, cause=Cause.SIZE)) == ()


def test_windows_of_different_length_say_so_and_what_a_day_cost() -> None:
    """$166.59 of one day against $560 of seven: 80 a day."""
    fewer = replace(SEARCH, nanos=nanos("-393.41"))
    facts = changed_by(fewer, before="560", after="166.59")

    over, running = (
        why_view(replace(facts, days=(1, 7), is_running=is_running)) for is_running in (False, True)
    )

    assert str(over.body[0]).startswith("1 day against 7: $166.59 a day, were $80.00. search-prod: ")
    assert str(running.body[0]).startswith("1 day, not over, against 7. search-prod: ")


def test_a_credit_larger_than_all_spend_is_drawn_with_the_minus_of_pictures() -> None:
    credit = replace(NIGHTLY, thing=Thing.MODEL, models=(), kind="other", nanos=nanos("-90"))
    chart = picture(why_view(changed_by(credit, after="-9.02")))

    assert [(step.name, step.money) for step in chart.steps] == [("credit, new", "\N{MINUS SIGN}$90.00")]
    assert chart.after == ("Today", "\N{MINUS SIGN}$9.02")


def test_a_title_names_the_whole_of_what_it_is_compared_with() -> None:
    week = why_view(replace(FACTS, against="Nov 2 to Nov 8"))
    clock_time = why_view(replace(FACTS, against="last week to Thursday 14:05"))

    assert picture(week).title.startswith("$85.61 more than Nov 2 to Nov 8, ")
    assert picture(clock_time).title.startswith("$85.61 more than last week, ")


def test_what_is_new_on_a_key_is_named_in_the_picture_and_not_the_key() -> None:
    search = replace(NIGHTLY, thing=Thing.MODEL, models=(), kind="file_search", key="search-prod")

    assert step_name(search) == "file searches, new"
    assert step_name(replace(NIGHTLY, thing=Thing.USE, is_first_use=False)) == "claude-opus-5, unused then"
    assert step_name(replace(SEARCH, cause=Cause.CHARGES, kind="web_search")) == "search-prod, web searches"


def test_bills_that_differ_from_estimates_are_one_row_for_all_models_and_keys() -> None:
    """Nobody did anything: a lead needs one row of it, not one for each model."""
    bill = replace(SEARCH, cause=Cause.BILL, models=("gpt-5.2",), nanos=nanos("-0.23"))
    other = replace(bill, key="support-prod", models=("claude-sonnet-5",), nanos=nanos("-0.14"))

    (found,) = gathered([bill, other])

    assert said(found) == "the bill against the estimate of gpt-5.2 and 1 more"
    assert (found.nanos, step_name(found)) == (nanos("-0.37"), "bill against estimate")


def test_what_people_see_as_one_is_put_together() -> None:
    """A new key on two models is one part, and so is a price that rose on two keys."""
    haiku = replace(NIGHTLY, models=("claude-haiku-4-5",), nanos=nanos("1"))
    price = replace(SEARCH, cause=Cause.PRICE, models=("gpt-5.2",))
    other = replace(price, key="evals-ci", nanos=nanos("2"))

    found = gathered([NIGHTLY, haiku, price, other])

    assert [(said(part), part.nanos) for part in found] == [
        ("the new key agents-nightly on claude-opus-5 and 1 more", nanos("81.09")),
        ("a higher price of gpt-5.2", nanos("7.52")),
    ]


def test_names_that_would_break_a_picture_are_cleaned() -> None:
    hostile = replace(NIGHTLY, key="@everyone\n<!channel>\u202e" + "x" * 200)

    name = step_name(hostile)

    assert "\n" not in name
    assert "\u202e" not in name
