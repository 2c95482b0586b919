from __future__ import annotations

from journey_support import walk
from support import rows_of


def voice(when: float, **more) -> dict:
    return {"id": "v", "act": "n", "day": when, "channel": "survey", "text": "written", **more}


def stages(warehouse) -> list[tuple]:
    return rows_of(warehouse, "voice_event", "event_id stage")


def test_a_text_speaks_of_the_stage_its_customer_is_in(warehouse, build) -> None:
    build([*walk("a@0 b@2"), voice(1)])
    assert stages(warehouse) == [("v", "a")]


def test_an_answer_speaks_of_the_stage_asked_about(warehouse, build) -> None:
    names = ["d", "Этап D", "  этап d ", "STAGE D"]
    build([*walk("a@0 b@2"), *(voice(1, id=name, asked_stage=name) for name in names)])
    assert [row[1] for row in stages(warehouse)] == ["d", "d", "d", "d"]


def test_an_unknown_name_of_a_stage_is_as_none(warehouse, build) -> None:
    build([*walk("a@0"), voice(1, asked_stage="Этап Ъ")])
    assert stages(warehouse) == [("v", "a")]


def test_an_answer_does_not_move_the_customer(warehouse, build) -> None:
    build([*walk("a@0 a@2"), voice(1, asked_stage="d", score_norm=0.9)])
    assert rows_of(warehouse, "stage_episode", "stage event_count") == [("a", 3)]


def test_a_voice_after_the_end_belongs_to_no_stage(warehouse, build) -> None:
    build([*walk("a@0 won@1"), voice(2)])
    assert rows_of(warehouse, "voice_event", "event_id journey_id stage") == [("v", None, None)]


def test_a_voice_after_the_end_that_was_asked_belongs_to_the_journey_before(warehouse, build) -> None:
    build([*walk("a@0 won@1"), voice(2, asked_stage="a")])
    journey = rows_of(warehouse, "journey", "journey_id")[0][0]
    assert rows_of(warehouse, "voice_event", "journey_id stage") == [(journey, "a")]


def test_a_score_without_text_is_a_voice_and_an_agent_is_none(warehouse, build) -> None:
    build([*walk("a@0"), voice(1, text="x", actor_type="agent"), {"id": "s", "act": "n", "day": 2, "score_norm": 0.1}])
    assert stages(warehouse) == [("s", "a")]


def test_an_answer_with_a_mere_date_speaks_of_the_stage_at_the_end_of_that_day(warehouse, build) -> None:
    build([*walk("a@0 b@1.5 c@2"), voice(1, ts_quality="date_only")])
    assert stages(warehouse) == [("v", "b")]


def test_each_of_many_voices_has_its_own_stage(warehouse, build) -> None:
    build([row | {"text": "x"} for row in walk("a@0 b@1 won@2 b@3 c@4")])
    assert stages(warehouse) == [("e0", "a"), ("e1", "b"), ("e2", "b"), ("e3", "b"), ("e4", "c")]


def test_an_invitation_speaks_of_the_stage_it_names_else_of_that_of_its_customer(warehouse, build) -> None:
    invited = {"act": "n", "event_kind": "survey_invited", "actor_type": "system"}
    build([*walk("a@0 b@2"), {"id": "i1", "day": 1, **invited}, {"id": "i2", "day": 3, "asked_stage": "d", **invited}])
    assert stages(warehouse) == [("i1", "a"), ("i2", "d")]
