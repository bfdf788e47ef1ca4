"""The figures behind a part of a change: one sentence, which never says the opposite of the part's sign."""

from bot.views import text
from bot.views.model import type_span
from bot.views.names import short
from bot.views.why_words import NamedPart, models_name, owner_name
from spend.explain import Cause


def detail(part: NamedPart) -> tuple[type_span, ...]:
    """Say the figures behind a part in one sentence; () where it has none to add."""
    before, after = part.before, part.after
    match part.cause:
        case Cause.NEW | Cause.GONE:
            facts = after if part.cause is Cause.NEW else before
            rate = text.per_million(facts.nanos, facts.tokens, part.currency)
            made = f"{short(part.maker)} made the key" if part.maker and part.key else ""
            if not rate:
                return (f"{made}.",) if made else ()
            tail = f"; {made}." if made else "."
            return (owner_name(part), f": {text.tokens(facts.tokens)} tokens at {rate} per 1M{tail}")
        case Cause.VOLUME if before.requests and after.requests:
            return (owner_name(part), f": {text.count(after.requests, 'request')}, were {before.requests:,}.")
        case Cause.VOLUME:
            return (
                owner_name(part),
                f": {text.tokens(after.tokens)} tokens, were {text.tokens(before.tokens)}.",
            )
        case Cause.OUTPUT if before.tokens and after.tokens and before.output_tokens != after.output_tokens:
            now_share = text.share(after.output_tokens, after.tokens)
            then_share = text.share(before.output_tokens, before.tokens)
            return (owner_name(part), f": {now_share} of its tokens are output, were {then_share}.")
        case Cause.SIZE if before.requests and after.requests:
            now, then = after.tokens // after.requests, before.tokens // before.requests
            if (now > then) != (part.nanos > 0):
                return ()  # of one model; all that the key used went the other way
            return (owner_name(part), f": {text.tokens(now)} tokens a request, were {text.tokens(then)}.")
        case Cause.CACHE if before.input_tokens and after.input_tokens:
            now_share = text.share(after.cached_tokens, after.input_tokens)
            then_share = text.share(before.cached_tokens, before.input_tokens)
            return (owner_name(part), f": {now_share} of its input came from the cache, was {then_share}.")
        case Cause.BILL:
            return ("One side of the comparison is billed, the other not or in part.",)
        case Cause.PRICE:
            return _rates(part, models_name(part))
        case Cause.MODELS | Cause.TIER:
            return _rates(part, (owner_name(part),))
    return ()


def _rates(part: NamedPart, of: tuple[type_span, ...]) -> tuple[type_span, ...]:
    """Say what a million tokens cost; () where that went the other way: other tokens tell nothing of the part."""
    before, after = part.before, part.after
    now = text.per_million(after.nanos, after.tokens, part.currency)
    then = text.per_million(before.nanos, before.tokens, part.currency)
    is_dearer = after.nanos * before.tokens > before.nanos * after.tokens
    if not now or not then or is_dearer != (part.nanos > 0):
        return ()
    return (*of, f": {now} per 1M in all, was {then}.")
