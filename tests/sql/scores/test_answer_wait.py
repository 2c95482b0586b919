from __future__ import annotations

from datetime import timedelta

import pyarrow as pa

from journey_mining.warehouse import model_named
from support import NOON, built, given


def test_a_wait_has_its_customer_its_segment_and_its_days(warehouse) -> None:
    rows = [
        ("e1", "j1", 1, "support", 43200, 43200),
        ("e2", "j1", 1, "support", None, 86400),
        ("e3", "j9", 1, "x", 1, 1),
    ]
    columns = "event_id journey_id episode_no stage seconds_waited seconds_so_far"
    given(warehouse, "episode_wait", columns, rows, seconds_waited=pa.int64())
    told = [(event, "p1", NOON) for event in ("e1", "e2", "e3")]
    given(warehouse, "person_event", "event_id person_id occurred_at", told)
    given(warehouse, "segment_member", "journey_id segment", [("j1", "smb")])
    given(warehouse, "run_setting", "as_of", [(NOON + timedelta(days=4),)])
    found = built(warehouse, "answer_wait", "event_id person_id segment time_days followed_days state")
    assert found == [("e1", "p1", "smb", 0.5, 4.0, "answered"), ("e2", "p1", "smb", 1.0, 4.0, "open")]


def test_a_curve_that_misses_the_drop_off_is_noticed(warehouse) -> None:
    given(
        warehouse, "metric_value", "estimand segment stage estimate horizon_days", [("drop_off", "all", "x", 0.4, 30)]
    )
    columns = "segment stage day_no lost_share"
    curves = {
        "meets": [(0, 0.0), (10, 0.3), (30, 0.4), (36, 0.5)],
        "misses": [(0, 0.0), (30, 0.41)],
        "falls": [(0, 0.0), (10, 0.5), (30, 0.4)],
        "ends early": [(0, 0.0), (10, 0.3)],
    }
    found = {}
    for name, points in curves.items():
        given(warehouse, "stage_curve", columns, [("all", "x", *point) for point in points])
        found[name] = warehouse.build(model_named("scores_curves_meet_drop_off"))
    assert found == {"meets": 0, "misses": 1, "falls": 1, "ends early": 1}
