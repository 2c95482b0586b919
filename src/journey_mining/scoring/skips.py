"""Stages that journeys pass over, and events whose order nobody's clock tells.

In: `journey_time`, `journey_skip` and `order_tie`. Out: `Metric` values per segment.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from journey_mining.scoring.episodes import in_segment, with_person_no
from journey_mining.scoring.intervals import clustered_wilson
from journey_mining.scoring.metric import Method, Metric
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import Estimand
from journey_mining.warehouse import Warehouse


def skip_and_order_metrics(
    warehouse: Warehouse, stages: dict[str, int], segments: list[str], reader: Reader
) -> list[Metric]:
    """`stage_skipped` for every segment and stage, and `tied_share` for every segment.

    `stages` gives the number of each stage. Needs the tables of layer 50 and `journey_time`.
    """
    journeys = with_person_no(warehouse.read("journey_time", order_by=["journey_id"]))
    seen = journeys[~journeys["is_left_uncertain"].astype(bool)]
    skips = warehouse.read("journey_skip", order_by=["journey_id", "stage"])
    ties = warehouse.read("order_tie", order_by=["segment"])
    skipped = {str(stage): frozenset(rows["journey_id"]) for stage, rows in skips.groupby("stage")}
    return [
        *(
            _skipped(in_segment(seen, segment), skipped.get(stage, frozenset()), reader, segment, stage, stage_no)
            for segment in segments
            for stage, stage_no in stages.items()
        ),
        *_ties(ties, segments, reader),
    ]


def _skipped(
    rows: pd.DataFrame, skipped: frozenset[str], reader: Reader, segment: str, stage: str, stage_no: int
) -> Metric:
    beyond = rows[rows["furthest_no"] > stage_no]
    holds = beyond["journey_id"].isin(skipped).to_numpy(np.bool_)
    customers = int(beyond["person_no"].nunique())
    share = float(holds.mean()) if len(beyond) else None
    low, high = clustered_wilson(holds, beyond["person_no"].to_numpy(np.int64), reader.z)
    return Metric(
        estimand=Estimand.SKIPPED,
        segment=segment,
        stage=stage,
        estimate=share,
        interval_low=low if len(beyond) else None,
        interval_high=high if len(beyond) else None,
        customer_count=customers,
        journey_count=len(beyond),
        event_count=int(holds.sum()),
        method=Method.WILSON,
        flags=reader.thresholds.flags(customers, share=share),
    )


def _ties(ties: pd.DataFrame, segments: list[str], reader: Reader) -> list[Metric]:
    by_segment = {row["segment"]: row for row in ties.to_dict("records")}
    empty = {"customer_count": 0, "journey_count": 0, "event_count": 0, "tied_count": 0}
    metrics = []
    for segment in segments:
        row = by_segment.get(segment, empty)
        events, customers = int(row["event_count"]), int(row["customer_count"])
        metrics.append(
            Metric(
                estimand=Estimand.TIED_SHARE,
                segment=segment,
                estimate=int(row["tied_count"]) / events if events else None,
                customer_count=customers,
                journey_count=int(row["journey_count"]),
                event_count=events,
                method=Method.SHARE,
                flags=reader.thresholds.flags(customers),
            )
        )
    return metrics
