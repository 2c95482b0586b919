from __future__ import annotations

from drawn_world import Shape, fill, invented_project
from journey_mining.maps import freeze_pictures
from journey_mining.maps.what_if_pictures import WhatIf
from journey_mining.warehouse import DuckDBWarehouse


def _what_ifs(warehouse: DuckDBWarehouse, shape: Shape | None = None) -> dict[str, WhatIf]:
    fill(warehouse, shape or Shape())
    pictures = freeze_pictures(warehouse, invented_project(shape or Shape()))
    return {item.segment.id: item for item in pictures.what_ifs}


def test_a_chain_that_is_not_believed_has_a_reason_and_no_grid(warehouse: DuckDBWarehouse) -> None:
    item = _what_ifs(warehouse)["personal"]
    assert not item.is_usable
    assert item.stages == ()
    assert "25.1%" in item.reason.en


def test_the_grid_goes_from_small_changes_to_large_ones(warehouse: DuckDBWarehouse) -> None:
    grid = _what_ifs(warehouse)["smb"].stages[0].grid
    assert len(grid) == 10
    assert [step.fewer_lost for step in grid] == sorted(step.fewer_lost for step in grid)
    assert [step.is_beyond for step in grid] == [step.fewer_lost > 0.3 for step in grid]


def test_a_loss_that_may_not_be_printed_is_not_played_with(warehouse: DuckDBWarehouse) -> None:
    item = _what_ifs(warehouse, Shape(sizes={"smb": 40}))["smb"]
    thin = [stage for stage in item.stages if not stage.drop_off.is_full]
    assert thin
    assert {stage.grid for stage in thin} == {()}


def test_a_segment_without_a_model_says_so(warehouse: DuckDBWarehouse) -> None:
    item = _what_ifs(warehouse)["unknown"]
    assert (item.is_usable, item.predicted, item.reason.en) == (False, None, "")
