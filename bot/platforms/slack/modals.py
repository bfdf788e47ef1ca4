"""Forms: opened while Slack still lets us (3 s after the act), sent back to the desk, and what was wrong at its field.

Facts: Slack, "views.open" (trigger ids: 3 s, one use), "view_submission payload" (answered within 3 s with errors by
block, or with another view), checked 2026-11-20.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.desk import Arrival, FieldErrors, Form, How, Reply
from bot.platforms.slack.acts import Act, Origin, part, read_interaction, read_origin
from bot.platforms.slack.calls import called
from bot.platforms.slack.forms import render_form
from bot.platforms.slack.limits import Block
from bot.platforms.slack.modal_views import checking_view, opening_view, result_view, with_errors
from bot.platforms.slack.office import Office
from bot.platforms.slack.read import submitted
from bot.platforms.slack.refusals import SlackError
from bot.views.errors import form_too_late, refusal_view

log = structlog.get_logger("spendbot.slack")

OPEN_WITHIN_S = 1.2  # then the modal opens empty, while its trigger is still good
CHECK_WITHIN_S = 2.2  # then the modal says that it is being checked
SETTLE_S = 1.0  # Slack shows the answer to a form before it takes another view for it
_TOO_LATE = ("expired_trigger_id", "trigger_expired", "invalid_trigger_id")

type_ack = Callable[..., Awaitable[Any]]
type_outcome = Reply | FieldErrors | None


async def show(office: Office, reply: Reply | None, act: Act, arrival: Arrival) -> None:
    """Show a reply: open its form, or say it."""
    if reply is not None and reply.form is not None:
        await _open(office, act, arrival, _filled(reply.form, act))
    else:
        await office.answers.show(reply, act, arrival)


async def open_soon(
    office: Office, act: Act, prepare: Callable[[Arrival], Awaitable[Form | Reply | None]]
) -> None:
    """Open the form that `prepare` makes; where that takes long, an empty modal first that is filled later."""

    async def work() -> tuple[Arrival, Form | Reply | None]:
        arrival = await office.arrival(act)
        return arrival, await prepare(arrival)

    task = asyncio.create_task(work())
    try:
        arrival, made = await asyncio.wait_for(asyncio.shield(task), OPEN_WITHIN_S)
    except TimeoutError:
        await _open_and_fill(office, act, task)
        return
    await show(office, Reply(how=How.PRIVATE, form=made) if isinstance(made, Form) else made, act, arrival)


async def answer_submission(office: Office, body: Mapping[str, Any], ack: type_ack) -> None:
    """Acknowledge a sent form with what was wrong, or close it and say what came of it; in time in any case."""
    act = read_interaction(body)
    view = part(body, "view")
    origin = read_origin(view)
    name, values, value = submitted({**view, "private_metadata": origin.value})
    task = asyncio.create_task(_submit(office, act, name, values, value))
    try:
        arrival, outcome = await asyncio.wait_for(asyncio.shield(task), CHECK_WITHIN_S)
    except TimeoutError:
        await ack(response_action="update", view=checking_view(view))
        await asyncio.sleep(SETTLE_S)
        await _show_later(office, act, (name, values, value), task)
        return
    if isinstance(outcome, FieldErrors):
        await ack(response_action="errors", errors=dict(outcome.errors))
    elif outcome is not None and outcome.form is not None:
        await ack(response_action="update", view=_filled(outcome.form, act))
    else:
        await ack()
        await office.answers.show(outcome, act, arrival)


async def _submit(
    office: Office, act: Act, name: str, values: Mapping[str, str], value: str
) -> tuple[Arrival, type_outcome]:
    arrival = await office.arrival(act)
    return arrival, await office.desk.submit(arrival, name, values, value)


async def _show_later(
    office: Office,
    act: Act,
    sent: tuple[str, Mapping[str, str], str],
    task: "asyncio.Task[tuple[Arrival, type_outcome]]",
) -> None:
    """Put into the modal that is open what came of a form that took longer."""
    arrival, outcome = await task
    name, values, value = sent
    if isinstance(outcome, FieldErrors):
        form = await office.desk.form(arrival, name, value)
        if isinstance(form, Form):
            again = _filled(_with_values(form, values), act)
            await _update(office, act.view_id, with_errors(again, outcome.errors))
            return
        outcome = form
    if outcome is None or outcome.view is None:
        return
    await _update(office, act.view_id, result_view(outcome.view, _origin(act).note()))


async def _open_and_fill(
    office: Office, act: Act, task: "asyncio.Task[tuple[Arrival, Form | Reply | None]]"
) -> None:
    view_id = await _opened(office, act, opening_view(_origin(act).note()))
    arrival, made = await task
    if isinstance(made, Reply) and made.form is not None:
        made = made.form
    if not view_id:
        await office.answers.show(_too_late(), act, arrival)
    elif isinstance(made, Form):
        await _update(office, view_id, _filled(made, act))
    elif made is not None and made.view is not None:
        await _update(office, view_id, result_view(made.view, _origin(act).note()))


async def _open(office: Office, act: Act, arrival: Arrival, view: Block) -> None:
    if not await _opened(office, act, view):
        await office.answers.show(_too_late(), act, arrival)


async def _opened(office: Office, act: Act, view: Block) -> str:
    """Open a modal and return its id; '' where Slack no longer lets us. A trigger that was used is a repeated act."""
    try:
        body = {"trigger_id": act.trigger_id, "view": view}
        answer = await called(lambda: office.client.api_call("views.open", json=body))
    except SlackError as err:
        if err.word != "exchanged_trigger_id":
            log.warning("slack_form_lost", error=err.sentence)
        return "" if err.word in _TOO_LATE else "lost"
    return str((answer.get("view") or {}).get("id") or "lost")


async def _update(office: Office, view_id: str, view: Block) -> None:
    try:
        await called(lambda: office.client.api_call("views.update", json={"view_id": view_id, "view": view}))
    except SlackError as err:  # whoever closed the modal needs no answer in it
        log.info("slack_form_gone", error=err.sentence)


def _filled(form: Form, act: Act) -> Block:
    """Draw a form that remembers where it was opened."""
    return {**render_form(form), "private_metadata": _origin(act, form.value).note()}


def _origin(act: Act, value: str = "") -> Origin:
    return Origin(
        value=value,
        channel=act.channel,
        channel_name=act.channel_name,
        response_url=act.response_url,
    )


def _with_values(form: Form, values: Mapping[str, str]) -> Form:
    """Return the form with what was filled in; a key is never sent back."""
    fields = (
        each if each.kind == "key" else replace(each, value=values.get(each.name, each.value))
        for each in form.fields
    )
    return replace(form, fields=tuple(fields))


def _too_late() -> Reply:
    return Reply(how=How.PRIVATE, view=refusal_view(form_too_late()))
