"""Do two segments differ, by how much, and is it more than chance: every pair, and each segment against the rest.

In: `episode_time` and `journey_time`. Out: rows of `comparison`. Both sides are read at the same number of days: the
longest that both were followed. Cells of fewer than k customers are in no row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from itertools import combinations

import numpy as np
import pandas as pd
import pyarrow as pa

from journey_mining.scoring.competing_risks import shares_at
from journey_mining.scoring.differences import (
    difference_interval,
    false_discovery,
    incidence_z,
    newcombe,
    score_z,
    two_sided,
)
from journey_mining.scoring.episodes import EPISODE_CAUSES, JOURNEY_CAUSES, LOST, PROGRESS, Cell, cell_of
from journey_mining.scoring.horizon import followed_horizon
from journey_mining.scoring.intervals import clustered_wilson, effective_trials
from journey_mining.scoring.log_rank import log_rank
from journey_mining.scoring.metric import Flag, Metric
from journey_mining.scoring.occupancy import Reader, median_metric, share_metrics
from journey_mining.vocabulary import ALL_SEGMENTS, Estimand

REST = "rest"
"""everybody who is not in the segment compared"""
RELEVANT = 0.03
"""differences of shares below 3 percentage points change no decision"""
PRACTICALLY_RELEVANT = "practically_relevant"
_FEWEST_WITH_REST = 3
"""of two segments each is the rest of the other"""


class Procedure(StrEnum):
    """How two sides are compared."""

    INCIDENCE = "incidence_z"
    """cumulative incidences at one horizon, on the scale log(-log F)"""
    NEWCOMBE = "newcombe"
    """two shares; score test, Newcombe's interval, effective numbers of trials"""
    TEMPO = "log_rank"
    """whole curves of leaving: who is faster, not who is more"""
    WELCH = "welch"
    """two means of customers; Welch's test and interval"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One difference; `segment_b` may be `rest`."""

    estimand: str
    stage: str
    segment_a: str
    segment_b: str
    estimate_a: float | None
    low_a: float | None
    high_a: float | None
    n_a: int
    estimate_b: float | None
    low_b: float | None
    high_b: float | None
    n_b: int
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    z: float | None
    p_value: float | None
    q_value: float | None = None
    horizon_days: int | None
    method: str
    flags: str


_TYPES = {"str": pa.string(), "float | None": pa.float64(), "int": pa.int64(), "int | None": pa.int64()}
COMPARISON_SCHEMA = pa.schema([(name, _TYPES[str(kind)]) for name, kind in Comparison.__annotations__.items()])


def comparison_table(rows: list[Comparison]) -> pa.Table:
    """The rows of `comparison` with q values over all of them, in total order."""
    q_values = false_discovery([row.p_value for row in rows])
    known = [replace(row, q_value=q) for row, q in zip(rows, q_values, strict=True)]
    known.sort(key=lambda row: (row.estimand, row.stage, row.segment_a, row.segment_b))
    return pa.Table.from_pylist([asdict(row) for row in known], schema=COMPARISON_SCHEMA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Rows of two segments."""

    segment_a: str
    segment_b: str
    rows_a: pd.DataFrame
    rows_b: pd.DataFrame


def pairs_of(frame: pd.DataFrame, segments: list[str], small: int) -> Iterator[Pair]:
    """Every pair of segments, and each against the rest; only where both sides hold `small` customers or more."""
    own = {name: frame[frame["segment"] == name] for name in segments if name != ALL_SEGMENTS}
    shown = {name: rows for name, rows in own.items() if rows["person_no"].nunique() >= small}
    for one, other in combinations(shown, 2):
        yield Pair(segment_a=one, segment_b=other, rows_a=shown[one], rows_b=shown[other])
    if len(shown) < _FEWEST_WITH_REST:
        return
    for name, rows in shown.items():
        rest = frame[frame["segment"] != name]
        if rest["person_no"].nunique() >= small:
            yield Pair(segment_a=name, segment_b=REST, rows_a=rows, rows_b=rest)


def stage_comparisons(
    episodes: pd.DataFrame, stage: str, segments: list[str], reader: Reader, *, wanted_days: int
) -> list[Comparison]:
    """Drop-off, progress and tempo of one stage; `episodes` has the columns of `episode_time` and `person_no`."""
    of_stage = episodes[episodes["stage"] == stage]
    shares = {LOST: Estimand.DROP_OFF, PROGRESS: Estimand.MOVED_ON}
    found: list[Comparison] = []
    for pair in pairs_of(of_stage, segments, reader.thresholds.small):
        sides = _Sides.of(pair, EPISODE_CAUSES, cause="cause", stage=stage)
        if not sides.are_shown(reader):
            continue
        found += sides.incidences(shares, reader, wanted_days=wanted_days)
        found.append(sides.tempo(Estimand.DWELL_MEDIAN, reader))
    return found


def journey_comparisons(
    journeys: pd.DataFrame,
    stages: dict[str, int],
    segments: list[str],
    reader: Reader,
    *,
    wanted_days: int,
    has_ticket_source: bool,
) -> list[Comparison]:
    """Goal, duration, reach and contact of journeys whose start was seen; `stages` gives the number of each stage."""
    started = journeys[~journeys["is_left_uncertain"].astype(bool)]
    found: list[Comparison] = []
    for pair in pairs_of(started, segments, reader.thresholds.small):
        sides = _Sides.of(pair, JOURNEY_CAUSES, cause="ending", stage="")
        if not sides.are_shown(reader):
            continue
        found += sides.incidences({PROGRESS: Estimand.GOAL_REACHED}, reader, wanted_days=wanted_days)
        found.append(sides.tempo(Estimand.JOURNEY_MEDIAN, reader))
        for stage, number in stages.items():
            reach = [(rows["furthest_no"] >= number).to_numpy(np.bool_) for rows in (pair.rows_a, pair.rows_b)]
            found.append(shares_compared(Estimand.REACHED, pair, reach[0], reach[1], reader, stage=stage))
        if has_ticket_source:
            wrote = [rows["has_ticket"].to_numpy(np.bool_) for rows in (pair.rows_a, pair.rows_b)]
            found.append(shares_compared(Estimand.CONTACT_RATE, pair, wrote[0], wrote[1], reader))
    return found


def shares_compared(
    estimand: str, pair: Pair, holds_a: np.ndarray, holds_b: np.ndarray, reader: Reader, *, stage: str = ""
) -> Comparison:
    """Two shares of journeys, answers or customers; repeated trials of a customer count as fewer."""
    clusters = [rows["person_no"].to_numpy(np.int64) for rows in (pair.rows_a, pair.rows_b)]
    share_a, share_b = float(holds_a.mean()), float(holds_b.mean())
    trials_a, trials_b = effective_trials(holds_a, clusters[0]), effective_trials(holds_b, clusters[1])
    successes = share_a * trials_a, trials_a, share_b * trials_b, trials_b
    interval_a, interval_b = (
        clustered_wilson(holds, cluster, reader.z) for holds, cluster in zip((holds_a, holds_b), clusters, strict=True)
    )
    low, high = newcombe(*successes, reader.z)
    z = score_z(*successes)
    n_a, n_b = len(np.unique(clusters[0])), len(np.unique(clusters[1]))
    flags = [*reader.thresholds.flags(n_a, share=share_a), *reader.thresholds.flags(n_b, share=share_b)]
    return Comparison(
        estimand=estimand,
        stage=stage,
        segment_a=pair.segment_a,
        segment_b=pair.segment_b,
        estimate_a=share_a,
        low_a=interval_a[0],
        high_a=interval_a[1],
        n_a=n_a,
        estimate_b=share_b,
        low_b=interval_b[0],
        high_b=interval_b[1],
        n_b=n_b,
        difference=share_a - share_b,
        difference_low=low,
        difference_high=high,
        z=z,
        p_value=two_sided(z),
        horizon_days=None,
        method=Procedure.NEWCOMBE,
        flags=_flags(flags, share_a - share_b),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """Curves of two segments in one stage."""

    pair: Pair
    cell_a: Cell
    cell_b: Cell
    stage: str

    @classmethod
    def of(cls, pair: Pair, causes: dict[str, int], *, cause: str, stage: str) -> _Sides:
        cells = [cell_of(rows, causes, cause=cause) for rows in (pair.rows_a, pair.rows_b)]
        return cls(pair=pair, cell_a=cells[0], cell_b=cells[1], stage=stage)

    def are_shown(self, reader: Reader) -> bool:
        return min(self.cell_a.customer_count, self.cell_b.customer_count) >= reader.thresholds.small

    def incidences(self, estimands: dict[int, Estimand], reader: Reader, *, wanted_days: int) -> list[Comparison]:
        """Shares at the longest time that both sides were followed; none where that is less than a day."""
        own = [followed_horizon(wanted_days, cell.followed_days) for cell in (self.cell_a, self.cell_b)]
        horizon = min(own, key=lambda one: one.days)
        if horizon.days < 1:
            return []
        sides = [
            share_metrics(cell, horizon, estimands, reader, segment=name, stage=self.stage)
            for cell, name in ((self.cell_a, self.pair.segment_a), (self.cell_b, self.pair.segment_b))
        ]
        causes = zip(estimands, *sides, strict=True)
        return [self._incidence(cause, side_a, side_b) for cause, side_a, side_b in causes]

    def _incidence(self, cause: int, side_a: Metric, side_b: Metric) -> Comparison:
        row = _compared(side_a, side_b)
        days = side_a.horizon_days or 0
        shares = shares_at(self.cell_a.curves, days), shares_at(self.cell_b.curves, days)
        known = [(float(side.cause[cause - 1]), float(side.cause_error[cause - 1])) for side in shares]
        z = incidence_z(*known[0], *known[1])
        method = Procedure.INCIDENCE
        if z is None:
            # a side without any event has no place on the scale; those followed long enough are counted instead
            mature = [cell.mature_customers(days) for cell in (self.cell_a, self.cell_b)]
            z = score_z(known[0][0] * mature[0], mature[0], known[1][0] * mature[1], mature[1])
            method = Procedure.NEWCOMBE
        return replace(row, z=z, p_value=two_sided(z), horizon_days=days, method=method)

    def tempo(self, estimand: Estimand, reader: Reader) -> Comparison:
        """Who leaves sooner, by whatever exit; estimates are the medians."""
        medians = [
            median_metric(cell, estimand, reader, segment=name, stage=self.stage)
            for cell, name in ((self.cell_a, self.pair.segment_a), (self.cell_b, self.pair.segment_b))
        ]
        z = log_rank(self.cell_a.curves.durations, self.cell_b.curves.durations).z
        row = replace(_compared(medians[0], medians[1]), z=z, p_value=two_sided(z), method=Procedure.TEMPO)
        return replace(row, flags=row.flags.replace(PRACTICALLY_RELEVANT, "").strip(","))


def _compared(side_a: Metric, side_b: Metric) -> Comparison:
    """The two sides and their difference, without a test."""
    difference = low = high = None
    if side_a.estimate is not None and side_b.estimate is not None:
        difference = side_a.estimate - side_b.estimate
        bounds = [(side.interval_low, side.interval_high) for side in (side_a, side_b)]
        if None not in (*bounds[0], *bounds[1]):
            low, high = difference_interval(side_a.estimate, bounds[0], side_b.estimate, bounds[1])  # type: ignore[arg-type]
    return Comparison(
        estimand=side_a.estimand,
        stage=side_a.stage,
        segment_a=side_a.segment,
        segment_b=side_b.segment,
        estimate_a=side_a.estimate,
        low_a=side_a.interval_low,
        high_a=side_a.interval_high,
        n_a=side_a.customer_count,
        estimate_b=side_b.estimate,
        low_b=side_b.interval_low,
        high_b=side_b.interval_high,
        n_b=side_b.customer_count,
        difference=difference,
        difference_low=low,
        difference_high=high,
        z=None,
        p_value=None,
        horizon_days=None,
        method="",
        flags=_flags([*side_a.flags, *side_b.flags], difference),
    )


def _flags(flags: list[Flag], difference: float | None) -> str:
    relevant = [PRACTICALLY_RELEVANT] if difference is not None and abs(difference) >= RELEVANT else []
    return ",".join(dict.fromkeys([*sorted(flags), *relevant]))
