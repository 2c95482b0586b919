from __future__ import annotations

import re

import pytest

from drawn_world import Shape, fill, invented_project
from journey_mining.errors import ModelError
from journey_mining.maps import freeze_pictures
from journey_mining.maps.numbers import Standing
from journey_mining.warehouse import DuckDBWarehouse


def test_the_same_tables_give_the_same_pictures(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse)
    project = invented_project()
    assert freeze_pictures(warehouse, project) == freeze_pictures(warehouse, project)


def test_no_frozen_count_lies_between_one_and_nine(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse, Shape(sizes={"smb": 120, "corp": 14, "unknown": 4}))
    frozen = repr(freeze_pictures(warehouse, invented_project()))
    counts = re.findall(r"\b(?:journeys|customers|value|rest_journeys|lost|won|still_open|rest)=(\d+)\b", frozen)
    assert counts
    assert not [count for count in counts if 0 < int(count) < 10]


def test_a_segment_of_four_has_no_pages_and_hides_its_neighbour(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse, Shape(sizes={"corp": 4, "unknown": 60}))
    heads = {head.id: head for head in freeze_pictures(warehouse, invented_project()).segments}
    assert not heads["corp"].has_pages
    assert heads["corp"].customers.value is heads["unknown"].customers.value is None


def test_unknown_is_named_only_where_it_holds_somebody(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse, Shape(sizes={"unknown": 0}))
    pictures = freeze_pictures(warehouse, invented_project())
    assert "unknown" not in [head.id for head in pictures.segments]


def test_a_project_without_texts_has_moods_marked_as_no_data(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse, Shape(has_voice=False, has_ratings=False))
    picture = freeze_pictures(warehouse, invented_project()).maps[0]
    assert {column.voice.standing for column in picture.columns} == {Standing.NO_DATA}


def test_a_declared_touchpoint_without_events_is_a_blind_spot(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse)
    chips = freeze_pictures(warehouse, invented_project()).maps[0].columns[1].chips
    assert [(chip.touchpoint, chip.is_ours, chip.is_declared) for chip in chips][-1] == ("otzovik", False, True)


def test_an_empty_warehouse_says_what_to_do(warehouse: DuckDBWarehouse) -> None:
    with pytest.raises(ModelError, match="journey run"):
        freeze_pictures(warehouse, invented_project())


def test_a_segment_that_would_reveal_a_small_one_tells_no_total_anywhere(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse, Shape(sizes={"corp": 4, "unknown": 60}))
    pictures = freeze_pictures(warehouse, invented_project())
    paths = next(paths for paths in pictures.paths if paths.segment.id == "unknown")
    numbers = [note.number.customers for note in pictures.notes.metrics if note.segment.id == "unknown"]
    assert paths.step_flows is None
    assert paths.stage_flows is None or (paths.stage_flows.journeys is None and paths.stage_flows.drawn <= 50)
    assert paths.variants is None or paths.variants.rest_journeys is None
    assert set(numbers) == {None}


def test_answers_lead_only_where_nobody_wrote(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse, Shape(has_voice=False))
    picture = freeze_pictures(warehouse, invented_project()).maps[0]
    assert picture.is_rated
    assert picture.moods == tuple(column.rating for column in picture.columns)


def test_tickets_that_nobody_loaded_are_unknown(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse, Shape(has_tickets=False))
    picture = freeze_pictures(warehouse, invented_project()).maps[0]
    assert picture.contact_rate.standing is Standing.NO_DATA
