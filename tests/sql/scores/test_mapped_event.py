from __future__ import annotations

from support import built, given


def test_events_outside_of_journeys_count_for_all_only(warehouse) -> None:
    events = [("e1", "p1", "rule"), ("e2", "p1", None), ("e3", "p2", None)]
    given(warehouse, "person_event", "event_id person_id rule_id", events)
    given(warehouse, "journey_step", "event_id journey_id", [("e1", "j1"), ("e2", "j1")])
    given(warehouse, "segment_member", "journey_id segment", [("j1", "smb")])
    columns = "segment mapped_count event_count customer_count journey_count"
    assert built(warehouse, "mapped_event", columns) == [("all", 1, 3, 2, 1), ("smb", 1, 2, 1, 1)]
