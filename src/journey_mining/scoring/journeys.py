"""Numbers of whole journeys: how many, how far, how long, how many reach the goal, write tickets, and are recognised.

In: `journey_time`, `mapped_event` and the stages. Out: `Metric` values per segment.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from journey_mining.scoring.episodes import JOURNEY_CAUSES, PROGRESS, cell_of, in_segment
from journey_mining.scoring.horizon import Horizon, followed_horizon, wanted_horizon
from journey_mining.scoring.intervals import clustered_wilson
from journey_mining.scoring.metric import Flag, Method, Metric
from journey_mining.scoring.occupancy import Reader, median_metric, share_metrics
from journey_mining.vocabulary import Ending, Estimand


def journey_metrics(
    journeys: pd.DataFrame, stages: dict[str, int], segments: list[str], reader: Reader, *, has_ticket_source: bool
) -> list[Metric]:
    """Counts of all journeys; reach per stage and contact rate of those whose start was seen.

    `stages` gives the number of each stage. Without a source of tickets there is no contact rate.
    """
    metrics: list[Metric] = []
    for segment in segments:
        rows = in_segment(journeys, segment)
        is_open = (rows["ending"] == Ending.OPEN).to_numpy()
        metrics.append(_count(Estimand.JOURNEYS, rows, reader, segment=segment))
        metrics.append(_count(Estimand.OPEN_JOURNEYS, rows[is_open], reader, segment=segment))
        seen = _started(rows)
        metrics.append(_contact_rate(seen, reader, segment=segment, has_ticket_source=has_ticket_source))
        for stage, stage_no in stages.items():
            reached = seen["furthest_no"].to_numpy() >= stage_no
            metrics.append(_share(Estimand.REACHED, seen, reached, reader, segment=segment, stage=stage))
    return metrics


def goal_metrics(
    journeys: pd.DataFrame, segments: list[str], reader: Reader, *, silence_days: float, min_days: float
) -> list[Metric]:
    """Share that reaches the goal within the horizon, and median duration; only journeys whose start was seen."""
    started = _started(journeys)
    everybody = cell_of(started, JOURNEY_CAUSES, cause="ending")
    wanted = wanted_horizon(everybody.curves, silence_days=silence_days, min_days=min_days)
    common = followed_horizon(wanted, everybody.followed_days)
    metrics: list[Metric] = []
    for segment in segments:
        cell = cell_of(in_segment(started, segment), JOURNEY_CAUSES, cause="ending")
        own = followed_horizon(common.days, cell.followed_days)
        read_at = Horizon(days=own.days, is_short=own.days < wanted)
        metrics += share_metrics(cell, read_at, {PROGRESS: Estimand.GOAL_REACHED}, reader, segment=segment, stage="")
        metrics.append(median_metric(cell, Estimand.JOURNEY_MEDIAN, reader, segment=segment))
    return metrics


def mapped_metrics(mapped: pd.DataFrame, segments: list[str], reader: Reader) -> list[Metric]:
    """Share of recognised events per segment; every event counts, so there is no interval."""
    by_segment = {row["segment"]: row for row in mapped.to_dict("records")}
    metrics = []
    for segment in segments:
        row = by_segment.get(segment, {"customer_count": 0, "journey_count": 0, "event_count": 0, "mapped_count": 0})
        events = int(row["event_count"])
        metrics.append(
            Metric(
                estimand=Estimand.MAPPED_SHARE,
                segment=segment,
                estimate=int(row["mapped_count"]) / events if events else None,
                customer_count=int(row["customer_count"]),
                journey_count=int(row["journey_count"]),
                event_count=events,
                method=Method.SHARE,
                flags=reader.thresholds.flags(int(row["customer_count"])),
            )
        )
    return metrics


def _started(journeys: pd.DataFrame) -> pd.DataFrame:
    """Journeys whose start was seen; of the others an unknown part lies before the observation."""
    return journeys[~journeys["is_left_uncertain"].astype(bool)]


def _contact_rate(seen: pd.DataFrame, reader: Reader, *, segment: str, has_ticket_source: bool) -> Metric:
    row = _share(Estimand.CONTACT_RATE, seen, seen["has_ticket"].to_numpy(np.bool_), reader, segment=segment)
    if has_ticket_source:
        return row
    flags = (*reader.thresholds.flags(row.customer_count), Flag.NO_SOURCE)
    return replace(row, estimate=None, interval_low=None, interval_high=None, flags=flags)


def _count(estimand: Estimand, rows: pd.DataFrame, reader: Reader, *, segment: str) -> Metric:
    customers = int(rows["person_no"].nunique())
    return Metric(
        estimand=estimand,
        segment=segment,
        estimate=float(len(rows)),
        customer_count=customers,
        journey_count=len(rows),
        event_count=int(rows["event_count"].sum()),
        method=Method.COUNT,
        flags=reader.thresholds.flags(customers),
    )


def _share(
    estimand: Estimand, rows: pd.DataFrame, holds: np.ndarray, reader: Reader, *, segment: str, stage: str = ""
) -> Metric:
    customers = int(rows["person_no"].nunique())
    share = float(holds.mean()) if len(rows) else None
    low, high = clustered_wilson(holds, rows["person_no"].to_numpy(np.int64), reader.z)
    return Metric(
        estimand=estimand,
        segment=segment,
        stage=stage,
        estimate=share,
        interval_low=low if len(rows) else None,
        interval_high=high if len(rows) else None,
        customer_count=customers,
        journey_count=len(rows),
        event_count=int(holds.sum()),
        method=Method.WILSON,
        flags=reader.thresholds.flags(customers, share=share),
    )
