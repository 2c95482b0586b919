from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from statsmodels.stats.multitest import multipletests

from drawn_changes import JUMP
from drawn_world import AS_OF, Shape, fill, invented_project
from journey_mining.maps.change_list import LOOK_BACK, changes_of
from journey_mining.maps.comparisons import past_run
from journey_mining.maps.segment_maps import Ground, ground_of
from journey_mining.maps.segments import limits_of, segment_heads, stage_heads
from journey_mining.maps.tables import read_tables
from journey_mining.scoring.differences import false_discovery
from journey_mining.warehouse import DuckDBWarehouse


def ground(shape: Shape) -> Ground:
    with DuckDBWarehouse() as warehouse:
        fill(warehouse, shape)
        tables = read_tables(warehouse)
    project = invented_project(shape)
    return ground_of(tables, project, limits_of(project), stage_heads(project))


@pytest.fixture(scope="module")
def usual() -> Ground:
    return ground(Shape())


def test_the_one_number_that_jumped_is_found_and_nothing_else(usual: Ground) -> None:
    moved = changes_of(usual, segment_heads(usual.tables, usual.limits), AS_OF)
    [change] = moved.changes
    assert (change.estimand, change.segment.id, change.stage and change.stage.id) == JUMP
    assert change.contrast.difference == pytest.approx(0.15)
    assert moved.since == AS_OF - timedelta(weeks=1)
    assert moved.looked_at > 50


def test_the_past_is_the_latest_run_that_is_a_week_old(usual: Ground) -> None:
    late = AS_OF + timedelta(days=6)
    found = past_run(usual.tables, late, LOOK_BACK)
    assert found is not None
    assert found.as_of == AS_OF - timedelta(weeks=1)


def test_a_first_night_has_nothing_to_be_held_against() -> None:
    first = ground(Shape(nights=1))
    moved = changes_of(first, segment_heads(first.tables, first.limits), AS_OF)
    assert (moved.changes, moved.since, moved.looked_at) == ((), None, 0)


def test_runs_under_other_rules_are_no_past(usual: Ground) -> None:
    oldest: datetime = min(row["as_of"] for row in usual.tables.rows["metric_history"])
    assert past_run(usual.tables, oldest + LOOK_BACK, LOOK_BACK) is None


def test_the_correction_is_that_of_statsmodels() -> None:
    chances = [0.0001, 0.004, 0.02, 0.3, 0.9]
    assert false_discovery(chances) == pytest.approx(list(multipletests(chances, method="fdr_bh")[1]))
