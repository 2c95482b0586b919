"""The two survey numbers that everybody asks for: net promoter score and share of satisfied answers.

In: the table `voice_answer`. Out: `Metric` values per segment. Several answers of one customer are clustered. Who was
asked is not known, so that these speak of those who answered.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from journey_mining.scoring.competing_risks import FloatArray, IntArray, clustered_error
from journey_mining.scoring.episodes import in_segment
from journey_mining.scoring.intervals import clustered_wilson
from journey_mining.scoring.metric import Flag, Method, Metric
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import Estimand

# on the scale from -1 to 1 of `voice_answer`; halfway to the neighbouring answer, so that rounding cannot matter
_PROMOTES = 0.7
"""9 and 10 of 10"""
_DETRACTS = 0.3
"""0 to 6 of 10"""
_SATISFIED = 0.4
"""4 and 5 of 5"""


def survey_metrics(answers: pd.DataFrame, segments: list[str], reader: Reader) -> list[Metric]:
    """NPS, share of promoters and share of satisfied answers; `answers` has `voice_answer` and `person_no`."""
    metrics: list[Metric] = []
    for segment in segments:
        rows = in_segment(answers, segment)
        recommend, satisfied = rows[rows["kind"] == "nps"], rows[rows["kind"] == "csat"]
        metrics.append(_nps(recommend, reader, segment=segment))
        promotes = (recommend["value"] > _PROMOTES).to_numpy(np.bool_)
        metrics.append(_share(Estimand.PROMOTERS, recommend, promotes, reader, segment=segment))
        likes = (satisfied["value"] > _SATISFIED).to_numpy(np.bool_)
        metrics.append(_share(Estimand.CSAT_SHARE, satisfied, likes, reader, segment=segment))
    return metrics


def net_promoters(values: FloatArray, cluster: IntArray) -> tuple[float, float]:
    """Promoters minus detractors and its standard error, both as shares; `values` on the scale from -1 to 1.

    With one answer per customer the error is sqrt((p + d - (p - d)^2) / n).
    """
    votes = np.where(values > _PROMOTES, 1.0, np.where(values < _DETRACTS, -1.0, 0.0))
    score = float(votes.mean())
    return score, clustered_error((votes - score) / len(votes), cluster)


def _nps(rows: pd.DataFrame, reader: Reader, *, segment: str) -> Metric:
    customers = int(rows["person_no"].nunique())
    flags = reader.thresholds.flags(customers)
    if not customers:
        return Metric(estimand=Estimand.NPS, segment=segment, method=Method.CLUSTERED_NORMAL, flags=flags)
    score, error = net_promoters(rows["value"].to_numpy(np.float64), rows["person_no"].to_numpy(np.int64))
    half = reader.z * error
    is_certain = math.isclose(half, 0.0, abs_tol=1e-12)
    return Metric(
        estimand=Estimand.NPS,
        segment=segment,
        estimate=100 * score,
        # equal answers have no spread, and must not look surer than answers that differ
        interval_low=None if is_certain else 100 * max(-1.0, score - half),
        interval_high=None if is_certain else 100 * min(1.0, score + half),
        customer_count=customers,
        journey_count=int(rows["journey_id"].nunique()),
        event_count=len(rows),
        method=Method.CLUSTERED_NORMAL,
        flags=(*flags, Flag.THIN) if is_certain else flags,
    )


def _share(estimand: Estimand, rows: pd.DataFrame, holds: np.ndarray, reader: Reader, *, segment: str) -> Metric:
    customers = int(rows["person_no"].nunique())
    share = float(holds.mean()) if len(rows) else None
    low, high = clustered_wilson(holds, rows["person_no"].to_numpy(np.int64), reader.z)
    return Metric(
        estimand=estimand,
        segment=segment,
        estimate=share,
        interval_low=low if len(rows) else None,
        interval_high=high if len(rows) else None,
        customer_count=customers,
        journey_count=int(rows["journey_id"].nunique()),
        event_count=len(rows),
        method=Method.WILSON,
        flags=reader.thresholds.flags(customers, share=share),
    )
