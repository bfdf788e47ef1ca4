"""The console as a platform: a channel of the home workspace whose posts are rows in the database.

Posting is inserting a row in the transaction that marks the delivery sent, so it is seen exactly once; `run` prints
new rows to standard output, and only rows count.
"""

from bot.ports import Outgoing


class ConsolePlatform:
    """Implements `ports.Platform`; the text itself is kept by `jobs/announce.py` together with the delivery."""

    name = "console"
    keeps_in_database = True

    async def post(self, message: Outgoing) -> str:
        """Return the id of the row that will be kept: the nonce."""
        return message.nonce

    async def edit(self, message: Outgoing) -> str:
        """A console cannot change what it printed: the new text is a row of its own."""
        return message.nonce

    async def reply(self, message: Outgoing) -> str:
        """A thread line is a row of its own."""
        return message.nonce

    async def find(self, channel: str, code: str) -> str:
        """Nothing is ever unknown here."""
        return ""
