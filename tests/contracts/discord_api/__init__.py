"""What is sent to Discord, held against Discord's own description of its HTTP API.

Whoever runs it names the file in DISCORD_OPENAPI (github.com/discord/discord-api-spec, specs/openapi.json); without it
these tests are skipped.
"""
