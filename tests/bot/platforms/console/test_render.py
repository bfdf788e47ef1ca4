"""The console: 72 columns, aligned tables, no box characters, colour only when asked."""

from bot.platforms.console.render import render, table_lines
from bot.views.model import Button, Name, Table, Tone, View, line

TABLE = Table(("Model", "Today"), (("a", "$5.00"), ("longer", "$10.00")), ("Total", "$15.00"), frozenset({1}))
VIEW = View(
    title="t",
    lead=line("Spike: ", Name("agents-nightly"), " spent $11.55 since 10:00, usually nothing at this time."),
    body=(line("Second line."),),
    table=TABLE,
    footer="As of 14:05 CET · billed",
    buttons=(
        Button("By key", "by_key", value="spend by key"),
        Button("Set a budget", "b", "/budget set 500 monthly"),
    ),
    tone=Tone.ATTENTION,
)


def test_slots_come_in_their_order_and_nothing_is_wider_than_72_columns() -> None:
    assert render(VIEW, picture="spike.png").splitlines() == [
        "Spike: agents-nightly spent $11.55 since 10:00, usually nothing at this",
        "time.",
        "Second line.",
        "Model    Today",
        "a        $5.00",
        "longer  $10.00",
        "Total   $15.00",
        "As of 14:05 CET · billed",
        "Picture: spike.png",
        "Set a budget: /budget set 500 monthly",
    ]


def test_colour_only_when_asked() -> None:
    assert "\x1b" not in render(VIEW)
    assert render(VIEW, colour=True).startswith("\x1b[1m\x1b[33mSpike: ")


def test_a_name_wider_than_the_text_is_broken_over_lines_and_never_cut() -> None:
    lines = table_lines(
        Table(("Key", "Today"), (("x" * 200, "$5.00"), ("b", "$1.00")), numeric=frozenset({1}))
    )

    assert all(len(text) <= 72 for text in lines)
    assert "".join(text.split()[0] for text in lines[1:-1]) == "x" * 200
    assert lines[-2].endswith("$5.00")


def test_sections_are_set_apart_by_a_blank_line() -> None:
    table = Table(("P", "M"), (("a", "1"), ("b", "2")), numeric=frozenset({1}), sections=(1,))

    assert table_lines(table) == ["P  M", "a  1", "", "b  2"]
