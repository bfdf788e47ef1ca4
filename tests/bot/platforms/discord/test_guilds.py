"""Servers: joined, left, unavailable."""

from pathlib import Path

from tests.bot.platforms.discord.simulated import open_server


async def test_a_linked_server_is_greeted_once_in_a_channel_where_it_may_write(tmp_path: Path) -> None:
    async with open_server(tmp_path) as server:
        await server.restart()
        await server.restart()
        posts = await server.bot.store.deliveries()

    assert [(post.platform, post.channel) for post in posts] == [("discord", str(server.channel.id))]
