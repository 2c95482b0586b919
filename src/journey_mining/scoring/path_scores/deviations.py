"""Where journeys leave the intended way, how many customers do, and whether those are lost more often.

Losses are compared from the same place on, among journeys of one segment: who is known to have left the way and stands
at a step of it, with those who came to that step for the first time and had not left the way so. Both sides are
decided by what was known then (`path_onset`), not by how the journey went on.

In: `path_fit`, `path_move`, `path_onset` and the durations of journeys. Out: rows of `path_deviation`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from journey_mining.mining.deviations import DeviationKind
from journey_mining.mining.onsets import CAME
from journey_mining.mining.schemas import schema
from journey_mining.scoring.competing_risks import IntArray
from journey_mining.scoring.differences import false_discovery
from journey_mining.scoring.loss_ratio import NEVER, Weights, point_weights, weighted_ratio
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
    segment_no: IntArray
    is_mature: Mask
    is_member: Mask
    steps_of: dict[str, Mask]
    """journeys that did a step, wherever it stood"""
    onsets: pd.DataFrame
    """journey_no, at_step and place, with kind, step and after_step as index"""

    def showed(self, kind: str, step: str, after_step: str) -> pd.DataFrame:
        """Journeys that showed it, with the step and the place; a long loop may show what its short form does not."""
        key = (kind, step, after_step)
        return self.onsets.loc[[key]] if key in self.onsets.index else self.onsets.iloc[:0]

    def came_to(self, step: str) -> IntArray:
        """Number of the step at which each journey first came there; `NEVER`."""
        first = np.full(len(self.person_no), NEVER, dtype=np.int64)
        rows = self.showed(CAME, step, "")
        first[rows["journey_no"].to_numpy(np.int64)] = rows["at_step"].to_numpy(np.int64)
        return first


def deviation_rows(
    fits: pd.DataFrame, moves: pd.DataFrame, onsets: pd.DataFrame, segments: list[str], reader: Reader
) -> list[dict[str, Any]]:
    """Rows of `path_deviation`: by segment in the order given, most customers first; q values over all of them.

    Args:
        fits: columns of `path_fit`, `person_no`, `time_days` and `followed_days`.
        moves: columns of `path_move`.
        onsets: columns of `path_onset`.
        segments: ids of segments.
        reader: settings of the run.
    """
    days = mature_days(fits)
    journeys = pd.Index(fits["journey_id"])
    numbered = moves.assign(journey_no=journeys.get_indexer(moves["journey_id"]))
    shown = onsets.assign(journey_no=journeys.get_indexer(onsets["journey_id"]))
    everybody = _Judged(
        person_no=fits["person_no"].to_numpy(np.int64),
        is_lost=np.asarray(fits["ending"].isin([Ending.LOST, Ending.SILENT]), dtype=np.float64),
        segment_no=pd.factorize(fits["segment"], sort=True)[0].astype(np.int64),
        is_mature=(fits["followed_days"] >= days).to_numpy(np.bool_),
        is_member=np.ones(len(fits), dtype=np.bool_),
        steps_of=_journeys_by_step(numbered, len(fits)),
        onsets=shown.set_index(["kind", "step", "after_step"]).sort_index(kind="stable"),
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
            **_loss(part, (str(kind), str(step), str(after_step)), reader),
        }


def _base(part: _Judged, has_it: Mask, *, step: str) -> Mask:
    """Journeys that could have left the way there: those that came to the step; all where it is the very start."""
    came = part.steps_of.get(step, has_it) if step else part.is_member
    return (came | has_it) & part.is_member


def _loss(part: _Judged, deviation: tuple[str, str, str], reader: Reader) -> dict[str, float | None]:
    """Losses by the cutoff among journeys old enough, with the deviation over without it; none where too few lose."""
    counted = np.flatnonzero(part.is_mature & part.is_member)
    weights = _weights(part, deviation, counted)
    clusters = np.unique(part.person_no[counted], return_inverse=True)[1].astype(np.int64)
    ratio = weighted_ratio(weights, part.is_lost[counted], clusters, reader.z, small=reader.thresholds.small)
    return {
        "loss_ratio": round(ratio.ratio, 6) if ratio else None,
        "loss_ratio_low": round(ratio.low, 6) if ratio else None,
        "loss_ratio_high": round(ratio.high, 6) if ratio else None,
        "p_value": round(ratio.p_value, 9) if ratio else None,
    }


def _weights(part: _Judged, deviation: tuple[str, str, str], counted: IntArray) -> Weights:
    """Weights of the journeys `counted`: who met it at a step, and who came there before meeting it, by segment."""
    rows = part.showed(*deviation)
    met_at = np.full(len(part.person_no), NEVER, dtype=np.int64)
    met_at[rows["journey_no"].to_numpy(np.int64)] = rows["at_step"].to_numpy(np.int64)
    sides = [rows[["journey_no", "place"]].assign(is_met=True)]
    for place in sorted(set(rows["place"])):
        first = part.came_to(place)
        without = np.flatnonzero((first != NEVER) & ((met_at == NEVER) | (first < met_at)))
        sides.append(pd.DataFrame({"journey_no": without, "place": place, "is_met": False}))
    known = pd.concat(sides, ignore_index=True)
    known = known[np.isin(known["journey_no"], counted)]
    row_no = np.searchsorted(counted, known["journey_no"]).astype(np.int64)
    strata = known.assign(segment_no=part.segment_no[known["journey_no"]]).groupby(["segment_no", "place"], sort=True)
    points, is_met = strata.ngroup().to_numpy(np.int64), known["is_met"].to_numpy(np.bool_)
    return point_weights(len(counted), (row_no[is_met], points[is_met]), (row_no[~is_met], points[~is_met]))
