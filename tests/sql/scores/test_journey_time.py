from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pytest

from support import NOON, built, given

COLUMNS = "journey_id time_days delay_days followed_days furthest_no has_ticket"


@pytest.fixture(autouse=True)
def _tables(warehouse) -> None:
    given(warehouse, "run_setting", "as_of observed_from", [(NOON + timedelta(days=10), NOON)])
    given(warehouse, "segment_member", "journey_id segment", [("j1", "smb"), ("j2", "smb")])
    given(warehouse, "stage", "stage stage_no", [("research", 1), ("support", 2)])
    given(warehouse, "journey_step", "journey_id event_kind", [("j1", "ticket_created")] * 2 + [("j2", "pageview")])


def test_time_reach_and_tickets_of_journeys(warehouse) -> None:
    columns = "journey_id person_id started_at ended_at ending is_left_uncertain event_count furthest_stage"
    rows = [
        ("j1", "p1", NOON + timedelta(days=1), NOON + timedelta(days=4), "won", False, 2, "support"),
        ("j2", "p2", NOON - timedelta(days=5), None, "open", False, 1, "research"),
    ]
    given(warehouse, "journey", columns, rows, ended_at=pa.timestamp("us"))
    assert built(warehouse, "journey_time", COLUMNS) == [
        ("j1", 3.0, 0.0, 9.0, 2, True),
        ("j2", 15.0, 5.0, 15.0, 1, False),
    ]
