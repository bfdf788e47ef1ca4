"""What the ledger must know of a connection: its provider's facts and the streams its key may read."""

from datetime import timedelta

from providers import Provider
from spend.ledger import LedgerRules
from spend.usage import Role
from storage import Connection


def ledger_rules(provider: Provider, connection: Connection) -> LedgerRules:
    """Return what the ledger must know of a connection: its provider's facts and the streams its key may read."""
    roles = {state.role for state in connection.streams}
    settles = [stream.settles_after for stream in provider.info.streams if stream.role is Role.COST]
    return LedgerRules(
        settles_after=max(settles, default=timedelta(hours=24)),
        estimated_kinds=provider.info.estimated_kinds,
        has_usage=Role.USAGE in roles,
        has_cost=Role.COST in roles,
    )
