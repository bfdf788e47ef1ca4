"""What is sent to Discord, and what simpler form of it is sent where Discord refuses the first: words before looks.

A message that is refused for its form would hold up everything behind it in its channel; so it goes without what was
refused, in the end as bare words. Facts: Discord's API reference, JSON error codes, checked 2026-11-20.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.platforms.discord.render import CHART_FILE, render
from bot.platforms.discord.rest import BAD_REQUEST, NO_RIGHT, File, RefusedError
from bot.ports import Outgoing
from bot.views.footer import without_picture

NO_HISTORY = 160002  # answering a message needs the right to read it
_REFERENCE = "message_reference"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way of sending a message. `more`: nonce and the message it answers. `is_bare`: words only."""

    message: Outgoing
    more: Mapping[str, Any] = field(default_factory=dict)
    is_bare: bool = False

    @property
    def files(self) -> list[File]:
        """Its picture."""
        png = self.message.picture
        return [File(CHART_FILE, png)] if png is not None and self.message.view.chart is not None else []

    def body(self) -> dict[str, Any]:
        """Return what is sent."""
        shown = render(
            self.message.view,
            has_picture=bool(self.files),
            is_possible_repeat=self.message.is_possible_repeat,
        ).payload()
        return {**(bare(shown) if self.is_bare else shown), **self.more}

    def without(self, refused: RefusedError) -> "Attempt | None":
        """Return a simpler attempt after a refusal; None where nothing simpler would be taken."""
        if refused.code == NO_HISTORY and _REFERENCE in self.more:
            alone = {name: value for name, value in self.more.items() if name != _REFERENCE}
            return replace(self, more=alone)
        if self.files and (refused.code == NO_RIGHT or refused.status == BAD_REQUEST):
            view = without_picture(self.message.view)
            return replace(self, message=replace(self.message, view=view, picture=None))
        if refused.status == BAD_REQUEST and not self.is_bare:
            return replace(self, is_bare=True)
        return None


def bare(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message of its first line and its footer, which holds the code it is found by."""
    footers = [{"footer": embed["footer"]} for embed in body["embeds"] if "footer" in embed]
    return {**body, "embeds": footers, "components": [], "attachments": []}
