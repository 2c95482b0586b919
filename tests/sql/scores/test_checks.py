from __future__ import annotations

from journey_mining.warehouse import model_named
from support import given

SHARES = ("drop_off", "moved_on", "moved_back", "under_way")
COLUMNS = "estimand segment stage estimate interval_low interval_high"


def _rows(*estimates: float) -> list[tuple]:
    return [(name, "all", "support", value, 0.0, 1.0) for name, value in zip(SHARES, estimates, strict=True)]


def test_shares_that_add_up_pass(warehouse) -> None:
    given(warehouse, "metric_value", COLUMNS, _rows(0.2, 0.5, 0.1, 0.2))
    assert warehouse.build(model_named("scores_shares_add_up")) == 0
    assert warehouse.build(model_named("scores_within_bounds")) == 0


def test_a_missing_tenth_is_noticed(warehouse) -> None:
    given(warehouse, "metric_value", COLUMNS, _rows(0.1, 0.5, 0.1, 0.2))
    assert warehouse.build(model_named("scores_shares_add_up")) == 1


def test_an_estimate_outside_of_its_interval_is_noticed(warehouse) -> None:
    rows = [("drop_off", "all", "x", 0.5, 0.6, 0.7), ("voice", "all", "x", -1.2, None, None)]
    rows += [("journeys", "all", "", 900.0, None, None)]
    given(warehouse, "metric_value", COLUMNS, rows)
    assert warehouse.build(model_named("scores_within_bounds")) == 2
