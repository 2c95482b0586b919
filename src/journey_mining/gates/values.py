"""What is measured of each source, before it is held against a limit.

In: `source_status` and the models of layer 75. Out: values. A share whose parts would tell of fewer than k people is
no value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from journey_mining.scoring.intervals import normal_quantile, wilson
from journey_mining.scoring.metric import Thresholds
from journey_mining.warehouse import Warehouse

WEEKS = 8
"""earlier days of the same weekday that a day is held against"""
FEWEST_DAYS, FEWEST_EVENTS = 4, 20
"""with fewer earlier days, or fewer events on the usual one, a ratio says nothing"""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One value of one source."""

    source: str
    gate: str
    value: float | None
    """a share, hours (freshness) or a ratio (volume); none where it cannot be told"""
    low: float | None = None
    high: float | None = None
    base: int = 0
    """what the value rests on: people, events, rows, or earlier days"""


def measured(warehouse: Warehouse, *, cells: Thresholds, confidence: float) -> Iterator[Measured]:
    """Every value of every source, in the order of sources."""
    status = warehouse.read_arrow("source_status", order_by=("source",)).to_pylist()
    match = _by_source(warehouse, "source_match")
    coverage = _by_source(warehouse, "source_coverage")
    days = _days(warehouse)
    newest = max((row["fresh_until"] for row in status if row["fresh_until"]), default=None)
    z = normal_quantile(confidence)
    for row in status:
        source = row["source"]
        yield _coverage(source, coverage.get(source))
        yield _freshness(source, row["fresh_until"], newest)
        yield _match(source, match.get(source), cells, z)
        yield _quarantine(source, row)
        yield _volume(source, days.get(source, {}), row["first_event_at"], row["fresh_until"])


def _coverage(source: str, row: dict[str, Any] | None) -> Measured:
    count = int(row["event_count"]) if row else 0
    share = row["placed_count"] / count if row and count else None
    return Measured(source=source, gate="coverage", value=share, base=count)


def _freshness(source: str, until: datetime | None, newest: datetime | None) -> Measured:
    """Hours behind the source that is known furthest; the clock has no part in it."""
    hours = (newest - until).total_seconds() / 3600 if newest and until else None
    return Measured(source=source, gate="freshness", value=hours, base=int(until is not None))


def _match(source: str, row: dict[str, Any] | None, cells: Thresholds, z: float) -> Measured:
    people = int(row["person_count"]) if row else 0
    matched = int(row["matched_count"]) if row else 0
    if people < cells.thin or any(0 < part < cells.small for part in (matched, people - matched)):
        return Measured(source=source, gate="match_rate", value=None)
    low, high = wilson(matched, people, z)
    return Measured(source=source, gate="match_rate", value=matched / people, low=low, high=high, base=people)


def _quarantine(source: str, row: dict[str, Any]) -> Measured:
    read = int(row["rows_read"])
    share = row["rows_quarantined"] / read if read else None
    return Measured(source=source, gate="quarantine", value=share, base=read)


def _volume(source: str, days: dict[datetime, int], first: datetime | None, until: datetime | None) -> Measured:
    """The last whole day against the median of earlier days of its weekday; their range beside it."""
    if first is None or until is None:
        return Measured(source=source, gate="volume", value=None)
    last = until.replace(hour=0, minute=0, second=0, microsecond=0) - _DAY
    earlier = [last - 7 * week * _DAY for week in range(1, WEEKS + 1)]
    counts = [days.get(day, 0) for day in earlier if day >= first]
    usual = median(counts) if counts else 0
    if len(counts) < FEWEST_DAYS or usual < FEWEST_EVENTS:
        return Measured(source=source, gate="volume", value=None, base=len(counts))
    return Measured(
        source=source,
        gate="volume",
        value=days.get(last, 0) / usual,
        low=min(counts) / usual,
        high=max(counts) / usual,
        base=len(counts),
    )


def _by_source(warehouse: Warehouse, table: str) -> dict[str, dict[str, Any]]:
    return {row["source"]: row for row in warehouse.read_arrow(table, order_by=("source",)).to_pylist()}


def _days(warehouse: Warehouse) -> dict[str, dict[datetime, int]]:
    found: dict[str, dict[datetime, int]] = {}
    for row in warehouse.read_arrow("source_day", order_by=("source", "day")).to_pylist():
        day = row["day"]
        found.setdefault(row["source"], {})[datetime(day.year, day.month, day.day)] = int(row["event_count"])  # noqa: DTZ001 - naive UTC, as all of the warehouse
    return found
