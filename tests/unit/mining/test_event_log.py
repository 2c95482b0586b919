from __future__ import annotations

from journey_mining.mining.event_log import is_held_out, trace_logs
from support import given

COLUMNS = "journey_id person_id segment stages ending is_left_uncertain"


def test_a_fifth_of_customers_is_held_out() -> None:
    assert 0.18 < sum(is_held_out(f"person {n}") for n in range(5000)) / 5000 < 0.22


def test_logs_take_closed_journeys_with_a_seen_start(warehouse) -> None:
    rows = [
        ("j1", "p1", "smb", "a>b", "won", False),
        ("j2", "p2", "corp", "a>b", "silent", False),
        ("j3", "p3", "smb", "a", "open", False),
        ("j4", "p4", "smb", "b", "won", True),
        ("j5", "p5", "smb", "", "won", False),
    ]
    given(warehouse, "stage_trace", COLUMNS, rows)
    logs = trace_logs(warehouse)
    assert [(log.segment, log.journey_count, log.variant_count) for log in logs] == [
        ("all", 2, 1),
        ("corp", 1, 1),
        ("smb", 1, 1),
    ]
