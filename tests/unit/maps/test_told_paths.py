"""What the rules for single pictures leave to be worked out of several is kept back."""

from __future__ import annotations

import pytest

from drawn_world import Shape, fill, invented_project
from journey_mining.maps.segment_maps import Ground, ground_of
from journey_mining.maps.segments import limits_of, segment_heads, stage_heads
from journey_mining.maps.tables import read_tables
from journey_mining.maps.told_paths import ToldPaths, leaks_of, told_paths, told_without
from journey_mining.warehouse import DuckDBWarehouse

SHAPES = {
    "three returns": Shape(stages=3, sizes={"smb": 786, "personal": 110, "corp": 489, "unknown": 0}, seed=1049),
    "eight people": Shape(stages=3, sizes={"smb": 9, "personal": 570, "corp": 3, "unknown": 7}, seed=1104),
    "one return": Shape(stages=3, sizes={"smb": 17, "personal": 791, "corp": 17, "unknown": 4}, seed=1101),
}


def ground_and_heads(shape: Shape) -> tuple[Ground, list]:
    with DuckDBWarehouse() as warehouse:
        fill(warehouse, shape)
        tables = read_tables(warehouse)
    project = invented_project(shape)
    limits = limits_of(project)
    heads = [head for head in segment_heads(tables, limits) if head.has_pages]
    return ground_of(tables, project, limits, stage_heads(project)), heads


def told_count(told: ToldPaths) -> int:
    variants = sum(len(table.rows) for table in told.variants.values() if table)
    return variants + sum(len(ways.drawn) for ways in told.ways.values())


@pytest.mark.parametrize("name", SHAPES)
def test_what_several_pictures_tell_together_is_kept_back_at_little_cost(name: str) -> None:
    ground, heads = ground_and_heads(SHAPES[name])
    before, after = told_without(ground, heads), told_paths(ground, heads)
    assert [leak.people for leak in leaks_of(ground, heads, before)] != []
    assert leaks_of(ground, heads, after) == []
    assert after != before
    assert told_count(after) >= told_count(before) - 8


def test_where_nothing_follows_nothing_is_kept_back() -> None:
    ground, heads = ground_and_heads(Shape())
    assert leaks_of(ground, heads, told_without(ground, heads)) == []
    assert told_paths(ground, heads) == told_without(ground, heads)
