from __future__ import annotations

import re
from datetime import datetime, timedelta

from journey_mining.dashboards.trend_lines import SPARK_RUNS, line_svg, scale_of, spark_svg
from journey_mining.maps.numbers import ABSENT, Number, Standing
from journey_mining.maps.trend_pictures import TrendPoint

START = datetime(2026, 9, 1)  # noqa: DTZ001


def _point(day: int, value: float, *, comparable: bool = True, thin: bool = False) -> TrendPoint:
    standing, estimate = (Standing.THIN, None) if thin else (Standing.FULL, value)
    number = Number(standing=standing, estimate=estimate, low=value - 0.1, high=value + 0.1, customers=40)
    return TrendPoint(at=START + timedelta(days=day), number=number, is_comparable=comparable)


def _gap(day: int) -> TrendPoint:
    return TrendPoint(at=START + timedelta(days=day), number=ABSENT)


def test_points_stand_where_time_and_value_say() -> None:
    points = [_point(0, 0.2), _point(1, 0.3), _point(4, 0.4)]
    scale = scale_of(points)
    assert scale is not None
    assert [scale.x(point.at) for point in points] == [0.0, 25.0, 100.0]
    assert scale.y(scale.high) == 0.0
    assert scale.y(scale.low) == 100.0
    assert (scale.low < 0.1, scale.high > 0.5) == (True, True)


def test_a_line_is_broken_where_a_number_is_hidden_and_where_rules_changed() -> None:
    points = [
        _point(0, 0.2, comparable=False),
        _point(1, 0.2, comparable=False),
        _point(2, 0.2),
        _point(3, 0.2),
        _gap(4),
        _point(5, 0.2),
    ]
    svg = str(line_svg(points, scale_of(points)))  # type: ignore[arg-type]
    assert svg.count('class="line old"') == 1
    assert svg.count('class="line"') == 1
    assert svg.count('class="span"') == 1


def test_a_small_sample_has_a_mark_of_its_own() -> None:
    points = [_point(0, 0.2), _point(1, 0.3, thin=True)]
    svg = str(line_svg(points, scale_of(points)))  # type: ignore[arg-type]
    assert svg.count("h0") == 2
    assert 'class="dots thin"' in svg


def test_nothing_is_drawn_of_nothing() -> None:
    assert scale_of([_gap(0), _gap(1)]) is None


def test_the_usual_share_lies_inside_the_box() -> None:
    scale = scale_of([_point(0, 0.2), _point(1, 0.2)], (0.9,))
    assert scale is not None
    assert 0 < scale.y(0.9) < 50


def test_a_line_beside_a_number_needs_three_runs_that_know_it() -> None:
    assert spark_svg([_point(0, 0.2), _point(1, 0.3)]) == ""
    assert spark_svg([_point(0, 0.2), _point(1, 0.3), _point(2, 0.3, thin=True), _gap(3)]) == ""
    assert spark_svg([_point(0, 0.2), _point(1, 0.3), _point(2, 0.4, comparable=False)]) == ""
    assert 'class="line"' in spark_svg([_point(0, 0.2), _point(1, 0.3), _point(2, 0.4)])


def test_a_line_beside_a_number_has_a_gap_where_the_sample_was_small() -> None:
    drawn = spark_svg([_point(0, 0.2), _point(1, 0.3), _point(2, 0.9, thin=True), _point(3, 0.2), _point(4, 0.3)])
    assert drawn.count('class="line"') == 2
    # the small sample neither stands in the line nor stretches its scale
    assert re.findall(r"M0.0,([0-9.]+)L25.0,([0-9.]+)", drawn) == [("90.32", "9.68")]


def test_a_line_beside_a_number_holds_the_last_runs_only() -> None:
    drawn = spark_svg([_point(day, 0.2 + 0.01 * day) for day in range(SPARK_RUNS + 20)])
    [line] = re.findall(r'class="line" d="([^"]+)"', drawn)
    assert line.count(",") == SPARK_RUNS
