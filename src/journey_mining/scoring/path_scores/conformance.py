"""How far journeys follow the intended way. In: `path_fit`. Out: rows of `conformance`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from journey_mining.mining.schemas import schema
from journey_mining.scoring.episodes import in_segment, with_person_no
from journey_mining.scoring.intervals import clustered_wilson
from journey_mining.scoring.metric import Method, Metric
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import Ending, Estimand
from journey_mining.warehouse import Warehouse

CONFORMANCE = schema(
    text="segment intended_for",
    int="journey_count customer_count open_count whole_count cut_count",
    real="fitness conforming_share share_low share_high",
    text_2="method flags",
)


def conformance_rows(fits: pd.DataFrame, segments: list[str], reader: Reader) -> list[dict[str, object]]:
    """Rows of `conformance` for segments of enough customers, in the order given.

    Fitness of a log is 1 - sum of misfits / sum of the worst that could be, so that long journeys weigh more; the share
    of journeys without any deviation as far as they went has Wilson's interval, clustered by customer.

    Args:
        fits: columns of `path_fit` and `person_no`.
        segments: ids of segments.
        reader: settings of the run.
    """
    parts = {segment: in_segment(fits, segment) for segment in segments}
    return [
        _row(segment, part, reader)
        for segment, part in parts.items()
        if part["person_no"].nunique() >= reader.thresholds.small
    ]


def log_fitness(fits: pd.DataFrame) -> float:
    """Fitness of all journeys together."""
    return round(1 - float(fits["misfit_count"].sum()) / float(fits["worst_count"].sum()), 6)


def conforming_metrics(warehouse: Warehouse, segments: list[str], reader: Reader) -> list[Metric]:
    """`conforming` of every segment; without an estimate where no journey was held against an intended way."""
    if "path_fit" not in warehouse.tables():
        return [Metric(estimand=Estimand.CONFORMING, segment=name, method=Method.WILSON) for name in segments]
    fits = with_person_no(warehouse.read("path_fit", order_by=["journey_id"]))
    return [_metric(segment, in_segment(fits, segment), reader) for segment in segments]


def _metric(segment: str, fits: pd.DataFrame, reader: Reader) -> Metric:
    # fitness asks of those who reached the goal that they walked the whole way; this does not
    fitting, customers = (fits["deviation_count"] == 0).to_numpy(np.bool_), int(fits["person_no"].nunique())
    low, high = clustered_wilson(fitting, fits["person_no"].to_numpy(np.int64), reader.z)
    share = float(fitting.mean()) if len(fits) else None
    return Metric(
        estimand=Estimand.CONFORMING,
        segment=segment,
        estimate=share,
        interval_low=low if len(fits) else None,
        interval_high=high if len(fits) else None,
        customer_count=customers,
        journey_count=len(fits),
        event_count=int(fitting.sum()),
        method=Method.WILSON,
        flags=reader.thresholds.flags(customers, share=share),
    )


def _row(segment: str, fits: pd.DataFrame, reader: Reader) -> dict[str, object]:
    metric = _metric(segment, fits, reader)
    return {
        "segment": segment,
        "intended_for": ",".join(sorted(set(fits["intended_for"]))),
        "journey_count": len(fits),
        "customer_count": metric.customer_count,
        "open_count": int((fits["ending"] == Ending.OPEN).sum()),
        "whole_count": int(fits["is_whole"].sum()),
        "cut_count": int(fits["is_cut"].sum()),
        "fitness": log_fitness(fits),
        "conforming_share": _rounded(metric.estimate),
        "share_low": _rounded(metric.interval_low),
        "share_high": _rounded(metric.interval_high),
        "method": str(metric.method),
        "flags": ",".join(dict.fromkeys(metric.flags)),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
