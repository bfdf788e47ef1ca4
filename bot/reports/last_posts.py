"""What became of the last message in each channel that is told something."""

from dataclasses import dataclass
from datetime import datetime

from spend.notify import Delivery, DeliveryState
from storage import Channel, WorkspaceStore

_ENDED = (DeliveryState.SENT, DeliveryState.FAILED)
PURPOSES = ("alerts", "summary")


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPost:
    """The last attempt in a channel. `at` None: nothing was tried yet. `error`: why it failed, empty = it arrived."""

    channel: Channel
    at: datetime | None = None
    error: str = ""


async def last_posts(store: WorkspaceStore) -> list[LastPost]:
    """Return the outcome of the last message in every chat channel that alerts, the summary or a budget go to."""
    channels = await _budget_channels(store)
    channels += [channel for purpose in PURPOSES for channel in await store.channels(purpose)]
    places = {(each.installation_id, each.channel): each for each in channels if each.platform != "console"}
    last: dict[tuple[str, str], Delivery] = {}
    for delivery in await store.deliveries(_ENDED):
        last[delivery.installation_id, delivery.channel] = delivery
    return [_outcome(channel, last.get(key)) for key, channel in places.items()]


def channel_note(platform: str, channel: str) -> str:
    """Return the name of the note that keeps what people call a channel."""
    return f"channel {platform}:{channel}"


async def _budget_channels(store: WorkspaceStore) -> list[Channel]:
    """Return the channels that budgets are told in besides the alert channels."""
    found = []
    for where in sorted({budget.channel for budget in await store.budgets() if budget.channel}):
        platform, installation_id, channel = where.split(":", 2)
        found.append(
            Channel(
                installation_id=installation_id,
                platform=platform,
                channel=channel,
                purpose="budget",
                name=await store.note(channel_note(platform, channel)),
            )
        )
    return found


def _outcome(channel: Channel, delivery: Delivery | None) -> LastPost:
    if delivery is None:
        return LastPost(channel=channel)
    error = delivery.error if delivery.state is DeliveryState.FAILED else ""
    return LastPost(channel=channel, at=delivery.created_at, error=error)
