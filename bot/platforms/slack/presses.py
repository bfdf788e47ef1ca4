"""Buttons: what was pressed goes to the desk; the answer stands in place of the pressed one, or comes privately."""

from collections.abc import Mapping
from typing import Any

from bot.desk import Arrival, Form, Reply
from bot.desk.actions import FORM_ACTIONS
from bot.platforms.slack.acts import part, read_interaction
from bot.platforms.slack.home_tab import HomeTab
from bot.platforms.slack.modals import open_soon, show
from bot.platforms.slack.office import Office
from bot.platforms.slack.read import pressed

_BINDS_CHANNEL = "alerts_here"


async def answer_press(office: Office, home: HomeTab, body: Mapping[str, Any]) -> None:
    """Answer a press that was acknowledged already. A link only leads away."""
    act = read_interaction(body)
    found = _pressed(body)
    if found is None:
        return
    action, value = found

    async def form(arrival: Arrival) -> Form | Reply:
        return await office.desk.form(arrival, action, value)

    if action in FORM_ACTIONS:
        await open_soon(office, act, form)
        return
    arrival = await office.arrival(act, binds_channel=action == _BINDS_CHANNEL)
    reply = await office.desk.press(arrival, action, value, on_answer=act.is_on_answer)
    await show(office, reply, act, arrival)
    if part(body, "view").get("type") == "home":
        await home.show(office, act)


def _pressed(body: Mapping[str, Any]) -> tuple[str, str] | None:
    actions = body.get("actions")
    is_one = isinstance(actions, list) and actions and isinstance(actions[0], dict)
    return pressed(actions[0]) if is_one and actions else None
