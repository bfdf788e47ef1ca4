"""Set-up, status, trouble, newcomers and restatements: docs/messages.md 3.1, 3.2 and 3.4."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.views import connect
from bot.views.connect import ConnectedFacts
from bot.views.evidence import from_evidence, to_evidence
from bot.views.first_seen import Newcomer, first_seen_view, newcomers_from
from bot.views.footer import SourceState
from bot.views.help import help_view
from bot.views.model import Tone, View
from bot.views.prices import discount_set_view, price_list_view, price_set_view
from bot.views.restatement import RestatementEvidence, restatement_view
from bot.views.settings import SettingsFacts, alerts_here, changed_view, settings_view
from bot.views.status import (
    AskedOften,
    ConnectionStatus,
    OpenIncident,
    RaisedCause,
    StatusFacts,
    UnheardChannel,
    connections_view,
    status_view,
)
from bot.views.trouble import TroubleEvidence, trouble_over_view, trouble_view
from spend.pricing import Discount, PriceOverride, PriceRules
from tests.bot.views.harbor import CLOCK, at, clock, nanos


def words(view: View) -> list[str]:
    return [str(view.lead), *(str(item) for item in view.body)]


def test_the_greeting_says_what_it_is_for_and_what_it_does_not_do() -> None:
    view = connect.greeting_view("Harbor Notes")

    assert words(view) == [
        "spendbot is here for Harbor Notes: what LLM APIs cost, asked with /spend.",
        "Nothing is connected yet. With a read-only key from an admin the first figures stand here within a minute.",
        "It posts no figures in a channel until someone asks it to. Keys stay encrypted on your own server; "
        "prompts are never read.",
    ]
    assert [button.label for button in view.buttons] == ["Connect a provider", "See an example", "Help"]


CONNECTED = ConnectedFacts(
    clock=clock(at(22, 10, month=9)),
    label="Harbor Anthropic",
    key_hint="r2Fp",
    powers="It reads usage, bills and the names of 2 workspaces and 4 keys. "
    "It could also change keys and members, like every Anthropic admin key.",
    days_loaded=34,
    days_wanted=90,
    alerts_from=date(2026, 9, 29),
    yesterday_nanos=nanos("60.89"),
)


def test_a_new_connection_shows_yesterday_its_powers_and_its_history() -> None:
    view = connect.connected_view(CONNECTED)

    assert words(view) == [
        "Harbor Anthropic is connected (key …r2Fp). Yesterday: $60.89, estimated.",
        "It reads usage, bills and the names of 2 workspaces and 4 keys. "
        "It could also change keys and members, like every Anthropic admin key.",
        "History: 34 of 90 days loaded. Spike alerts start on Sep 29, after 7 days of watching; "
        "only jumps far outside all history speak before.",
    ]
    assert [button.label for button in view.buttons] == ["Post alerts here", "Set a budget", "This month"]


def test_connect_refuses_what_would_count_twice() -> None:
    assert connect.connected_twice("Harbor OpenAI") == "This key is connected already, as Harbor OpenAI."
    assert connect.counted_twice("Search", "Harbor OpenAI") == (
        "Project Search is counted by Harbor OpenAI already; counting it twice is refused."
    )


def test_disconnecting_is_confirmed_by_name_and_told_with_who() -> None:
    confirm = connect.disconnect_confirm_view("Harbor Anthropic", "c1")

    assert str(confirm.lead) == "Disconnect Harbor Anthropic? Its key is destroyed at once; its figures stay."
    assert confirm.buttons[0].confirm == str(confirm.lead)
    assert str(connect.disconnected_view("Harbor Anthropic", "Mira Okafor").lead) == (
        "Mira Okafor disconnected Harbor Anthropic."
    )


def test_a_short_history_is_kept_and_goes_on_by_itself() -> None:
    view = connect.history_short_view(
        "Harbor OpenAI", days_missing=12, days_wanted=90, reason="OpenAI asks to slow down"
    )

    assert str(view.lead) == (
        "Harbor OpenAI is connected and kept; 12 of 90 days are still missing (OpenAI asks to slow down). "
        "It goes on by itself; now: spendbot poll --once."
    )


def connection(provider: str, hint: str, minute: int) -> ConnectionStatus:
    return ConnectionStatus(
        label=f"Harbor {provider}",
        provider=provider,
        key_hint=hint,
        state=SourceState.OK,
        usage_as_of=at(19, 14, minute),
        billed_to=date(2026, 11, 17),
        history_since=date(2026, 6, 24),
        days_loaded=90,
        days_wanted=90,
    )


STATUS = StatusFacts(
    clock=CLOCK,
    connections=(connection("OpenAI", "q7Xw", 1), connection("Anthropic", "r2Fp", 0)),
    incidents=(OpenIncident("spike", "acknowledged", "Mira Okafor", at(19, 12, 18)),),
    alert_channels=("#ai-spend",),
    summary_channels=("#ai-spend",),
    summary_at="09:00",
    summary_zone="Europe/Berlin",
    budgets=3,
)


def test_the_status_puts_problems_first_and_says_where_things_go() -> None:
    assert words(status_view(STATUS)) == [
        "Both connections are fresh. 1 spike is open, acknowledged by Mira Okafor at 12:18.",
        "Harbor Anthropic: usage 5 min ago, billed to Nov 17, history since Jun 24, key …r2Fp",
        "Harbor OpenAI: usage 4 min ago, billed to Nov 17, history since Jun 24, key …q7Xw",
        "Alerts in #ai-spend, summary there at 09:00 Europe/Berlin. 3 budgets. Nothing waits to be delivered.",
    ]


def test_a_channel_that_did_not_get_its_last_message_is_named_with_the_reason() -> None:
    closed = UnheardChannel("#ai-spend", at(19, 12, 18), "Discord refuses: Missing Access.")

    view = status_view(replace(STATUS, unheard=(closed,)))

    assert words(view)[1] == (
        "#ai-spend did not get its last message, of 12:18: Discord refuses: Missing Access."
    )


@pytest.mark.parametrize(
    ("often", "words_"),
    [
        (AskedOften(timedelta(minutes=1), "K7Q2"), "asked every minute while K7Q2 is open"),
        (AskedOften(timedelta(minutes=3)), "asked every 3 min while its last hour is over twice the usual"),
    ],
)
def test_the_status_says_what_is_asked_more_often_and_why(often: AskedOften, words_: str) -> None:
    hurried = replace(connection("OpenAI", "q7Xw", 1), often=often)

    view = status_view(replace(STATUS, connections=(hurried,)))

    assert words(view)[1].startswith(f"Harbor OpenAI: {words_}, usage 4 min ago, billed to Nov 17")


def test_the_status_says_what_was_called_false_until_when_and_takes_it_back() -> None:
    nightly = RaisedCause("agents-nightly", 2, 150, at(12, 9, month=12), "K7Q2")
    others = tuple(RaisedCause(f"key-{n}", 1, 125, at(12, 9, month=12), f"C{n}XX") for n in range(4))

    view = status_view(replace(STATUS, raised=(nightly, *others)))

    assert words(view)[-4:] == [
        "2 alerts about agents-nightly were called false: "
        "until Dec 12 its spikes must be 1.5 times as large to be told (K7Q2).",
        "1 alert about key-0 was called false: "
        "until Dec 12 its spikes must be 1.25 times as large to be told (C0XX).",
        "1 alert about key-1 was called false: "
        "until Dec 12 its spikes must be 1.25 times as large to be told (C1XX).",
        "So were alerts about 2 more.",
    ]
    assert [(each.label, each.action, each.value) for each in view.buttons][:1] == [
        ("Take back K7Q2", "watch_again", "K7Q2")
    ]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("false_alarm", "called a false alarm"),
        ("muted", "muted"),
        ("expected", "expected"),
        ("known", "known"),
    ],
)
def test_an_open_incident_is_what_people_called_it(state: str, said: str) -> None:
    spike = OpenIncident("spike", state, "Mira Okafor", at(19, 12, 18))

    view = status_view(replace(STATUS, incidents=(spike,)))

    assert str(view.lead).endswith(f"1 spike is open, {said} by Mira Okafor at 12:18.")


def test_connections_that_are_all_stale_are_named_together_with_what_to_look_at() -> None:
    stale = tuple(replace(one, state=SourceState.STALE) for one in STATUS.connections)
    broken = replace(stale[1], state=SourceState.BROKEN)

    everyone = status_view(replace(STATUS, connections=stale, incidents=()))
    some = status_view(replace(STATUS, connections=(stale[0], broken), incidents=()))

    assert str(everyone.lead) == (
        "Harbor OpenAI and Harbor Anthropic are stale (is spendbot run running?). Nothing is open."
    )
    assert str(some.lead) == "Harbor OpenAI is stale and Harbor Anthropic is broken. Nothing is open."


def test_a_broken_connection_leads_the_status() -> None:
    broken = replace(
        connection("OpenAI", "q7Xw", 1),
        state=SourceState.BROKEN,
        since=at(19, 11, 40),
        reason="its key is refused",
    )

    view = status_view(replace(STATUS, connections=(STATUS.connections[1], broken), incidents=(), waiting=2))

    assert words(view)[0] == "Harbor OpenAI is broken. Nothing is open."
    assert words(view)[1].startswith(
        "Harbor OpenAI: broken since 11:40 (its key is refused), usage 4 min ago"
    )
    assert words(view)[-1].endswith("3 budgets. 2 messages wait to be delivered.")


def test_connections_without_any_say_how_to_connect() -> None:
    assert str(connections_view(CLOCK, ()).lead) == "Nothing is connected yet, so there is nothing to count."
    assert str(connections_view(CLOCK, STATUS.connections).lead) == "2 connections."


BROKEN = TroubleEvidence(
    what="broken", connection="Harbor Anthropic", provider="Anthropic", key_hint="r2Fp", status=401,
    since=at(20, 11, 40),
)  # fmt: skip


def test_a_refused_key_says_since_when_and_what_is_blind() -> None:
    view = trouble_view(BROKEN, clock(at(21, 9)), code="T3AB")

    assert words(view) == [
        "No figures from Harbor Anthropic since Fri 11:40 CET: its key …r2Fp is refused (401).",
        "Totals lack it from then on; its spikes and budgets are blind until a new key is connected.",
    ]
    assert (view.tone, view.is_private, view.footer) == (Tone.TROUBLE, False, "T3AB")
    assert [button.label for button in view.buttons] == ["Connect a new key"]


def test_when_a_source_is_back_the_gap_is_said() -> None:
    over = replace(BROKEN, ended_at=at(20, 12, 50), gap_nanos=nanos("6.40"))

    view = trouble_over_view(over, clock(at(20, 13)), code="T3AB-2")

    assert words(view) == ["Harbor Anthropic is back since 12:50; the gap is filled: $6.40."]


def test_stale_figures_a_missing_bill_and_a_missing_price_are_trouble_too() -> None:
    stale = TroubleEvidence(what="stale", connection="Harbor OpenAI", provider="OpenAI", since=at(19, 11, 20))
    bill = TroubleEvidence(
        what="bill_missing", provider="OpenAI", day=date(2026, 11, 17), days_overdue=2, nanos=nanos("61.67")
    )
    unpriced = TroubleEvidence(
        what="unpriced", model="ft:gpt-5-mini:harbor", tokens=12_400_000, since=at(19, 9, 10)
    )
    removed = TroubleEvidence(what="channel", place="#ai-spend")

    def lead(found: TroubleEvidence) -> str:
        return str(trouble_view(found, clock(at(19, 13, 20)), code="T3AB").lead)

    assert lead(stale) == (
        "Harbor OpenAI's figures end at 11:20 CET, 2 h ago; 10 min is normal. "
        "Nothing to do: it is asked every 5 min."
    )  # fmt: skip
    assert lead(bill) == "OpenAI has no bill for Tue Nov 17, 2 days overdue. Shown as estimated: $61.67."
    assert (
        lead(unpriced)
        == "ft:gpt-5-mini:harbor has no price: 12.4M tokens since 09:10 are in no total and no budget."
    )
    assert lead(removed) == (
        "Alerts for #ai-spend cannot be posted: spendbot was removed there. Invite it again or choose another channel."
    )
    assert trouble_view(removed, CLOCK).is_private


def test_trouble_is_the_same_after_being_stored() -> None:
    assert from_evidence(TroubleEvidence, json.loads(json.dumps(to_evidence(BROKEN)))) == BROKEN


NIGHTLY = Newcomer(
    what="key", name="agents-nightly", nanos=nanos("4.50"), provider="Anthropic", project="Agents",
    models=("claude-opus-5",), maker="Dana Weiss", made_on=date(2026, 11, 13),
)  # fmt: skip


def test_a_new_key_is_told_with_its_money_and_its_maker() -> None:
    view = first_seen_view((NIGHTLY,), clock(at(16, 5, 15)), code="F1RS")

    assert words(view) == [
        "New key: agents-nightly (Anthropic, Agents) spent $4.50 today, all on claude-opus-5.",
        "Dana Weiss made it on Nov 13.",
    ]
    assert words(first_seen_view((replace(NIGHTLY, maker=""),), CLOCK, code="F1RS"))[1:] == []


def test_newcomers_of_an_hour_are_one_message() -> None:
    items = [
        NIGHTLY,
        Newcomer(what="key", name="a", nanos=nanos("5")),
        Newcomer(what="key", name="b", nanos=nanos("2.90")),
        Newcomer(what="model", name="claude-opus-5", nanos=nanos("4.50")),
    ]
    stored = json.loads(json.dumps({"items": [to_evidence(item) for item in items]}))

    view = first_seen_view(newcomers_from(stored), CLOCK, code="F1RS")

    assert words(view) == [
        "3 new keys, 1 new model: $12.40 today.",
        "a $5.00, agents-nightly $4.50, claude-opus-5 $4.50, b $2.90.",
    ]


def test_a_restatement_says_before_after_and_the_shown_difference() -> None:
    found = RestatementEvidence(
        provider="OpenAI", day=date(2026, 11, 12), before_nanos=nanos("60.204"), after_nanos=nanos("62.376")
    )

    assert str(restatement_view(found, CLOCK, code="R2ST").lead) == (
        "OpenAI changed its bill for Thu Nov 12 from $60.20 to $62.38 (+$2.18). November includes it."
    )


def test_prices_say_that_bills_stay_as_they_are() -> None:
    override = PriceOverride("ft:gpt-5-mini:harbor", Decimal("0.004"), Decimal(15), date(2026, 11, 3))
    discount = Discount("c1", Decimal("15.0"), date(2026, 11, 1))

    assert str(price_set_view(CLOCK, override).lead) == (
        "Price set for ft:gpt-5-mini:harbor: $0.004 in and $15.00 out per 1M tokens from Nov 3. "
        "Estimates since then are made again; bills stay as they are."
    )
    assert str(discount_set_view(CLOCK, discount, "Harbor OpenAI").lead).startswith(
        "Discount set: 15% less on Harbor OpenAI from Nov 1. "
    )
    listed = price_list_view(
        CLOCK, PriceRules((override,), (discount,)), labels={"c1": "Harbor OpenAI"}, version="0.2.3"
    )
    assert listed.table is not None
    assert listed.table.rows == (
        ("ft:gpt-5-mini:harbor", "$0.004", "$15.00", "Nov 3", ""),
        ("all on Harbor OpenAI", "-15%", "-15%", "Nov 1", ""),
    )


def test_settings_show_all_and_how_to_change_them() -> None:
    facts = SettingsFacts(
        name="Harbor Notes", zone="Europe/Berlin", first_weekday=0, user_names=False, pictures="dark"
    )

    view = settings_view(facts)

    assert str(view.lead) == "Harbor Notes: zone Europe/Berlin, weeks start on Monday, pictures dark."
    assert str(view.body[0]) == "User names are off. Admins: those of each platform."
    assert str(changed_view(alerts_here("#ai-spend")).lead).startswith(
        "Alerts are posted in #ai-spend from now on"
    )


def test_help_fits_on_four_lines() -> None:
    assert words(help_view()) == [
        "Ask: /spend, /spend today by model, /spend week vs last week, /spend why, /spend forecast, /spend burn. "
        "Cut by provider, project, model, key, day, hour (two at most).",
        "Windows: today, yesterday, week, month, last 7 days, since 2026-11-03, 2026-11-03..2026-11-09. "
        "Only some: model:gpt-5* project:Search",
        "Set: /budget set 500 monthly for project:Search, /spend alerts here, /spend summary at 09:00. "
        "Admins: /spend connect, /spend settings",
        "About an alert: /spend why K7Q2, /spend alerts expected K7Q2, /spend alerts false K7Q2; "
        "/spend alerts again K7Q2 takes that back.",
    ]
