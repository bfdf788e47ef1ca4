"""The console as a platform: a channel of the home workspace whose posts are rows in the database.

Posting is inserting a row in the transaction that marks the delivery sent, so it is seen exactly once; `run` prints
new rows to standard output, and only rows count.
"""

from datetime import timedelta

from bot.platforms.console.render import render
from bot.ports import Outgoing
from bot.views.model import View


class ConsolePlatform:
    """Implements `ports.Platform` and `ports.WritesText`; `jobs/deliver.py` keeps the text with the delivery."""

    name = "console"
    theme = "light"
    keeps_in_database = True
    drops_repeats_for = timedelta(0)
    can_find = False

    def text(self, view: View, *, picture: str) -> str:
        """Return the message as it is printed."""
        return render(view, picture=picture)

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

    async def upload(self, message: Outgoing) -> str:
        """Pictures are files beside the database; the message names them."""
        return ""

    async def may_post(self, channel: str, external_id: str) -> bool:
        """There is one channel, and it takes everything."""
        return channel == self.name

    async def private_channel(self, user_id: str) -> str:
        """Whoever has the console reads all of it."""
        return ""
