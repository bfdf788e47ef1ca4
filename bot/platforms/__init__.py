"""Where messages go: one folder per platform. `app` implements `bot.ports.Platform`, `render` maps a view to its text.

Nothing outside a platform's own folder knows its library, its limits or its words.
"""
