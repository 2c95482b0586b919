"""What customers told us: mean sentiment of texts, and mean survey answers, kept apart; one customer has one vote.

In: the table `voice_answer`. Out: `Metric` values per segment and stage, and for whole journeys (stage '').
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from journey_mining.scoring.competing_risks import FloatArray
from journey_mining.scoring.episodes import in_segment
from journey_mining.scoring.intervals import student_t
from journey_mining.scoring.metric import ANSWER_FLAGS, Flag, Method, Metric
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import Estimand
from journey_mining.warehouse import Warehouse

RATINGS = {
    Estimand.RATING_NPS: Flag.NPS,
    Estimand.RATING_CSAT: Flag.CSAT,
    Estimand.RATING_CES: Flag.CES,
    Estimand.RATING_REVIEW: Flag.REVIEW,
    Estimand.RATING_CALL: Flag.CALL_RATING,
}
"""the kind of question behind each rating of one kind"""
_DIRECTIONS = pa.schema([("source", pa.string()), ("kind", pa.string()), ("sign", pa.int64())])


def write_answer_directions(warehouse: Warehouse, low_is_good: tuple[str, ...]) -> None:
    """Write `answer_direction`: which end of each question's scale is the good one, as sources and settings declare.

    Sources give `score_norm` with 1 as the upper end of the scale; `low_is_good` names the questions, of all sources
    ("ces") or of one ("survey:ces"), whose lower end is the good one.
    """
    kinds = ", ".join(f"'{flag}'" for flag in ANSWER_FLAGS)
    asked = warehouse.execute(
        f"select distinct source, event_kind from event where event_kind in ({kinds}) order by source, event_kind"
    )
    rows = [
        {"source": source, "kind": kind, "sign": -1 if {kind, f"{source}:{kind}"} & set(low_is_good) else 1}
        for source, kind in asked
    ]
    warehouse.write("answer_direction", pa.Table.from_pylist(rows, schema=_DIRECTIONS))


def answer_metrics(answers: pd.DataFrame, stages: list[str], segments: list[str], reader: Reader) -> list[Metric]:
    """Voice, rating and the ratings of each kind of every segment and stage; `answers` has `voice_answer`."""
    kind = answers["kind"]
    parts = {
        Estimand.VOICE: answers[kind == "text"],
        Estimand.RATING: answers[kind != "text"],
        **{estimand: answers[kind == flag] for estimand, flag in RATINGS.items()},
    }
    return [
        _mean(estimand, rows[rows["stage"] == stage] if stage else rows, reader, segment=segment, stage=stage)
        for estimand, told in parts.items()
        for segment in segments
        for rows in [in_segment(told, segment)]
        for stage in ("", *stages)
    ]


def customer_votes(rows: pd.DataFrame) -> pd.Series[float]:
    """Mean value of each customer, by id in order; what somebody says of a stage within 30 days counts once in it."""
    votes = rows.groupby(["person_id", "stage", "vote_no"], sort=True)["value"].mean()
    means: pd.Series[float] = votes.groupby(level="person_id", sort=True).mean()
    return means


def _mean(estimand: Estimand, rows: pd.DataFrame, reader: Reader, *, segment: str, stage: str) -> Metric:
    means: FloatArray = np.asarray(customer_votes(rows), dtype=np.float64)
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
