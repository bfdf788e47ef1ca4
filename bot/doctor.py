"""What `spendbot doctor` looks at: each check gives one finding with its next step."""

from collections.abc import AsyncIterator

from bot.config import Config
from bot.errors import CommandError
from bot.jobs.poll import open_client
from bot.master_key import key_file_in_use
from bot.platforms.chat import is_set_up
from bot.platforms.slack.setup import missing_settings, slack_setup
from bot.ports import Finding, House
from bot.reports.last_posts import last_posts
from bot.wiring import open_house
from providers import ProviderError
from storage import Connection, ConnectionState, StorageError, WorkspaceStore


async def examine(config: Config) -> list[Finding]:
    """Check everything; a check that cannot be made is a finding too."""
    findings = [_master_key_source(config)]
    try:
        async with open_house(config) as house:
            findings.append(Finding("ok", "database", f"schema {await house.store.schema_version()}"))
            findings.append(Finding("ok", "master key", "opens what is sealed"))
            findings += await _slack(config, house)
            findings += await _discord(config, house)
            findings += [finding async for finding in _connections(house)]
            findings += [finding async for finding in channels(house)]
    except CommandError as err:
        findings.append(Finding("fail", "database and master key", err.sentence))
    return findings


def _master_key_source(config: Config) -> Finding:
    if key_file_in_use(config):
        return Finding("ok", "master key source", f"the file {config.key_file}")
    if config.is_set("MASTER_KEY") and not config.is_from_file("MASTER_KEY"):
        return Finding(
            "warn",
            "master key source",
            "the environment, which other processes of this user can read",
            "Put it into a file of mode 0600 and name that in SPENDBOT_MASTER_KEY_FILE.",
        )
    return Finding("ok", "master key source", "a file or a command that is set")


async def _slack(config: Config, house: House) -> list[Finding]:
    setup = slack_setup(config)
    if setup is None:
        next_step = f"Set {missing_settings(config)}: docs/how-to/set-up-slack.md."
        return [_not_set_up("Slack", config, "discord", next_step)]
    from bot.platforms.slack import doctor as slack  # loads Slack's library: only where Slack is set up

    return await slack.examine(setup, house.now(), has_http_port=config.is_set("HTTP_PORT"))


async def _discord(config: Config, house: House) -> list[Finding]:
    if not config.is_set("DISCORD_TOKEN"):
        next_step = "Set SPENDBOT_DISCORD_TOKEN: docs/how-to/set-up-discord.md."
        return [_not_set_up("Discord", config, "slack", next_step)]
    from bot.platforms.discord import doctor as discord  # only where Discord is set up

    told = [
        post.channel
        for workspace_id, _name in await house.store.workspaces()
        for post in await last_posts(house.store.workspace(workspace_id))
        if post.channel.platform == "discord"
    ]
    return await discord.examine(config, told)


def _not_set_up(name: str, config: Config, other: str, next_step: str) -> Finding:
    """One chat platform is enough; without any, people have to come to the console."""
    if is_set_up(config, other):
        return Finding("ok", name, "not set up; it is not needed")
    return Finding("warn", name, "not set up; the console is the channel", next_step)


async def channels(house: House) -> AsyncIterator[Finding]:
    """Say how the last post went in every channel that is told something."""
    for workspace_id, _name in await house.store.workspaces():
        for post in await last_posts(house.store.workspace(workspace_id)):
            what = f"{post.channel.platform}: {post.channel.name or post.channel.channel}"
            if post.at is None:
                yield Finding("ok", what, "not tried yet")
            elif post.error:
                step = "Invite spendbot there again, or type /spend alerts here in another channel."
                yield Finding("fail", what, f"the last post failed: {post.error}", step)
            else:
                yield Finding("ok", what, f"the last post arrived ({post.at:%Y-%m-%d %H:%M} UTC)")


async def _connections(house: House) -> AsyncIterator[Finding]:
    count = 0
    for workspace_id, name in await house.store.workspaces():
        store = house.store.workspace(workspace_id)
        for connection in await store.connections():
            count += 1
            yield await _connection(house, store, connection, name)
    if not count:
        yield Finding("warn", "connections", "none", "Run: spendbot connect openai")


async def _connection(house: House, store: WorkspaceStore, connection: Connection, workspace: str) -> Finding:
    what = f"{workspace}: {connection.label}"
    if connection.state is ConnectionState.PAUSED:
        return Finding("warn", what, "paused", "Connect it again to go on.")
    provider = house.provider(connection.provider)
    try:
        client = await open_client(house, store, connection, provider, why="doctor")
        result = await provider.check(client, now=house.now())
    except (ProviderError, StorageError) as err:
        return Finding("fail", what, err.sentence, f"Run: spendbot connect {connection.provider}")
    missing = sorted(s.stream for s in connection.streams if not s.backfill_done)
    loading = f" History of {', '.join(missing)} is still loading." if missing else ""
    return Finding("warn" if result.lacks else "ok", what, f"{result.sentence}{loading}", result.lacks)
