from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from journey_mining.change.actions import Field, effect_table, wording
from journey_mining.change.cohorts import Cohorts, Entries, Window
from journey_mining.project.knowledge import Action, Expectation, Knowledge
from journey_mining.scoring.metric import Thresholds
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import Estimand
from journey_support import project
from support import at

READER = Reader(thresholds=Thresholds(small=10, thin=30), confidence=0.95)
WINDOW = Window(start=at("2026-01-01"), end=at("2026-12-01"))
SINCE = date(2026, 8, 1)
DAYS, START = 334, 212


def entries(seed: int, *, lift: float = 0.0, per_day: float = 20) -> Entries:
    generator = np.random.Generator(np.random.PCG64(seed))
    day = np.repeat(np.arange(DAYS), generator.poisson(per_day, DAYS))
    happened = generator.random(len(day)) < 0.4 + lift * (day >= START)
    followed = (DAYS - day).astype(float)
    leaves = np.where(happened, 5.0, 60.0)
    return Entries(
        day=day,
        time=np.minimum(leaves, followed),
        cause=np.where(leaves <= followed, np.where(happened, 1, 2), 0),
        followed=followed,
        person=seed * 100_000 + np.arange(len(day)),
    )


def judged(cells: dict[str, Entries], *actions: Action, restless: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    cohorts = Cohorts(
        window=WINDOW,
        cells={(segment, "a"): found for segment, found in cells.items()},
        segments=tuple(sorted(cells)),
        stages=("a",),
    )
    field = Field(
        cohorts=cohorts,
        horizons={(Estimand.MOVED_ON, "a"): 21},
        restless=frozenset((segment, "a") for segment in restless),
        reader=READER,
    )
    declared = replace(project(), knowledge=Knowledge(action=actions))
    rows: list[dict[str, Any]] = effect_table(declared, field).to_pylist()
    return rows


def action(segment: str = "x", **fields: Any) -> Action:
    return Action(id="do", stage="a", segment=segment, ru="", en="", since=SINCE, **fields)


def test_an_action_beside_an_untouched_segment_is_an_effect() -> None:
    expected = Expectation(metric="moved_on", change=0.1)
    [row] = judged({"x": entries(1, lift=0.12), "y": entries(2)}, action(expected=expected))
    assert (row["design"], row["control_segment"], row["wording"]) == ("difference_in_differences", "y", "effect")
    assert row["low"] <= 0.12 <= row["high"]
    assert (row["is_distinguishable"], row["expected_change"]) == (True, 0.1)


def test_a_restless_segment_and_a_touched_one_are_no_comparison() -> None:
    cells = {"x": entries(1, lift=0.12), "y": entries(2), "z": entries(3)}
    other = Action(id="other", stage="a", segment="z", ru="", en="", since=SINCE)
    row = judged(cells, action(), other, restless=("y",))[0]
    assert (row["design"], row["wording"]) == ("interrupted_series", "associated")


def test_nothing_found_stands_beside_what_could_have_been_found() -> None:
    [row] = judged({"x": entries(4, per_day=4), "y": entries(5, per_day=4)}, action())
    assert (row["is_distinguishable"], row["mde"] > 0.05) == (False, True)


def test_without_a_comparison_and_with_few_weeks_it_is_only_a_change() -> None:
    late = Action(id="late", stage="a", ru="", en="", since=date(2026, 10, 28))
    [row] = judged({"x": entries(1)}, late)
    assert (row["design"], row["wording"]) == ("before_after", "changed")


def test_too_few_customers_are_not_judged() -> None:
    [row] = judged({"x": entries(1, per_day=0.05)}, action())
    assert (row["status"], row["estimate"]) == ("too_few", None)


def test_a_past_that_was_not_parallel_weakens_the_word() -> None:
    checks = {"pre_trend_p": 0.01, "placebo_count": 5, "placebo_rejected": 0}
    assert wording("difference_in_differences", checks) == "associated"
    assert wording("difference_in_differences", checks | {"pre_trend_p": 0.5}) == "effect"
