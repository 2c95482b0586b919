"""How many ways there are, how much of them was seen, and which of them end well.

In: `stage_trace`. Out: rows of `variant_summary` and `variant_outcome`. Closed journeys whose start was seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from journey_mining.mining.schemas import schema
from journey_mining.scoring.episodes import in_segment
from journey_mining.scoring.intervals import Interval, clustered_wilson, wilson
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import Ending

MOST = 0.8
"""share of journeys that the most frequent ways are counted up to"""

VARIANT_SUMMARY = schema(
    text="segment",
    int="journey_count customer_count variant_count seen_once_count",
    real="unseen_share unseen_low unseen_high",
    int_2="most_count shown_count",
    real_2="shown_share",
    text_2="method flags",
)
VARIANT_OUTCOME = schema(
    text="segment",
    int="variant_no",
    text_2="stages",
    int_2="journey_count customer_count",
    real="journey_share cumulative_share won_share won_low won_high median_days",
    text_3="flags",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """Probability that the next customer takes a way that nobody took yet."""

    share: float
    low: float
    high: float


def unseen_mass(counts: list[int], z: float) -> Unseen:
    """Good's estimate f1 / n with Esty's interval; `counts` are customers by way.

    f1 and f2 are the numbers of ways taken once and twice; the variance is (f1 (1 - f1 / n) + 2 f2) / n^2. Where no way
    was taken once, the upper bound is Wilson's for 0 of n.

    >>> unseen_mass([3, 1], 1.96).share
    0.25
    """
    total, once, twice = sum(counts), counts.count(1), counts.count(2)
    if not total:
        return Unseen(share=0.0, low=0.0, high=1.0)
    share = once / total
    half = z * math.sqrt(once * (1 - share) + 2 * twice) / total
    bounds: Interval = (max(0.0, share - half), min(1.0, share + half)) if once else wilson(0, total, z)
    return Unseen(share=round(share, 6), low=round(bounds[0], 6), high=round(bounds[1], 6))


def variant_rows(
    traces: pd.DataFrame, segments: list[str], reader: Reader
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of `variant_summary` and of `variant_outcome`, by segment in the order given.

    Args:
        traces: columns of `stage_trace` and `person_no`.
        segments: ids of segments.
        reader: settings of the run.
    """
    usable = traces[(traces["ending"] != Ending.OPEN) & ~traces["is_left_uncertain"].astype(bool)]
    summaries: list[dict[str, Any]] = []
    outcomes: list[dict[str, Any]] = []
    for segment in segments:
        part = in_segment(usable, segment)
        if part["person_no"].nunique() < reader.thresholds.small:
            continue
        variants = _variants(part)
        summaries.append(_summary(segment, part, variants, reader))
        by_stages = dict(iter(part.groupby("stages")))
        shown = variants[variants["customer_count"] >= reader.thresholds.small]
        outcomes += [
            {"segment": segment, **_outcome(row, by_stages[row["stages"]], reader)}
            for row in cast("list[dict[str, Any]]", shown.to_dict("records"))
        ]
    return summaries, outcomes


def _variants(part: pd.DataFrame) -> pd.DataFrame:
    """One row per way, most frequent first, with its number and shares."""
    grouped = part.groupby("stages").agg(journey_count=("person_no", "size"), customer_count=("person_no", "nunique"))
    ordered = grouped.reset_index().sort_values(["journey_count", "stages"], ascending=[False, True], kind="stable")
    share = ordered["journey_count"] / len(part)
    return ordered.assign(variant_no=range(1, len(ordered) + 1), journey_share=share, cumulative_share=share.cumsum())


def _summary(segment: str, part: pd.DataFrame, variants: pd.DataFrame, reader: Reader) -> dict[str, Any]:
    counts = [int(count) for count in variants["customer_count"]]
    unseen = unseen_mass(counts, reader.z)
    shown = variants[variants["customer_count"] >= reader.thresholds.small]
    customers = int(part["person_no"].nunique())
    return {
        "segment": segment,
        "journey_count": len(part),
        "customer_count": customers,
        "variant_count": len(variants),
        "seen_once_count": counts.count(1),
        "unseen_share": unseen.share,
        "unseen_low": unseen.low,
        "unseen_high": unseen.high,
        "most_count": int((variants["cumulative_share"].shift(fill_value=0.0) < MOST - 1e-9).sum()),
        "shown_count": len(shown),
        "shown_share": round(float(shown["journey_count"].sum()) / len(part), 6),
        "method": "good_turing",
        "flags": ",".join(reader.thresholds.flags(customers)),
    }


def _outcome(variant: dict[str, Any], journeys: pd.DataFrame, reader: Reader) -> dict[str, Any]:
    is_won = (journeys["ending"] == Ending.WON).to_numpy(np.bool_)
    clusters = pd.factorize(journeys["person_no"], sort=True)[0].astype(np.int64)
    low, high = clustered_wilson(is_won, clusters, reader.z)
    share = float(is_won.mean())
    flags = dict.fromkeys(reader.thresholds.flags(int(variant["customer_count"]), share=share))
    is_thin = int(variant["customer_count"]) < reader.thresholds.thin
    return {
        **variant,
        "journey_share": round(float(variant["journey_share"]), 6),
        "cumulative_share": round(float(variant["cumulative_share"]), 6),
        # a share of few would tell the number of winners
        "won_share": None if is_thin else round(share, 6),
        "won_low": round(low, 6),
        "won_high": round(high, 6),
        "median_days": round(float(journeys["active_days"].median()), 6),
        "flags": ",".join(flags),
    }
