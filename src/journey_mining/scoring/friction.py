"""Friction: what goes badly inside a stage, how many customers it touches, and whether they are lost more often.

An association: those who meet friction may differ from the others in more than that. In: `episode_time`,
`episode_friction`, the horizon of each stage. Out: rows of `friction_point`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from journey_mining.scoring.competing_risks import IntArray, survival_quantile
from journey_mining.scoring.episodes import EPISODE_CAUSES, cell_of, in_segment
from journey_mining.scoring.occupancy import Reader

FRICTIONS = ("channel_switch", "long_wait", "repeat_contact", "return")

FRICTION_SCHEMA = pa.schema(
    [
        ("segment", pa.string()),
        ("stage", pa.string()),
        ("friction", pa.string()),
        ("journey_count", pa.int64()),
        ("customer_count", pa.int64()),
        ("episode_count", pa.int64()),
        ("prevalence_share", pa.float64()),
        ("loss_ratio", pa.float64()),
        ("loss_ratio_low", pa.float64()),
        ("loss_ratio_high", pa.float64()),
        ("extra_days", pa.float64()),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LossRatio:
    """Share lost with friction over share lost without it; the bounds are of its logarithm, clustered by customer."""

    ratio: float
    low: float
    high: float


def friction_rows(
    episodes: pd.DataFrame,
    marks: pd.DataFrame,
    horizons: dict[str, int],
    segments: list[str],
    reader: Reader,
) -> list[dict[str, object]]:
    """Rows of `friction_point`, sorted by segment, stage and friction; kinds with few customers are left out.

    Args:
        episodes: columns of `episode_time` and `person_no`.
        marks: columns of `episode_friction`.
        horizons: days since entry after which an episode counts as mature, by stage.
        segments: ids of segments.
        reader: settings of the run.
    """
    keys = ["journey_id", "episode_no"]
    rows: list[dict[str, object]] = []
    for friction in FRICTIONS:
        marked = marks.loc[marks["friction"] == friction, keys].assign(has_friction=True)
        joined = episodes.merge(marked, on=keys, how="left", validate="one_to_one")
        joined["has_friction"] = joined["has_friction"].notna()
        for segment in segments:
            of_segment = in_segment(joined, segment)
            rows += [
                _row(of_segment[of_segment["stage"] == stage], days, reader, segment=segment, friction=friction)
                for stage, days in horizons.items()
                if _customers(of_segment, stage) >= reader.thresholds.thin
            ]
    return sorted(rows, key=lambda row: (str(row["segment"]), str(row["stage"]), str(row["friction"])))


def loss_ratio(has_friction: np.ndarray, is_lost: np.ndarray, cluster: IntArray, z: float) -> LossRatio | None:
    """Ratio of loss shares with its log-normal interval; None where either group is empty or loses nobody.

    The variance of log(p1 / p0) sums, per customer, (y - p1) / (n1 p1) over episodes with friction and
    -(y - p0) / (n0 p0) over those without.
    """
    with_it, without = is_lost[has_friction], is_lost[~has_friction]
    if not len(with_it) or not len(without) or not with_it.any() or not without.any():
        return None
    lost_with, lost_without = float(with_it.mean()), float(without.mean())
    influence = np.where(
        has_friction,
        (is_lost - lost_with) / (len(with_it) * lost_with),
        -(is_lost - lost_without) / (len(without) * lost_without),
    )
    sums = np.bincount(cluster, weights=influence)
    spread = z * math.sqrt(float(sums @ sums))
    ratio = lost_with / lost_without
    return LossRatio(ratio=ratio, low=ratio * math.exp(-spread), high=ratio * math.exp(spread))


def _customers(rows: pd.DataFrame, stage: str) -> int:
    return int(rows.loc[(rows["stage"] == stage) & rows["has_friction"], "person_no"].nunique())


def _row(rows: pd.DataFrame, days: int, reader: Reader, *, segment: str, friction: str) -> dict[str, object]:
    touched = rows[rows["has_friction"]]
    mature = rows[(rows["followed_days"] >= days) & (rows["delay_days"] <= 0)]
    # not "within h": a wait also postpones the day a loss is known, and would seem to protect
    is_lost = (mature["cause"] == "lost").to_numpy(np.float64)
    ratio = loss_ratio(
        mature["has_friction"].to_numpy(np.bool_), is_lost, mature["person_no"].to_numpy(np.int64), reader.z
    )
    return {
        "segment": segment,
        "stage": str(rows["stage"].iloc[0]),
        "friction": friction,
        "journey_count": int(touched["journey_id"].nunique()),
        "customer_count": int(touched["person_no"].nunique()),
        "episode_count": len(touched),
        "prevalence_share": int(touched["person_no"].nunique()) / int(rows["person_no"].nunique()),
        "loss_ratio": ratio.ratio if ratio else None,
        "loss_ratio_low": ratio.low if ratio else None,
        "loss_ratio_high": ratio.high if ratio else None,
        "extra_days": _extra_days(rows),
    }


def _extra_days(rows: pd.DataFrame) -> float | None:
    """Difference of the median days in the stage with and without friction; None while a median is not reached."""
    medians = [_median_days(rows[rows["has_friction"]]), _median_days(rows[~rows["has_friction"]])]
    return None if medians[0] is None or medians[1] is None else medians[0] - medians[1]


def _median_days(rows: pd.DataFrame) -> float | None:
    return survival_quantile(cell_of(rows, EPISODE_CAUSES, cause="cause").curves, 0.5)
