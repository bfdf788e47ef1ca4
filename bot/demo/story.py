"""The story the demo tells: Harbor Notes, a small company with two vendors, and the day its agent loop ran away.

Sixty days up to Thursday, November 19, 2026, 14:05 in Berlin: Support is launched on Nov 3, the key `agents-nightly`
works its first night on Nov 16, and on the last day a loop spends with it from 10:00 to 16:20. Two more days follow
the end, so that a clock may move on to the next morning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.demo.harbor import (
    AGENTS_NIGHTLY,
    ANTHROPIC_FLOWS,
    ANTHROPIC_MODELS,
    OPENAI_FLOWS,
    OPENAI_MODELS,
    SEARCH_KEY,
    anthropic_keys,
    openai_keys,
    openai_projects,
    people,
    workspaces,
)
from bot.demo.traffic import Burst, Calendar, burst_rows, rows_of
from bot.demo.vendors.account import Account, Fee, StoredMeter, UsageRow

ZONE = ZoneInfo("Europe/Berlin")
END = datetime(2026, 11, 19, 14, 5, tzinfo=ZONE)
_DAYS_AFTER = 2
_LAUNCH_BEFORE = timedelta(days=16)
_NIGHTLY_BEFORE = timedelta(days=3)
_CORRECTED_BEFORE = timedelta(days=9)
_CORRECTION_AFTER = timedelta(hours=60)
_NIGHT_USD = (2.6, 2.0)  # by agents-nightly at 03:00 and 04:00
_RUNAWAY_USD = {10: 6.3, 11: 21.3, 12: 25.0, 13: 25.3, 14: 26.0, 15: 24.0, 16: 7.2}  # by local hour
_RUNAWAY_ENDS = (16, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Both accounts and the moments that matter, as aware times; `end` is "now" of the story."""

    openai: Account
    anthropic: Account
    zone: ZoneInfo
    start: datetime
    end: datetime
    launch_on: date
    nightly_since: datetime
    runaway_since: datetime
    runaway_until: datetime
    corrected_on: date


def harbor_notes(
    *, seed: int = 1, days: int = 60, end: datetime = END, openai_discount_percent: int = 0
) -> Story:
    """Make the story: the same arguments make the same rows to the token.

    days: how many local days up to and including the day of `end`; at least 4, so that the new key has its nights.
    openai_discount_percent: negotiated, on the OpenAI bill only; estimates at list price are then too high.
    """
    if days < 4:
        raise ValueError("the story needs at least 4 days")
    today = end.astimezone(ZONE).date()
    calendar = Calendar(
        zone=ZONE,
        first=today - timedelta(days=days - 1),
        last=today + timedelta(days=_DAYS_AFTER),
        launch_on=today - _LAUNCH_BEFORE,
    )
    return Story(
        openai=_openai(calendar, today, seed, openai_discount_percent),
        anthropic=_anthropic(calendar, today, seed),
        zone=ZONE,
        start=_at(calendar.first, 0),
        end=end,
        launch_on=calendar.launch_on,
        nightly_since=_at(today - _NIGHTLY_BEFORE, 3),
        runaway_since=_at(today, min(_RUNAWAY_USD)),
        runaway_until=_at(today, *_RUNAWAY_ENDS),
        corrected_on=today - _CORRECTED_BEFORE,
    )


def _openai(calendar: Calendar, today: date, seed: int, discount_percent: int) -> Account:
    since = _at(calendar.first, 0)
    fees = [_tool_calls(day, 180_000_000) for day in _days(calendar)]
    corrected_on = today - _CORRECTED_BEFORE
    if corrected_on >= calendar.first:
        fees.append(_correction(corrected_on, 1_200_000_000))
    return Account(
        id="org-HarborNotes4uVtB8",
        name="Harbor Notes",
        meter=StoredMeter(rows_of(OPENAI_FLOWS, calendar, OPENAI_MODELS, seed=seed), fees),
        models=OPENAI_MODELS,
        discount_percent=discount_percent,
        projects=openai_projects(since),
        keys=openai_keys(since),
        people=people(since),
    )


def _anthropic(calendar: Calendar, today: date, seed: int) -> Account:
    since = _at(calendar.first, 0)
    fees = [fee for day in _days(calendar) for fee in _agent_fees(day)]
    return Account(
        id="6f1c2b7e-93d4-4a58-8b0e-5d2f7c1a9e34",
        name="Harbor Notes",
        meter=StoredMeter(
            [*rows_of(ANTHROPIC_FLOWS, calendar, ANTHROPIC_MODELS, seed=seed), *_nightly(today, seed)], fees
        ),
        models=ANTHROPIC_MODELS,
        projects=workspaces(since),
        keys=anthropic_keys(since, nightly_made_at=_at(today - timedelta(days=6), 16)),
        people=people(since),
    )


def _nightly(today: date, seed: int) -> Sequence[UsageRow]:
    """The new key: two hours each night since its first, then the loop of the last day."""
    nights = [
        Burst(start=_at(today + timedelta(days=offset), 3 + i), usd=usd)
        for offset in range(-_NIGHTLY_BEFORE.days, _DAYS_AFTER + 1)
        for i, usd in enumerate(_NIGHT_USD)
    ]
    last_hour, last_minutes = _RUNAWAY_ENDS
    loop = [
        Burst(start=_at(today, hour), usd=usd, minutes=last_minutes if hour == last_hour else 60)
        for hour, usd in _RUNAWAY_USD.items()
    ]
    return burst_rows(AGENTS_NIGHTLY, [*nights, *loop], ANTHROPIC_MODELS, seed=seed)


def _tool_calls(day: date, nanos: int) -> Fee:
    return Fee(
        day=day,
        text="Web search tool calls",
        cost_type="web_search",
        nanos=nanos,
        appears_at=_midnight_after(day),
        project=SEARCH_KEY[0],
        key=SEARCH_KEY[1],
    )


def _correction(day: date, nanos: int) -> Fee:
    """A line that joins the bill of a day long after that day was taken for settled."""
    late = int(_CORRECTION_AFTER.total_seconds())
    return Fee(
        day=day,
        text="File search tool calls",
        cost_type="file_search",
        nanos=nanos,
        appears_at=_midnight_after(day) + late,
        project=SEARCH_KEY[0],
        key=SEARCH_KEY[1],
    )


def _agent_fees(day: date) -> list[Fee]:
    """What agents cost besides tokens; weekends are quiet. No usage report explains these lines."""
    if day.weekday() >= 5:
        return []
    appears_at = _midnight_after(day)
    agents = workspaces(END)[1].id
    cents = 31 + day.day % 7
    return [
        Fee(
            day=day,
            text="Code Execution Usage",
            cost_type="code_execution",
            nanos=cents * 10_000_000 + 378_912,
            appears_at=appears_at,
            project=agents,
        ),
        Fee(
            day=day,
            text="Session Runtime Usage",
            cost_type="session_usage",
            nanos=80_000_000,
            appears_at=appears_at,
        ),
    ]


def _days(calendar: Calendar) -> list[date]:
    return [calendar.first + timedelta(days=i) for i in range((calendar.last - calendar.first).days + 1)]


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def _midnight_after(day: date) -> int:
    return int(datetime.combine(day + timedelta(days=1), time(), UTC).timestamp())
