from __future__ import annotations

import pytest

from journey_mining.warehouse import layer_models, model_named
from support import given

CHECKS = ("paths_stage_flow_conserves", "paths_step_flow_conserves", "paths_graph_conserves", "paths_totals")
WORKED = [("abc", "won"), ("abc", "lost"), ("ac", "open"), ("abab", "won"), ("aababababab", "silent")]


@pytest.mark.parametrize("check", CHECKS)
def test_real_tables_pass(warehouse, journeys, check: str) -> None:
    journeys(*WORKED)
    warehouse.build_all(layer_models("paths"))
    assert warehouse.build(model_named(check)) == 0


def test_a_lost_journey_is_noticed(warehouse, journeys) -> None:
    journeys(*WORKED)
    warehouse.build_all(layer_models("paths"))
    given(warehouse, "trace_variant", "segment journey_count", [("all", 4), ("smb", 5)])
    assert warehouse.build(model_named("paths_totals")) == 1


def test_a_leak_between_steps_is_noticed(warehouse) -> None:
    columns = "segment step_no activity next_activity journey_count"
    given(warehouse, "step_flow", columns, [("all", 1, "a", "b", 3), ("all", 2, "b", "journey_end:won", 2)])
    assert warehouse.build(model_named("paths_step_flow_conserves")) == 1


def test_a_return_between_stages_is_noticed(warehouse) -> None:
    rows = [("all", "journey_start", "b", 2), ("all", "b", "a", 2), ("all", "a", "won", 1)]
    given(warehouse, "stage_flow", "segment stage next_stage journey_count", rows)
    assert warehouse.build(model_named("paths_stage_flow_conserves")) == 1
