# ruff: noqa: PLR2004 - tolerances are the content
"""S6: what everybody would answer, from those who were asked and did, where the truth of everybody is known."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from accuracy.record import Finding, not_measured
from accuracy.worlds import Tried

_THIN = 30
_CELLS = "n is cells (also of all segments together) of 30 answers and more"
_BARE = "mean of the answers"


def everybody(tried: Tried) -> Iterator[Finding]:
    """Order, lean and coverage of the estimate of all customers, and whether its sensitivity bands hold the truth."""
    cells = _cells(tried)
    if len(cells) < 3:
        yield not_measured("S6", "all customers: share of intervals that hold the truth", "too few answers")
        return
    yield from _order(cells)
    yield from _level(cells)
    # chance decides nothing about the mood of the silent: only where it does may the bands be asked for
    yield from _bands(cells, is_hidden=tried.scenario.survey is not None and tried.scenario.survey.unhappy_odds > 1)


def _cells(tried: Tried) -> pd.DataFrame:
    """Published rows of enough answers beside the truth of their segment and stage."""
    curve = tried.read("mood_curve")
    key = tried.key_table("everybody.csv")
    numbers = ["answer", "answer_of_answered"]
    key[numbers] = key[numbers].apply(pd.to_numeric)
    own = curve[(curve["estimand"] == "all_customers") & (curve["customer_count"] >= _THIN) & curve["estimate"].notna()]
    both = own.merge(key[["segment", "stage", *numbers]], on=["segment", "stage"])
    return both.sort_values(["segment", "stage"]).reset_index(drop=True)


def _order(cells: pd.DataFrame) -> Iterator[Finding]:
    named = cells[cells["segment"] != "all"]
    order = float(named["estimate"].corr(named["answer"], method="spearman"))
    yield Finding(
        claim="S6", measure="all customers: rank correlation of cells with the truth", planted=1.0, found=order,
        tolerance="at least 0.8", hit=order >= 0.8, n=len(named), note="n is cells",
    )  # fmt: skip
    everyone = cells[cells["segment"] == "all"]
    ranks = float(everyone["estimate"].corr(everyone["answer"], method="spearman"))
    yield Finding(
        claim="S6", measure="all customers: rank correlation of stages with the truth", planted=1.0, found=ranks,
        tolerance="at least 0.8", hit=ranks >= 0.8, n=len(everyone), note="n is stages",
    )  # fmt: skip


def _level(cells: pd.DataFrame) -> Iterator[Finding]:
    held = (cells["interval_low"] <= cells["answer"]) & (cells["answer"] <= cells["interval_high"])
    yield _told("share of intervals that hold the truth", 0.95, held.mean(), len(cells), tolerance=_ALL_SEEDS)
    for method, column in {"ours": "estimate", _BARE: "answer_of_answered"}.items():
        errors = cells[column] - cells["answer"]
        tolerance = _ALL_SEEDS if method == "ours" else ""
        yield _told("mean error over cells", 0.0, errors.mean(), len(cells), tolerance=tolerance, method=method)
        distance = errors.abs().mean()
        yield _told("mean distance from the truth over cells", 0.0, distance, len(cells), method=method)


def _bands(cells: pd.DataFrame, *, is_hidden: bool) -> Iterator[Finding]:
    for name, column in (("delta bands", "delta"), ("worst-case bounds", "bound")):
        low, high = f"{column}_low", f"{column}_high"
        held = float(((cells[low] <= cells["answer"]) & (cells["answer"] <= cells[high])).mean())
        yield _told(
            f"share of {name} that hold the truth", 1.0, held, len(cells), tolerance="at least 95 %", hit=held >= 0.95
        )
        yield _told(f"mean width of {name}", None, (cells[high] - cells[low]).mean(), len(cells))
    if is_hidden:
        # what delta is about: what the silent would say, less what is estimated of them
        beyond = ((cells["answer"] - cells["estimate"]) / (1 - cells["spoken_share"])).mean()
        yield _told("by how much the silent differ from what is estimated of them", None, beyond, len(cells))


_ALL_SEEDS = "judged over all seeds"


def _told(
    what: str,
    planted: float | None,
    found: float,
    n: int,
    *,
    tolerance: str = "",
    hit: bool | None = None,
    method: str = "ours",
) -> Finding:
    return Finding(
        claim="S6",
        measure=f"all customers: {what}",
        planted=planted,
        found=float(found),
        tolerance=tolerance,
        hit=hit,
        n=n,
        method=method,
        note=_CELLS,
    )
