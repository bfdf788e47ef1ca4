"""Notices: a change that somebody made is said in the channels it concerns, with who did it."""

from bot.ports import Asked
from bot.views.model import View
from spend.notify import Decision, Finding, IncidentKind, NewDelivery, Op, Step


async def announce_change(asked: Asked, view: View, *, key: str, also: str = "") -> None:
    """Queue a note in every alert channel. The words are finished: they are the evidence.

    key: what was changed; with the moment it names the note, so that the same act is told once. also: another channel
    it concerns, as a budget names it (`platform:installation:channel`).
    """
    finding = Finding(
        kind=IncidentKind.NOTICE,
        dedup_key=f"notice:{key}:{asked.now.isoformat()}",
        evidence={"title": view.title, "lead": str(view.lead), "body": [str(line) for line in view.body]},
        is_over=True,
        reason="a change that somebody made is said once",
    )
    places = [
        (each.platform, each.installation_id, each.channel) for each in await asked.store.channels("alerts")
    ]
    if also:
        platform, installation_id, channel = also.split(":", 2)
        places.append((platform, installation_id, channel))
    deliveries = [
        NewDelivery(
            step=Step.FIRST.value,
            installation_id=installation_id,
            platform=platform,
            channel=channel,
            op=Op.POST,
        )
        for platform, installation_id, channel in dict.fromkeys(places)
    ]
    await asked.store.tell(finding, Decision(step=Step.FIRST, reason=finding.reason), deliveries, asked.now)
