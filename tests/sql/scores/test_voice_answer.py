from __future__ import annotations

import pytest

from support import built, given


@pytest.fixture(autouse=True)
def _tables(warehouse) -> None:
    voices = [("e1", "p1", "j1", "support"), ("e2", "p2", None, None), ("e3", "p1", "j1", "support")]
    given(warehouse, "voice_event", "event_id person_id journey_id stage", voices)
    given(warehouse, "sentiment", "event_id score", [("e1", 0.5), ("e2", -0.5), ("e3", None)])
    kinds = [("e1", "ticket_created", None), ("e2", "nps", 1.0), ("e3", "csat", 0.25)]
    given(warehouse, "event", "event_id event_kind score_norm", kinds)
    given(warehouse, "segment_member", "journey_id segment", [("j1", "smb")])


def test_texts_and_answers_share_a_scale_and_stay_apart(warehouse) -> None:
    assert built(warehouse, "voice_answer", "event_id kind segment stage value") == [
        ("e1", "text", "smb", "support", 0.5),
        ("e2", "nps", "", "", 1.0),
        ("e2", "text", "", "", -0.5),
        ("e3", "csat", "smb", "support", -0.5),
    ]
