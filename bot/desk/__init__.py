"""The desk: where every chat platform brings what people say, press and fill in, and gets back what to show.

`Desk` is the only door: a platform turns what arrived into an `Arrival` and shows the `Reply`. Which workspace it is,
who may do what, and that the same act twice has one effect is decided here, the same for all platforms.
"""

from bot.desk.arrival import Arrival, How, Reply
from bot.desk.desk import Desk
from bot.desk.forms import Field, FieldErrors, Form

__all__ = ["Arrival", "Desk", "Field", "FieldErrors", "Form", "How", "Reply"]
