from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from statsmodels.stats.proportion import proportion_confint

from drawn_world import AS_OF, Shape, fill, invented_project
from journey_mining.maps import Pictures, freeze_pictures
from journey_mining.maps.tables import shown_runs
from journey_mining.warehouse import DuckDBWarehouse


def _frozen(warehouse: DuckDBWarehouse, shape: Shape) -> Pictures:
    fill(warehouse, shape)
    return freeze_pictures(warehouse, invented_project(shape))


def test_old_nights_are_shown_once_a_week() -> None:
    first = datetime(2025, 1, 6)  # noqa: DTZ001
    runs = shown_runs(first + timedelta(days=day) for day in range(365))
    assert len(runs) == 40
    assert runs[-14:] == [first + timedelta(days=day) for day in range(351, 365)]
    assert {(b - a).days for a, b in pairwise(runs[:25])} == {7}


def test_the_last_point_of_a_line_is_the_number_of_the_map(warehouse: DuckDBWarehouse) -> None:
    pictures = _frozen(warehouse, Shape())
    for item, picture in zip(pictures.trends.segments, pictures.maps, strict=True):
        assert item.goal.points[-1].number == picture.goal_reached
        assert item.mood.points[-1].number == picture.mood
        assert item.loss is not None
        assert item.loss.points[-1].number == picture.worst_loss.drop_off  # type: ignore[union-attr]


def test_runs_under_other_rules_are_marked(warehouse: DuckDBWarehouse) -> None:
    goal = _frozen(warehouse, Shape()).trends.segments[0].goal
    assert [point.is_comparable for point in goal.points] == [False] * 6 + [True] * 14
    assert goal.points[0].at == AS_OF - timedelta(weeks=19)


def test_a_cohort_has_the_interval_of_wilson(warehouse: DuckDBWarehouse) -> None:
    cohort = next(c for item in _frozen(warehouse, Shape()).trends.segments for c in item.cohorts)
    number = cohort.points[0].number
    low, high = proportion_confint(42 / 60 * 58, 58, method="wilson")
    assert (number.estimate, number.low, number.high) == pytest.approx((0.7, low, high))
    assert [alarm.stage for alarm in cohort.alarms] == [cohort.stage]


def test_a_first_night_has_one_point_and_no_notes(warehouse: DuckDBWarehouse) -> None:
    trends = _frozen(warehouse, Shape(nights=1)).trends
    assert {len(item.goal.points) for item in trends.segments} == {1}
    assert (trends.alarms, trends.actions, trends.splits, trends.marks) == ((), (), (), ())


def test_a_base_that_is_hidden_tonight_is_hidden_on_every_night(warehouse: DuckDBWarehouse) -> None:
    trends = _frozen(warehouse, Shape(sizes={"corp": 4, "personal": 60})).trends
    own = next(item for item in trends.segments if item.segment.is_size_hidden)
    assert {point.number.customers for point in own.goal.points} == {None}


def test_an_alarm_of_a_segment_without_pages_is_not_told(warehouse: DuckDBWarehouse) -> None:
    assert _frozen(warehouse, Shape(sizes={"smb": 4, "corp": 4})).trends.alarms == ()
