"""Which stages all segments share, and which belong to one of them.

A stage is *common* when even the segment that reaches it least is proven to do so in at least half of its journeys;
*specific* when the share of some segment differs from another, or from the rest, by a proven 15 percentage points or
more; *different* when less than that is proven. Otherwise the data cannot tell the segments apart there, which does not
say that they are alike. In: rows of `comparison`
and `metric_value`. Out: rows of `common_step`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import pyarrow as pa

from journey_mining.scoring.metric import Metric
from journey_mining.vocabulary import ALL_SEGMENTS, FINDING_Q, Estimand

COMMON_FROM = 0.5
"""lower bound of the share in the lowest segment"""
SPECIFIC_FROM = 0.15

COMMON_STEP_SCHEMA = pa.schema(
    [
        ("stage", pa.string()),
        ("kind", pa.string()),
        ("lowest_segment", pa.string()),
        ("lowest_share", pa.float64()),
        ("lowest_low", pa.float64()),
        ("highest_segment", pa.string()),
        ("highest_share", pa.float64()),
        ("specific_segment", pa.string()),
        ("specific_against", pa.string()),
        ("specific_difference", pa.float64()),
        ("specific_q_value", pa.float64()),
        ("segment_count", pa.int64()),
        ("customer_count", pa.int64()),
    ]
)


class StepKind(StrEnum):
    """How segments stand to a stage."""

    COMMON = "common"
    SPECIFIC = "specific"
    DIFFERENT = "different"
    """differences are proven, but too small to call the stage specific"""
    INDISTINCT = "indistinct"


def common_steps(
    metrics: Sequence[Metric], compared: Sequence[dict[str, Any]], stages: Sequence[str], small: int
) -> list[dict[str, Any]]:
    """One row per stage that at least two segments of `small` customers can be asked about.

    Args:
        metrics: those of `metric_value`.
        compared: rows of `comparison` with q values.
        stages: ids in order.
        small: customers below which a segment is left out.
    """
    reached = [
        m for m in metrics if m.estimand == Estimand.REACHED and m.segment != ALL_SEGMENTS and m.customer_count >= small
    ]
    rows = []
    for stage in stages:
        cells = sorted((m for m in reached if m.stage == stage), key=lambda m: m.segment)
        if len(cells) > 1:
            own = [row for row in compared if row["estimand"] == Estimand.REACHED and row["stage"] == stage]
            rows.append(_step(stage, cells, own))
    return rows


def _step(stage: str, cells: list[Metric], compared: list[dict[str, Any]]) -> dict[str, Any]:
    lowest = min(cells, key=lambda m: m.interval_low or 0.0)
    highest = max(cells, key=lambda m: m.estimate or 0.0)
    proven = [row for row in compared if row["q_value"] is not None and row["q_value"] < FINDING_Q]
    strongest = max(proven, key=lambda row: abs(row["difference"]), default=None)
    return {
        "stage": stage,
        "kind": _kind(lowest.interval_low or 0.0, abs(strongest["difference"]) if strongest else 0.0),
        "lowest_segment": lowest.segment,
        "lowest_share": lowest.estimate,
        "lowest_low": lowest.interval_low,
        "highest_segment": highest.segment,
        "highest_share": highest.estimate,
        "specific_segment": strongest["segment_a"] if strongest else None,
        "specific_against": strongest["segment_b"] if strongest else None,
        "specific_difference": strongest["difference"] if strongest else None,
        "specific_q_value": strongest["q_value"] if strongest else None,
        "segment_count": len(cells),
        "customer_count": sum(m.customer_count for m in cells),
    }


def _kind(lowest_low: float, proven_difference: float) -> StepKind:
    if lowest_low >= COMMON_FROM:
        return StepKind.COMMON
    if proven_difference >= SPECIFIC_FROM:
        return StepKind.SPECIFIC
    return StepKind.DIFFERENT if proven_difference > 0 else StepKind.INDISTINCT
