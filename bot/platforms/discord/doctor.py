"""What `spendbot doctor` looks at for Discord: the token, the application behind it, the servers and the commands.

Facts: Discord's API reference, Application flags and OAuth2 scopes (checked 2026-11-20).
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from bot.config import Config
from bot.errors import ChatError
from bot.platforms.discord.rest import DISCORD_API, RefusedError, Rest
from bot.platforms.discord.rights import missing_rights
from bot.ports import Finding
from storage import Channel

PERMISSIONS = 274878024704  # see, write, embed, attach, read history, write in threads
_PRIVILEGED = {1 << 12: "presence", 1 << 14: "server members", 1 << 18: "message content"}
_FEWEST_SESSIONS = 50
_DOCTOR_S = 10.0


def invite_link(application_id: str) -> str:
    """Return where a bot is added to a server, with the scopes and the rights it needs and no more."""
    return (
        f"https://discord.com/oauth2/authorize?client_id={application_id}"
        f"&scope=bot+applications.commands&permissions={PERMISSIONS}"
    )


async def examine(config: Config, channels: Sequence[Channel] = ()) -> list[Finding]:
    """Ask Discord, and return a finding per check. Nothing is posted, and no session is started.

    `channels`: where something is told; what the bot may not do there is a finding.
    """
    rest = Rest(config["DISCORD_TOKEN"], config["DISCORD_API_URL"] or DISCORD_API, deadline_s=_DOCTOR_S)
    try:
        application = await rest.call("GET", "/applications/@me")
        me = await rest.call("GET", "/users/@me")
        findings = [Finding("ok", "Discord", f"speaks as {me['username']}")]
        findings += _application(application)
        findings.append(_sessions((await rest.call("GET", "/gateway/bot"))["session_start_limit"]))
        application_id = str(application["id"])
        findings.append(_commands(await rest.call("GET", f"/applications/{application_id}/commands")))
        findings += [
            await _server(rest, guild, invite_link(application_id)) for guild in config["DISCORD_GUILDS"]
        ]
        findings += [finding async for finding in _rights(rest, channels, str(me["id"]))]
    except ChatError as err:
        return [_unreachable(err)]
    finally:
        await rest.close()
    if not config["DISCORD_GUILDS"]:
        step = "Put the ids of your servers into SPENDBOT_DISCORD_GUILDS: docs/how-to/set-up-discord.md."
        findings.append(Finding("warn", "Discord servers", "none belongs to this bot", step))
    return findings


def _unreachable(err: ChatError) -> Finding:
    if err.permanent:
        step = "Reset the token at https://discord.com/developers/applications, Bot, and set SPENDBOT_DISCORD_TOKEN."
        return Finding("fail", "Discord", "Discord refuses the token", step)
    return Finding("fail", "Discord", err.sentence, "Check the network and SPENDBOT_DISCORD_API_URL.")


def _application(application: Mapping[str, Any]) -> Iterator[Finding]:
    flags = int(application.get("flags") or 0)
    allowed = [name for flag, name in _PRIVILEGED.items() if flags & (flag | flag << 1)]
    if allowed:
        step = (
            "Switch them off: https://discord.com/developers/applications, Bot, Privileged Gateway Intents."
        )
        yield Finding("warn", "Discord intents", f"more than it needs: {', '.join(allowed)}", step)
    else:
        yield Finding("ok", "Discord intents", "none that has to be allowed")
    if application.get("interactions_endpoint_url"):
        step = "Empty it: https://discord.com/developers/applications, General Information."
        yield Finding("fail", "Discord commands", "go to an Interactions Endpoint URL, not to this bot", step)


def _sessions(limit: Mapping[str, Any]) -> Finding:
    left = int(limit["remaining"])
    words = f"{left} of {limit['total']} are left today"
    if left >= _FEWEST_SESSIONS:
        return Finding("ok", "Discord sessions", words)
    return Finding("warn", "Discord sessions", words, "Find out why the bot is started so often.")


def _commands(commands: Sequence[Mapping[str, Any]]) -> Finding:
    names = ", ".join(f"/{command['name']}" for command in commands)
    if names:
        return Finding("ok", "Discord commands", names)
    return Finding("warn", "Discord commands", "not sent yet", "Run: spendbot run")


async def _server(rest: Rest, guild_id: str, link: str) -> Finding:
    what = f"Discord server {guild_id}"
    try:
        guild = await rest.call("GET", f"/guilds/{guild_id}")
    except RefusedError as err:
        if err.status not in (403, 404):
            raise
        return Finding("fail", what, "the bot is not in it", f"Add it: {link}")
    return Finding("ok", what, str(guild["name"]))


async def _rights(rest: Rest, channels: Sequence[Channel], own_id: str) -> AsyncIterator[Finding]:
    for channel in {each.channel: each for each in channels}.values():
        what = f"Discord channel {channel.name or channel.channel}"
        try:
            missing = await missing_rights(rest, channel.channel, own_id)
        except RefusedError as err:
            yield Finding("fail", what, err.sentence, "Type /spend alerts here in another channel.")
            continue
        if missing:
            step = "Allow it: the channel's settings, Permissions, the role of spendbot."
            yield Finding("fail", what, f"the bot lacks: {', '.join(missing)}", step)
        else:
            yield Finding("ok", what, "the bot may do there what it needs")
