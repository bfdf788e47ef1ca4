"""What a person did in chat, as their platform told it, and what comes back for them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.views.model import View

if TYPE_CHECKING:
    from bot.desk.forms import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One act of a person. `external_id`: the platform's id of the chat place ("" in a Discord direct message).

    act_id: the platform's own id of the act; the same id within 24 hours has one effect. is_platform_admin: at this
    moment. may_ask: False for guests, outsiders, and where figures have no place. channel_name: what people see.
    is_channel_member: the bot may post there.
    """

    platform: str
    external_id: str
    act_id: str
    user_id: str
    user_name: str
    is_platform_admin: bool
    may_ask: bool
    channel: str
    channel_name: str = ""
    is_channel_member: bool = True

    @property
    def person(self) -> str:
        """The id that settings and the audit know this person by."""
        return f"{self.platform}:{self.user_id}"


class How(StrEnum):
    """How a reply is shown: privately, in place of the answer whose button was pressed, to all, or not at all."""

    PRIVATE = "private"
    REPLACE = "replace"
    POST = "post"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to show. `form`: open this form instead. `NOTHING`: the message that is there changes by itself."""

    how: How
    view: View | None = None
    form: "Form | None" = None
