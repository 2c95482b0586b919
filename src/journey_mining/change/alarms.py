"""Alarms: where those who enter a stage now fare worse than those of the first months, told as soon as it is sure.

In: first entries. Out: the tables `alarm`, `alarm_chart` and `cusum_point`. A journey counts once, when its cohort has
been followed for the whole horizon; until then it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from journey_mining.change.cohorts import WEEK, Cohorts, Entries, Window, progress_horizon
from journey_mining.change.cusum import ODDS_RATIO, Excursion, FloatArray, IntArray, cusum, excursions, shifted
from journey_mining.change.limits import DAILY_FROM, limit_for
from journey_mining.scoring.episodes import LOST, PROGRESS
from journey_mining.scoring.intervals import clustered_wilson
from journey_mining.scoring.metric import Flag, Thresholds
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import UNKNOWN_SEGMENT

BASELINE_DAYS = 120
MOST_HORIZON = 63
"""days; a chart that waits longer would tell of the past"""
PROGRESS_DOWN, LOSS_UP = "progress_down", "loss_up"

_TEXT, _INT, _FLOAT, _TIME = pa.string(), pa.int64(), pa.float64(), pa.timestamp("us")
_CELL = [("segment", _TEXT), ("stage", _TEXT), ("direction", _TEXT)]
ALARM = pa.schema(
    [
        *_CELL,
        ("started_on", _TIME),
        ("raised_on", _TIME),
        ("ended_on", _TIME),
        ("baseline", _FLOAT),
        ("baseline_customers", _INT),
        ("since", _FLOAT),
        ("n_since", _INT),
        ("low", _FLOAT),
        ("high", _FLOAT),
        ("horizon_days", _INT),
        ("limit", _FLOAT),
        ("score", _FLOAT),
        ("flags", _TEXT),
    ]
)
ALARM_CHART = pa.schema(
    [
        *_CELL,
        ("status", _TEXT),
        ("watched_from", _TIME),
        ("known_until", _TIME),
        ("baseline", _FLOAT),
        ("baseline_customers", _INT),
        ("entries_per_day", _FLOAT),
        ("every_days", _INT),
        ("horizon_days", _INT),
        ("limit", _FLOAT),
        ("score", _FLOAT),
    ]
)
CUSUM_POINT = pa.schema(
    [
        *_CELL,
        ("on", _TIME),
        ("week_count", _INT),
        ("entries", _INT),
        ("events", _INT),
        ("customer_count", _INT),
        ("score", _FLOAT),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is watched in a cell."""

    segment: str
    stage: str
    direction: str
    cause: int
    horizon: int
    entries: Entries
    window: Window

    @property
    def cell(self) -> dict[str, object]:
        """The key of its rows."""
        return {"segment": self.segment, "stage": self.stage, "direction": self.direction}

    @property
    def last_day(self) -> int:
        """Number of days whose cohorts have been followed for the whole horizon."""
        return self.window.day_of(self.window.end) - self.horizon

    def baseline(self) -> Entries:
        """Entries of the first months, known by now."""
        return self.entries.where(self.entries.day < min(BASELINE_DAYS, self.last_day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A watch whose baseline is known."""

    watch: Watch
    usual: float
    customers: int
    rate: float
    """entries a day in the baseline"""
    limit: float

    @property
    def every(self) -> int:
        """Days between two readings."""
        return 1 if self.rate >= DAILY_FROM else WEEK

    @property
    def worse(self) -> float:
        """The share that the chart is quickest to find."""
        return shifted(self.usual, 1 / ODDS_RATIO if self.watch.direction == PROGRESS_DOWN else ODDS_RATIO)


def watches(cohorts: Cohorts, stage_horizons: dict[str, int]) -> list[Watch]:
    """Two watches a cell: too few progress, too many are lost; everybody together only where there is no segment."""
    segments = [name for name in cohorts.segments if name != UNKNOWN_SEGMENT] or list(cohorts.segments)
    found: list[Watch] = []
    for stage in cohorts.stages:
        quick = progress_horizon(cohorts.stage(stage), until_day=BASELINE_DAYS, most=MOST_HORIZON)
        long = WEEK * -(-stage_horizons[stage] // WEEK) if stage in stage_horizons else None
        for segment in segments:
            entries = cohorts.cells.get((segment, stage))
            kinds = ((PROGRESS_DOWN, PROGRESS, quick), (LOSS_UP, LOST, long))
            found += [
                Watch(segment=segment, stage=stage, direction=direction, cause=cause, horizon=horizon,
                      entries=entries, window=cohorts.window)
                for direction, cause, horizon in kinds
                if entries is not None and horizon is not None
            ]  # fmt: skip
    return found


def charts_of(found: list[Watch], cells: Thresholds) -> list[Chart]:
    """The watches that know what is usual; the limit allows for all of them."""
    ready = [watch for watch in found if status_of(watch, cells) == "watched"]
    charts: list[Chart] = []
    for watch in ready:
        early = watch.baseline()
        rate = len(early.day) / BASELINE_DAYS
        charts.append(
            Chart(
                watch=watch,
                usual=float(early.within(watch.cause, watch.horizon).mean()),
                customers=len(np.unique(early.person)),
                rate=rate,
                limit=limit_for(rate, len(ready)),
            )
        )
    return charts


def status_of(watch: Watch, cells: Thresholds) -> str:
    """Why a cell is watched, or is not: `young` (no cohort after the baseline yet), `rare`, or `watched`."""
    if watch.last_day <= BASELINE_DAYS:
        return "young"
    early = watch.baseline()
    sides = _sides(early, watch)
    return "watched" if len(np.unique(early.person)) >= cells.thin and min(sides) >= cells.small else "rare"


def _sides(entries: Entries, watch: Watch) -> tuple[int, int]:
    """Customers with the event, and with an entry without it."""
    happened = entries.within(watch.cause, watch.horizon)
    return len(np.unique(entries.person[happened])), len(np.unique(entries.person[~happened]))


def counts(chart: Chart) -> tuple[IntArray, IntArray]:
    """Entries and events of each reading since the baseline; an unfinished last week is left out."""
    watch = chart.watch
    readings = (watch.last_day - BASELINE_DAYS) // chart.every
    place = (watch.entries.day - BASELINE_DAYS) // chart.every
    kept = (watch.entries.day >= BASELINE_DAYS) & (place < readings)
    events = watch.entries.within(watch.cause, watch.horizon)
    return (
        np.bincount(place[kept], minlength=readings).astype(np.int64),
        np.bincount(place[kept & events], minlength=readings).astype(np.int64),
    )


def path_of(chart: Chart) -> FloatArray:
    """The score after each reading."""
    entries, events = counts(chart)
    return cusum(events, entries, usual=chart.usual, worse=chart.worse)


def alarm_rows(chart: Chart, reader: Reader) -> Iterator[dict[str, object]]:
    """Rows of `alarm`; one that rests on a thin cell waits for more of them."""
    score = path_of(chart)
    for found in excursions(score, chart.limit):
        row = _alarm(chart, found, score, reader)
        if row["n_since"] >= reader.thresholds.thin:
            yield row


def _alarm(chart: Chart, found: Excursion, score: FloatArray, reader: Reader) -> dict[str, Any]:
    watch, every = chart.watch, chart.every
    last = len(score) if found.ended is None else found.ended
    first_day = BASELINE_DAYS + found.started * every
    after = watch.entries.where((watch.entries.day >= first_day) & (watch.entries.day < BASELINE_DAYS + last * every))
    happened = after.within(watch.cause, watch.horizon)
    low, high = clustered_wilson(happened, after.person, reader.z)
    few = min(_sides(after, watch)) < reader.thresholds.small
    ended = None if found.ended is None else watch.window.date(_read_on(chart, found.ended))
    return {
        **watch.cell,
        "started_on": watch.window.date(first_day),
        "raised_on": watch.window.date(_read_on(chart, found.raised)),
        "ended_on": ended,
        "baseline": round(chart.usual, 6),
        "baseline_customers": chart.customers,
        # with so few on one side the share itself would tell their number
        "since": None if few else round(float(happened.mean()), 6),
        "n_since": len(np.unique(after.person)),
        "low": round(low, 6),
        "high": round(high, 6),
        "horizon_days": watch.horizon,
        "limit": chart.limit,
        "score": round(float(score[last - 1]), 4),
        "flags": ",".join(name for name, holds in (("ended", ended), (Flag.THIN, few)) if holds),
    }


def _read_on(chart: Chart, place: int) -> int:
    """Day on which the cohort of a reading was known."""
    return BASELINE_DAYS + (place + 1) * chart.every + chart.watch.horizon


def chart_row(watch: Watch, chart: Chart | None, cells: Thresholds) -> dict[str, object]:
    """The row of `alarm_chart`: how the cell is watched, or why not."""
    row: dict[str, object] = {**watch.cell, "status": status_of(watch, cells), "horizon_days": watch.horizon}
    if chart is None:
        return row
    score = path_of(chart)
    return row | {
        "watched_from": watch.window.date(BASELINE_DAYS),
        "known_until": watch.window.date(watch.last_day),
        "baseline": round(chart.usual, 6),
        "baseline_customers": chart.customers,
        "entries_per_day": round(chart.rate, 2),
        "every_days": chart.every,
        "limit": chart.limit,
        "score": round(float(score[-1]), 4) if len(score) else 0.0,
    }


def point_rows(chart: Chart, *, small: int) -> Iterator[dict[str, object]]:
    """Rows of `cusum_point`: whole weeks, joined until each side of the share has `small` customers.

    The score is a sum of events and others, so that a point of fewer would tell the number of either.
    """
    score, watch = path_of(chart), chart.watch
    weeks = (len(score) * chart.every) // WEEK
    first = 0
    for week in range(weeks):
        until = BASELINE_DAYS + (week + 1) * WEEK
        own = watch.entries.where((watch.entries.day >= BASELINE_DAYS + first * WEEK) & (watch.entries.day < until))
        if min(_sides(own, watch)) < small:
            continue
        yield {
            **watch.cell,
            "on": watch.window.date(until),
            "week_count": week + 1 - first,
            "entries": len(own.day),
            "events": int(own.within(watch.cause, watch.horizon).sum()),
            "customer_count": len(np.unique(own.person)),
            "score": round(float(score[(week + 1) * WEEK // chart.every - 1]), 4),
        }
        first = week + 1


def alarm_tables(cohorts: Cohorts, stage_horizons: dict[str, int], reader: Reader) -> dict[str, pa.Table]:
    """The three tables; `stage_horizons` are the days at which the drop-off of each stage is read."""
    found = watches(cohorts, stage_horizons)
    cells = reader.thresholds
    charts = charts_of(found, cells)
    drawn = {(chart.watch.segment, chart.watch.stage, chart.watch.direction): chart for chart in charts}
    of = [drawn.get((watch.segment, watch.stage, watch.direction)) for watch in found]
    rows = {
        "alarm": (ALARM, [row for chart in charts for row in alarm_rows(chart, reader)]),
        "alarm_chart": (ALARM_CHART, [chart_row(w, c, cells) for w, c in zip(found, of, strict=True)]),
        "cusum_point": (CUSUM_POINT, [row for chart in charts for row in point_rows(chart, small=cells.small)]),
    }
    return {name: pa.Table.from_pylist(listed, schema=schema) for name, (schema, listed) in rows.items()}
