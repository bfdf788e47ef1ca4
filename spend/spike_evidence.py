"""The evidence of a spike: everything its message and its picture say, as exact integers and ids.

Names of ids are looked up by whoever writes the message. The parts of the excess are exact: they sum to it.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from spend.money import split_exactly
from spend.spike_runs import Run
from spend.usual import HourBook, Part, median, median_deviation, past_hours
from spend.window import HOUR, day_of, floor_hour, hours, hours_of_day

CAUSE_PERCENT = 80  # a key with at least this part of the excess is named as its cause
_SHORTEST_PACE = timedelta(minutes=10)  # a younger hour says nothing about a pace
_PROJECT, _KEY, _MODEL = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Hour:
    """One hour of a run: what was spent by part, what is usual by part, and in all; cut to what is known of it.

    is_hot: it is not after the last hot one; a short pause counts with the spike.
    """

    start: datetime
    is_hot: bool
    observed: Mapping[Part, int]
    usual: Mapping[Part, int]
    usual_total: int
    whole_usual_total: int


def describe_run(
    run: Run,
    book: HourBook,
    *,
    zone: ZoneInfo,
    as_of: datetime,
    history_from: datetime,
    deviations: int,
    least_excess: int,
    told_until: tuple[datetime, int] | None,
) -> dict[str, Any]:
    """Return the evidence of a run, ready for JSON: amounts in nano-units, times as ISO text in UTC.

    observed, usual, excess: of the connection over the run's hours; the open hour's usual counts by its minutes.
    Where others spent so much less than usual that one key's excess is twice the connection's: of that key alone.
    `hot_excess_nanos` is what the floor is judged on: hours up to the last hot one against whole usual hours, so that
    an open hour cannot exaggerate. `subject`: the key that caused it, or the connection. `until`: when it last grew
    (`told_until`: that and its amount as found before). `by_key`, `by_model`, `by_project`: the excess split exactly.
    `day`: for the picture.
    """
    covered = _run_hours(
        run, book, zone=zone, as_of=as_of, history_from=history_from, least_excess=least_excess
    )
    covered = list(_of_the_risen(covered))
    observed = sum(sum(hour.observed.values()) for hour in covered)
    usual = sum(hour.usual_total for hour in covered)
    by_key = _split_excess(covered, observed - usual, lambda part: part[_KEY])
    subject = _subject(run, covered, by_key, observed, usual)
    pace_of = _hourly_amounts(covered, subject["api_key"])
    hot_excess = sum(sum(hour.observed.values()) - hour.whole_usual_total for hour in covered if hour.is_hot)
    return {
        "connection_id": run.connection_id,
        "since": run.since.isoformat(),
        "last_hour": run.last_hot.isoformat(),
        "until": _until(run, covered, as_of, told_until, subject["observed_nanos"]).isoformat(),
        "as_of": as_of.isoformat(),
        "observed_nanos": observed,
        "usual_nanos": usual,
        "excess_nanos": observed - usual,
        "hot_excess_nanos": hot_excess,
        "is_usual_nothing": usual == 0,
        "pace_nanos_per_hour": 0 if run.is_over else _pace(pace_of, as_of),
        "subject": subject,
        "cause_id": f"{run.connection_id}/{subject['api_key'] or '*'}",
        "hours": [[start.isoformat(), nanos] for start, nanos in pace_of],
        "by_key": by_key,
        "by_model": _split_excess(covered, observed - usual, lambda part: part[_MODEL]),
        "by_project": _split_excess(covered, observed - usual, lambda part: part[_PROJECT]),
        "day": _day_picture(run, book, subject["api_key"], zone=zone, as_of=as_of, deviations=deviations,
                            history_from=history_from),
    }  # fmt: skip


def money_on_hours(evidence: Mapping[str, Any], start: datetime, end: datetime) -> int:
    """Return what a spike's subject spent in the hours that start in `[start, end)`: an incident's part of a day."""
    return sum(nanos for hour, nanos in evidence["hours"] if start <= datetime.fromisoformat(hour) < end)


def _run_hours(
    run: Run, book: HourBook, *, zone: ZoneInfo, as_of: datetime, history_from: datetime, least_excess: int
) -> list[_Hour]:
    """Return the hours from the first hot one to the last, and the next if it has an excess too: it ends within one."""
    found = []
    hour = run.since
    while hour <= min(run.last_hot + HOUR, floor_hour(as_of)):
        described = _describe_hour(
            book, run.connection_id, hour, zone, as_of, history_from, hour <= run.last_hot
        )
        if described.is_hot or sum(described.observed.values()) - described.usual_total > least_excess:
            found.append(described)
        hour += HOUR
    return found


def _describe_hour(
    book: HourBook,
    connection_id: str,
    hour: datetime,
    zone: ZoneInfo,
    as_of: datetime,
    history_from: datetime,
    is_hot: bool,
) -> _Hour:
    past = past_hours(hour, zone, history_from=history_from)
    known_s = min(HOUR, as_of - hour) // timedelta(seconds=1)
    observed = book.parts(connection_id, hour)
    usual = {
        part: median([book.parts(connection_id, earlier).get(part, 0) for earlier in past]) * known_s // 3600
        for part in observed
    }
    whole = median([book.total(connection_id, earlier) for earlier in past])
    return _Hour(hour, is_hot, observed, usual, whole * known_s // 3600, whole)


def _of_the_risen(covered: Sequence[_Hour]) -> Sequence[_Hour]:
    """Return the hours of one key alone, if its excess is twice the connection's or more: savings elsewhere hide it."""
    excess: dict[str, int] = defaultdict(int)
    for hour in covered:
        for part, nanos in hour.observed.items():
            excess[part[_KEY]] += nanos - hour.usual[part]
    total = sum(sum(hour.observed.values()) - hour.usual_total for hour in covered)
    top = max(sorted(excess), key=lambda key: excess[key], default="")
    if not top or excess[top] < 2 * total or excess[top] <= 0:
        return covered
    return [_hour_of_key(hour, top) for hour in covered]


def _hour_of_key(hour: _Hour, key: str) -> _Hour:
    observed = {part: nanos for part, nanos in hour.observed.items() if part[_KEY] == key}
    usual = {part: hour.usual[part] for part in observed}
    total = sum(usual.values())
    whole = total * hour.whole_usual_total // hour.usual_total if hour.usual_total else total
    return replace(hour, observed=observed, usual=usual, usual_total=total, whole_usual_total=whole)


def _split_excess(
    covered: Sequence[_Hour], excess: int, name_of: Callable[[Part], str]
) -> list[dict[str, Any]]:
    """Split an excess exactly by what spent more than usual, largest first, ties by id; nothing to split gives []."""
    observed: dict[str, int] = defaultdict(int)
    usual: dict[str, int] = defaultdict(int)
    for hour in covered:
        for part, nanos in hour.observed.items():
            observed[name_of(part)] += nanos
            usual[name_of(part)] += hour.usual[part]
    ids = sorted(observed)
    weights = [max(0, observed[name] - usual[name]) for name in ids]
    if excess <= 0 or not any(weights):
        return []
    rows = [
        {"id": name, "excess_nanos": part, "observed_nanos": observed[name], "usual_nanos": usual[name]}
        for name, part in zip(ids, _shares(excess, weights, [observed[name] for name in ids]), strict=True)
        if part
    ]
    return sorted(rows, key=lambda row: (-int(row["excess_nanos"]), str(row["id"])))


def _shares(excess: int, weights: Sequence[int], observed: Sequence[int]) -> list[int]:
    """Split an excess exactly by what each part rose; none gets more than it spent.

    The connection's usual is not the sum of its parts' usual. Where that leaves more excess than rises, the rest goes
    to what rose, as far as it spent that much, and only then to what did not rise.
    """
    rest = excess - sum(weights)
    if rest <= 0:
        return split_exactly(excess, weights)
    rooms = [spent - rise if rise else 0 for spent, rise in zip(observed, weights, strict=True)]
    if sum(rooms) < rest:
        rooms = [spent - rise for spent, rise in zip(observed, weights, strict=True)]
    return [rise + more for rise, more in zip(weights, split_exactly(rest, rooms), strict=True)]


def _subject(
    run: Run, covered: Sequence[_Hour], by_key: Sequence[Mapping[str, Any]], observed: int, usual: int
) -> dict[str, Any]:
    excess = observed - usual
    top = by_key[0] if by_key else None
    is_cause = top is not None and top["id"] != "" and top["excess_nanos"] * 100 >= CAUSE_PERCENT * excess
    if top is None or not is_cause:
        return {
            "kind": "connection",
            "id": run.connection_id,
            "api_key": "",
            "observed_nanos": observed,
            "usual_nanos": usual,
            "is_usual_nothing": usual == 0,
            "by_model": _amounts(covered, None, _MODEL),
            "by_project": _amounts(covered, None, _PROJECT),
        }
    return {
        "kind": "key",
        "id": top["id"],
        "api_key": top["id"],
        "observed_nanos": top["observed_nanos"],
        "usual_nanos": top["usual_nanos"],
        "is_usual_nothing": top["usual_nanos"] == 0,
        "by_model": _amounts(covered, str(top["id"]), _MODEL),
        "by_project": _amounts(covered, str(top["id"]), _PROJECT),
    }


def _amounts(covered: Sequence[_Hour], api_key: str | None, column: int) -> list[list[Any]]:
    """Return [id, nanos] of what was spent (by one key, or in all), largest first, ties by id."""
    totals: dict[str, int] = defaultdict(int)
    for hour in covered:
        for part, nanos in hour.observed.items():
            if api_key is None or part[_KEY] == api_key:
                totals[part[column]] += nanos
    return [
        [name, nanos] for name, nanos in sorted(totals.items(), key=lambda item: (-item[1], item[0])) if nanos
    ]


def _hourly_amounts(covered: Sequence[_Hour], api_key: str) -> list[tuple[datetime, int]]:
    return [
        (hour.start, sum(n for part, n in hour.observed.items() if not api_key or part[_KEY] == api_key))
        for hour in covered
    ]


def _pace(amounts: Sequence[tuple[datetime, int]], as_of: datetime) -> int:
    """Return nano-units per hour now: the open hour scaled up once it is 10 minutes old, else the hour before it."""
    *earlier, (start, nanos) = amounts
    elapsed = min(HOUR, as_of - start)
    if elapsed < _SHORTEST_PACE:
        return earlier[-1][1] if earlier else nanos
    return nanos * 3600 // (elapsed // timedelta(seconds=1))


def _until(
    run: Run,
    covered: Sequence[_Hour],
    as_of: datetime,
    told_until: tuple[datetime, int] | None,
    observed: int,
) -> datetime:
    if told_until and told_until[1] >= observed:
        return told_until[0]
    end = (covered[-1].start if covered else run.last_hot) + HOUR
    return min(as_of, end)


def _day_picture(
    run: Run,
    book: HourBook,
    api_key: str,
    *,
    zone: ZoneInfo,
    as_of: datetime,
    deviations: int,
    history_from: datetime,
) -> dict[str, Any]:
    """Return the local day of the run's newest hour: hourly totals of the whole workspace, the cause, the usual band.

    Hours that are not known yet have null amounts.
    """
    day = day_of(run.last_hot, zone)
    rows = []
    for hour in hours(hours_of_day(day, zone)):
        past = [
            book.workspace_total(earlier) for earlier in past_hours(hour, zone, history_from=history_from)
        ]
        centre, spread = median(past), deviations * median_deviation(past)
        parts = book.parts(run.connection_id, hour)
        is_known = hour < as_of
        rows.append(
            {
                "hour": hour.isoformat(),
                "nanos": book.workspace_total(hour) if is_known else None,
                "cause_nanos": sum(n for part, n in parts.items() if api_key and part[_KEY] == api_key)
                if is_known
                else None,
                "usual_nanos": centre,
                "low_nanos": max(0, centre - spread),
                "high_nanos": centre + spread,
            }
        )
    return {"date": day.isoformat(), "hours": rows}
