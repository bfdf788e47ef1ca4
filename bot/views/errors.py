"""Refusals and near misses: one sentence for what, one for the way. Nothing was changed."""

from collections.abc import Sequence
from datetime import date

from bot.views import text
from bot.views.model import Layout, Tone, View, line
from bot.views.names import nearest, short
from bot.views.times import Clock

WINDOWS = ("today", "yesterday", "week", "month", "last 7 days", "since DATE", "DATE..DATE")
DIMENSIONS = ("provider", "project", "model", "key", "user", "tier", "day", "hour")


def refusal_view(sentence: str) -> View:
    """Wrap a finished sentence as the private answer to what could not be done."""
    return View(layout=Layout.NOTE, title="refused", lead=line(sentence), is_refusal=True)


def fault_view(code: str) -> View:
    """Build the answer when the fault is ours; `code` finds it in the log."""
    words = f"This could not be added up; nothing was changed. The log calls it {code}."
    return View(layout=Layout.NOTE, title="fault", lead=line(words), tone=Tone.TROUBLE, is_refusal=True)


def not_a_window(said: str, near: str, mended: str) -> str:
    """Refuse words that are no window, with the nearest one in place of them in the whole command."""
    others = [window for window in WINDOWS if window != near]
    return f'"{short(said)}" is not a window. Nearest: {mended}. Also {", ".join(others)}.'


def not_a_dimension(said: str, near: str, mended: str) -> str:
    """Refuse a dimension there is nothing of, with the nearest in its place in the whole command, and the common."""
    others = [dimension for dimension in DIMENSIONS if dimension != near]
    return f'"{short(said)}" is nothing to cut by. Nearest: {mended}. Also {", ".join(others)}.'


def too_many_dimensions(asked: Sequence[str]) -> str:
    """Refuse more than two dimensions."""
    return f"Two at most: this asks for {text.listed([short(one) for one in asked])}."


def nothing_matches(dimension: str, pattern: str, known: Sequence[str], *, days: int = 90) -> str:
    """Refuse a filter that nothing matches, with the nearest names."""
    near = nearest(pattern.strip("*"), known)
    words = f"No {dimension} matches {short(pattern)} in the last {days} days."
    return f"{words} Nearest: {', '.join(short(name) for name in near)}." if near else words


def still_to_come(day: date, history_from: date | None, clock: Clock) -> str:
    """Refuse a window in the future. `history_from` None: nothing is known yet."""
    history = (
        f"History runs from {clock.on(history_from)} to today." if history_from else "Nearest: /spend today."
    )
    return f"{day.isoformat()} is still to come. {history}"


def before_history(window_name: str, history_from: date, clock: Clock) -> str:
    """Refuse a window before the history. `window_name`: "May", "Nov 3 to Nov 9"."""
    return f"History starts on {clock.on(history_from)}; {window_name} lies before it."


def budget_needs_period(amount: str) -> str:
    """Refuse a budget without a period."""
    return f"A budget needs a period: /budget set {short(amount)} monthly (or weekly, daily)."


def key_in_words(provider: str, *, command: str = "/spend connect") -> str:
    """Answer a key pasted into a command, without repeating it. `provider`: whose key it looks like, '' if unknown."""
    where = f" at {provider}" if provider else ""
    return (
        "That looks like a provider key; it was not kept. "
        f"It is in your client's history now: revoke it{where}, then use {command}."
    )


def only_admins(act: str, admins: Sequence[str]) -> str:
    """Refuse what only admins may do. `act`: "set budgets"."""
    names = [short(name) for name in admins if ":" not in name][
        :3
    ]  # the id of an account tells people nothing
    return f"Only admins {act} here. Ask {text.listed(names, last='or') if names else 'one of them'}."


def no_such_alert(code: str) -> str:
    """Refuse an act on an alert that is not there."""
    return f"There is no alert {short(code)} here any more. /spend status shows what is open."


def needs_code(command: str) -> str:
    """Refuse words about an alert that do not say which."""
    return f"Which alert? Its code ends it: {command} K7Q2. The codes are in /spend incidents."


def not_a_code(said: str) -> str:
    """Refuse what is no code of an alert."""
    return f'"{short(said)}" is not the code of an alert, which looks like K7Q2. The codes are in /spend incidents.'


def only_of_spikes(code: str) -> str:
    """Refuse to call expected or false what no judgement was needed for."""
    return f"Only spikes are called expected or false; alert {short(code)} is none. Spikes are in /spend incidents."


def nothing_to_take_back(code: str) -> str:
    """Refuse to take back what nobody said."""
    return f"Nothing was said of alert {short(code)} that could be taken back."


def nothing_to_split(code: str) -> str:
    """Refuse the why of an alert that is not about money spent."""
    return f"Alert {short(code)} is about no spend that could be split. Nearest: /spend why today."


def over_already(code: str) -> str:
    """Refuse an act on an alert that has ended."""
    return f"Alert {short(code)} is over; there is nothing to quieten."


def no_such_button(action: str) -> str:
    """Refuse a button or form of another version."""
    return f"This button ({short(action)}) is of another version. /spend help shows what there is."


def button_too_old() -> str:
    """Refuse a button whose words are not kept any more."""
    return "This button is too old. Ask again: /spend help shows how."


def no_such_connection() -> str:
    """Refuse an act on a connection that is gone."""
    return "This connection is not there any more. /spend connections shows what is."


def place_not_linked(platform: str, external_id: str) -> str:
    """Refuse a chat place that belongs to no workspace; a direct message is no place."""
    if platform != "discord":
        return "This Slack workspace is not linked. Whoever runs spendbot sets its bot token."
    if not external_id:
        return "Figures are shown in the channels of a linked server only. Ask there."
    return guild_not_linked(external_id)


def members_only(workspace: str) -> str:
    """Refuse guests, outsiders and direct messages."""
    return f"Figures are shown to members of {short(workspace)}, in its channels."


def may_not_post(platform: str, channel: str) -> str:
    """Refuse a channel in which the bot may not post, with what lets it."""
    if platform == "discord":
        lets_it = "Give it View Channel and Send Messages there, then ask again."
        return f"spendbot may not post in {short(channel)}. {lets_it}"
    if platform == "console":
        return f"The console has no channel {short(channel)}. Set this budget in the chat where it is."
    return f"spendbot is not in {short(channel)} yet. Type /invite @spendbot there, then ask again."


def form_too_late() -> str:
    """Refuse to open a form for an act that is too long ago."""
    return "That took too long to open. Ask again."


def no_users(connections: Sequence[str]) -> str:
    """Refuse `by user` where nobody reports users."""
    verb = "reports" if len(connections) == 1 else "report"
    return f"{text.listed([short(label) for label in connections])} {verb} no users. Nearest: /spend by key."


def guild_not_linked(guild_id: str) -> str:
    """Refuse a Discord server that is not linked."""
    return (
        f"This server is not linked. Whoever runs spendbot adds {short(guild_id)} to SPENDBOT_DISCORD_GUILDS."
    )


def _first(said: str, known: Sequence[str], default: str) -> str:
    return next(iter(nearest(said, known, 1)), default)
