"""The same commands, options and buttons on every platform; what differs stands here with its reason."""

import ast
from pathlib import Path

import bot.views
from bot import commands
from bot.commands.spec import CommandSpec
from bot.desk.actions import FORM_ACTIONS, LINKS, all_actions
from bot.desk.forms import blank
from bot.platforms.discord.commands import SHARE, Leaf, leaves
from tests.bot.desk.arrivals import open_counter

# What one platform has and the others have not, and why.
ONLY_ON_DISCORD = {
    (
        "spend",
        "show",
    ): "a command with subcommands cannot be invoked itself there; elsewhere it is bare /spend",
    ("spend", "today"): "typed as a word behind /spend elsewhere; there a word of its own spares the option",
    ("spend", "week"): "as today",
    ("spend", "month"): "as today",
    ("spend", "alerts", "here"): "what a word chooses elsewhere is a subcommand of a group there",
    ("spend", "alerts", "off"): "as alerts here",
    ("spend", "summary", "at"): "as alerts here",
    ("spend", "summary", "now"): "as alerts here",
    ("spend", "summary", "off"): "as alerts here",
}
FILLED_IN_A_FORM = {
    ("spend", "connect"): "a key is never an option; the form asks for provider, name and key"
}


def of(spec: CommandSpec) -> list[Leaf]:
    """Return what a command became on Discord."""
    return [leaf for leaf in leaves() if leaf.spec.path == spec.path]


def test_every_command_is_on_discord_with_every_option() -> None:
    missing = {
        (spec.name, param.name)
        for spec in commands.all_specs()
        for param in spec.params
        if param.name
        not in {each for leaf in of(spec) for each in (*(p.name for p in leaf.params), *leaf.fixed)}
    }

    assert missing == set()
    assert all(of(spec) for spec in commands.all_specs())


def test_discord_has_nothing_that_the_others_have_not_but_for_a_reason() -> None:
    names = {spec.path for spec in commands.all_specs()}
    extra = {leaf.path for leaf in leaves() if leaf.path not in names}

    assert extra == set(ONLY_ON_DISCORD)


def test_what_discord_calls_otherwise_can_be_typed_elsewhere() -> None:
    """`/spend today` there is the text `spend today` on Slack, the console and the command line."""
    for leaf in leaves():
        words = [word for word in leaf.path if word != "show"]
        values = leaf.fixed.values()
        found, _ = commands.find(" ".join([*words, *(value for value in values if value not in words)]))

        assert found.path == leaf.spec.path, leaf.path


def test_every_option_of_discord_is_a_parameter_of_the_one_description() -> None:
    for leaf in leaves():
        known = {param.name for param in leaf.spec.params}

        assert {param.name for param in leaf.params} | set(leaf.fixed) <= known
        assert SHARE not in known  # a word at the end elsewhere: how an answer is shown, not what is asked


def test_every_button_of_every_message_does_something_and_none_is_left_over() -> None:
    made = buttons_in_views()

    assert made == set(all_actions())
    assert all_actions() > FORM_ACTIONS
    assert all_actions() > LINKS


def buttons_in_views() -> set[str]:
    """Return the action of every button that any view makes, read from the source."""
    found: set[str] = set()
    for file in Path(next(iter(bot.views.__path__))).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Button":
                found |= _action(node)
    return found


def _action(call: ast.Call) -> set[str]:
    action = call.args[1] if len(call.args) > 1 else next(k.value for k in call.keywords if k.arg == "action")
    if isinstance(action, ast.JoinedStr):  # f"by_{cut}"
        return {"by_model", "by_project", "by_key"}
    if isinstance(
        action, ast.Name | ast.Attribute
    ):  # that of another button or form, which is asked for again
        return set()
    assert isinstance(action, ast.Constant), ast.dump(action)
    return {str(action.value)}


async def test_every_form_that_a_button_opens_is_there(tmp_path: Path) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        names = {blank(counter.bot.house, action).name for action in FORM_ACTIONS}

    assert names == FORM_ACTIONS - {"raise_budget"}  # it is filled from the budget it raises, never blank
