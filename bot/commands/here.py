"""The channel in which something was asked, as one that messages go to."""

from bot.errors import CommandError
from bot.ports import Asked
from bot.views.errors import may_not_post
from storage import Channel


def this_channel(asked: Asked, purpose: str) -> Channel:
    """Return the channel for a kind of message. Raises CommandError where the bot is no member of it."""
    place = asked.place
    if not place.is_member:
        raise CommandError(may_not_post(place.platform, place.channel_name))
    return Channel(
        installation_id=place.installation_id,
        platform=place.platform,
        channel=place.channel,
        purpose=purpose,
        name=place.channel_name,
    )
