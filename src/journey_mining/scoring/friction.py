"""Friction: what goes badly inside a stage, how many customers it touches, and whether they are lost more often.

An association: those who meet friction may differ from the others in more than that. In: `episode_time`,
`episode_friction`, `episode_pattern`, the horizon of each stage. Out: rows of `friction_point`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from journey_mining.scoring.competing_risks import survival_quantile
from journey_mining.scoring.differences import e_value, false_discovery
from journey_mining.scoring.episodes import EPISODE_CAUSES, cell_of, in_segment
from journey_mining.scoring.loss_ratio import NEVER, loss_ratio
from journey_mining.scoring.metric import Flag
from journey_mining.scoring.occupancy import Reader

FRICTIONS = (
    "channel_switch",
    "long_wait",
    "loop",
    "ping_pong",
    "rage",
    "repeat_contact",
    "return",
    "transfer",
    "unanswered",
)

_STEPS = {"long_wait": "outwaited_step_count", "unanswered": "outwaited_step_count"}
"""who waited long was still there then: compared with those who stayed as long after as many steps"""
MAY_FOLLOW_LOSS = "may_follow_loss"
_CAUTIONS = {"unanswered": [MAY_FOLLOW_LOSS]}
"""nobody answers those who are known to have gone, so that the loss may be the reason and not the result"""

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
        ("mature_count", pa.int64()),
        ("lost_share", pa.float64()),
        ("other_lost_share", pa.float64()),
        ("excess_loss", pa.float64()),
        ("p_value", pa.float64()),
        ("q_value", pa.float64()),
        ("e_value", pa.float64()),
        ("rank_no", pa.int64()),
        ("flags", pa.string()),
    ]
)


def friction_rows(
    episodes: pd.DataFrame,
    marks: pd.DataFrame,
    horizons: dict[str, int],
    segments: list[str],
    reader: Reader,
) -> list[dict[str, Any]]:
    """Rows of `friction_point`, sorted by segment, stage and friction; kinds with few customers are left out.

    Args:
        episodes: columns of `episode_time`, `person_no`, and the two counts of steps of `episode_pattern`.
        marks: columns of `episode_friction`.
        horizons: days since entry after which an episode counts as mature, by stage.
        segments: ids of segments.
        reader: settings of the run.
    """
    marked = _marked(episodes, marks)
    rows: list[dict[str, Any]] = []
    for stage, days in horizons.items():
        of_stage = marked[marked["stage"] == stage]
        for segment in segments:
            cell = in_segment(of_stage, segment)
            for friction in FRICTIONS:
                touched = cell.loc[cell[friction] != NEVER, "person_no"]
                if touched.nunique() >= reader.thresholds.thin:
                    rows.append(_row(cell, days, reader, segment=segment, friction=friction))
    rows.sort(key=lambda row: (str(row["segment"]), str(row["stage"]), str(row["friction"])))
    return _ranked(rows)


def _marked(episodes: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """Episodes with a column for each kind of friction: the step at which it was met, `NEVER` where it was not."""
    keys = ["journey_id", "episode_no"]
    place = pd.MultiIndex.from_frame(episodes[keys])
    met_at = {kind: rows.set_index(keys)["first_step_no"] for kind, rows in marks.groupby("friction")}
    nowhere = pd.Series(dtype=np.int64, index=place[:0])
    steps = {kind: met_at.get(kind, nowhere).reindex(place, fill_value=NEVER) for kind in FRICTIONS}
    return episodes.assign(**{kind: step.to_numpy(np.int64) for kind, step in steps.items()})


def _ranked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with q values over all comparisons of the run, and their order by customers times excess loss."""
    q_values = false_discovery([row["p_value"] for row in rows])
    by_cell: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row, q_value in zip(rows, q_values, strict=True):
        row["q_value"] = q_value
        by_cell[row["segment"], row["stage"]].append(row)
    for cell in by_cell.values():
        cell.sort(key=lambda row: (-(row["excess_loss"] or 0.0) * row["customer_count"], row["friction"]))
        for number, row in enumerate(cell, start=1):
            row["rank_no"] = number
    return rows


def _row(rows: pd.DataFrame, days: int, reader: Reader, *, segment: str, friction: str) -> dict[str, Any]:
    touched = rows[rows[friction] != NEVER]
    mature = rows[(rows["followed_days"] >= days) & (rows["delay_days"] <= 0)]
    ratio = loss_ratio(
        mature[friction].to_numpy(np.int64),
        mature[_STEPS.get(friction, "step_count")].to_numpy(np.int64),
        # not "within h": a wait also postpones the day a loss is known, and would seem to protect
        np.asarray(mature["cause"] == "lost", dtype=np.float64),
        mature["person_no"].to_numpy(np.int64),
        reader.z,
        small=reader.thresholds.small,
        group=pd.factorize(mature["segment"], sort=True)[0].astype(np.int64),
    )
    cautions = _CAUTIONS.get(friction, [])
    said = None if cautions else ratio
    return {
        "segment": segment,
        "stage": str(rows["stage"].iloc[0]),
        "friction": friction,
        "journey_count": int(touched["journey_id"].nunique()),
        "customer_count": int(touched["person_no"].nunique()),
        "episode_count": len(touched),
        "prevalence_share": int(touched["person_no"].nunique()) / int(rows["person_no"].nunique()),
        "loss_ratio": said.ratio if said else None,
        "loss_ratio_low": said.low if said else None,
        "loss_ratio_high": said.high if said else None,
        "extra_days": _extra_days(rows, rows[friction] != NEVER),
        "mature_count": len(mature),
        "lost_share": ratio.lost_with if ratio else None,
        "other_lost_share": ratio.lost_without if ratio else None,
        "excess_loss": said.lost_with - said.lost_without if said else None,
        "p_value": said.p_value if said else None,
        "e_value": e_value(said.ratio) if said else None,
        "flags": ",".join([*([] if ratio else [Flag.NO_EVENTS]), *cautions]),
    }


def _extra_days(rows: pd.DataFrame, is_touched: pd.Series) -> float | None:
    """Difference of the median days in the stage with and without friction; None while a median is not reached."""
    medians = [_median_days(rows[is_touched]), _median_days(rows[~is_touched])]
    return None if medians[0] is None or medians[1] is None else medians[0] - medians[1]


def _median_days(rows: pd.DataFrame) -> float | None:
    return survival_quantile(cell_of(rows, EPISODE_CAUSES, cause="cause").curves, 0.5)
