"""What customers told us: mean sentiment of texts, and mean survey answers, kept apart; one customer has one vote.

In: the table `voice_answer`. Out: `Metric` values per segment and stage, and for whole journeys (stage '').
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from journey_mining.scoring.episodes import in_segment
from journey_mining.scoring.intervals import student_t
from journey_mining.scoring.metric import ANSWER_FLAGS, Flag, Method, Metric
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import Estimand


def answer_metrics(answers: pd.DataFrame, stages: list[str], segments: list[str], reader: Reader) -> list[Metric]:
    """Voice and rating of every segment and stage; `answers` has the columns of `voice_answer`."""
    is_text = answers["kind"] == "text"
    metrics: list[Metric] = []
    for estimand, rows in ((Estimand.VOICE, answers[is_text]), (Estimand.RATING, answers[~is_text])):
        for segment in segments:
            of_segment = in_segment(rows, segment)
            metrics.append(_mean(estimand, of_segment, reader, segment=segment, stage=""))
            metrics += [
                _mean(estimand, of_segment[of_segment["stage"] == stage], reader, segment=segment, stage=stage)
                for stage in stages
            ]
    return metrics


def customer_means(rows: pd.DataFrame) -> np.ndarray:
    """Mean value of each customer, in order of ids."""
    means: np.ndarray = rows.groupby("person_id", sort=True)["value"].mean().to_numpy(np.float64)
    return means


def _mean(estimand: Estimand, rows: pd.DataFrame, reader: Reader, *, segment: str, stage: str) -> Metric:
    means = customer_means(rows)
    interval = student_t(means, reader.confidence)
    asked = tuple(flag for flag in ANSWER_FLAGS if (rows["kind"] == flag).any())
    # equal answers have no interval, and must not look surer than answers that differ
    certain = () if interval else (Flag.THIN,)
    return Metric(
        estimand=estimand,
        segment=segment,
        stage=stage,
        estimate=float(means.mean()) if len(means) else None,
        interval_low=max(-1.0, interval[0]) if interval else None,
        interval_high=min(1.0, interval[1]) if interval else None,
        customer_count=len(means),
        journey_count=int(rows["journey_id"].nunique()),
        event_count=len(rows),
        method=Method.STUDENT_T,
        flags=(*reader.thresholds.flags(len(means)), *certain, *asked),
    )
