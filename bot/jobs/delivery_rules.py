"""What becomes of a delivery that did not simply arrive: the rules of design 3.2 as pure functions.

The rule to remember: the text arrives at least once, and is seen once wherever the platform lets us look or drops
repeats itself; a picture is sent at most once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from bot.errors import ChatError
from bot.ports import Platform
from spend.notify import Delivery, DeliveryState, Op

RESEND_AFTER = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(hours=24)
INTERRUPTED = "spendbot was stopped while it was posting this."
_NONCE_DIGITS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Queue it again. `resends` counts the attempts of unknown outcome so far."""

    at: datetime
    resends: int


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It failed for good, for this reason. `tell_admins`: nobody can post there any more, and they should know."""

    sentence: str
    tell_admins: bool = False


def after_error(
    delivery: Delivery, error: ChatError, platform: Platform | None, now: datetime
) -> Again | GiveUp:
    """Decide what follows a failed attempt.

    Told to wait: waits as told. Not delivered: again, waiting longer as it grows older, for a day. Unknown: again
    where a repeat cannot be seen twice, else once more; a picture never.
    """
    if error.permanent:
        return GiveUp(error.sentence, tell_admins=True)
    if not error.outcome_known:
        return _after_silence(delivery, error, platform, now)
    if error.retry_after_s is not None:
        return Again(at=now + timedelta(seconds=error.retry_after_s), resends=delivery.resends)
    return _later(delivery, error.sentence, delivery.resends, now)


def was_interrupted(delivery: Delivery) -> bool:
    """Tell whether an earlier attempt may have arrived without anybody knowing."""
    return delivery.resends > 0 or bool(delivery.error)


def is_marked_repeat(delivery: Delivery, platform: Platform, family: Sequence[Delivery] = ()) -> bool:
    """Tell whether its footer says "(possible repeat)": it may be there already, and nobody can look.

    family: as for `code_of`. A message that was posted as a repeat is one in all its later versions.
    """
    if delivery.op in (Op.EDIT, Op.ATTACH):
        posts = (each for each in family if each.op is Op.POST)
        changed = [each for each in posts if each.platform_id == delivery.parent_platform_id]
        return any(is_marked_repeat(each, platform) for each in changed)
    return was_interrupted(delivery) and not _sees_repeats(platform)


def must_look_first(delivery: Delivery, platform: Platform, now: datetime) -> bool:
    """Tell whether the channel is searched for it before it is sent again.

    While the platform drops a second message of the same nonce that is not needed. No attempt is older than the
    delivery itself, so its age is the safe measure.
    """
    is_message = delivery.op in (Op.POST, Op.REPLY)
    is_old = now - delivery.created_at > platform.drops_repeats_for
    return is_message and was_interrupted(delivery) and platform.can_find and is_old


def nonce_of(delivery: Delivery) -> str:
    """Return the delivery's nonce, the same for every attempt: 25 hex digits of a hash of its id."""
    return sha256(delivery.id.encode()).hexdigest()[:_NONCE_DIGITS]


def code_of(delivery: Delivery, family: Sequence[Delivery]) -> str:
    """Return the code in the footer of its message: `K7Q2`, and `K7Q2-2` for the second message in the channel.

    family: the deliveries of its incident in its channel, in order. An edit carries the code of what it changes.
    """
    messages = [each for each in family if each.op in (Op.POST, Op.REPLY) and each.order <= delivery.order]
    if delivery.op in (Op.EDIT, Op.ATTACH):
        parents = [each for each in messages if each.op is Op.POST and each.platform_id]
        return code_of(parents[-1], family) if parents else delivery.code
    return delivery.code if len(messages) < 2 else f"{delivery.code}-{len(messages)}"


def said_by(delivery: Delivery, family: Sequence[Delivery]) -> list[Delivery]:
    """Return what a post that was held up says at the same time: what was queued behind it about its incident.

    So what opened, grew and ended while nothing could be delivered is one message.
    """
    if delivery.op is not Op.POST:
        return []
    return [each for each in _queued_behind(delivery, family) if each.op is not Op.ATTACH]


def is_outdated(delivery: Delivery, family: Sequence[Delivery], *, can_edit: bool) -> bool:
    """Tell whether another one says what it would say, or nothing is there for it to change or follow.

    The newest edit wins, and brings its picture along.
    """
    if delivery.op is Op.POST:
        return False
    if not delivery.parent_platform_id:
        return True
    if delivery.op is Op.REPLY:
        return False
    return not can_edit or any(each.op is Op.EDIT for each in _queued_behind(delivery, family))


def _queued_behind(delivery: Delivery, family: Sequence[Delivery]) -> list[Delivery]:
    return [each for each in family if each.order > delivery.order and each.state is DeliveryState.QUEUED]


def _after_silence(
    delivery: Delivery, error: ChatError, platform: Platform | None, now: datetime
) -> Again | GiveUp:
    if delivery.op is Op.ATTACH:
        return GiveUp(f"{error.sentence} The picture may be there; it is not sent again.")
    if delivery.op is Op.EDIT or (platform is not None and _sees_repeats(platform)):
        return _later(delivery, error.sentence, delivery.resends + 1, now)
    if delivery.resends:
        return GiveUp(f"{error.sentence} It may be there; it was sent again once.")
    return Again(at=now + RESEND_AFTER, resends=1)


def _later(delivery: Delivery, sentence: str, resends: int, now: datetime) -> Again | GiveUp:
    age = now - delivery.created_at
    if age >= GIVE_UP_AFTER:
        return GiveUp(f"{sentence} Given up after a day.")
    return Again(at=now + min(max(age / 2, RESEND_AFTER), LONGEST_WAIT), resends=resends)


def _sees_repeats(platform: Platform) -> bool:
    return platform.can_find or platform.keeps_in_database
