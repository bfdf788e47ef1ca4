"""The model the properties lean on sees everything that must not happen."""

import pytest

from tests.bot.platforms.discord.markdown_model import Piece, parse, visible


@pytest.mark.parametrize(
    ("markdown", "kind"),
    [
        ("a <@1> b", "user"), ("<@!1>", "user"), ("<@&1>", "role"), ("<#1>", "channel"), ("</cmd:1>", "command"),
        ("<t:1700000000:R>", "timestamp"), ("<t:1>", "timestamp"), ("<:x:1>", "emoji"), ("<a:x:1>", "emoji"),
        (":smile:", "emoji"), ("<id:customize>", "guide"), ("@everyone", "everyone"), ("x@here", "everyone"),
        ("# a", "header"), ("a\n### b", "header"), ("-# a", "subtext"), ("> a", "quote"), (">>> a", "quote"),
        ("- a", "list"), ("* a", "list"), (" 1. a", "list"), ("---", "rule"), ("||a||", "spoiler"),
        ("[a](https://x.example)", "link"), ("https://x.example", "link"), ("<mailto:a@x.example>", "link"),
        ("discord.gg/abc", "invite"), ("*a*", "italic"), ("_a_", "italic"), ("__a__", "underline"),
        ("**a**", "bold"), ("~~a~~", "strike"), ("`a`", "code"), ("```a```", "code block"),
    ],
)  # fmt: skip
def test_it_sees(markdown: str, kind: str) -> None:
    assert kind in {piece.kind for piece in parse(markdown)}


def test_a_backslash_makes_the_next_sign_plain() -> None:
    assert parse(r"\*a\* \<@1\> \# \`b\`") == [Piece("text", "*a* <@1> # `b`")]


def test_code_inside_bold_ends_the_bold_where_it_holds_two_stars() -> None:
    """As clients do: they look for the end of bold before they look for code."""
    assert parse("**a `b` c**") == [Piece("bold", "a "), Piece("code", "b"), Piece("bold", " c")]
    assert "text" in {piece.kind for piece in parse("**a `b**b` c**")}


def test_what_is_read_is_without_markup() -> None:
    assert visible("**$9** of `a`\n[b](<https://x.example>)") == "$9 of a\nb"
