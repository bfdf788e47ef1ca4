"""/spend and /budget: the words go to the desk, the answer comes back through the response URL."""

from collections.abc import Mapping
from typing import Any

from bot.platforms.slack.acts import read_command
from bot.platforms.slack.modals import open_soon, show
from bot.platforms.slack.office import Office

_BINDS_CHANNEL = "here"
_CONNECT, _SET_BUDGET = ["/spend", "connect"], ["/budget", "set"]


async def answer_command(office: Office, body: Mapping[str, Any]) -> None:
    """Answer a slash command that was acknowledged already."""
    act, text = read_command(body)
    words = text.casefold().split()
    if words[:2] == _CONNECT or words == _SET_BUDGET:
        await open_soon(office, act, lambda arrival: office.desk.ask(arrival, text))
        return
    arrival = await office.arrival(act, binds_channel=_BINDS_CHANNEL in words)
    await show(office, await office.desk.ask(arrival, text), act, arrival)
