from __future__ import annotations

import pytest

from support import at, built, given

MAY = at("2026-05-01")


@pytest.fixture(autouse=True)
def _tables(warehouse) -> None:
    voices = [
        ("e1", "p1", "j1", "support", MAY),
        ("e2", "p2", None, None, MAY),
        ("e3", "p1", "j1", "support", at("2026-05-20")),
        ("e4", "p1", "j1", "support", at("2026-05-30T23:59:59")),
        ("e5", "p1", "j1", "support", at("2026-05-31")),
        ("e6", "p6", "j6", "support", MAY),
        ("e7", "p1", "j1", "support", at("2026-05-21")),
    ]
    given(warehouse, "voice_event", "event_id person_id journey_id stage occurred_at", voices)
    scores = [("e1", 0.5), ("e2", -0.5), ("e3", None), ("e4", 0.1), ("e5", 0.2), ("e6", 0.3)]
    given(warehouse, "sentiment", "event_id score", scores)
    kinds = [
        ("e1", "desk", "ticket_created", None),
        ("e2", "form", "nps", 1.0),
        ("e3", "form", "csat", 0.25),
        ("e7", "form", "ces", 0.25),
    ]
    given(warehouse, "event", "event_id source event_kind score_norm", kinds)
    declared = [("form", "nps", 1), ("form", "csat", 1), ("form", "ces", -1)]
    given(warehouse, "answer_direction", "source kind sign", declared)
    given(warehouse, "segment_member", "journey_id segment", [("j1", "smb")])


def test_texts_and_answers_share_a_scale_and_stay_apart(warehouse) -> None:
    found = built(warehouse, "voice_answer", "event_id kind segment stage value")
    assert [row for row in found if row[0] in ("e1", "e2", "e3")] == [
        ("e1", "text", "smb", "support", 0.5),
        ("e2", "nps", "", "", 1.0),
        ("e2", "text", "", "", -0.5),
        ("e3", "csat", "smb", "support", -0.5),
    ]


def test_a_low_effort_is_good_where_the_low_end_is_declared_good(warehouse) -> None:
    assert ("e7", 0.5) in built(warehouse, "voice_answer", "event_id value")


def test_thirty_days_are_one_vote_and_texts_and_answers_vote_apart(warehouse) -> None:
    votes = {(event, kind): vote for event, kind, vote in built(warehouse, "voice_answer", "event_id kind vote_no")}
    assert [votes[event, "text"] for event in ("e1", "e4", "e5")] == [0, 0, 1]
    assert (votes["e3", "csat"], votes["e7", "ces"]) == (0, 0)


def test_a_segment_too_small_for_pictures_speaks_of_no_stage(warehouse) -> None:
    # else the voice of its few customers would be the difference of everybody and all other segments
    assert ("e6", "", "") in built(warehouse, "voice_answer", "event_id segment stage")
