"""Where journeys leave the intended way, how many customers do, and whether those are lost more often.

Losses are compared from the same place on. A step left out: with those who did it, both from the next step they did,
since whoever was lost at the step itself never came to leave it out. A step too many or too early: with those who had
as many steps without it (`loss_ratio`).

In: `path_fit`, `path_move` and the durations of journeys. Out: rows of `path_deviation`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from journey_mining.mining.deviations import DeviationKind
from journey_mining.mining.schemas import schema
from journey_mining.scoring.competing_risks import IntArray
from journey_mining.scoring.differences import false_discovery
from journey_mining.scoring.loss_ratio import NEVER, loss_ratio
from journey_mining.scoring.occupancy import Reader
from journey_mining.scoring.path_scores.shares import customer_share
from journey_mining.vocabulary import ALL_SEGMENTS, Ending

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

MATURE_SHARE = 0.75
"""journeys count for losses once they began longer ago than this share of closed journeys lasted"""

PATH_DEVIATION = schema(
    text="segment",
    int="deviation_no",
    text_2="kind step after_step",
    int_2="journey_count customer_count base_customer_count",
    real="share share_low share_high mean_times loss_ratio loss_ratio_low loss_ratio_high q_value",
    int_3="mature_days",
    text_3="flags",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """All judged journeys as arrays, those of one segment marked."""

    person_no: IntArray
    is_lost: Floats
    step_count: IntArray
    is_mature: Mask
    is_member: Mask
    steps_of: dict[str, Mask]
    """journeys that did a step, wherever it stood"""
    beyond: dict[str, Mask]
    """journeys that did a step of the way after the place of this one, which they did or left out"""


def deviation_rows(
    fits: pd.DataFrame, moves: pd.DataFrame, segments: list[str], reader: Reader
) -> list[dict[str, Any]]:
    """Rows of `path_deviation`: by segment in the order given, most customers first; q values over all of them.

    Args:
        fits: columns of `path_fit`, `person_no`, `time_days` and `followed_days`.
        moves: columns of `path_move`.
        segments: ids of segments.
        reader: settings of the run.
    """
    days = mature_days(fits)
    numbered = _placed(moves.assign(journey_no=pd.Index(fits["journey_id"]).get_indexer(moves["journey_id"])))
    everybody = _Judged(
        person_no=fits["person_no"].to_numpy(np.int64),
        is_lost=np.asarray(fits["ending"].isin([Ending.LOST, Ending.SILENT]), dtype=np.float64),
        step_count=fits["step_count"].to_numpy(np.int64),
        is_mature=(fits["followed_days"] >= days).to_numpy(np.bool_),
        is_member=np.ones(len(fits), dtype=np.bool_),
        steps_of=_journeys_by_step(numbered, len(fits)),
        beyond=_journeys_beyond(numbered, len(fits)),
    )
    misfits = numbered[numbered["kind"] != DeviationKind.DONE]
    rows: list[dict[str, Any]] = []
    for segment in segments:
        is_member = np.ones(len(fits), np.bool_) if segment == ALL_SEGMENTS else (fits["segment"] == segment).to_numpy()
        part = replace(everybody, is_member=is_member)
        found = sorted(_segment_rows(part, misfits[is_member[misfits["journey_no"]]], reader), key=_rank)
        rows += [
            {"segment": segment, "deviation_no": number, "mature_days": days, **row}
            for number, row in enumerate(found, start=1)
        ]
    q_values = false_discovery([row.pop("p_value") for row in rows])
    return [
        {**row, "q_value": None if q_value is None else round(q_value, 9)}
        for row, q_value in zip(rows, q_values, strict=True)
    ]


def mature_days(fits: pd.DataFrame) -> int:
    """Days since the start after which most journeys that end have ended."""
    closed = fits.loc[fits["ending"] != Ending.OPEN, "time_days"]
    return int(np.ceil(float(closed.quantile(MATURE_SHARE)))) if len(closed) else 0


def _rank(row: dict[str, Any]) -> tuple[Any, ...]:
    return (-row["customer_count"], row["kind"], row["step"], row["after_step"])


def _journeys_by_step(moves: pd.DataFrame, count: int) -> dict[str, Mask]:
    """Journeys that did a step in whatever place; of a wrong order, both steps were done."""
    was_done = moves[moves["kind"] != DeviationKind.SKIPPED]
    misplaced = was_done.loc[was_done["kind"] == DeviationKind.ORDER, ["journey_no", "after_step"]]
    both = pd.concat([was_done[["journey_no", "step"]], misplaced.set_axis(["journey_no", "step"], axis=1)])
    return {str(step): _marked(rows["journey_no"], count) for step, rows in both.groupby("step")}


def _placed(moves: pd.DataFrame) -> pd.DataFrame:
    """Moves with `at_step`, the number of the step they stand at in the journey, a step left out with the next one."""
    walked = moves["times"].where(moves["kind"] != DeviationKind.SKIPPED, 0)
    return moves.assign(at_step=walked.groupby(moves["journey_no"]).cumsum() - walked + 1)


def _journeys_beyond(moves: pd.DataFrame, count: int) -> dict[str, Mask]:
    """Journeys that did a step of the way after the place of a step, by that step."""
    last_done = np.zeros(count, dtype=np.int64)
    done = moves[moves["kind"] == DeviationKind.DONE]
    np.maximum.at(last_done, done["journey_no"].to_numpy(np.int64), done["move_no"].to_numpy(np.int64))
    on_way = moves[moves["kind"].isin([DeviationKind.DONE, DeviationKind.SKIPPED])]
    passed = on_way[on_way["move_no"] < last_done[on_way["journey_no"]]]
    return {str(step): _marked(rows["journey_no"], count) for step, rows in passed.groupby("step")}


def _marked(journeys: pd.Series, count: int) -> Mask:
    mask = np.zeros(count, dtype=np.bool_)
    mask[journeys.to_numpy(np.int64)] = True
    return mask


def _segment_rows(part: _Judged, misfits: pd.DataFrame, reader: Reader) -> Iterator[dict[str, Any]]:
    for (kind, step, after_step), rows in misfits.groupby(["kind", "step", "after_step"], sort=True):
        has_it = _marked(rows["journey_no"], len(part.person_no))
        customers = len(np.unique(part.person_no[has_it]))
        if customers < reader.thresholds.small:
            continue
        base = _base(part, has_it, step=str(step if kind == DeviationKind.SKIPPED else after_step))
        share = customer_share(customers, len(np.unique(part.person_no[base])), reader)
        yield {
            "kind": kind,
            "step": step,
            "after_step": after_step,
            "journey_count": int(has_it.sum()),
            "customer_count": customers,
            "base_customer_count": share.base,
            "share": share.share,
            "share_low": share.low,
            "share_high": share.high,
            "mean_times": round(float(rows["times"].sum()) / int(has_it.sum()), 6),
            "flags": share.flags,
            **_loss(part, _met(part, str(kind), str(step), rows), base & part.is_mature, reader),
        }


def _base(part: _Judged, has_it: Mask, *, step: str) -> Mask:
    """Journeys that could have left the way there: those that came to the step; all where it is the very start."""
    came = part.steps_of.get(step, has_it) if step else part.is_member
    return (came | has_it) & part.is_member


@dataclass(frozen=True, slots=True, kw_only=True)
class _Met:
    """From where on the losses of those with and without a deviation are compared."""

    met_at: IntArray
    step_count: IntArray
    is_compared: Mask


def _met(part: _Judged, kind: str, step: str, rows: pd.DataFrame) -> _Met:
    met_at = np.full(len(part.person_no), NEVER, dtype=np.int64)
    if kind == DeviationKind.SKIPPED:
        met_at[rows["journey_no"].to_numpy(np.int64)] = 1
        nobody = np.zeros_like(part.is_member)
        return _Met(met_at=met_at, step_count=np.ones_like(met_at), is_compared=part.beyond.get(step, nobody))
    earliest = rows.groupby("journey_no")["at_step"].min()
    met_at[earliest.index.to_numpy(np.int64)] = earliest.to_numpy(np.int64)
    return _Met(met_at=met_at, step_count=part.step_count, is_compared=part.is_member)


def _loss(part: _Judged, met: _Met, mature: Mask, reader: Reader) -> dict[str, float | None]:
    """Losses by the cutoff among journeys old enough, with the deviation over without; none where too few lose."""
    mature = mature & met.is_compared
    clusters = np.unique(part.person_no[mature], return_inverse=True)[1].astype(np.int64)
    ratio = loss_ratio(
        met.met_at[mature],
        met.step_count[mature],
        part.is_lost[mature],
        clusters,
        reader.z,
        small=reader.thresholds.small,
    )
    return {
        "loss_ratio": round(ratio.ratio, 6) if ratio else None,
        "loss_ratio_low": round(ratio.low, 6) if ratio else None,
        "loss_ratio_high": round(ratio.high, 6) if ratio else None,
        "p_value": round(ratio.p_value, 9) if ratio else None,
    }
