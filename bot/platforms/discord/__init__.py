"""Discord: slash commands over the gateway, posts over REST. `app` listens, `send` posts, `render` writes messages.

Only this folder imports discord.py, and wiring imports this folder only when a token is set.
"""
