"""How traffic is made for a story: flows of requests with a daily rhythm become hourly rows of tokens.

Everything is worked out from a seed by hashing, so that one flow's figures do not depend on any other flow.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.demo.vendors.account import HOUR_S, Counts, Model, UsageRow

Rhythm = tuple[float, ...]  # 24 weights, by local hour

OFFICE: Rhythm = (
    *(0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 2.0, 5.0, 8.0, 9.0, 9.0),
    *(7.0, 8.0, 9.0, 8.5, 8.0, 6.0, 4.0, 3.0, 2.5, 2.0, 1.5, 1.0),
)
BUILDS: Rhythm = (*(0.0,) * 8, *(1.0, 3.0, 4.0, 4.0, 2.0, 4.0, 5.0, 5.0, 4.0, 2.0), *(0.0,) * 6)
NIGHT: Rhythm = (0.0, 3.0, 4.0, 4.0, 2.0, *(0.0,) * 19)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One use of one model by one key. `weekday_usd` is what an ordinary weekday costs at list price.

    `weekend`: a weekend day's share of that. `before_launch`: the share of it before the story's launch day.
    `request`: what one request takes on average.
    """

    project: str
    key: str
    model: str
    kind: str
    request: Counts
    weekday_usd: float
    weekend: float
    rhythm: Rhythm = OFFICE
    before_launch: float = 1.0
    user: str | None = None
    tier: str = "default"
    is_batch: bool = False
    context_window: str | None = None
    searches_per_1000: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When a story plays: its zone, its local days from `first` to `last`, and the day of the launch."""

    zone: ZoneInfo
    first: date
    last: date
    launch_on: date

    def hours(self) -> Iterator[tuple[int, datetime]]:
        """Every hour of the story: Unix seconds and local time."""
        start = int(datetime(self.first.year, self.first.month, self.first.day, tzinfo=self.zone).timestamp())
        after = self.last + timedelta(days=1)
        end = int(datetime(after.year, after.month, after.day, tzinfo=self.zone).timestamp())
        for second in range(start, end, HOUR_S):
            yield second, datetime.fromtimestamp(second, self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """A flow outside of any rhythm: so much in that hour, on `minutes` of it from the hour's start on."""

    start: datetime
    usd: float
    minutes: int = 60


def rows_of(
    flows: Iterable[Flow], calendar: Calendar, models: Mapping[str, Model], *, seed: int
) -> list[UsageRow]:
    """Return the hourly rows of all flows over the whole calendar; hours without a request have no row."""
    flow_list = list(flows)
    rows = []
    for start, local in calendar.hours():
        for flow in flow_list:
            dollars = _dollars(flow, local, calendar, seed)
            row = _row(flow, start, dollars, models[flow.model], seed) if dollars else None
            if row is not None:
                rows.append(row)
    return rows


def burst_rows(
    flow: Flow, bursts: Iterable[Burst], models: Mapping[str, Model], *, seed: int
) -> list[UsageRow]:
    """Return the rows of a flow that runs in bursts only."""
    rows = []
    for burst in bursts:
        start = int(burst.start.astimezone(UTC).timestamp())
        row = _row(
            flow, start, burst.usd, models[flow.model], seed, active_s=burst.minutes * 60, is_regular=False
        )
        if row is not None:
            rows.append(row)
    return rows


def _dollars(flow: Flow, local: datetime, calendar: Calendar, seed: int) -> float:
    weight = flow.rhythm[local.hour] / sum(flow.rhythm)
    day = flow.weekday_usd * (flow.weekend if local.weekday() >= 5 else 1.0)
    if local.date() < calendar.launch_on:
        day *= flow.before_launch
    mood = 0.94 + 0.12 * _noise(seed, flow, str(local.date()))
    return day * weight * mood


def _row(
    flow: Flow,
    start: int,
    dollars: float,
    model: Model,
    seed: int,
    *,
    active_s: int = HOUR_S,
    is_regular: bool = True,
) -> UsageRow | None:
    """Make one row of about that worth. Only regular rows vary, come late, are restated or withdrawn."""
    noise = _noise(seed, flow, str(start)) if is_regular else 0.5
    requests = round(dollars * (0.58 + 0.84 * noise) * 1e9 / _request_nanos(flow, model))
    if requests == 0:
        return None
    asked = flow.request
    jitter = int(noise * 1_000_003)
    return UsageRow(
        start=start,
        project=flow.project,
        key=flow.key,
        user=flow.user,
        model=flow.model,
        kind=flow.kind,
        tier=flow.tier,
        is_batch=flow.is_batch,
        context_window=flow.context_window,
        counts=Counts(
            uncached_in=requests * asked.uncached_in + jitter % 89 * 2,
            cache_read=requests * asked.cache_read,
            cache_write_5m=requests * asked.cache_write_5m,
            cache_write_1h=requests * asked.cache_write_1h,
            out=requests * asked.out + (jitter % 53 if asked.out else 0),
            requests=requests,
            web_searches=requests * flow.searches_per_1000 // 1000,
        ),
        active_s=active_s,
        is_late=is_regular and jitter % 40 == 0,
        is_restated=is_regular and jitter % 97 == 1,
        is_withdrawn=is_regular and jitter % 401 == 2,
    )


def _request_nanos(flow: Flow, model: Model) -> int:
    full = sum(tokens * price for tokens, price in zip(flow.request, model.price, strict=False))
    return full * model.batch_percent // 100 if flow.is_batch else full


def _noise(seed: int, flow: Flow, moment: str) -> float:
    """Return a number in [0, 1) that depends on nothing but its arguments."""
    text = f"{seed}|{flow.key}|{flow.model}|{flow.context_window}|{moment}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest()) / 2**32
