"""The note that a vendor changed the bill of a settled day."""

from dataclasses import dataclass
from datetime import date

from bot.views import text
from bot.views.model import Layout, View, line
from bot.views.times import Clock, month_name


@dataclass(frozen=True, slots=True, kw_only=True)
class RestatementEvidence:
    """A settled day whose bill changed, stored by `evidence.to_evidence`. Amounts in nano-units."""

    provider: str
    day: date
    before_nanos: int
    after_nanos: int
    currency: str = "USD"


def restatement_words(found: RestatementEvidence, clock: Clock) -> str:
    """`OpenAI changed its bill for Thu Nov 12 from $60.20 to $62.38 (+$2.18). November includes it.`"""
    step = text.step_of(max(found.before_nanos, found.after_nanos, key=abs), found.currency)
    before, after = (text.to_step(nanos, step) for nanos in (found.before_nanos, found.after_nanos))
    shown = [text.money(nanos, found.currency, step=step) for nanos in (before, after)]
    change = text.signed(after - before, found.currency, step=step)
    return (
        f"{found.provider} changed its bill for {clock.day(found.day)} from {shown[0]} to {shown[1]} ({change}). "
        f"{month_name(found.day)} includes it."
    )


def restatement_view(found: RestatementEvidence, clock: Clock, *, code: str) -> View:
    """Build the note about a bill that changed by over $1 and over 1 %."""
    return View(
        layout=Layout.NOTE,
        title="bill changed",
        lead=line(restatement_words(found, clock)),
        footer=f"billed · {code}",
        is_private=False,
    )
