"""Spikes: hours above what the same hours of a workspace's own past allow, told once enough of them has added up.

An hour is hot when the connection, a project or a key is above its limit (`spend/spike_levels.py`). Hot hours with at
most an hour between them are a run (`spend/spike_runs.py`): one incident, whichever of them is high. A run speaks when
a cumulated excess reaches its threshold. Both sides are estimates, never the bill (R10), so restatements and discounts
cannot alarm. What lies before a connection was watched is history and never speaks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from spend.feedback import PLAIN_PERCENT, Feedback
from spend.haste import HOURS_LOOKED_AT, HourSoFar
from spend.money import NANOS_PER_UNIT
from spend.notify import Finding, IncidentKind
from spend.spike_evidence import describe_run
from spend.spike_levels import LevelRules, Levels
from spend.spike_runs import KnownRun, Run, find_runs
from spend.usual import MIN_SAMPLES, WEEKS, ChangedHour, HourBook, HourPoint, median, past_hours
from spend.window import DAY, HOUR, day_of, floor_hour

__all__ = ["ChangedHour", "HourPoint", "KnownRun", "SpikeDetector", "SpikeRules", "Watched"]

_LOOK_BACK = 2 * DAY  # changes older than this are corrections, not news
_LONGEST_RUN = 14 * DAY
_KNOWN_FOR = 28 * DAY
_SNAPSHOT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeRules:
    """The numbers of the judgement. Amounts in nano-units of the workspace's currency."""

    levels: LevelRules = field(default_factory=LevelRules)
    deviations: int = 6  # of the band in the picture
    floor_nanos: int = NANOS_PER_UNIT // 4
    highest_floor_nanos: int = 10 * NANOS_PER_UNIT
    floor_percent: int = 2  # of the daily reference
    least_part: int = 50  # an hour counts only if its excess is at least this part of the floor: one fiftieth
    least_reference_nanos: int = 10 * NANOS_PER_UNIT
    reference_days: int = 14
    quiet_for: timedelta = 7 * DAY
    cold_factor: int = 5
    cold_floor_nanos: int = 5 * NANOS_PER_UNIT
    cold_floor_percent: int = 10  # of the daily reference
    late_after: timedelta = 6 * HOUR
    pause_hours: int = 2  # a run is over when so many whole hours in a row were not hot
    mention_score: float = 0.5  # of a threshold, and
    mention_nanos: int = NANOS_PER_UNIT // 2  # smaller runs do not even leave a quiet decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What the judgement must know of a connection. `history_from`: from when on its hours are loaded without a gap.

    `as_of`: how far its data reach; the hour it lies in is still filling.
    """

    connection_id: str
    connected_at: datetime
    history_from: datetime
    as_of: datetime


class SpikeDetector:
    """Judges the hours of one workspace.

    Built from stored history at any time: `points` of the last 8 weeks and a fortnight, `known` from the spike
    incidents of the last fortnight. What it remembers beyond that is nothing; `snapshot` only saves the reading.
    """

    def __init__(
        self,
        points: Iterable[HourPoint] = (),
        *,
        zone: ZoneInfo,
        rules: SpikeRules | None = None,
        known: Iterable[KnownRun] = (),
    ) -> None:
        self._book = HourBook(points)
        self._zone = zone
        self._rules = rules or SpikeRules()
        self._known = {run.dedup_key: run for run in known}
        self._levels: dict[str, tuple[datetime, Levels]] = {}
        self._forgot_on: date | None = None
        self._judged: set[str] = set()  # connections looked at since this detector was built
        self._last_reference = 0
        self._feedback = Feedback()

    def step(
        self,
        now: datetime,
        changed_hours: Sequence[ChangedHour],
        *,
        watched: Sequence[Watched],
        daily_budget_nanos: int | None = None,
        feedback: Feedback | None = None,
    ) -> list[Finding]:
        """Take in changed hours and return what is worth a decision, oldest run first.

        A run is returned when it is new, when its connection changed, and once when it is over; the first step after
        building finds what was stored but never judged. Runs that are too small come with `is_loud` False.
        `daily_budget_nanos`: the daily share of the workspace's budget, None without one. `feedback`: what people said
        about spikes until now. If what is returned cannot
        be stored, build the detector again: it takes for granted that its findings were kept.
        """
        self._feedback = feedback or Feedback()
        for changed in changed_hours:
            self._book.replace(changed)
            if changed.connection_id in self._levels:
                parts = self._book.parts(changed.connection_id, changed.hour)
                self._levels[changed.connection_id][1].replace(changed.hour, parts)
        edge = now - 7 * WEEKS * DAY - _LONGEST_RUN - DAY
        if edge.date() != self._forgot_on:
            self._forgot_on = edge.date()
            self._book.forget_before(edge)
            for _, levels in self._levels.values():
                levels.forget_before(edge)
        self._known = {key: run for key, run in self._known.items() if run.last_hour > now - _KNOWN_FOR}
        touched = {changed.connection_id for changed in changed_hours}
        unfinished = {run.connection_id for run in self._known.values() if not run.is_over}
        concerned = touched | unfinished | ({one.connection_id for one in watched} - self._judged)
        reference = self._reference(now, daily_budget_nanos) if concerned else 0
        self._last_reference = reference or self._last_reference
        findings: list[Finding] = []
        for connection in watched:
            if connection.connection_id in concerned:
                self._set_terms(connection, reference)
                is_touched = connection.connection_id in touched
                findings += self._judge(connection, now, reference, is_touched=is_touched)
                self._judged.add(connection.connection_id)
        return sorted(findings, key=lambda finding: (finding.evidence["since"], finding.dedup_key))

    def last_hours(self, connection: Watched) -> list[HourSoFar]:
        """Return a connection's last hours as far as they are known, newest first, each beside what is usual then.

        Nothing where the last two cost less than what is worth a closer look.
        """
        newest = floor_hour(connection.as_of)
        last_two = [self._book.total(connection.connection_id, hour) for hour in (newest, newest - HOUR)]
        if max(last_two) < self.least_excess:
            return []
        return [self._so_far(connection, newest - back * HOUR) for back in range(HOURS_LOOKED_AT)]

    @property
    def least_excess(self) -> int:
        """The excess of one hour that is worth a closer look: a quarter of what was worth telling at the last step."""
        return self._floor(self._last_reference) // 4

    def snapshot(self) -> dict[str, Any]:
        """Return what is remembered, ready for JSON. A cache: `restore` of it equals building anew from storage."""
        points = [
            [p.connection_id, p.hour.isoformat(), p.project, p.api_key, p.model, p.nanos]
            for p in self._book.points()
        ]
        known = [
            [
                run.dedup_key,
                run.connection_id,
                run.since.isoformat(),
                run.last_hour.isoformat(),
                run.until.isoformat(),
                run.observed_nanos,
                run.is_over,
            ]
            for _, run in sorted(self._known.items())
        ]
        return {"version": _SNAPSHOT_VERSION, "points": points, "known": known}

    @classmethod
    def restore(
        cls, snapshot: Mapping[str, Any], *, zone: ZoneInfo, rules: SpikeRules | None = None
    ) -> "SpikeDetector | None":
        """Return the detector a snapshot was taken of; None if it is of another version (build from storage then)."""
        if snapshot.get("version") != _SNAPSHOT_VERSION:
            return None
        points = (
            HourPoint(
                connection_id=connection_id,
                hour=datetime.fromisoformat(hour),
                project=project,
                api_key=api_key,
                model=model,
                nanos=nanos,
            )
            for connection_id, hour, project, api_key, model, nanos in snapshot["points"]
        )
        known = (
            KnownRun(
                dedup_key=key,
                connection_id=connection_id,
                since=datetime.fromisoformat(since),
                last_hour=datetime.fromisoformat(last_hour),
                until=datetime.fromisoformat(until),
                observed_nanos=observed,
                is_over=is_over,
            )
            for key, connection_id, since, last_hour, until, observed, is_over in snapshot["known"]
        )
        return cls(points, zone=zone, rules=rules, known=known)

    def _judge(
        self, connection: Watched, now: datetime, reference: int, *, is_touched: bool
    ) -> list[Finding]:
        floor = self._floor(reference)
        runs = [(run, self._known_of(run)) for run in self._runs(connection, now, floor)]
        named = {known.dedup_key for _, known in runs if known}
        gone = [
            (Run(run.connection_id, run.since, run.last_hour, is_over=True), run)
            for run in self._known.values()
            if run.connection_id == connection.connection_id
            and not run.is_over
            and run.dedup_key not in named
        ]
        findings = []
        for run, known in runs + gone:
            if known and not is_touched and run.is_over == known.is_over:
                continue
            if known and known.is_over and run.is_over:
                continue
            if not known and self._score(run, connection) < self._rules.mention_score:
                continue
            finding = self._finding(run, known, connection, now, reference)
            if finding.is_loud:
                self._known[finding.dedup_key] = KnownRun.from_evidence(
                    finding.dedup_key, finding.evidence, is_over=finding.is_over
                )
                findings.append(finding)
            elif is_touched and finding.evidence["hot_excess_nanos"] >= self._rules.mention_nanos:
                findings.append(finding)
        return findings

    def _runs(self, connection: Watched, now: datetime, floor: int) -> list[Run]:
        """Return the connection's runs of hot hours that end in the last two days or are known as open."""
        first_watched = floor_hour(connection.connected_at) + HOUR
        open_since = [
            run.since
            for run in self._known.values()
            if run.connection_id == connection.connection_id and not run.is_over
        ]
        return find_runs(
            connection.connection_id,
            lambda hour: self._is_hot(connection, hour, floor),
            begin=max(min([floor_hour(now - _LOOK_BACK), *open_since]), first_watched),
            earliest=max(first_watched, floor_hour(now - _LONGEST_RUN)),
            as_of=connection.as_of,
            pause_hours=self._rules.pause_hours,
        )

    def _is_hot(self, connection: Watched, hour: datetime, floor: int) -> bool:
        """Tell whether an hour, as far as it is known, is above what it may cost.

        Pennies above a flat past do not count, so that they cannot make a run look older than it is.
        """
        total = self._book.total(connection.connection_id, hour)
        if total * self._rules.least_part < floor:
            return False
        if hour >= connection.connected_at + self._rules.quiet_for:
            return self._levels_of(connection).is_hot(hour, connection.as_of)
        largest = self._book.largest_before(connection.connection_id, connection.connected_at)
        return 0 < self._rules.cold_factor * largest < total

    def _score(self, run: Run, connection: Watched) -> float:
        """Return the run's largest cumulated excess in thresholds; a cold start is judged on its floor alone."""
        if run.since < connection.connected_at + self._rules.quiet_for:
            return 1.0
        levels, hours = self._levels_of(connection), (run.last_hot - run.since) // HOUR + 1
        return max(levels.score(run.since + n * HOUR, connection.as_of) for n in range(hours))

    def _is_loud(self, run: Run, connection: Watched, evidence: Mapping[str, Any], reference: int) -> bool:
        """Tell whether a new run speaks: all it must reach is larger for a cause whose alerts were called false."""
        percent = self._feedback.percent(evidence["cause_id"])
        if run.since < connection.connected_at + self._rules.quiet_for:
            cold_floor = max(self._rules.cold_floor_nanos, reference * self._rules.cold_floor_percent // 100)
            return int(evidence["hot_excess_nanos"]) * 100 >= cold_floor * percent
        is_above_floor = int(evidence["excess_nanos"]) * 100 >= self._floor(reference) * percent
        return is_above_floor and self._score(run, connection) * 100 >= percent

    def _so_far(self, connection: Watched, hour: datetime) -> HourSoFar:
        id_ = connection.connection_id
        past = past_hours(hour, self._zone, history_from=connection.history_from)
        usual = median([self._book.total(id_, earlier) for earlier in past])
        return HourSoFar(
            start=hour,
            observed_nanos=self._book.total(id_, hour),
            usual_nanos=usual if len(past) >= MIN_SAMPLES else None,
            known=min(HOUR, connection.as_of - hour),
        )

    def _levels_of(self, connection: Watched) -> Levels:
        """Return the levels of a connection, from its own past on; made of the book when first asked for."""
        id_ = connection.connection_id
        made = self._levels.get(id_)
        if made is None or made[0] != connection.history_from:
            levels = Levels(self._zone, connection.history_from, self._rules.levels)
            for hour, parts in self._book.hours(id_):
                levels.replace(hour, parts)
            made = self._levels[id_] = (connection.history_from, levels)
        return made[1]

    def _set_terms(self, connection: Watched, reference: int) -> None:
        id_ = connection.connection_id
        known = [(key, run) for key, run in self._known.items() if run.connection_id == id_]
        aside = tuple((run.since, run.last_hour) for _, run in known)
        learned = frozenset((run.since, run.last_hour) for key, run in known if key in self._feedback.learned)
        self._levels_of(connection).set_terms(reference_nanos=reference, aside=aside, learned=learned)

    def _known_of(self, run: Run) -> KnownRun | None:
        """Return the earliest known run that shares an hour with this one."""
        same = [
            known
            for known in self._known.values()
            if known.connection_id == run.connection_id
            and known.since <= run.last_hot
            and run.since <= known.last_hour
        ]
        return min(same, key=lambda known: known.since, default=None)

    def _finding(
        self,
        run: Run,
        known: KnownRun | None,
        connection: Watched,
        now: datetime,
        reference: int,
    ) -> Finding:
        floor = self._floor(reference)
        is_cold = run.since < connection.connected_at + self._rules.quiet_for
        is_late = known is None and now - (run.last_hot + HOUR) > self._rules.late_after
        evidence = describe_run(
            run,
            self._book,
            zone=self._zone,
            as_of=connection.as_of,
            history_from=connection.history_from,
            deviations=self._rules.deviations,
            least_excess=floor // self._rules.least_part,
            told_until=(known.until, known.observed_nanos) if known else None,
        )
        evidence |= {"floor_nanos": floor, "is_cold_start": is_cold, "is_late": is_late}
        is_loud = known is not None or self._is_loud(run, connection, evidence, reference)
        return Finding(
            kind=IncidentKind.SPIKE,
            dedup_key=known.dedup_key if known else f"spike:{run.connection_id}:{run.since:%Y-%m-%dT%HZ}",
            evidence=evidence,
            size_nanos=evidence["subject"]["observed_nanos"],
            is_over=run.is_over,
            is_loud=is_loud,
            reason=_reason(is_loud=is_loud, is_over=run.is_over, is_late=is_late, is_cold=is_cold)
            if is_loud or self._feedback.percent(evidence["cause_id"]) == PLAIN_PERCENT
            else "smaller than it must be since alerts about it were called false",
        )

    def _reference(self, now: datetime, daily_budget_nanos: int | None) -> int:
        """Return what shares are shares of: the budget's day, else a usual active day, at least 10 USD."""
        if daily_budget_nanos is not None:
            return daily_budget_nanos
        today = day_of(now, self._zone)
        days = sorted(
            (day, nanos) for day, nanos in self._book.days(self._zone).items() if day < today and nanos > 0
        )
        recent = median([nanos for _, nanos in days[-self._rules.reference_days :]])
        return max(recent, self._rules.least_reference_nanos)

    def _floor(self, reference: int) -> int:
        """Return the least excess over what is usual that is worth telling: 6 % of a day, from 1 to 10 USD."""
        share = reference * self._rules.floor_percent // 100
        return max(self._rules.floor_nanos, min(self._rules.highest_floor_nanos, share))


def _reason(*, is_loud: bool, is_over: bool, is_late: bool, is_cold: bool) -> str:
    if not is_loud:
        return "its excess is below the floor"
    if is_over:
        return "two hours are back in their usual range"
    if is_late:
        return "found more than 6 hours after it ended"
    return "far above all loaded history" if is_cold else "above the usual range and the floor"
