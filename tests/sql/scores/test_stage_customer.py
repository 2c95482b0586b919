from __future__ import annotations

import pyarrow as pa
import pytest

from journey_mining.warehouse import model_named
from support import at, built, given

BEGIN, END = at("2026-03-01"), at("2026-09-01")
ASKED = at("2026-06-10 09:00:00")
"""when p1 was asked about support; p2 was asked three days after coming, and p5 was not asked at all"""
MODELS = "survey_invitation survey_reply stage_moment stage_history stage_trait"


@pytest.fixture(autouse=True)
def _tables(warehouse) -> None:
    stays = [
        ("j1", 1, "p1", "support", at("2026-05-01"), at("2026-06-01")),
        ("j1", 2, "p1", "support", at("2026-06-20"), None),
        ("j2", 1, "p2", "support", at("2026-06-01"), None),
        ("j3", 1, "p3", "support", at("2026-06-01"), None),
        ("j5", 1, "p5", "support", at("2026-06-01"), None),
        ("j6", 1, "p6", "support", at("2026-01-01"), at("2026-02-01")),
    ]
    columns = "journey_id episode_no person_id stage entered_at exited_at"
    given(warehouse, "stage_episode", columns, stays, exited_at=pa.timestamp("us"))
    # j3 belongs to a segment too small to be in any picture
    members = [(journey, "smb") for journey in ("j1", "j2", "j4", "j5", "j6")]
    given(warehouse, "segment_member", "journey_id segment", members)
    given(warehouse, "run_setting", "observed_from as_of", [(BEGIN, END)])
    contacts = [
        ("c1", "p1", "smb", "support", at("2026-06-09"), True, at("2026-06-11")),
        ("c2", "p1", "smb", "support", at("2026-06-11"), False, None),
        ("c3", "p1", "smb", "", at("2026-05-01"), False, None),
        ("c5", "p5", "smb", "support", at("2026-06-02"), True, at("2026-06-03")),
    ]
    columns = "event_id person_id segment stage opened_at is_reopened reopened_at"
    given(warehouse, "contact", columns, contacts, reopened_at=pa.timestamp("us"))
    # the letter that answered c5 is no step of p5's
    steps = [("j1", 1, 3, True, "c1"), ("j5", 1, 1, True, "c5"), ("j5", 1, 1, False, "c1"), ("j5", 1, 2, True, "r5")]
    given(warehouse, "episode_step", "journey_id episode_no episode_step_no is_step event_id", steps)
    frictions = [("j1", 1, "long_wait", 3), ("j5", 1, "unanswered", 1), ("j5", 1, "repeat_contact", 2)]
    given(warehouse, "episode_friction", "journey_id episode_no friction first_step_no", frictions)
    # a wait is long after two days: p1's was not yet, when p1 was asked
    given(warehouse, "stage_wait", "stage long_seconds", [("support", 172_800.0)])
    told = [
        ("t1", "p1", "smb", "support", "text", -1.0, 0),
        ("t2", "p1", "smb", "support", "text", 0.0, 0),
        ("a1", "p1", "smb", "support", "text", 1.0, 0),
        ("t3", "p1", "smb", "support", "text", 0.5, 2),
        ("a0", "p1", "smb", "support", "nps", -1.0, 0),
        ("a1", "p1", "smb", "support", "nps", 0.5, 0),
        ("a2", "p1", "smb", "support", "csat", -0.5, 0),
        ("a3", "p3", "", "", "nps", 0.5, 0),
        ("a4", "p4", "smb", "support", "csat", 0.25, 0),
        ("a5", "p2", "smb", "renewal", "nps", 0.25, 0),
        ("a6", "p2", "smb", "support", "nps", 0.75, 0),
    ]
    given(warehouse, "voice_answer", "event_id person_id segment stage kind value vote_no", told)
    voices = [("i1", "p1", "j1", "support"), ("i2", "p2", "j2", "support"), ("i4", "p4", "j4", "support")]
    given(warehouse, "voice_event", "event_id person_id journey_id stage", [*voices, ("a2", "p1", "j1", "support")])
    given(warehouse, "event", "event_id source event_kind occurred_at ts_quality", EVENTS)


EVENTS = [
    ("i1", "form", "survey_invited", ASKED, "exact"),
    ("i2", "form", "survey_invited", at("2026-06-04"), "date_only"),
    ("i4", "form", "survey_invited", at("2026-06-10"), "date_only"),
    # yesterday's words are known, those of the day itself may have come after the question, and a1's came with a1
    ("t1", "desk", "ticket_created", at("2026-06-09"), "date_only"),
    ("t2", "desk", "ticket_created", at("2026-06-10"), "date_only"),
    ("t3", "desk", "ticket_created", at("2026-08-10"), "exact"),
    ("c1", "desk", "ticket_created", at("2026-06-09"), "exact"),
    ("c2", "desk", "ticket_created", at("2026-06-11"), "exact"),
    ("c3", "desk", "ticket_created", at("2026-05-01"), "exact"),
    ("c5", "desk", "ticket_created", at("2026-06-02"), "exact"),
    ("r5", "desk", "ticket_created", at("2026-06-03"), "exact"),
    # before it was asked, on the day it was asked, by another source, of another stage, too late
    ("a0", "form", "nps", at("2026-06-01"), "exact"),
    ("a1", "form", "nps", at("2026-06-10"), "date_only"),
    ("a2", "desk", "csat", at("2026-06-12"), "exact"),
    ("a3", "form", "nps", at("2026-06-12"), "exact"),
    ("a4", "form", "csat", at("2026-06-10"), "date_only"),
    ("a5", "form", "nps", at("2026-06-12"), "exact"),
    ("a6", "form", "nps", at("2026-07-05"), "exact"),
]


def _customers(warehouse, columns: str) -> list[tuple]:
    for name in MODELS.split():
        warehouse.build(model_named(name))
    return built(warehouse, "stage_customer", columns)


def test_who_was_there_or_spoke_and_who_was_asked(warehouse) -> None:
    assert _customers(warehouse, "person_id segment stage stay_count invited_count") == [
        ("p1", "smb", "support", 2, 1),
        ("p2", "smb", "renewal", 0, 0),
        ("p2", "smb", "support", 1, 1),
        ("p4", "smb", "support", 0, 1),
        ("p5", "smb", "support", 1, 0),
    ]


def test_what_tells_who_answers_was_known_before_anybody_asked(warehouse) -> None:
    counts = "stay slow repeat contact reopened text"
    found = _customers(warehouse, " ".join(["person_id stage", *(f"earlier_{name}_count" for name in counts.split())]))
    # the return, the long wait, the second ticket and its reopening of p1 came after the question
    assert found[0] == ("p1", "support", 1, 0, 0, 1, 0, 1)


def test_the_words_of_an_answer_do_not_foretell_it(warehouse) -> None:
    found = _customers(warehouse, "person_id stage text_count text_mean earlier_text_count earlier_text_mean")
    # texts of a month are one vote: (-1 + 0 + 1) / 3, and .5; before the question there was -1 alone
    assert found[0] == ("p1", "support", 2, 0.25, 1, -1.0)


def test_whom_nobody_asked_is_known_as_long_as_is_usual_until_one_is_asked(warehouse) -> None:
    # asked were p1 after 40 days and 9 hours, and p2 after 3 days: 21 days and more in the middle
    counts = _customers(warehouse, "person_id earlier_slow_count earlier_repeat_count earlier_reopened_count")
    found = {row[0]: row[1:] for row in counts}
    assert found["p5"] == (1, 1, 1)
    moments = dict(built(warehouse, "stage_moment", "person_id known_until_second"))
    begun = (at("2026-06-01") - at("2000-01-01")).total_seconds()
    assert moments["p5"] == begun + (3 * 86_400 + 40 * 86_400 + 9 * 3600) // 2
    assert moments["p1"] == (ASKED - at("2000-01-01")).total_seconds()


def test_a_reply_comes_after_the_question_to_who_asked_about_what_was_asked_within_a_month(warehouse) -> None:
    _customers(warehouse, "person_id")
    assert built(warehouse, "survey_reply", "event_id kind person_id value") == [
        ("a1", "nps", "p1", 0.5),
        ("a4", "csat", "p4", 0.25),
    ]
    found = {row[:2]: row[2:] for row in built(warehouse, "stage_customer", "person_id stage reply_count reply_mean")}
    assert (found["p1", "support"], found["p2", "support"]) == ((1, 0.5), (0, None))


def test_where_nobody_was_asked_nothing_is_known_beforehand(warehouse) -> None:
    nobody = [row for row in EVENTS if row[2] != "survey_invited"]
    given(warehouse, "event", "event_id source event_kind occurred_at ts_quality", nobody)
    found = _customers(warehouse, "person_id stage invited_count earlier_stay_count reply_count")
    assert {row[2:] for row in found} == {(0, 0, 0)}


def test_texts_and_answers_pair_within_two_weeks_about_one_stage(warehouse) -> None:
    told = [
        ("t1", "p1", "smb", "support", "text", 0.5, at("2026-05-01")),
        ("a1", "p1", "smb", "support", "nps", 0.25, at("2026-05-15")),
        ("a2", "p1", "smb", "support", "csat", -1.0, at("2026-05-16")),
        ("a3", "p1", "smb", "renewal", "csat", -1.0, at("2026-05-01")),
        ("a4", "p2", "smb", "support", "csat", -1.0, at("2026-05-01")),
    ]
    given(warehouse, "voice_answer", "event_id person_id segment stage kind value occurred_at", told)
    events = [("t1", "form", at("2026-05-01")), ("a1", "desk", at("2026-05-15")), ("a2", "desk", at("2026-05-16"))]
    given(warehouse, "event", "event_id source occurred_at", [*events, *((e, "desk", END) for e in ("a3", "a4"))])
    columns = "text_event_id answer_event_id answer_kind text_value answer_value is_one_telling"
    assert built(warehouse, "answer_pair", columns) == [("t1", "a1", "nps", 0.5, 0.25, False)]


def test_a_comment_and_the_scores_of_its_own_sheet_are_one_telling(warehouse) -> None:
    day = at("2026-05-01")
    scores = [("nps", "nps", 0.5), ("csat", "csat", 0.25), ("later", "csat", 0.0), ("desk", "csat", -0.5)]
    told = [("nps", "p1", "smb", "support", "text", 0.5, day)]
    told += [(event, "p1", "smb", "support", kind, value, day) for event, kind, value in scores]
    given(warehouse, "voice_answer", "event_id person_id segment stage kind value occurred_at", told)
    events = [("nps", "form", day), ("csat", "form", day), ("later", "form", at("2026-05-02")), ("desk", "desk", day)]
    given(warehouse, "event", "event_id source occurred_at", events)
    assert built(warehouse, "answer_pair", "answer_event_id is_one_telling") == [
        ("csat", True),
        ("desk", False),
        ("later", False),
        ("nps", True),
    ]
