from __future__ import annotations

from support import NOON, built, given


def test_repeats_in_a_row_are_collapsed(warehouse, journeys) -> None:
    journeys(("aabba", "won"))
    steps = built(warehouse, "activity_step", "activity_no activity next_activity seconds_to_next")
    assert steps == [(1, "a", "b", 120), (2, "b", "a", 120), (3, "a", None, None)]


def test_an_event_without_touchpoint_stays_in_the_path(warehouse, journeys) -> None:
    journeys(("ab", "open"))
    rows = [("j000", 1, "e1", "p0", None, NOON), ("j000", 2, "e2", "p0", "", NOON), ("j000", 3, "e3", "p0", "b", NOON)]
    given(warehouse, "journey_step", "journey_id step_no event_id person_id touchpoint occurred_at", rows)
    assert built(warehouse, "activity_step", "activity_no activity is_closed") == [
        (1, "other", False),
        (2, "b", False),
    ]
