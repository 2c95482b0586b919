from __future__ import annotations

from support import built, given


def test_a_segment_too_small_to_be_shown_has_no_members(warehouse) -> None:
    given(warehouse, "run_setting", "small_cell", [(2,)])
    given(warehouse, "journey", "journey_id person_id", [("j1", "p1"), ("j2", "p2"), ("j3", "p3"), ("j4", "p3")])
    segments = [("j1", "smb"), ("j2", "smb"), ("j3", "corp"), ("j4", "corp")]
    given(warehouse, "journey_segment", "journey_id segment", segments)
    assert built(warehouse, "segment_member", "journey_id segment") == [("j1", "smb"), ("j2", "smb")]
