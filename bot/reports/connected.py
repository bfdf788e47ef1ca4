"""The facts of the first answer after connecting: yesterday's money, what the key may do, how far history is."""

from bot.ports import House
from bot.reports.cuts import totals_of
from bot.reports.frame import load_frame
from bot.reports.status import connection_states
from bot.reports.trust import basis_of
from bot.views.connect import ConnectedFacts
from spend.usage import Basis
from spend.window import DAY
from storage import Filter, WorkspaceStore

WATCHED_FOR = 7 * DAY  # before spikes speak


def _basis_words(basis: Basis) -> str:
    return "partly estimated" if basis is Basis.MIXED else basis.value


async def connected_facts(
    house: House, store: WorkspaceStore, connection_id: str, reads: str
) -> ConnectedFacts:
    """Read what a new connection is told about. `reads`: the sentence of the check."""
    frame = await load_frame(house, store, house.now())
    connection = await store.connection(connection_id)
    states = {state.label: state for state in await connection_states(frame)}
    state = states[connection.label]
    yesterday = frame.today - DAY
    mine = (Filter("connection_id", (connection.id,)),)
    slices = await store.day_slices(yesterday, yesterday, ("provider",), mine)
    total = totals_of(slices, None)[0]
    is_known = frame.complete_from is not None and frame.complete_from <= yesterday
    kept_here = {name for name, platform in house.platforms.items() if platform.keeps_in_database}
    chats = [channel for channel in await store.channels("alerts") if channel.platform not in kept_here]
    alerts_from = (connection.connected_at + WATCHED_FOR).astimezone(frame.zone).date()
    return ConnectedFacts(
        clock=frame.clock,
        label=connection.label,
        key_hint=connection.key_hint,
        powers=" ".join(part for part in (reads, connection.powers) if part),
        days_loaded=state.days_loaded,
        days_wanted=state.days_wanted,
        alerts_from=alerts_from if alerts_from > frame.today else None,
        yesterday_nanos=total.nanos if is_known else None,
        currency=total.currency,
        yesterday_basis=_basis_words(basis_of(slices, has_open_days=True)),
        is_renewed=connection.connected_at < connection.state_since,
        has_alert_channel=bool(chats),
    )
