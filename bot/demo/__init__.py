"""The demo: a story, and vendors on loopback that play it. Nothing else of the bot is simulated."""
