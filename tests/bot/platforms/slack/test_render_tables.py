"""Tables as Slack blocks, and as text where Slack refuses them."""

from dataclasses import replace

from bot.platforms.slack.render import render
from bot.views.model import Table
from tests.bot.platforms.slack.rendered import VIEW, blocks_of, bold_cell, raw
from tests.bot.platforms.slack.slack_rules import problems_of, texts_of


def test_a_table_has_its_numbers_at_the_right_no_empty_cell_and_a_bold_total() -> None:
    assert blocks_of(render(VIEW))[1] == {
        "type": "table",
        "column_settings": [{"align": "left", "is_wrapped": True}, {"align": "right"}, {"align": "right"}],
        "rows": [
            [raw("Model"), raw("Today"), raw("Share")],
            [raw("claude-opus-5"), raw("$95.41"), raw("57%")],
            [raw("gpt-5.2"), raw("$71.18"), raw(" ")],
            [bold_cell("Total"), bold_cell("$166.59"), bold_cell("100%")],
        ],
    }


def test_a_new_section_of_a_table_has_a_blank_row_before_it_and_each_ends_with_its_total() -> None:
    sections = (("a", "USD 1.00"), ("Total", "USD 1.00"), ("b", "EUR 2.00"), ("Total", "EUR 2.00"))
    table = Table(("P", "M"), sections, numeric=frozenset({1}), sections=(2,))

    rows = blocks_of(render(replace(VIEW, table=table)))[1]["rows"]

    assert rows[1:] == [
        [raw("a"), raw("USD 1.00")],
        [bold_cell("Total"), bold_cell("USD 1.00")],
        [raw(" "), raw(" ")],
        [raw("b"), raw("EUR 2.00")],
        [bold_cell("Total"), bold_cell("EUR 2.00")],
    ]


def test_the_short_table_is_shown_where_there_is_one() -> None:
    short = Table(("Model", "Today"), (("other (5)", "$5.00"),))

    rows = blocks_of(render(replace(VIEW, table=Table(("Model", "Today"), (("a", "$5"),) * 9, short=short))))[
        1
    ]

    assert rows["rows"][1:] == [[raw("other (5)"), raw("$5.00")]]


def test_a_table_that_is_too_long_counts_the_rows_left_out_before_its_total() -> None:
    rows = tuple((f"2026-01-{day % 31 + 1:02d}", f"${day}.00") for day in range(400))
    table = Table(("Day", "Spent"), rows, ("Total", "$79,800"), frozenset({1}))

    shown = blocks_of(render(replace(VIEW, table=table)))[1]["rows"]

    assert shown[-2] == [raw(f"and {400 - (len(shown) - 3)} more rows"), raw(" ")]
    assert shown[-1] == [bold_cell("Total"), bold_cell("$79,800")]
    assert problems_of(render(replace(VIEW, table=table)).blocks) == []


def test_where_slack_refuses_a_table_its_text_has_sections_and_counts_what_it_leaves_out() -> None:
    rows = (("a", "USD 1.00"), ("b", "EUR 2.00"))
    short = Table(("P", "M"), rows, numeric=frozenset({1}), sections=(1,))
    long = Table(("P", "M"), rows * 200, ("Total", "400"), numeric=frozenset({1}))

    def lines_of(table: Table) -> list[str]:
        text = blocks_of(render(replace(VIEW, table=table), has_table=False))[1]["elements"][0]["elements"][
            0
        ]["text"]
        return str(text).splitlines()

    assert lines_of(short) == ["P         M", "a  USD 1.00", "", "b  EUR 2.00"]
    assert lines_of(long)[-1] == "Total       400"
    assert lines_of(long)[-2] == f"and {400 - (len(lines_of(long)) - 3)} more rows"


def test_where_slack_refuses_a_table_of_34_columns() -> None:
    table = Table(
        ("Model", "Today", "Share", "Tokens", "per 1M"),
        (("text-embedding-3-small", "$95.41", "57%", "17.0M", "$5.60"), ("gpt", "$71.18", "43%", "1", "$1")),
        ("Total", "$166.59", "100%", "18.0M", "$3"),
        frozenset({1, 2, 3, 4}),
    )

    preformatted = blocks_of(render(replace(VIEW, table=table), has_table=False))[1]["elements"][0]

    assert preformatted["type"] == "rich_text_preformatted"
    assert preformatted["elements"][0]["text"].splitlines() == [
        "Model                 Today  Share",
        "text-embed…3-small   $95.41    57%",
        "gpt                  $71.18    43%",
        "Total               $166.59   100%",
        "and 2 more columns",
    ]


def test_a_table_has_a_hundred_rows_at_most() -> None:
    message = render(replace(VIEW, body=(), table=Table(("A", "B"), (("a", "1"),) * 400, ("T", "2"))))

    assert len(blocks_of(message)[1]["rows"]) == 100
    assert "and 303 more rows" in texts_of(message.blocks)


def test_a_cell_of_several_words_is_whole_and_a_name_in_it_is_cut_like_any_name() -> None:
    words = "The new key agents-nightly on claude-opus-5 in project Agents"
    table = Table(("Part", "Change"), ((words, "+$80.09"), ("n" * 60, "+$1.00")), numeric=frozenset({1}))

    rows = blocks_of(render(replace(VIEW, table=table)))[1]["rows"]

    assert [row[0]["text"] for row in rows[1:]] == [words, f"{'n' * 23}…{'n' * 16}"]
