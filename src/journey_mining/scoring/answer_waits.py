"""How long customers wait for our answer in each stage, and how many are answered at all.

In: the table `answer_wait`. Out: `Metric` values per segment and stage, and rows of `wait_bin`. A wait still open at
the cutoff is censored, not missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from journey_mining.scoring.episodes import cell_of, in_segment
from journey_mining.scoring.horizon import Horizon
from journey_mining.scoring.metric import Flag, Metric
from journey_mining.scoring.occupancy import Reader, median_metric, share_metrics
from journey_mining.vocabulary import Estimand

ANSWER_DAYS = 7
"""an answer that comes later is none to the customer"""
_STATES = {"open": 0, "answered": 1}
_QUANTILES = {Estimand.ANSWER_WAIT_MEDIAN: 0.5, Estimand.ANSWER_WAIT_Q90: 0.9}
BIN_EDGES = (0.25 / 24, 1 / 24, 4 / 24, 12 / 24, 1.0, 2.0, 3.0, 7.0)
"""upper ends of the bins in days; the last bin has none"""

WAIT_BIN_SCHEMA = pa.schema(
    [
        ("segment", pa.string()),
        ("stage", pa.string()),
        ("bin_no", pa.int64()),
        ("from_days", pa.float64()),
        ("until_days", pa.float64()),
        ("wait_share", pa.float64()),
        ("customer_count", pa.int64()),
    ]
)


def answer_wait_metrics(
    waits: pd.DataFrame, stages: Sequence[str], segments: Sequence[str], reader: Reader, *, is_told: bool
) -> list[Metric]:
    """Median, 90 % and share answered of every segment and stage; `waits` has `answer_wait` and `person_no`.

    `is_told` says whether any source tells answers; without one there is no estimate.
    """
    metrics: list[Metric] = []
    for segment in segments:
        of_segment = in_segment(waits, segment)
        for stage in stages:
            cell = cell_of(of_segment[of_segment["stage"] == stage], _STATES, cause="state")
            found = [
                median_metric(cell, estimand, reader, segment=segment, stage=stage, share=share)
                for estimand, share in _QUANTILES.items()
            ]
            within = Horizon(days=ANSWER_DAYS, is_short=False)
            found += share_metrics(cell, within, {1: Estimand.ANSWERED_SHARE}, reader, segment=segment, stage=stage)
            metrics += found if is_told else [_silent(row) for row in found]
    return metrics


def _silent(row: Metric) -> Metric:
    return replace(row, estimate=None, interval_low=None, interval_high=None, flags=(*row.flags, Flag.NO_SOURCE))


def wait_bin_table(waits: pd.DataFrame, stages: Sequence[str], segments: Sequence[str], reader: Reader) -> pa.Table:
    """Rows of `wait_bin`: shares of the answered waits of a cell by length; cells under `thin` customers have none."""
    answered = waits[waits["state"] == "answered"]
    rows: list[dict[str, Any]] = []
    for segment in sorted(segments):
        of_segment = in_segment(answered, segment)
        for stage in sorted(stages):
            cell = of_segment[of_segment["stage"] == stage]
            if cell["person_no"].nunique() >= reader.thresholds.thin:
                rows += _bins(cell, reader.thresholds.small, segment=segment, stage=stage)
    return pa.Table.from_pylist(rows, schema=WAIT_BIN_SCHEMA)


def _bins(cell: pd.DataFrame, small: int, *, segment: str, stage: str) -> list[dict[str, Any]]:
    places = np.searchsorted(BIN_EDGES, cell["time_days"].to_numpy(np.float64), "left")
    people = cell["person_no"].to_numpy(np.int64)
    edges = [0.0, *BIN_EDGES, None]
    return [
        {
            "segment": segment,
            "stage": stage,
            "bin_no": number,
            "from_days": edges[first],
            "until_days": edges[last + 1],
            "wait_share": float(np.mean((places >= first) & (places <= last))),
            "customer_count": _people(people, places, first, last),
        }
        for number, (first, last) in enumerate(joined_bins(people, places, small), start=1)
    ]


def joined_bins(people: np.ndarray, places: np.ndarray, small: int) -> list[tuple[int, int]]:
    """First and last place of each bin: neighbours are joined until each bin holds `small` customers or nobody.

    What remains at the end joins the bin before it.
    """
    bins: list[tuple[int, int]] = []
    first = 0
    for last in range(len(BIN_EDGES) + 1):
        count = _people(people, places, first, last)
        if count >= small or count == 0:
            bins.append((first, last))
            first = last + 1
    if first <= len(BIN_EDGES):
        while bins and not _people(people, places, *bins[-1]):
            first = bins.pop()[0]
        first = bins.pop()[0] if bins else 0
        bins.append((first, len(BIN_EDGES)))
    return bins


def _people(people: np.ndarray, places: np.ndarray, first: int, last: int) -> int:
    return len(np.unique(people[(places >= first) & (places <= last)]))
