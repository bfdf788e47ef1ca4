"""Spike alerts of docs/messages.md 3.4, from stored evidence."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.views.acts import Act
from bot.views.evidence import to_evidence
from bot.views.facts import OpenSpike
from bot.views.model import Tone, View
from bot.views.sentences import open_spike
from bot.views.spike import spike_grew_line, spike_over_line, spike_over_view, spike_view
from bot.views.spike_found import Cause, SpikeEvidence, Squeezed
from bot.views.why_words import NamedPart
from spend.explain import Cause as Why
from spend.explain import Thing
from tests.bot.views.harbor import NOW, at, clock, nanos

HOURS = [
    {"hour": at(19, hour).isoformat(), "nanos": nanos("9") if hour < 12 else None,
     "cause_nanos": nanos("3") if hour in (10, 11) else (0 if hour < 12 else None),
     "usual_nanos": nanos("8"), "low_nanos": nanos("6"), "high_nanos": nanos("10")}
    for hour in range(24)
]  # fmt: skip
EVIDENCE: dict[str, Any] = {
    "connection_id": "c1",
    "since": at(19, 10).isoformat(),
    "until": at(19, 11, 15).isoformat(),
    "last_hour": at(19, 11).isoformat(),
    "as_of": at(19, 11, 15).isoformat(),
    "observed_nanos": nanos("20"),
    "usual_nanos": nanos("8.45"),
    "excess_nanos": nanos("11.55"),
    "hot_excess_nanos": nanos("11.55"),
    "pace_nanos_per_hour": nanos("21.20"),
    "subject": {
        "kind": "key", "id": "k1", "api_key": "k1", "observed_nanos": nanos("11.55"), "usual_nanos": 0,
        "by_model": [["claude-opus-5", nanos("11.55")]], "by_project": [["p1", nanos("11.55")]],
    },
    "by_key": [{"id": "k1", "excess_nanos": nanos("11.55"), "observed_nanos": nanos("11.55"), "usual_nanos": 0}],
    "hours": [[at(19, 10).isoformat(), nanos("6.30")], [at(19, 11).isoformat(), nanos("5.25")]],
    "day": {"date": "2026-11-19", "hours": HOURS},
    "names": {"k1": "agents-nightly", "p1": "Agents", "c1": "Harbor Anthropic"},
    "key_facts": {"maker": "Dana Weiss", "made_on": "2026-11-13", "first_used_on": "2026-11-16"},
    "budget": {"label": "Agents", "limit": "400", "spent_nanos": nanos("278.77"), "month": "2026-11-01",
               "gone_at": at(19, 17, 4).isoformat()},
    "vendor": {"name": "Anthropic", "keys_url": "https://console.anthropic.com/settings/keys"},
}  # fmt: skip
FOUND = SpikeEvidence.from_evidence(EVIDENCE)
ACK = Act("acknowledged", "Mira Okafor", at(19, 12, 18))


def words(view: View) -> list[str]:
    return [str(view.lead), *(str(item) for item in view.body), view.footer]


def test_the_first_alert_says_who_how_much_since_when_and_what_follows() -> None:
    view = spike_view(FOUND, clock(at(19, 11, 20)), code="K7Q2")

    assert words(view) == [
        "Spike: agents-nightly spent $11.55 since 10:00, usually nothing at this time. Now about $21 an hour.",
        "All of it claude-opus-5 in project Agents. Dana Weiss made the key on Nov 13; first used Nov 16.",
        "At this pace Agents' $400 for November is gone at about 17:00 ($278.77 so far).",
        "Data to 11:15 CET · estimated · K7Q2",
    ]
    assert view.tone is Tone.ATTENTION
    assert [button.label for button in view.buttons] == [
        "Acknowledge", "Expected", "Snooze 1 h", "Why", "False alarm", "Snooze 1 day", "Mute this key",
        "Keys at Anthropic",
    ]  # fmt: skip
    assert view.chart is not None
    assert view.chart.title == "agents-nightly: $11.55 since 10:00, usually nothing at this time"


def test_where_something_is_usual_it_is_said_in_times() -> None:
    found = replace(
        FOUND, key="", observed_nanos=nanos("41.20"), usual_nanos=nanos("13.40"), excess_nanos=nanos("27.80"),
        pace_nanos=0, budget=None,
        causes=(Cause("agents-prod", nanos("19.10")), Cause("search-prod", nanos("6.20")),
                Cause("a", nanos("2")), Cause("b", nanos("0.50"))),
    )  # fmt: skip

    view = spike_view(found, clock(at(19, 12, 10)), code="K7Q2")

    assert words(view)[:2] == [
        "Spike: Harbor Anthropic spent $41.20 since 10:00, 3.1x the usual $13.40 of a Thursday.",
        "Of the $27.80 too much on 4 keys: agents-prod $19.10, search-prod $6.20, other $2.50.",
    ]


def test_the_picture_of_several_keys_names_their_connection() -> None:
    view = spike_view(replace(FOUND, key="", observed_nanos=nanos("41.20"), usual_nanos=nanos("13.40")),
                      clock(NOW), code="K7Q2")  # fmt: skip

    assert view.chart is not None
    assert view.chart.title.startswith("Harbor Anthropic: $41.20 since 10:00, ")


def test_a_spike_since_yesterday_says_so_in_its_picture() -> None:
    view = spike_view(replace(FOUND, since=at(18, 23, 10)), clock(at(19, 1, 20)), code="K7Q2")

    assert view.chart is not None
    assert view.chart.title == "agents-nightly: $11.55 since Wed 23:10, usually nothing at this time"


def test_an_open_spike_of_several_keys_is_named_by_its_connection_in_answers() -> None:
    several = OpenSpike(cause="", nanos=nanos("41.20"), since=at(19, 10), place="Harbor OpenAI")

    assert open_spike(several, clock(NOW)) == (
        "A spike is open: Harbor OpenAI, $41.20 since 10:00, usually nothing at this time.",
    )


def test_several_keys_on_one_model_name_the_model() -> None:
    several = replace(
        FOUND, key="", causes=(Cause("agents-prod", 2), Cause("search-prod", 1)), observed_nanos=100,
        models=(Cause("gpt-5.2", 15), Cause("claude-opus-5", 85)),
    )  # fmt: skip

    def said(found: SpikeEvidence) -> str:
        return str(spike_view(found, clock(NOW), code="K7Q2").body[0])

    assert said(several).endswith(". Mostly claude-opus-5.")
    assert said(replace(several, models=several.models[1:])).endswith(". All claude-opus-5.")
    assert said(replace(several, observed_nanos=110)).endswith("search-prod <$0.01.")


def test_a_spike_that_its_provider_lowered_says_so_instead_of_what_followed() -> None:
    """Told at $11.55, restated to $0.40 before it ended: still more than the usual $0.10."""
    found = replace(OVER, observed_nanos=nanos("0.40"), usual_nanos=nanos("0.10"))
    now = clock(at(19, 17, 30))

    assert str(spike_over_view(found, now, code="K7Q2-3").body[0]) == (
        "Told at 11:20 at $11.55; Anthropic lowered its figures since. All claude-opus-5."
    )
    assert str(spike_over_line(found, now, code="K7Q2-4").body[0]) == (
        "Began at 10:00, told at 11:20 after 80 min: $11.55 until then; Anthropic lowered its figures since."
    )


def test_the_parts_of_more_than_the_named_key_say_whose_they_are() -> None:
    """A key spent $135.10; of all keys $144.00 is too much: without a name that reads as more than was spent."""
    found = replace(OVER, split=SPLIT, causes=(Cause("agents-nightly", 2), Cause("support-prod", 1)))

    end = spike_over_line(found, clock(at(19, 17, 30)), code="K7Q2-4")

    assert str(end.body[1]).startswith(
        "Of the $144.00 too much on Harbor Anthropic: the new key agents-nightly"
    )


def test_what_a_person_did_is_the_last_body_line_and_takes_its_button_away() -> None:
    view = spike_view(FOUND, clock(at(19, 12, 18)), code="K7Q2", act=ACK)
    expected = spike_view(
        FOUND, clock(NOW), code="K7Q2", act=replace(ACK, state="expected", quiet_until=at(20, 18))
    )
    snoozed = spike_view(
        FOUND, clock(NOW), code="K7Q2", act=replace(ACK, state="snoozed", quiet_until=at(19, 13, 20))
    )

    assert str(view.body[-1]) == "Acknowledged by Mira Okafor at 12:18: quiet until it doubles."
    assert "Acknowledge" not in [button.label for button in view.buttons]
    assert str(expected.body[-1]) == (
        "Marked expected by Mira Okafor at 12:18: the same cause stays quiet until Fri 18:00."
    )
    assert str(snoozed.body[-1]) == "Snoozed by Mira Okafor until 13:20."


@pytest.mark.parametrize(("percent", "larger"), [(125, "1.25 times"), (150, "1.5 times"), (200, "twice")])
def test_a_false_alarm_says_what_follows_and_can_be_taken_back(percent: int, larger: str) -> None:
    false = replace(ACK, state="false_alarm", percent=percent)

    view = spike_view(FOUND, clock(NOW), code="K7Q2", act=false)

    assert str(view.body[-1]) == (
        f"Called a false alarm by Mira Okafor at 12:18: the next one must be {larger} as large to speak."
    )
    assert [button.label for button in view.buttons][:2] == ["Watch again", "Acknowledge"]
    assert "False alarm" not in [button.label for button in view.buttons]


def test_a_spike_that_is_over_can_still_be_called_what_it_was() -> None:
    open_end = spike_over_view(OVER, clock(at(19, 17, 30)), code="K7Q2-3", act=ACK)
    false = spike_over_view(OVER, clock(at(19, 17, 30)), code="K7Q2-3", act=replace(ACK, state="false_alarm"))

    assert [(each.label, each.value) for each in open_end.buttons] == [
        ("Why", "K7Q2"),
        ("Expected", "K7Q2"),
        ("False alarm", "K7Q2"),
    ]
    assert [each.label for each in false.buttons] == ["Why", "Watch again"]
    assert str(false.body[0]).endswith("Called a false alarm by Mira Okafor at 12:18.")


def test_growth_is_one_line_in_the_thread() -> None:
    budget = Squeezed(
        label="Agents", limit=Decimal(400), spent_nanos=nanos("300.63"), currency="USD", month=date(2026, 11, 1),
        gone_at=None,
    )  # fmt: skip
    found = replace(
        FOUND, observed_nanos=nanos("31.73"), as_of=at(19, 12, 10), pace_nanos=nanos("25.3"), budget=budget
    )

    view = spike_grew_line(found, clock(at(19, 12, 15)), code="K7Q2-2")

    assert words(view) == [
        "agents-nightly spent $31.73 by 12:10, about $25 an hour. Agents: $300.63 of $400.",
        "Data to 12:10 CET · estimated · K7Q2-2",
    ]


OVER = replace(
    FOUND, observed_nanos=nanos("135.10"), until=at(19, 16, 20), as_of=at(19, 17, 25), told_at=at(19, 11, 20),
    told_nanos=nanos("11.55"), pace_nanos=0,
)  # fmt: skip


def test_when_it_is_over_the_message_shrinks_and_says_what_followed() -> None:
    view = spike_over_view(OVER, clock(at(19, 17, 30)), code="K7Q2-3", act=ACK)

    assert words(view)[:2] == [
        "Over: agents-nightly spent $135.10 from 10:00 to 16:20 today, usually nothing.",
        "Told at 11:20 at $11.55; $123.55 followed. All claude-opus-5. Acknowledged by Mira Okafor at 12:18.",
    ]
    assert (view.chart, view.tone) == (None, Tone.CLOSED)
    assert [(button.label, button.action, button.value) for button in view.buttons] == [
        ("Why", "why", "K7Q2"),
        ("Expected", "expected", "K7Q2"),
        ("False alarm", "false_alarm", "K7Q2"),
    ]


SPLIT = (
    NamedPart(
        cause=Why.NEW, nanos=nanos("129.235"), thing=Thing.KEY, key="agents-nightly", models=("claude-opus-5",)
    ),
    NamedPart(cause=Why.VOLUME, nanos=nanos("13.41"), key="support-prod"),
    NamedPart(cause=Why.CACHE, nanos=nanos("2.50"), key="agents-prod"),
    NamedPart(cause=Why.TIER, nanos=nanos("-1.14"), key="agents-prod"),
)  # fmt: skip


def test_the_end_is_one_message_in_the_thread_with_what_it_cost_before_and_after_and_why() -> None:
    """129.235 + 13.41 + 2.50 - 1.14 = 144.005, shown as 144.00; the named ones as everywhere, what is left is other."""
    alone = spike_over_line(replace(OVER, split=SPLIT[:1]), clock(at(19, 17, 30)), code="K7Q2-4")
    several = spike_over_line(replace(OVER, split=SPLIT), clock(at(19, 17, 30)), code="K7Q2-4")
    late = spike_over_line(replace(OVER, told_at=None), clock(at(19, 17, 30)), code="K7Q2-4")

    assert words(alone) == [
        "Over since 16:20: agents-nightly spent $135.10 in 6 h 20 min.",
        "Began at 10:00, told at 11:20 after 80 min: $11.55 until then, $123.55 after.",
        "All that is too much is the new key agents-nightly on claude-opus-5.",
        "Data to 17:25 CET · estimated · K7Q2-4",
    ]
    assert words(several)[2] == (
        "Of the $144.00 too much: the new key agents-nightly on claude-opus-5 $129.24, "
        "more tokens on support-prod $13.41, other $1.35."
    )
    assert words(late)[1] == "Began at 10:00; told when it was over."


def test_the_split_of_the_end_is_kept_with_its_evidence() -> None:
    kept = EVIDENCE | {"split": to_evidence(SPLIT)}

    assert SpikeEvidence.from_evidence(kept).split == SPLIT


def test_a_spike_that_came_and_went_while_the_bot_was_off_says_so() -> None:
    found = replace(OVER, told_at=None, off_from=at(19, 12), off_to=at(19, 18))

    view = spike_over_view(found, clock(at(19, 18, 5)), code="K7Q2")

    assert words(view)[1:3] == ["All claude-opus-5.", "spendbot was off from 12:00 to 18:00."]


def test_a_spike_of_another_day_names_the_day_once() -> None:
    view = spike_over_view(OVER, clock(at(20, 9)), code="K7Q2-3")

    assert str(view.lead) == "Over: agents-nightly spent $135.10 from Thu 10:00 to 16:20, usually nothing."


def test_a_budget_is_not_said_to_be_gone_at_a_time_that_is_past() -> None:
    """Held up until the next morning: the pace of yesterday says nothing any more."""
    view = spike_view(replace(FOUND, is_late=True), clock(at(20, 9)), code="K7Q2")

    assert str(view.body[1]) == "Agents' $400 for November: $278.77 so far."


def test_a_late_spike_is_not_told_as_new() -> None:
    view = spike_view(replace(FOUND, is_late=True), clock(at(19, 13, 40)), code="K7Q2")

    assert str(view.lead) == (
        "Spike, found late (13:40): agents-nightly spent $11.55 since 10:00, usually nothing at this time."
    )


def test_a_spike_that_was_lowered_to_the_usual_is_taken_back() -> None:
    found = replace(OVER, observed_nanos=nanos("0.40"), usual_nanos=nanos("0.40"))
    now = clock(at(19, 17, 30))
    closed, last = spike_over_view(found, now, code="K7Q2-3"), spike_over_line(found, now, code="K7Q2-4")

    taken_back = "Over: Anthropic lowered its figures, nothing above the usual is left on agents-nightly."
    assert str(closed.lead) == str(last.lead) == taken_back
    assert str(closed.body[0]) == "Told at 11:20 at $11.55. All claude-opus-5."
    assert str(last.body[0]) == "Began at 10:00, told at 11:20 after 80 min: $11.55 until then."
