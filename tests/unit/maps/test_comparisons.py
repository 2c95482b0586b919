from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pytest

from drawn_world import AS_OF, Shape, fill, invented_project
from journey_mining.maps import Pictures, freeze_pictures
from journey_mining.maps.compare_pictures import Contrast, SegmentComparison
from journey_mining.maps.numbers import Number, Standing
from journey_mining.warehouse import DuckDBWarehouse


def _frozen(warehouse: DuckDBWarehouse, shape: Shape) -> Pictures:
    fill(warehouse, shape)
    return freeze_pictures(warehouse, invented_project(shape))


def _contrasts(comparison: SegmentComparison) -> list[Contrast]:
    of_stages = [getattr(row, name) for row in comparison.stages for name in ("drop_off", "mood", "dwell", "reached")]
    return [comparison.goal, comparison.duration, *of_stages]


def test_up_to_six_segments_every_pair_has_a_page(warehouse: DuckDBWarehouse) -> None:
    slugs = [item.slug for item in _frozen(warehouse, Shape(nights=1)).comparisons]
    assert slugs == ["smb--personal", "smb--corp", "personal--corp"]


def test_of_more_segments_each_stands_against_everybody_else(warehouse: DuckDBWarehouse) -> None:
    found = _frozen(warehouse, Shape(stages=2, segments=8, nights=1)).comparisons
    assert {item.against for item in found} == {"rest"}
    assert len(found) == 8
    assert found[0].slug == "smb.rest"


def test_the_past_is_a_run_of_four_weeks_ago_under_the_same_rules(warehouse: DuckDBWarehouse) -> None:
    past = [item for item in _frozen(warehouse, Shape()).comparisons if item.against == "past"]
    assert {item.past for item in past} == {AS_OF - timedelta(weeks=4)}
    assert [item.first.id for item in past] == ["all", "smb", "personal", "corp", "unknown"]


def test_a_past_under_other_rules_is_none(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse, Shape())
    history = warehouse.read_arrow("metric_history", order_by=("as_of", "estimand", "segment", "stage"))
    same = pa.array([as_of == AS_OF for as_of in history["as_of"].to_pylist()])
    place = history.schema.get_field_index("is_comparable")
    warehouse.write("metric_history", history.set_column(place, "is_comparable", same))
    found = freeze_pictures(warehouse, invented_project()).comparisons
    assert "past" not in {item.against for item in found}


@pytest.mark.parametrize("sizes", [{"corp": 40}, {"corp": 14, "unknown": 60}])
def test_a_difference_is_told_only_where_both_sides_are_full(warehouse: DuckDBWarehouse, sizes: dict[str, int]) -> None:
    found = [c for item in _frozen(warehouse, Shape(sizes=sizes)).comparisons for c in _contrasts(item)]
    partly = [c for c in found if not (c.first.is_full and c.second.is_full)]
    assert [c for c in partly if c.difference is not None or c.q_value is not None] == []
    hidden = [c for c in found if Standing.HIDDEN in (c.first.standing, c.second.standing)]
    assert hidden
    assert [c for c in hidden if c.is_known] == []


def test_numbers_are_those_of_the_maps_where_both_are_read_at_the_same_days(warehouse: DuckDBWarehouse) -> None:
    pictures = _frozen(warehouse, Shape())
    smb, corp = (next(m for m in pictures.maps if m.segment.id == name) for name in ("smb", "corp"))
    pair = next(item for item in pictures.comparisons if item.slug == "smb--corp")
    told = [
        (side.estimate, column.drop_off.estimate)
        for row, one, other in zip(pair.stages, smb.columns, corp.columns, strict=True)
        for side, column in ((row.drop_off.first, one), (row.drop_off.second, other))
        if side.is_full
    ]
    assert len(told) > 10
    assert [pair for pair in told if pair[0] != pair[1]] == []


def test_a_size_that_must_stay_hidden_is_hidden_here_too(warehouse: DuckDBWarehouse) -> None:
    pictures = _frozen(warehouse, Shape(sizes={"corp": 4, "personal": 60}))
    own = next(m for m in pictures.maps if m.segment.is_size_hidden).segment.id
    sides = [
        number
        for item in pictures.comparisons
        for contrast in _contrasts(item)
        for head, number in ((item.first, contrast.first), (item.second or item.first, contrast.second))
        if head.id == own
    ]
    assert sides
    assert {number.customers for number in sides} == {None}


def test_an_interval_that_holds_zero_proves_nothing() -> None:
    number = Number(standing=Standing.FULL, estimate=0.3, low=0.2, high=0.4, customers=90)
    both = {"first": number, "second": number}
    assert not Contrast(**both, difference=0.02, low=-0.01, high=0.05, q_value=0.001).is_proven
    assert not Contrast(**both, difference=0.03, low=0.01, high=0.05, q_value=0.04).is_proven
    assert Contrast(**both, difference=0.03, low=0.01, high=0.05, q_value=0.009).is_proven


def test_ways_are_told_only_as_far_as_they_are_drawn(warehouse: DuckDBWarehouse) -> None:
    pictures = _frozen(warehouse, Shape())
    pair = next(item for item in pictures.comparisons if item.slug == "smb--corp")
    for place, segment in (("first", "smb"), ("second", "corp")):
        variants = next(p for p in pictures.paths if p.segment.id == segment).variants
        drawn = {(row.stages, row.ending): row.share for row in variants.rows} if variants else {}
        assert {getattr(w, place) for w in pair.ways} == {drawn.get((w.stages, w.ending)) for w in pair.ways}
