"""Two looks behind drop-off: how losses became known, and whether a simpler count agrees.

In: the episodes of one segment and stage. Out: `Metric` values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from journey_mining.scoring.competing_risks import clustered_error, influence_at
from journey_mining.scoring.episodes import BACK, LOST, PROGRESS, Cell, cell_of
from journey_mining.scoring.horizon import Horizon
from journey_mining.scoring.intervals import clustered_wilson
from journey_mining.scoring.metric import Flag, Method, Metric
from journey_mining.scoring.occupancy import Reader, share_metrics
from journey_mining.vocabulary import Estimand

BY_SILENCE = 4
_WAYS = {"open": 0, "progress": PROGRESS, "lost": LOST, "back": BACK, "silence": BY_SILENCE}
MOST_ERRORS = 3.0
"""standard errors of the difference beyond which two estimates of one share cannot both be right"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossCheck:
    """Loss among those who entered at least h days ago, beside the estimate that uses everybody."""

    metric: Metric
    is_drifting: bool
    """whether the two differ beyond chance: those who entered early fare otherwise than those who entered late"""


def loss_ways(rows: pd.DataFrame, horizon: Horizon, reader: Reader, *, segment: str, stage: str) -> list[Metric]:
    """Drop-off split by how it became known; the two parts add up to it. `rows` has the columns of `episode_time`."""
    by_silence = (rows["cause"] == "lost") & (rows["lost_how"] == "silence")
    cell = cell_of(rows.assign(way=rows["cause"].where(~by_silence, "silence")), _WAYS, cause="way")
    wanted = {LOST: Estimand.LOST_BY_STATUS, BY_SILENCE: Estimand.LOST_BY_SILENCE}
    return share_metrics(cell, horizon, wanted, reader, segment=segment, stage=stage)


def cross_check(cell: Cell, horizon: Horizon, reader: Reader, *, segment: str, stage: str) -> CrossCheck:
    """Plain share lost within the horizon, of entries seen and old enough to know; Wilson's interval.

    The standard error of its difference from the Aalen-Johansen estimate sums the difference of both influences per
    customer, because both rest on the same people.
    """
    durations = cell.curves.durations
    mature = (cell.followed_days >= horizon.days) & (durations.delay <= 0)
    is_lost = (durations.cause == LOST) & (durations.time <= horizon.days)
    cluster = durations.cluster[mature]
    customers, count = len(np.unique(cluster)), int(mature.sum())
    share = float(is_lost[mature].mean()) if count else None
    metric = Metric(
        estimand=Estimand.DROP_OFF_MATURE,
        segment=segment,
        stage=stage,
        estimate=share,
        customer_count=customers,
        event_count=int(is_lost[mature].sum()),
        method=Method.WILSON,
        horizon_days=horizon.days,
        flags=reader.thresholds.flags(customers, share=share),
    )
    if share is None or horizon.days < 1:
        return CrossCheck(metric=replace(metric, estimate=None), is_drifting=False)
    low, high = clustered_wilson(is_lost[mature], cluster, reader.z)
    influence = influence_at(cell.curves, LOST, horizon.days) - np.where(mature, (is_lost - share) / count, 0.0)
    error = clustered_error(influence, durations.cluster)
    seen = int(np.searchsorted(cell.curves.time, horizon.days, "right"))
    gap = abs(float(cell.curves.incidence[LOST - 1, seen - 1]) - share) if seen else share
    is_drifting = error > 0 and gap > MOST_ERRORS * error
    flags = (*metric.flags, Flag.ENTRY_TIME_DRIFT) if is_drifting else metric.flags
    return CrossCheck(
        metric=replace(metric, interval_low=low, interval_high=high, flags=flags), is_drifting=is_drifting
    )
