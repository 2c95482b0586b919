"""Numbers of stages: entered, dropped off, moved on, moved back, under way, and the median time in the stage.

In: `episode_time` and the stages with their silence thresholds. Out: `Metric` values per segment and stage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from journey_mining.scoring.episodes import BACK, EPISODE_CAUSES, LOST, PROGRESS, Cell, cell_of, in_segment
from journey_mining.scoring.horizon import Horizon, followed_horizon, wanted_horizon
from journey_mining.scoring.losses import cross_check, loss_ways
from journey_mining.scoring.metric import Flag, Method, Metric
from journey_mining.scoring.occupancy import Reader, median_metric, share_metrics
from journey_mining.vocabulary import Estimand

_SHARES = {
    PROGRESS: Estimand.MOVED_ON,
    LOST: Estimand.DROP_OFF,
    BACK: Estimand.MOVED_BACK,
    0: Estimand.UNDER_WAY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StageHorizon:
    """What the shares of a stage are read at."""

    stage: str
    wanted_days: int
    """days that the stage needs, the same for all segments"""
    common: Horizon
    """days that the data of all segments together allow"""


def stage_horizon(episodes: pd.DataFrame, stage: str, *, silence_days: float, min_days: float) -> StageHorizon:
    """Horizon of a stage from the episodes of all segments."""
    cell = cell_of(episodes[episodes["stage"] == stage], EPISODE_CAUSES, cause="cause")
    wanted = wanted_horizon(cell.curves, silence_days=silence_days, min_days=min_days)
    return StageHorizon(stage=stage, wanted_days=wanted, common=followed_horizon(wanted, cell.followed_days))


def stage_metrics(episodes: pd.DataFrame, horizon: StageHorizon, segments: list[str], reader: Reader) -> list[Metric]:
    """All numbers of one stage for each segment; `episodes` has the columns of `episode_time` and `person_no`."""
    of_stage = episodes[episodes["stage"] == horizon.stage]
    metrics: list[Metric] = []
    for segment in segments:
        of_segment = in_segment(of_stage, segment)
        cell = cell_of(of_segment, EPISODE_CAUSES, cause="cause")
        own = followed_horizon(horizon.common.days, cell.followed_days)
        read_at = Horizon(days=own.days, is_short=own.days < horizon.wanted_days)
        check = cross_check(cell, read_at, reader, segment=segment, stage=horizon.stage)
        shares = share_metrics(cell, read_at, _SHARES, reader, segment=segment, stage=horizon.stage)
        metrics += [_warned(row) for row in shares] if check.is_drifting else shares
        metrics.append(check.metric)
        metrics += loss_ways(of_segment, read_at, reader, segment=segment, stage=horizon.stage)
        metrics.append(median_metric(cell, Estimand.DWELL_MEDIAN, reader, segment=segment, stage=horizon.stage))
        metrics.append(_entered(cell, reader, segment=segment, stage=horizon.stage))
    return metrics


def _warned(row: Metric) -> Metric:
    return replace(row, flags=(*row.flags, Flag.ENTRY_TIME_DRIFT)) if row.estimand == Estimand.DROP_OFF else row


def _entered(cell: Cell, reader: Reader, *, segment: str, stage: str) -> Metric:
    """Those behind the shares of the stage, and nobody else: who left before observation began is in neither."""
    customers = cell.customer_count
    return Metric(
        estimand=Estimand.ENTERED,
        segment=segment,
        stage=stage,
        estimate=float(customers),
        customer_count=customers,
        journey_count=cell.journey_count,
        event_count=len(cell.followed_days),
        method=Method.COUNT,
        flags=reader.thresholds.flags(customers),
    )
