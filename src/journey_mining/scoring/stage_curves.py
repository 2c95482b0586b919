"""The table `stage_curve`: how the share lost of those who entered a stage grows with the days since their entry.

In: `episode_time` and the horizons of the stages. Out: rows of `stage_curve`. The estimator is that of `drop_off`, so
that the curve passes through the number of the map. A point stands only where enough losses lie between it and the
last one, so that nobody's day can be read off.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from journey_mining.scoring.competing_risks import Incidence, share_at
from journey_mining.scoring.episodes import EPISODE_CAUSES, LOST, Cell, cell_of, in_segment
from journey_mining.scoring.horizon import followed_horizon
from journey_mining.scoring.occupancy import Reader, incidence_interval
from journey_mining.scoring.stages import StageHorizon

POINTS = 24
"""most points up to the horizon"""
BEYOND = 1.25
"""how far past the horizon the curve goes, as far as customers were followed"""

STAGE_CURVE_SCHEMA = pa.schema(
    [
        ("segment", pa.string()),
        ("stage", pa.string()),
        ("day_no", pa.int64()),
        ("lost_share", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("customer_count", pa.int64()),
        ("horizon_days", pa.int64()),
        ("method", pa.string()),
        ("flags", pa.string()),
    ]
)


def stage_curve_table(
    episodes: pd.DataFrame, horizons: list[StageHorizon], segments: list[str], reader: Reader
) -> pa.Table:
    """Rows of `stage_curve`, by segment, stage and day; cells of fewer than `thin` customers have none.

    Args:
        episodes: columns of `episode_time` and `person_no`.
        horizons: what the shares of each stage are read at.
        segments: ids of segments.
        reader: settings of the run.
    """
    rows: list[dict[str, Any]] = []
    for horizon in horizons:
        of_stage = episodes[episodes["stage"] == horizon.stage]
        for segment in segments:
            cell = cell_of(in_segment(of_stage, segment), EPISODE_CAUSES, cause="cause")
            own = followed_horizon(horizon.common.days, cell.followed_days)
            if cell.customer_count >= reader.thresholds.thin and own.days >= 1:
                rows += curve_rows(cell, own.days, reader, segment=segment, stage=horizon.stage)
    rows.sort(key=lambda row: (row["segment"], row["stage"], row["day_no"]))
    return pa.Table.from_pylist(rows, schema=STAGE_CURVE_SCHEMA)


def curve_rows(cell: Cell, horizon_days: int, reader: Reader, *, segment: str, stage: str) -> list[dict[str, Any]]:
    """Points of one curve: the day of entry, days with enough losses between them, and the horizon."""
    last = followed_horizon(math.ceil(BEYOND * horizon_days), cell.followed_days).days
    rows = []
    for day in curve_days(cell.curves, horizon_days, last, small=reader.thresholds.small):
        share, error = share_at(cell.curves, LOST, day)
        method, interval = incidence_interval(share, error, cell.mature_customers(day), reader.z)
        rows.append(
            {
                "segment": segment,
                "stage": stage,
                "day_no": day,
                "lost_share": share,
                "low": interval[0] if day else 0.0,
                "high": interval[1] if day else 0.0,
                "customer_count": cell.customer_count,
                "horizon_days": horizon_days,
                "method": str(method),
                "flags": ",".join(reader.thresholds.flags(cell.customer_count, share=share) if day else ()),
            }
        )
    return rows


def curve_days(curves: Incidence, horizon: int, last: int, *, small: int) -> list[int]:
    """Days of the points: 0, the horizon, and days of an even grid between which none or `small` losses lie.

    A day before the horizon also needs that distance to the horizon, since the number there is published anyway.
    """
    step = max(1, math.ceil(horizon / POINTS))
    before = _spaced(curves, [*range(0, horizon, step)], small)
    while len(before) > 1 and 0 < _losses(curves, before[-1], horizon) < small:
        before.pop()
    after = _spaced(curves, [horizon, *range(horizon + step, last + 1, step)], small)
    return [*before, *after]


def _spaced(curves: Incidence, days: list[int], small: int) -> list[int]:
    kept = days[:1]
    for day in days[1:]:
        losses = _losses(curves, kept[-1], day)
        if losses == 0 or losses >= small:
            kept.append(day)
    return kept


def _losses(curves: Incidence, after: int, until: int) -> int:
    """Losses seen later than `after` and not later than `until` days from entry."""
    inside = (curves.time > after) & (curves.time <= until)
    return int(np.sum(curves.events[LOST - 1, inside]))
