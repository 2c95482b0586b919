# ruff: noqa: PLR2004 - tolerances are the content
"""S6: how people feel, from what they write and answer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from accuracy.record import Finding
from accuracy.worlds import Tried

_THIN = 30
_Z = 1.96


def moods(tried: Tried) -> Iterator[Finding]:
    """The stage where people are worst off, the order of cells, and the error of contrasts between stages."""
    metric = tried.read("metric_value")
    key = tried.key_table("mood.csv").astype({"mood": float})
    voice = metric[(metric["estimand"] == "voice") & (metric["stage"] != "") & (metric["customer_count"] >= _THIN)]
    everyone = voice[voice["segment"] == "all"].sort_values("estimate")
    if everyone.empty:
        return
    worst = str(everyone["stage"].iloc[0])
    yield Finding(
        claim="S6",
        measure="the worst stage is implementation",
        planted=1.0,
        found=float(worst == "implementation"),
        tolerance="exact",
        hit=worst == "implementation",
        n=int(everyone["customer_count"].iloc[0]),
        note=worst,
    )
    both = voice.merge(key, on=["segment", "stage"])
    if len(both) >= 5:
        order = float(both["estimate"].corr(both["mood"], method="spearman"))
        yield Finding(
            claim="S6",
            measure="rank correlation of cells with the planted moods",
            planted=1.0,
            found=order,
            tolerance="at least 0.8",
            hit=order >= 0.8,
            n=len(both),
            note="n is cells",
        )
        errors = (both["interval_high"] - both["interval_low"]) / (2 * _Z)
        by_chance = sampled_contrast(errors.to_numpy())
        yield _contrast(both["estimate"], both["mood"], "ours", note=f"n is cells; {by_chance:.3f} is chance alone")
        yield Finding(
            claim="S6", measure="mean error of contrasts between cells", planted=0.0, found=by_chance, tolerance="",
            hit=None, n=len(both), method="what chance alone makes of as many customers", note="n is cells",
        )  # fmt: skip
    yield from _messages(tried, key)


def _messages(tried: Tried, key: pd.DataFrame) -> Iterator[Finding]:
    """The same from the mean over messages, in which whoever writes more counts more."""
    texts = tried.read("voice_event").merge(tried.read("sentiment"), on="event_id")
    texts = texts.merge(tried.read("journey_segment"), on="journey_id")
    means = texts.groupby(["segment", "stage"])["score"].agg(["mean", "count"]).reset_index()
    both = means[means["count"] >= _THIN].merge(key, on=["segment", "stage"])
    if len(both) >= 5:
        yield _contrast(both["mean"], both["mood"], "mean over messages")


def sampled_contrast(errors: np.ndarray) -> float:
    """Expected mean error of contrasts between cells that are off by nothing but their standard errors.

    A contrast is a cell less the mean of all k cells: variance e^2 (1 - 2/k) + sum of e^2 / k^2, cells independent; the
    mean distance of a normal variable is sqrt(2 / pi) of its deviation.

    >>> round(sampled_contrast(np.full(4, 0.1)), 4)  # .1 * sqrt(3 / 4) * sqrt(2 / pi)
    0.0691
    """
    squares, count = errors**2, len(errors)
    variances = squares * (1 - 2 / count) + squares.sum() / count**2
    return float(np.sqrt(2 / np.pi * variances).mean())


def _contrast(found: pd.Series[float], planted: pd.Series[float], method: str, note: str = "n is cells") -> Finding:
    """Mean error of differences between a cell and the mean of cells: what a curve is read for."""
    error = float(((found - found.mean()) - (planted - planted.mean())).abs().mean())
    return Finding(
        claim="S6",
        measure="mean error of contrasts between cells",
        planted=0.0,
        found=error,
        tolerance="at most 0.05",
        hit=error <= 0.05 if method == "ours" else None,
        n=len(found),
        method=method,
        note=note,
    )
