"""Rules suggested for what stages.toml does not know."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from journey_mining.errors import NotFoundError
from journey_mining.sources.workbench import suggest_rules
from journey_mining.warehouse import DuckDBWarehouse
from source_place import Place
from support import given

COLUMNS = "source event_kind activity_raw event_count customer_count suggested_stage suggestion_share"


def built(place: Place, *rows: tuple[Any, ...]) -> Path:
    path = place.project.warehouse_file
    with DuckDBWarehouse(path) as warehouse:
        given(warehouse, "unmapped_activity", COLUMNS, rows or [("s", "k", "a", 1, 1, "a", 1.0)])
        given(warehouse, "person_event", "event_id", [(str(number),) for number in range(200)])
        if not rows:
            warehouse.execute("delete from unmapped_activity")
    return path


def test_a_rule_is_ready_to_be_copied(place: Place) -> None:
    built(place, ("shop", "call", "Звонок (повторный)", 50, 20, "b", 0.8))
    text = suggest_rules(place.project)
    assert tomllib.loads(text)["rule"] == [
        {
            "id": "shop_call",
            "priority": 10,
            "when": {"source": ["shop"], "event_kind": ["call"], "activity_re": "^Звонок \\(повторный\\)$"},
            "stage": "b",
        }
    ]
    assert "# 50 of 200 events (25.0%) are taken by no rule of stages.toml." in text
    assert "# 80% of the events around it stand in b" in text


def test_activities_of_few_customers_are_counted_and_not_named(place: Place) -> None:
    built(place, ("shop", "call", "Звонок Ивану", 3, 2, "b", 1.0))
    text = suggest_rules(place.project)
    assert "Ивану" not in text
    assert "# Besides: 1 activities with 3 events (1.5%)" in text


def test_without_a_clear_neighbour_the_stage_is_asked(place: Place) -> None:
    built(place, ("shop", "call", "Звонок", 50, 20, None, None))
    assert tomllib.loads(suggest_rules(place.project))["rule"][0]["stage"] == ""


def test_a_map_that_knows_everything_is_left_alone(place: Place) -> None:
    built(place)
    assert suggest_rules(place.project) == "# Every event is taken by a rule of stages.toml: nothing to suggest.\n"


def test_before_a_run_there_is_nothing_to_suggest_from(place: Place) -> None:
    with pytest.raises(NotFoundError):
        suggest_rules(place.project)
