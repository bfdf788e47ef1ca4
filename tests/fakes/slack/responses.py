"""Response URLs: 5 uses within 30 minutes, also where the bot is not; the first answer is what is replaced."""

from tests.fakes.slack.web_api import RefusedError, message_version
from tests.fakes.slack.world import Message, ResponseUrl, World, type_json

USES, LIFE_S = 5, 1800.0


def new_response_url(world: World, channel: str, user: str, original: Message | None = None) -> str:
    """Return the last part of a response URL for what a person just did."""
    name = f"{world.team_id}/{world.number()}/{'r' * 24}"
    world.response_urls[name] = ResponseUrl(channel, user, world.clock.now() + LIFE_S, original=original)
    return name


def respond(world: World, name: str, body: type_json) -> None:
    """Take an answer. Raises RefusedError with Slack's words when the address is unknown, worn out or too old."""
    url = world.response_urls.get(name)
    if url is None:
        raise RefusedError("no_such_response_url")
    if world.clock.now() > url.expires_at:
        raise RefusedError("expired_url")
    if url.uses >= USES:
        raise RefusedError("used_url")
    url.uses += 1
    if body.get("delete_original") and url.original is not None:
        url.original.is_deleted = True
        return
    version = {**message_version(world, body), "use": url.uses}
    if body.get("replace_original") and url.original is not None:
        url.original.versions.append(version)
        return
    only_for = "" if body.get("response_type") == "in_channel" else url.user
    message = Message(world.new_ts(), url.channel, [version], only_for=only_for)
    world.messages.append(message)
    if url.original is None and world.commands_replace:
        url.original = message
