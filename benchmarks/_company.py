"""A company of any size: believable usage and the bill for it, the same at every run.

Every key calls every model in every hour. Prices are those of the real price book, so that loading does the real work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from spend.pricing import PriceBook, PriceRules, price_usage
from spend.usage import CostRecord, Dimensions, PricedUsage, TokenCounts, UsageRecord
from spend.window import HOUR, Window, utc_days

MODELS = ("gpt-5", "gpt-5-mini", "gpt-4.1", "gpt-4o-mini")


@dataclass(frozen=True, slots=True)
class Company:
    """`keys` API keys, ten to a project, that call each of four models in every hour."""

    keys: int

    @property
    def records_a_day(self) -> int:
        """How many usage records a day has."""
        return 24 * self.keys * len(MODELS)

    def usage(self, window: Window, book: PriceBook, *, more: int = 0) -> list[PricedUsage]:
        """Return the priced usage of whole hours; `more` requests in each row than a first read saw."""
        records = [
            self._record(hour, key, number, more)
            for hour in _hours(window)
            for key in range(self.keys)
            for number in range(len(MODELS))
        ]
        return price_usage(records, provider="openai", connection_id="", book=book, rules=PriceRules())

    def bill(self, window: Window) -> list[CostRecord]:
        """Return a line a day, key and model."""
        return [
            self._line(day, key, model)
            for day in utc_days(window)
            for key in range(self.keys)
            for model in MODELS
        ]

    def _record(self, hour: datetime, key: int, number: int, more: int) -> UsageRecord:
        requests = 1 + (hour.hour * 31 + hour.day * 7 + key * 5 + number * 3) % 40 + more
        return UsageRecord(
            start=hour,
            dims=Dimensions(
                project=f"proj_{key // 10:05}",
                api_key=f"key_{key:05}",
                model=MODELS[number],
                kind="completions",
                service_tier="default",
            ),
            tokens=TokenCounts(uncached_in=900 * requests, cache_read=300 * requests, out=200 * requests),
            requests=requests,
        )

    def _line(self, day: date, key: int, model: str) -> CostRecord:
        return CostRecord(
            day=day,
            project=f"proj_{key // 10:05}",
            api_key=f"key_{key:05}",
            model=model,
            kind="tokens",
            line_item=f"{model}, tokens",
            nanos=1_000_000 * (100 + key % 50),
        )


def _hours(window: Window) -> Iterator[datetime]:
    hour = window.start
    while hour < window.end:
        yield hour
        hour += HOUR
