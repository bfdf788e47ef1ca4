"""The list of incidents and one of them, word for word."""

from dataclasses import replace

from bot.views.incidents import IncidentRow, IncidentsFacts, incident_view, incidents_view
from bot.views.model import View
from bot.views.periods import Period, PeriodKind
from tests.bot.views import test_spike
from tests.bot.views.harbor import CLOCK, MONTH, SOURCES, TODAY_WINDOW, at, nanos

SPIKE = IncidentRow(
    kind="spike", code="K7Q2", state="acknowledged", since=at(19, 10), what="agents-nightly", is_key=True,
    nanos=nanos("80.09"), told_at=at(19, 11, 20), told_nanos=nanos("11.55"), by="Mira Okafor", is_estimate=True,
    spike=replace(
        test_spike.FOUND, observed_nanos=nanos("80.09"), told_at=at(19, 11, 20), told_nanos=nanos("11.55")
    ),
)  # fmt: skip
OVER = replace(
    SPIKE, code="H3XW", state="resolved", since=at(12, 22), until=at(13, 1, 30), nanos=nanos("41.20"), by="",
    spike=replace(test_spike.FOUND, since=at(12, 22), observed_nanos=nanos("41.20"), split=test_spike.SPLIT[:1]),
)  # fmt: skip
BUDGET = IncidentRow(
    kind="budget", code="B4TZ", state="open", since=at(19, 13), what="Agents", nanos=nanos("320.22"),
    limit_nanos=nanos("400"), threshold=80, told_at=at(19, 13),
)  # fmt: skip
COURSE = replace(
    BUDGET, kind="projected", code="P9RD", what="Everything", limit_nanos=nanos("3300"), threshold=100
)
FACTS = IncidentsFacts(
    clock=CLOCK, period=MONTH, window=TODAY_WINDOW, rows=(BUDGET, SPIKE, COURSE, OVER), sources=SOURCES
)


def words(view: View) -> list[str]:
    return [str(view.lead), *(str(item) for item in view.body), view.footer]


def test_the_list_says_when_what_how_much_its_state_and_its_code() -> None:
    view = incidents_view(FACTS)

    assert words(view) == [
        "2 spikes and 2 budget alerts in November, $121.29 in spikes; 1 spike still open.",
        "As of 14:05 CET · estimated",
    ]
    assert view.is_private
    assert view.table is not None
    assert view.table.columns == ("What", "Money", "When", "State", "Code")
    assert view.table.rows == (
        ("Agents at 80% of $400", "$320.22", "13:00", "told", "B4TZ"),
        ("Spike: agents-nightly", "$80.09", "10:00", "acknowledged", "K7Q2"),
        ("Everything forecast at 100% of $3,300", "$320.22", "13:00", "told", "P9RD"),
        ("Spike: agents-nightly", "$41.20", "Nov 12 22:00", "over", "H3XW"),
    )
    assert view.data is not None
    assert [row[7] for row in view.data["table"]["rows"]] == ["B4TZ", "K7Q2", "P9RD", "H3XW"]
    assert [row[3] for row in view.data["table"]["rows"]] == ["320.22", "80.09", "320.22", "41.2"]


def test_chat_shows_seven_and_how_many_are_older() -> None:
    view = incidents_view(replace(FACTS, rows=(SPIKE,) * 12))

    assert view.table is not None
    assert len(view.table.rows) == 12
    assert view.table.for_chat.rows[-1] == ("Older (5)", "", "", "", "")


def test_no_incident_is_one_sentence() -> None:
    today = Period(kind=PeriodKind.TODAY, first=CLOCK.today, last=CLOCK.today, until=CLOCK.now)

    view = incidents_view(replace(FACTS, rows=(), period=today))

    assert words(view) == ["No spike and no budget alert today.", ""]
    assert view.table is None


def test_one_spike_says_when_it_was_told_and_leads_to_its_split() -> None:
    open_one, over = (incident_view(replace(FACTS, rows=(row,))) for row in (SPIKE, OVER))

    assert words(open_one) == [
        "Spike: agents-nightly spent $80.09 since 10:00, usually nothing.",
        "Began at 10:00, told at 11:20 after 80 min: $11.55 until then, $68.54 after.",
        "All of it claude-opus-5 in project Agents. Dana Weiss made the key on Nov 13; first used Nov 16.",
        "At this pace Agents' $400 for November is gone at about 17:00 ($278.77 so far).",
        "Acknowledged; last acted on by Mira Okafor.",
        "As of 14:05 CET · estimated · K7Q2",
    ]
    assert words(over) == [
        "Spike: agents-nightly spent $41.20 from Nov 12 22:00 to Fri 01:30, usually nothing.",
        "Began at Nov 12 22:00; told when it was over.",
        "All that is too much is the new key agents-nightly on claude-opus-5.",
        "As of 14:05 CET · estimated · H3XW",
    ]
    assert [(button.label, button.command) for button in open_one.buttons] == [
        ("Why", "/spend why K7Q2"),
        ("Expected", "/spend alerts expected K7Q2"),
        ("False alarm", "/spend alerts false K7Q2"),
    ]


def test_a_spike_is_in_the_state_that_people_called_it() -> None:
    false = replace(SPIKE, state="expected", act="false_alarm")

    (row,) = incidents_view(replace(FACTS, rows=(false,))).table.rows  # type: ignore[union-attr]
    view = incident_view(replace(FACTS, rows=(false,)))

    assert row[3] == "called a false alarm"
    assert str(view.body[-1]) == "Called a false alarm; last acted on by Mira Okafor."
    assert [button.label for button in view.buttons] == ["Why", "Watch again"]


def test_one_budget_alert_says_what_was_passed() -> None:
    view = incident_view(replace(FACTS, rows=(BUDGET,)))

    assert str(view.lead) == "Budget: Agents at 80% of $400, told at 13:00: $320.22 spent then."
