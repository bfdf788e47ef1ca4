"""Bring one leased delivery to its channel: build its message, send it, note what became of it (design 3.2).

Everything durable happens in a fixed order: lease, (file id,) the platform, sent. Between any two of these the process
may die; what a restart makes of it is in `delivery_rules`.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from bot.errors import ChatError
from bot.failpoints import (
    ACCEPTED,
    ADMINS_TOLD,
    BROUGHT,
    REFUSED,
    SENDING,
    SENT,
    UPLOADED,
    failpoint,
)
from bot.jobs.delivery_rules import (
    Again,
    GiveUp,
    after_error,
    code_of,
    is_marked_repeat,
    is_outdated,
    must_look_first,
    nonce_of,
    said_by,
)
from bot.jobs.incident_views import LATE_AFTER, Telling, incident_view
from bot.jobs.picture_files import keep_picture, picture_name
from bot.jobs.tell_admins import tell_admins, works_again
from bot.ports import House, Outgoing, Platform, WritesText
from bot.views.footer import without_picture
from bot.views.model import Layout, View, line
from bot.views.times import Clock
from spend.notify import Delivery, Incident, NewDelivery, Op
from storage import Settings, WorkspaceStore

log = structlog.get_logger("spendbot.announce")

PICTURE_TIME_S = 10.0
PLATFORM_TIME_S = 15.0  # with the picture's time well inside a delivery's lease of 30 s


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One delivery under way, and all that was read about it.

    family: its incident's deliveries in its channel. channel: the platform's id of where it goes.
    """

    house: House
    store: WorkspaceStore
    platform: Platform
    delivery: Delivery
    channel: str
    incident: Incident
    family: Sequence[Delivery]
    settings: Settings
    now: datetime

    @property
    def code(self) -> str:
        """The code in the footer of its message."""
        return code_of(self.delivery, self.family)

    @property
    def theme(self) -> str:
        """The card of its picture: the workspace's choice, else what suits the platform."""
        return self.settings.pictures or self.platform.theme

    def view(self) -> View:
        """Build what it says; a post that was held up says what was queued behind it too."""
        newest = [self.delivery, *said_by(self.delivery, self.family)][-1]
        is_resolved = self.incident.resolved_at is not None
        return incident_view(
            Telling(
                incident=self.incident,
                evidence=self.incident.evidence if is_resolved else newest.evidence,
                step=newest.step,
                code=self.code,
                clock=Clock(self.now, ZoneInfo(self.settings.zone)),
                is_thread_line=self.delivery.op is Op.REPLY,
                is_late=self.now - self.delivery.created_at > LATE_AFTER,
            )
        )

    def outgoing(self, view: View) -> Outgoing:
        """Address it."""
        return Outgoing(
            view=view,
            channel=self.channel,
            nonce=nonce_of(self.delivery),
            code=self.code,
            parent=self.delivery.parent_platform_id,
            file_id=self.delivery.file_id,
            installation_id=self.delivery.installation_id,
            is_possible_repeat=is_marked_repeat(self.delivery, self.platform, self.family),
        )


async def deliver(house: House, store: WorkspaceStore, delivery: Delivery, now: datetime) -> bool:
    """Bring one leased delivery to its channel; True when it is there. Raises LeaseLostError."""
    platform = house.platforms.get(delivery.platform)
    if platform is None:
        err = ChatError(f"{delivery.platform} is not set up here.")
        await _note_verdict(store, delivery, after_error(delivery, err, None, now), now)
        return False
    errand = await _errand(house, store, platform, delivery, now)
    if is_outdated(delivery, errand.family, can_edit=not platform.keeps_in_database):
        await store.mark_superseded(delivery.id, delivery.fencing, now)
        return False
    try:
        is_sent = await _bring(replace(errand, channel=await _channel(errand)))
    except ChatError as err:
        await _failed(errand, err)
        return False
    if is_sent:
        await works_again(store, delivery, house.now())
    return is_sent


async def _errand(
    house: House, store: WorkspaceStore, platform: Platform, delivery: Delivery, now: datetime
) -> Errand:
    family = await store.deliveries(incident_id=delivery.incident_id)
    place = (delivery.installation_id, delivery.channel)
    return Errand(
        house=house,
        store=store,
        platform=platform,
        delivery=delivery,
        channel=delivery.channel,
        incident=await store.incident_by_id(delivery.incident_id),
        family=[each for each in family if (each.installation_id, each.channel) == place],
        settings=await store.settings(),
        now=now,
    )


async def _channel(errand: Errand) -> str:
    """Return where it goes; `@` and a person's id is the channel that reaches only them."""
    channel = errand.delivery.channel
    if not channel.startswith("@"):
        return channel
    try:
        async with asyncio.timeout(PLATFORM_TIME_S):
            private = await errand.platform.private_channel(channel[1:])
    except TimeoutError as err:  # nothing was sent yet
        raise ChatError("The private channel could not be looked up in time.") from err
    if not private:
        raise ChatError("This person cannot be told privately.", permanent=True)
    return private


async def _bring(errand: Errand) -> bool:
    view = errand.view()
    if isinstance(errand.platform, WritesText):
        await _keep(errand, errand.platform, view)
    elif errand.delivery.op is Op.ATTACH:
        return await _attach(errand, view)
    else:
        await _send(errand, view)
    return True


async def _keep(errand: Errand, writer: WritesText, view: View) -> None:
    """Post where posting is a row: the picture is a file, and lies there before the row that names it."""
    path = ""
    if view.chart is not None:
        png = await _draw(errand, view)
        if png is None:
            view = without_picture(view)
        else:
            name = picture_name(errand.incident.kind, errand.code, errand.delivery.step)
            path = str(await keep_picture(errand.house.pictures_folder, name, png))
    text = writer.text(view, picture=path)
    failpoint(ACCEPTED)
    await _sent(errand, nonce_of(errand.delivery), console_text=text, chart_path=path)


async def _send(errand: Errand, view: View) -> None:
    """Post, edit or answer. A summary and an edit wait for their picture; an alert is text first."""
    platform, op = errand.platform, errand.delivery.op
    message = errand.outgoing(view)
    platform_id = ""
    if must_look_first(errand.delivery, platform, errand.now):
        platform_id = await _answer(platform.find(message.channel, message.code))
    if not platform_id:
        if view.chart is not None and (op is Op.EDIT or view.layout is Layout.SUMMARY):
            message = await _with_picture(errand, message)
        failpoint(SENDING)
        send = {Op.POST: platform.post, Op.EDIT: platform.edit, Op.REPLY: platform.reply}[op]
        platform_id = await _answer(send(message))
    failpoint(ACCEPTED)
    has_picture_to_come = op is Op.POST and view.chart is not None and view.layout is Layout.ALERT
    await _sent(errand, platform_id, then=[_picture_of(errand.delivery)] if has_picture_to_come else [])


async def _attach(errand: Errand, view: View) -> bool:
    """Let the picture enter the message by edit, else follow it; False where there is none any more."""
    delivery, store = errand.delivery, errand.store
    if view.chart is None:
        await store.mark_superseded(delivery.id, delivery.fencing, errand.now)
        return False
    png = await _draw(errand, view)
    if png is None:
        await store.mark_failed(
            delivery.id, delivery.fencing, "The picture was not ready in time.", errand.now
        )
        return False
    message = replace(errand.outgoing(view), picture=png)
    try:
        message = await _uploaded(errand, message)
        failpoint(SENDING)
        platform_id = await _answer(errand.platform.edit(message))
    except ChatError as err:
        if not err.outcome_known or err.retry_after_s is not None:
            raise
        follows = View(
            layout=Layout.NOTE, title=view.title, lead=line(view.title), chart=view.chart, footer=errand.code
        )
        platform_id = await _answer(errand.platform.reply(replace(message, view=follows)))
    failpoint(ACCEPTED)
    await _sent(errand, platform_id)
    return True


async def _with_picture(errand: Errand, message: Outgoing) -> Outgoing:
    """Return the message with its picture, or without one where it is not there in time."""
    if message.file_id:
        return message
    try:
        async with asyncio.timeout(PICTURE_TIME_S):
            png = await _draw(errand, message.view)
            if png is not None:
                return await _uploaded(errand, replace(message, picture=png))
    except (TimeoutError, ChatError) as err:
        log.info("picture_late", delivery_id=errand.delivery.id, error=str(err))
    return replace(message, view=without_picture(message.view))


async def _draw(errand: Errand, view: View) -> bytes | None:
    try:
        async with asyncio.timeout(PICTURE_TIME_S):
            return await errand.house.pictures.draw(view, theme=errand.theme)
    except TimeoutError:
        return None


async def _uploaded(errand: Errand, message: Outgoing) -> Outgoing:
    """Bring the picture there first. Its id is stored before anything shows it, so that a restart uses it again."""
    if message.file_id:
        return message
    try:
        async with asyncio.timeout(PICTURE_TIME_S):
            file_id = await errand.platform.upload(message)
    except TimeoutError as err:  # nobody sees a picture that was only uploaded
        raise ChatError("The picture was not ready in time.") from err
    if file_id:
        failpoint(BROUGHT)
        await errand.store.set_file(errand.delivery.id, file_id)
        failpoint(UPLOADED)
    return replace(message, file_id=file_id)


async def _answer(call: Awaitable[str]) -> str:
    """Wait for the platform, but not for ever."""
    try:
        async with asyncio.timeout(PLATFORM_TIME_S):
            return await call
    except TimeoutError as err:
        raise ChatError(f"No answer within {PLATFORM_TIME_S:.0f} s.", outcome_known=False) from err


async def _sent(
    errand: Errand,
    platform_id: str,
    *,
    then: Sequence[NewDelivery] = (),
    console_text: str | None = None,
    chart_path: str = "",
) -> None:
    delivery = errand.delivery
    await errand.store.mark_sent(
        delivery.id,
        delivery.fencing,
        platform_id,
        errand.house.now(),
        console_text=console_text,
        chart_path=chart_path,
        then=then,
        superseded=[each.id for each in said_by(delivery, errand.family)],
    )
    failpoint(SENT)


async def _failed(errand: Errand, error: ChatError) -> None:
    delivery, now = errand.delivery, errand.house.now()
    verdict = after_error(delivery, error, errand.platform, now)
    if isinstance(verdict, GiveUp) and verdict.tell_admins and delivery.op is Op.POST:
        await tell_admins(errand.house, errand.store, errand.incident, delivery, verdict.sentence, now)
        failpoint(ADMINS_TOLD)
    await _note_verdict(errand.store, delivery, verdict, now)
    failpoint(REFUSED)


async def _note_verdict(
    store: WorkspaceStore, delivery: Delivery, verdict: Again | GiveUp, now: datetime
) -> None:
    if isinstance(verdict, Again):
        log.info(
            "delivery_waits", delivery_id=delivery.id, until=verdict.at.isoformat(), resends=verdict.resends
        )
        await store.requeue(delivery.id, delivery.fencing, verdict.at, verdict.resends)
        return
    log.warning(
        "delivery_failed", delivery_id=delivery.id, platform=delivery.platform, error=verdict.sentence
    )
    await store.mark_failed(delivery.id, delivery.fencing, verdict.sentence, now)


def _picture_of(delivery: Delivery) -> NewDelivery:
    return NewDelivery(
        step=delivery.step,
        installation_id=delivery.installation_id,
        platform=delivery.platform,
        channel=delivery.channel,
        op=Op.ATTACH,
    )
