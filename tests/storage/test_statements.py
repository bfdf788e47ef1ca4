"""Whatever a workspace's store is asked, each statement on tenants' tables names the workspace."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import event

from spend.budgets import Budget, Period, Scope
from spend.notify import IncidentState, NewDelivery, Op
from spend.pricing import Discount, PriceOverride
from storage.acts import Acts
from storage.audit import Audit
from storage.budgets import Budgets
from storage.connections import Connections
from storage.deliveries import Deliveries
from storage.feedback import FeedbackBook
from storage.holder import Holder
from storage.incidents import Incidents
from storage.notes import Notes
from storage.polls import Polls
from storage.prices import Prices
from storage.tables._all import all_tables
from storage.values import Channel, ConnectionState
from storage.workspaces import Places
from tests.storage.cast import KEY, MINUTE, NOW, OTHER_KEY, by_mira, false_alarm, harbor_openai
from tests.storage.test_incidents import FIRST, GREW, post, spike

PARTS = (Acts, Audit, Budgets, Connections, Deliveries, FeedbackBook, Incidents, Notes, Places, Polls, Prices)
FROM = date(2026, 11, 1)
ABOUT = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)")


class Watched:
    """A workspace's store that remembers what it was asked."""

    def __init__(self, workspace: Any) -> None:
        self._workspace = workspace
        self.asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.asked.add(name)
        return getattr(self._workspace, name)


async def test_every_statement_of_every_method_names_its_workspace(store) -> None:
    said: list[tuple[str, str]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
        said.append((statement, repr(parameters)))

    token = await store.take_run_lease(Holder.this_process(), NOW)
    for engine in {store._engines.writer.sync_engine, store._engines.reader.sync_engine}:
        event.listen(engine, "before_cursor_execute", note)
    workspace = Watched(store.workspace("home"))

    await use_connections(workspace)
    await use_places(workspace)
    await use_prices_and_budgets(workspace)
    await use_incidents(workspace, token)

    methods = {name for part in PARTS for name in vars(part) if not name.startswith("_")}
    assert methods - workspace.asked == set()
    tenants = {name for name, table in all_tables().tables.items() if "workspace_id" in table.c}
    about_tenants = [each for each in said if tenants & set(ABOUT.findall(each[0]))]
    assert len(about_tenants) > 100
    for statement, parameters in about_tenants:
        assert "workspace_id" in statement, statement
        assert "'home'" in parameters, statement


async def use_connections(workspace: Any) -> None:
    kept = await workspace.add_connection(harbor_openai(), NOW, by_mira())
    await workspace.connections(include_disconnected=True)
    await workspace.connection(kept.id)
    await workspace.connection_by_label("Harbor OpenAI")
    assert await workspace.open_key(kept.id, NOW, by_mira()) == KEY
    await workspace.replace_key(kept.id, OTHER_KEY, NOW, by_mira())
    await workspace.owner_of_project("openai", "proj_1", "")
    await workspace.holder_of_key(OTHER_KEY)
    await workspace.claim_stream(kept.id, "costs", NOW, MINUTE)
    await workspace.stream_succeeded(kept.id, "costs", NOW, NOW)
    await workspace.stream_failed(kept.id, "costs", NOW, NOW, "No answer.")
    await workspace.release_streams(kept.id, NOW, NOW)
    await workspace.bring_forward(kept.id, "costs", read_at=NOW, due_at=NOW)
    await workspace.poll_attempts(kept.id, NOW)
    await workspace.set_state(kept.id, ConnectionState.BROKEN, "refused (401)", NOW)
    await workspace.disconnect(kept.id, NOW, by_mira())


async def use_places(workspace: Any) -> None:
    await workspace.change_settings(by_mira(), zone="Asia/Tokyo")
    await workspace.settings()
    place = await workspace.add_installation("slack", "T1", "Harbor", by_mira())
    channel = Channel(installation_id=place.id, platform="slack", channel="C1", purpose="alerts")
    await workspace.set_channel(channel, by_mira())
    await workspace.channels("alerts")
    await workspace.clear_channel("alerts", place.id, "C1", by_mira())
    await workspace.remove_installation(place.id, NOW, by_mira())
    await workspace.forget_channels(place.id)
    await workspace.installations()
    await workspace.keep_note("commands", "hash", NOW)
    assert await workspace.note("commands") == "hash"
    await workspace.keep_feedback(false_alarm())
    await workspace.take_back_feedback("i1", "c1/*")
    await workspace.feedback()


async def use_prices_and_budgets(workspace: Any) -> None:
    await workspace.set_override(PriceOverride("gpt-5", Decimal(3), Decimal(15), FROM), by_mira())
    await workspace.end_override("gpt-5", FROM, by_mira())
    await workspace.set_discount(Discount("c1", Decimal(15), FROM), by_mira())
    await workspace.end_discount("c1", FROM, by_mira())
    await workspace.price_rules()
    budget = Budget(id="", scope=Scope(), period=Period.MONTH, limit=Decimal(3300))
    await workspace.set_budget(budget, by_mira())
    kept = await workspace.set_budget(budget, by_mira())
    await workspace.budgets()
    await workspace.remove_budget(kept.id, by_mira())


async def use_incidents(workspace: Any, token: int) -> None:
    told = await workspace.tell(spike(), FIRST, [post(), *(post(channel=f"C{n}") for n in range(2, 6))], NOW)
    one, two, three, four, five = await workspace.claim_deliveries(NOW, token)
    await workspace.set_file(one.id, "F1")
    await workspace.mark_sent(one.id, token, "", NOW, console_text="Spike", chart_path="")
    await workspace.mark_failed(two.id, token, "Gone.", NOW)
    await workspace.mark_unknown(three.id, token, "No answer.", NOW)
    await workspace.mark_superseded(four.id, token, NOW)
    await workspace.requeue(five.id, token, NOW, 0)
    edit = NewDelivery(step="grew-1", installation_id="slack-1", platform="slack", channel="C1", op=Op.EDIT)
    await workspace.tell(spike(), GREW, [edit], NOW)
    await workspace.deliveries()
    await workspace.console_messages()
    await workspace.act(told.id, IncidentState.ACKNOWLEDGED, "mira", NOW, audit=by_mira())
    await workspace.incident(told.dedup_key)
    await workspace.incident_by_id(told.id)
    await workspace.incident_by_code(told.code)
    await workspace.incidents()
    await workspace.decisions(NOW)
    await workspace.remember_act("slack:1", NOW)
    await workspace.audit(by_mira())
    await workspace.audit_entries(without="key used")
    assert await workspace.audit_count("disconnected") == 0
