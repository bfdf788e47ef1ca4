"""Bills of settled days that a vendor changed: which are told by themselves, which wait for the next summary."""

from datetime import timedelta

from bot.reports.frame import Frame
from bot.views.restatement import RestatementEvidence
from spend.money import NANOS_PER_UNIT
from storage import Restatement

BILLS_CHANGE_FOR = timedelta(days=35)  # as long as bills are read again
_MOST_IN_A_SUMMARY = 2
_CENT = NANOS_PER_UNIT // 100


async def untold_restatements(frame: Frame) -> list[Restatement]:
    """Return the changed bills that nobody was told of, the oldest first."""
    return [each for each in await frame.store.restatements(frame.now - BILLS_CHANGE_FOR) if not each.told]


async def small_restatements(frame: Frame) -> list[Restatement]:
    """Return the untold ones that are too small for a message of their own."""
    return [each for each in await untold_restatements(frame) if not is_worth_a_message(each)]


async def summary_restatements(frame: Frame) -> list[RestatementEvidence]:
    """Return what a summary says of the small ones: the two largest; under a cent is nothing."""
    worth_a_line = [each for each in await small_restatements(frame) if change_nanos(each) >= _CENT]
    ranked = sorted(worth_a_line, key=lambda each: (-change_nanos(each), each.day))
    return [restatement_facts(frame, each) for each in ranked[:_MOST_IN_A_SUMMARY]]


def is_worth_a_message(restatement: Restatement) -> bool:
    """Tell whether a changed bill gets a message of its own: by over one unit of its currency and over 1 %."""
    change = change_nanos(restatement)
    return change > NANOS_PER_UNIT and change * 100 > abs(restatement.before_nanos)


def change_nanos(restatement: Restatement) -> int:
    """Return by how much a bill changed, up or down, in nano-units."""
    return abs(restatement.after_nanos - restatement.before_nanos)


def restatement_facts(frame: Frame, restatement: Restatement) -> RestatementEvidence:
    """Return what messages say of a changed bill."""
    connection = frame.names.connections[restatement.connection_id]
    return RestatementEvidence(
        provider=frame.provider_name(connection.provider),
        day=restatement.day,
        before_nanos=restatement.before_nanos,
        after_nanos=restatement.after_nanos,
        currency=restatement.currency,
    )
