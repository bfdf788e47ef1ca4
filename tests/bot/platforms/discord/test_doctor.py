"""What the doctor finds about Discord, against a loopback Discord that is well and ill."""

from pathlib import Path
from typing import Any

import pytest

from bot.config import Config, load_config
from bot.platforms.discord.doctor import examine, invite_link
from bot.ports import Finding
from storage import Channel
from tests.fakes.discord import AI_SPEND, GUILD_ID, Discord
from tests.fakes.discord.world import BOT_ID, BOT_ROLE


def config(discord: Discord, folder: Path, **settings: str) -> Config:
    given = {
        "SPENDBOT_DISCORD_TOKEN": discord.token,
        "SPENDBOT_DISCORD_API_URL": discord.url,
        "SPENDBOT_DISCORD_GUILDS": GUILD_ID,
    }
    return load_config(
        given | settings, providers=(), keepable=(), data_dir=folder, config_dir=folder / "config"
    )


async def found(discord: Discord, folder: Path, **settings: str) -> list[Finding]:
    return await examine(config(discord, folder, **settings))


async def test_a_discord_that_is_well(discord: Discord, tmp_path: Path) -> None:
    discord.world.commands = [{"id": "1", "name": "spend"}, {"id": "2", "name": "budget"}]

    assert await found(discord, tmp_path) == [
        Finding("ok", "Discord", "speaks as spendbot"),
        Finding("ok", "Discord intents", "none that has to be allowed"),
        Finding("ok", "Discord sessions", "1000 of 1000 are left today"),
        Finding("ok", "Discord commands", "/spend, /budget"),
        Finding("ok", f"Discord server {GUILD_ID}", "Harbor Notes"),
    ]
    assert discord.world.messages == []
    assert discord.gateway.identifies == 0


async def test_a_refused_token_is_all_there_is_to_say(discord: Discord, tmp_path: Path) -> None:
    [finding] = await found(discord, tmp_path, SPENDBOT_DISCORD_TOKEN="canary-wrong")

    assert (finding.state, finding.words) == ("fail", "Discord refuses the token")
    assert "SPENDBOT_DISCORD_TOKEN" in finding.next_step
    assert "canary" not in str(finding)
    assert len(discord.world.calls) == 1


async def test_a_server_it_is_not_in_comes_with_the_link_that_adds_it(
    discord: Discord, tmp_path: Path
) -> None:
    *_, finding = await found(discord, tmp_path, SPENDBOT_DISCORD_GUILDS=f"{GUILD_ID},123")

    link = invite_link("700000000000000002")
    assert finding == Finding("fail", "Discord server 123", "the bot is not in it", f"Add it: {link}")
    assert link.endswith("scope=bot+applications.commands&permissions=274878024704")


async def test_without_a_server_it_says_which_setting_is_missing(discord: Discord, tmp_path: Path) -> None:
    *_, finding = await found(discord, tmp_path, SPENDBOT_DISCORD_GUILDS="")

    assert (finding.state, finding.words) == ("warn", "none belongs to this bot")


async def test_intents_that_are_not_needed_are_named(discord: Discord, tmp_path: Path) -> None:
    discord.rest.application_has = {
        "flags": (1 << 19) | (1 << 14),
        "interactions_endpoint_url": "https://x.example",
    }
    findings = {finding.what: finding for finding in await found(discord, tmp_path)}

    assert findings["Discord intents"].words == "more than it needs: server members, message content"


async def test_commands_that_go_elsewhere_are_a_failure(discord: Discord, tmp_path: Path) -> None:
    discord.rest.application_has = {"interactions_endpoint_url": "https://x.example"}
    states = [f.state for f in await found(discord, tmp_path) if f.what == "Discord commands"]

    assert states == ["fail", "warn"]


def told_in(channel: str) -> list[Channel]:
    return [
        Channel(installation_id="I1", platform="discord", channel=channel, purpose=purpose, name="#ai-spend")
        for purpose in ("alerts", "summary")
    ]


async def test_a_channel_where_the_bot_may_do_all_it_needs(discord: Discord, tmp_path: Path) -> None:
    *_, finding = await examine(config(discord, tmp_path), told_in(AI_SPEND))

    assert finding == Finding("ok", "Discord channel #ai-spend", "the bot may do there what it needs")


async def test_what_the_bot_may_not_do_in_a_channel_is_named(discord: Discord, tmp_path: Path) -> None:
    channel = discord.world.channel(AI_SPEND)
    assert channel is not None
    channel.can_write = channel.can_attach = False
    *_, finding = await examine(config(discord, tmp_path), told_in(AI_SPEND))

    assert (finding.state, finding.words) == ("fail", "the bot lacks: Send Messages, Attach Files")


async def test_a_right_that_is_given_back_to_the_bot_alone_counts(discord: Discord, tmp_path: Path) -> None:
    channel = discord.world.channel(AI_SPEND)
    assert channel is not None
    channel.can_write = channel.can_attach = False
    channel.exceptions += [
        {"id": BOT_ROLE, "type": 0, "allow": str(1 << 11 | 1 << 15), "deny": str(1 << 14)},
        {"id": BOT_ID, "type": 1, "allow": str(1 << 14), "deny": str(1 << 16)},
    ]
    *_, finding = await examine(config(discord, tmp_path), told_in(AI_SPEND))

    assert finding.words == "the bot lacks: Read Message History"


async def test_an_administrator_may_do_everything(discord: Discord, tmp_path: Path) -> None:
    channel = discord.world.channel(AI_SPEND)
    assert channel is not None
    channel.can_write = False
    discord.world.guilds[GUILD_ID].everyone_may = 1 << 3
    *_, finding = await examine(config(discord, tmp_path), told_in(AI_SPEND))

    assert finding.state == "ok"


@pytest.mark.parametrize(
    ("can_see", "channel", "words"),
    [
        (False, AI_SPEND, "the bot lacks: View Channel"),
        (True, "999", "The channel is gone, or spendbot was removed there."),
    ],
)
async def test_a_channel_that_is_hidden_or_gone_is_a_failure(
    can_see: bool, channel: str, words: str, discord: Discord, tmp_path: Path
) -> None:
    known = discord.world.channel(AI_SPEND)
    assert known is not None
    known.can_see = can_see
    *_, finding = await examine(config(discord, tmp_path), told_in(channel))

    assert (finding.state, finding.words) == ("fail", words)


async def test_few_sessions_left_are_a_warning(discord: Discord, tmp_path: Path) -> None:
    discord.rest.identifies_left = 12
    findings = {finding.what: finding for finding in await found(discord, tmp_path)}

    assert findings["Discord sessions"].state == "warn"


async def test_where_nobody_answers_it_says_so(tmp_path: Path) -> None:
    discord: Any = Discord()
    discord.url = "http://127.0.0.1:9/api/v10"
    [finding] = await found(discord, tmp_path)

    assert (finding.state, finding.words) == ("fail", "Discord cannot be reached.")
