# ruff: noqa: PLR2004 - tolerances are the content
"""S1, S2, S12 and the goal: shares of stages and journeys, beside what common shortcuts make of the same world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from accuracy.record import Finding
from accuracy.worlds import Tried, each
from journey_mining.simulation import STAGES, live, plan
from journey_mining.simulation.nature import nature
from journey_mining.simulation.people import generator

LARGE = 300
FAIR = 100
_Z = 1.96
_TRIED_LIVES = 4000


def shares(tried: Tried) -> Iterator[Finding]:
    """S1: the share lost within h of each cell; coverage and lean over all cells of at least 100 customers."""
    cells = _cells(tried, "drop_off", "lost")
    large = cells[cells["customer_count"] >= LARGE]
    if cells.empty:
        return
    for row in each(large):
        error = abs(row.estimate - row.truth)
        yield Finding(
            claim="S1",
            measure=f"share lost, {row.segment}/{row.stage}",
            planted=row.truth,
            found=row.estimate,
            tolerance="3 standard errors + 1 point",
            hit=bool(error <= 3 * row.error + 0.01),
            n=int(row.customer_count),
            note=f"{row.horizon_days:.0f} d, {row.interval_low:.3f}..{row.interval_high:.3f}",
        )
    z = (cells["estimate"] - cells["truth"]) / cells["error"]
    covered = (cells["interval_low"] <= cells["truth"]) & (cells["truth"] <= cells["interval_high"])
    yield _over_cells("share of intervals that hold the truth", 0.95, float(covered.mean()), len(cells))
    yield _over_cells("mean z of the cells", 0.0, float(z.mean()), len(cells))
    yield _over_cells("standard deviation of z", 1.0, float(z.std(ddof=0)), len(cells))
    lean = float((cells["estimate"] - cells["truth"]).mean())
    yield _over_cells("mean error over cells", 0.0, lean, len(cells))
    yield from _shortcuts(tried, cells)


def _over_cells(measure: str, planted: float, found: float, n: int) -> Finding:
    return Finding(
        claim="S1",
        measure=measure,
        planted=planted,
        found=found,
        tolerance="judged over all seeds",
        hit=None,
        n=n,
        note="n is cells of 100 customers and more",
    )


def _cells(tried: Tried, estimand: str, cause: str) -> pd.DataFrame:
    """Published rows of named segments beside the truth at the same horizon, cells of 100 customers and more."""
    metric = tried.read("metric_value")
    truth = {(c["segment"], c["stage"]): c["cumulative"][cause] for c in tried.key("drop_off")["cells"]}
    altered = {tuple(cell) for cell in tried.scenario.altered_cells()}
    rows = metric[(metric["estimand"] == estimand) & (metric["customer_count"] >= FAIR)].copy()
    keys = list(zip(rows["segment"], rows["stage"], strict=True))
    rows = rows[[key in truth and key not in altered for key in keys]].copy()
    pairs = zip(rows["segment"], rows["stage"], rows["horizon_days"], strict=True)
    rows["truth"] = [truth[segment, stage][int(h) - 1] for segment, stage, h in pairs]
    rows["error"] = (rows["interval_high"] - rows["interval_low"]) / (2 * _Z)
    return rows.sort_values(["segment", "stage"]).reset_index(drop=True)


def _shortcuts(tried: Tried, cells: pd.DataFrame) -> Iterator[Finding]:
    """The same cells by the ways in which loss is usually counted."""
    stays = _stays(tried)
    found: dict[str, list[float]] = {name: [] for name in SHORTCUTS}
    for cell in each(cells):
        own = stays[(stays["segment"] == cell.segment) & (stays["stage"] == cell.stage)]
        for name, shortcut in SHORTCUTS.items():
            found[name].append(shortcut(own) - cell.truth)
    ours = (cells["estimate"] - cells["truth"]).tolist()
    for name, errors in {"ours": ours, **found}.items():
        yield Finding(
            claim="S1",
            measure="mean distance from the truth over cells",
            planted=0.0,
            found=float(np.nanmean(np.abs(errors))),
            tolerance="",
            hit=None,
            n=len(errors),
            method=name,
            note=f"lean {np.nanmean(errors):+.4f}",
        )


def _stays(tried: Tried) -> pd.DataFrame:
    stays = tried.read("stage_episode").merge(tried.read("journey_segment"), on="journey_id")
    as_of = tried.read("run_setting")["as_of"].iloc[0]
    stays["age"] = (as_of - stays["entered_at"]).dt.total_seconds() / 86400
    return stays[stays["is_entry_observed"]]


def _share(part: pd.Series[bool]) -> float:
    return float(part.mean()) if len(part) else float("nan")


SHORTCUTS: dict[str, Any] = {
    "open counts as lost": lambda own: _share(own["cause"].isin(["lost", "open"])),
    "lost / entered": lambda own: _share(own["cause"] == "lost"),
    "closed only": lambda own: _share(own.loc[own["cause"] != "open", "cause"] == "lost"),
    "funnel of the last 30 days": lambda own: _share(own.loc[own["age"] <= 30, "cause"] != "progress"),
}


def edges(tried: Tried) -> Iterator[Finding]:
    """S2: journeys that the window cuts at its end, and at its start."""
    journeys, key = tried.read("journey"), tried.key("planted")
    still_open = int((journeys["ending"] == "open").sum())
    planted = key["open_at_end"]
    yield Finding(
        claim="S2",
        measure="open journeys",
        planted=float(planted),
        found=float(still_open),
        tolerance="3 %",
        hit=abs(still_open - planted) <= max(0.03 * planted, 2),
        n=planted,
        note="n is journeys",
    )
    cut = _cut_at_start(tried)
    by_owner = tried.owners.dropna(subset=["person_id"])
    persons = by_owner[by_owner["true_person"].isin(cut)].groupby("true_person")["person_id"].first()
    flagged = set(journeys.loc[journeys["is_left_uncertain"], "person_id"])
    share = float(persons.isin(flagged).mean()) if len(persons) else float("nan")
    yield Finding(
        claim="S2",
        measure="journeys cut at the start that are marked so",
        planted=1.0,
        found=share,
        tolerance="at least 97 %",
        hit=share >= 0.97,
        n=len(persons),
    )


def _cut_at_start(tried: Tried) -> set[str]:
    """People under way when the window opens, with a touch inside it."""
    return {
        person.true_id
        for person in tried.people
        for life in person.lives
        if life.episodes[0].entered < plan.WINDOW_START <= max(t for e in life.episodes for t in e.touches)
        and life.episodes[0].entered < plan.WORLD_DAYS
    }


def returns(tried: Tried) -> Iterator[Finding]:
    """S12: corporate customers who go back from implementation to decision."""
    cells = _cells(tried, "moved_back", "back")
    for row in each(cells[(cells["segment"] == "corp") & (cells["stage"] == "implementation")]):
        yield Finding(
            claim="S12",
            measure="share of corp that goes back from implementation",
            planted=row.truth,
            found=row.estimate,
            tolerance="3 standard errors",
            hit=bool(abs(row.estimate - row.truth) <= 3 * row.error),
            n=int(row.customer_count),
        )
    friction = tried.read("friction_point")
    own = friction[(friction["segment"] == "corp") & (friction["friction"] == "return")]
    if own.empty:
        return
    top = own.sort_values("prevalence_share", ascending=False).iloc[0]
    yield Finding(
        claim="S12",
        measure="returns of corp are most frequent where they come back to (decision)",
        planted=1.0,
        found=float(top["stage"] == "decision"),
        tolerance="exact",
        hit=bool(top["stage"] == "decision"),
        n=int(top["customer_count"]),
        note=f"{top['stage']}, {top['prevalence_share']:.3f} of stays",
    )


def goal(tried: Tried) -> Iterator[Finding]:
    """The share that reaches the goal, against lives that nothing cuts, and against won / all journeys."""
    metric = tried.read("metric_value")
    journeys = tried.read("journey").merge(tried.read("journey_segment"), on="journey_id")
    for row in each(metric[metric["estimand"] == "goal_reached"]):
        if row.segment not in tried.scenario.segments or row.customer_count < LARGE:
            continue
        truth = _won_within(tried, row.segment, float(row.horizon_days))
        error = (row.interval_high - row.interval_low) / (2 * _Z)
        common: dict[str, Any] = {
            "claim": "goal",
            "measure": f"share that reaches the goal, {row.segment}",
            "planted": truth,
        }
        yield Finding(
            **common,
            found=row.estimate,
            tolerance="3 standard errors + 1 point",
            hit=bool(abs(row.estimate - truth) <= 3 * error + 0.01),
            n=int(row.customer_count),
            note=f"{row.horizon_days:.0f} d",
        )
        own = journeys[journeys["segment"] == row.segment]
        naive = float((own["ending"] == "won").mean())
        yield Finding(**common, found=naive, tolerance="", hit=None, n=len(own), method="won / all journeys")


def _won_within(tried: Tried, segment: str, days: float) -> float:
    """Share won within `days`, over the stages in which journeys of this world begin."""
    starts = [
        life.episodes[0].stage
        for person in tried.people
        if person.segment == segment
        for life in person.lives
        if plan.WINDOW_START + 30 <= life.episodes[0].entered < plan.WORLD_DAYS
    ]
    rng, won = generator(20260102, STAGES.index("renewal"), tried.scenario.segments.index(segment)), 0
    for no in range(_TRIED_LIVES):
        inner = nature(tried.scenario, 20260102, no, segment)
        first = starts[no % len(starts)]
        life = live(rng, segment, rng.random(), has_deal=True, first_stage=first, nature=inner)
        won += life.is_won and life.episodes[-1].exited - life.episodes[0].entered <= days
    return won / _TRIED_LIVES
