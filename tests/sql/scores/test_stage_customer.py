from __future__ import annotations

import pyarrow as pa
import pytest

from journey_mining.warehouse import model_named
from support import at, built, given

END = at("2026-09-01")


@pytest.fixture(autouse=True)
def _tables(warehouse) -> None:
    stays = [
        ("j1", 1, "p1", "support", at("2026-06-01")),
        ("j1", 2, "p1", "support", None),
        ("j2", 1, "p2", "support", at("2026-01-01")),
        ("j3", 1, "p3", "support", None),
    ]
    columns = "journey_id episode_no person_id stage exited_at"
    given(warehouse, "stage_episode", columns, stays, exited_at=pa.timestamp("us"))
    # j3 belongs to a segment too small to be in any picture
    given(warehouse, "segment_member", "journey_id segment", [("j1", "smb"), ("j2", "smb"), ("j4", "smb")])
    given(warehouse, "run_setting", "observed_from as_of", [(at("2026-03-01"), END)])
    contacts = [("p1", "smb", "support", True), ("p1", "smb", "support", False), ("p1", "smb", "", False)]
    given(warehouse, "contact", "person_id segment stage is_reopened", contacts)
    frictions = [("j1", 1, "long_wait"), ("j1", 1, "unanswered"), ("j1", 2, "repeat_contact"), ("j1", 2, "loop")]
    given(warehouse, "episode_friction", "journey_id episode_no friction", frictions)
    told = [
        ("t1", "p1", "smb", "support", "text", -1.0, 0),
        ("t2", "p1", "smb", "support", "text", 0.0, 0),
        ("t3", "p1", "smb", "support", "text", 0.5, 2),
        ("a1", "p4", "smb", "support", "nps", 0.5, 0),
        ("a2", "p4", "smb", "support", "csat", -0.5, 1),
        ("a3", "p3", "", "", "nps", 0.5, 0),
    ]
    given(warehouse, "voice_answer", "event_id person_id segment stage kind value vote_no", told)
    voices = [("i1", "p1", "j1", "support"), ("i4", "p4", "j4", "support"), ("e1", "p1", "j1", "support")]
    given(warehouse, "voice_event", "event_id person_id journey_id stage", voices)
    given(
        warehouse,
        "event",
        "event_id source event_kind",
        [
            ("i1", "form", "survey_invited"),
            ("i4", "form", "survey_invited"),
            ("e1", "desk", "csat"),
            *((text, "desk", "ticket_created") for text in ("t1", "t2", "t3")),
            ("a1", "form", "nps"),
            ("a2", "desk", "csat"),
            ("a3", "form", "nps"),
        ],
    )


def test_who_was_there_or_spoke_and_what_had_happened_to_them(warehouse) -> None:
    warehouse.build(model_named("stage_trait"))
    counts = "person_id segment stay_count slow_count repeat_count contact_count reopened_count invited_count"
    assert built(warehouse, "stage_customer", counts) == [
        ("p1", "smb", 2, 2, 1, 2, 1, 1),
        ("p4", "smb", 0, 0, 0, 0, 0, 1),
    ]


def test_what_somebody_says_within_a_month_is_one_vote(warehouse) -> None:
    warehouse.build(model_named("stage_trait"))
    assert built(warehouse, "stage_customer", "person_id text_count text_mean answer_count answer_mean") == [
        ("p1", 2, 0.0, 0, None),
        ("p4", 0, None, 2, 0.0),
    ]


def test_a_reply_is_an_answer_to_the_source_that_asked(warehouse) -> None:
    warehouse.build(model_named("stage_trait"))
    assert built(warehouse, "stage_customer", "person_id reply_count reply_mean") == [("p1", 0, None), ("p4", 1, 0.5)]


def test_texts_and_answers_pair_within_two_weeks_about_one_stage(warehouse) -> None:
    told = [
        ("t1", "p1", "smb", "support", "text", 0.5, at("2026-05-01")),
        ("a1", "p1", "smb", "support", "nps", 0.25, at("2026-05-15")),
        ("a2", "p1", "smb", "support", "csat", -1.0, at("2026-05-16")),
        ("a3", "p1", "smb", "renewal", "csat", -1.0, at("2026-05-01")),
        ("a4", "p2", "smb", "support", "csat", -1.0, at("2026-05-01")),
    ]
    given(warehouse, "voice_answer", "event_id person_id segment stage kind value occurred_at", told)
    assert built(warehouse, "answer_pair", "text_event_id answer_event_id answer_kind text_value answer_value") == [
        ("t1", "a1", "nps", 0.5, 0.25)
    ]
