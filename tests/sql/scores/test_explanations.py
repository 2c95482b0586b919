from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pytest

from support import NOON, built, given


def _later(days: float):
    return NOON + timedelta(days=days)


@pytest.fixture
def journey(warehouse):
    """One journey of the given steps (day, touchpoint, stage, outcome), with its ending."""

    def write(*steps: tuple, ending: str = "open", ended: float | None = None) -> None:
        rows = [("j1", n, f"e{n}", at, touchpoint, stage) for n, (at, touchpoint, stage, _) in enumerate(steps, 1)]
        rows = [(*row[:3], _later(row[3]), *row[4:]) for row in rows]
        given(warehouse, "journey_step", "journey_id step_no event_id occurred_at touchpoint stage", rows)
        outcomes = [(f"e{n}", step[3]) for n, step in enumerate(steps, 1)]
        given(warehouse, "person_event", "event_id outcome", outcomes, outcome=pa.string())
        end = None if ended is None else _later(ended)
        told = [("j1", "p1", NOON, end, ending, False)]
        columns = "journey_id person_id started_at ended_at ending is_left_uncertain"
        given(warehouse, "journey", columns, told, ended_at=pa.timestamp("us"))
        given(warehouse, "segment_member", "journey_id segment", [("j1", "smb")])
        given(warehouse, "stage", "stage stage_no", [("research", 1), ("decision", 2)])
        given(warehouse, "run_setting", "as_of observed_from", [(_later(50), NOON)])

    return write


VISIT = "visit_no touchpoint stage_no next_touchpoint time_days"


def test_repeats_are_one_visit_and_an_open_one_lasts_until_the_cutoff(warehouse, journey) -> None:
    journey((0, "blog", "research", None), (1, "blog", "research", None), (3, "pricing", "research", None))
    assert built(warehouse, "touchpoint_visit", VISIT) == [
        (0, "journey_start", 0, "blog", 0.0),
        (1, "blog", 1, "pricing", 3.0),
        (2, "pricing", 1, None, 47.0),
    ]


def test_a_touchpoint_of_another_stage_is_another_visit(warehouse, journey) -> None:
    journey((0, "blog", "research", None), (1, "blog", "decision", None))
    assert [row[:4] for row in built(warehouse, "touchpoint_visit", VISIT)][1:] == [
        (1, "blog", 1, "blog"),
        (2, "blog", 2, None),
    ]


def test_the_record_of_the_outcome_is_no_touchpoint(warehouse, journey) -> None:
    journey((0, "blog", "research", None), (4, "contract", "decision", "won"), ending="won", ended=4)
    assert built(warehouse, "touchpoint_visit", VISIT)[1:] == [(1, "blog", 1, "journey_end:won", 4.0)]


def test_silence_counts_as_time_until_the_loss(warehouse, journey) -> None:
    journey((0, "blog", "research", None), ending="silent", ended=30)
    assert built(warehouse, "touchpoint_visit", VISIT)[1:] == [(1, "blog", 1, "journey_end:lost", 30.0)]


def test_a_journey_whose_start_was_not_seen_is_left_out(warehouse, journey) -> None:
    journey((0, "blog", "research", None))
    warehouse.execute("update journey set is_left_uncertain = true")
    assert built(warehouse, "touchpoint_visit", VISIT) == []


def test_stays_lead_to_the_next_stage_or_to_an_end(warehouse) -> None:
    causes = [(1, "progress", "b"), (2, "back", "a"), (3, "progress", None), (4, "lost", None), (5, "open", None)]
    times = [("j1", no, "p1", "smb", "a", 1.0, 0.0, cause) for no, cause, _ in causes]
    given(warehouse, "episode_time", "journey_id episode_no person_id segment stage time_days delay_days cause", times)
    given(
        warehouse,
        "stage_episode",
        "journey_id episode_no stage next_stage",
        [("j1", no, "a", to) for no, _, to in causes],
    )
    given(warehouse, "journey", "journey_id person_id is_left_uncertain", [("j1", "p1", False)])
    given(warehouse, "segment_member", "journey_id segment", [("j1", "smb")])
    assert built(warehouse, "stage_sojourn", "episode_no stage next_stage") == [
        (0, "journey_start", "a"),
        (1, "a", "b"),
        (2, "a", "a"),
        (3, "a", "journey_end:won"),
        (4, "a", "journey_end:lost"),
        (5, "a", None),
    ]


@pytest.fixture
def answered(warehouse):
    """Condition of a stay that began on day 0 with a deal, left and answered on the given days."""

    def first_answer(*, left: float, answers: list[tuple[float, str]]) -> str | None:
        steps = [(0.0, "deal_created"), *answers]
        rows = [("j1", n, f"e{n}", _later(at), "crm") for n, (at, _) in enumerate(steps, 1)]
        # somewhere this source tells of an answer
        rows.append(("j0", 1, "e0", NOON, "crm"))
        given(warehouse, "journey_step", "journey_id step_no event_id occurred_at channel", rows)
        events = [(f"e{n}", "crm", kind) for n, (_, kind) in enumerate(steps, 1)] + [
            ("e0", "crm", "deal_stage_changed")
        ]
        empty = dict.fromkeys(("actor_type", "customer_type", "utm_source", "utm_medium"), pa.string())
        full = [(*event, *[None] * 4) for event in events]
        given(warehouse, "event", f"event_id source event_kind {' '.join(empty)}", full, **empty)
        given(warehouse, "episode_time", "journey_id episode_no", [("j1", 1)])
        stay = [("j1", 1, "decision", NOON, _later(left))]
        given(warehouse, "stage_episode", "journey_id episode_no stage entered_at exited_at", stay)
        given(warehouse, "run_setting", "as_of", [(_later(50),)])
        built(warehouse, "episode_answer", "journey_id")
        built(warehouse, "episode_entry", "journey_id")
        found = dict(built(warehouse, "episode_condition", "condition condition_value"))
        return found.get("first_answer")

    return first_answer


def test_the_first_step_of_the_deal_is_its_answer(answered) -> None:
    assert answered(left=10, answers=[(0.5, "deal_stage_changed")]) == "within_24h"
    assert answered(left=10, answers=[(1.5, "deal_stage_changed")]) == "over_24h"
    assert answered(left=10, answers=[]) == "over_24h"


def test_who_left_within_a_day_unanswered_is_neither(answered) -> None:
    assert answered(left=0.5, answers=[]) is None
    assert answered(left=0.5, answers=[(0.5, "deal_lost")]) is None


def test_the_customers_own_call_is_no_answer(answered) -> None:
    assert answered(left=10, answers=[(0.2, "call")]) == "over_24h"


def test_what_is_known_at_the_entry_is_told(warehouse, answered) -> None:
    answered(left=10, answers=[])
    told = dict(built(warehouse, "episode_condition", "condition condition_value"))
    assert told["entry_channel"] == "crm"
    assert (told["touches_before"], told["ticket_before"]) == ("0", "no")
    assert (told["previous_stage"], told["utm_medium"]) == ("none", "none")
    assert "customer_type" not in told


def test_a_text_stands_at_the_touchpoint_where_it_was_written(warehouse) -> None:
    answers = [
        ("e1", "p1", "smb", "s", "text", 0.5),
        ("e2", "p1", "", "", "text", 0.1),
        ("e3", "p1", "smb", "s", "nps", 1.0),
    ]
    given(warehouse, "voice_answer", "event_id person_id segment stage kind value", answers)
    given(warehouse, "journey_step", "event_id touchpoint", [("e1", "ticket"), ("e3", "survey")])
    assert built(warehouse, "touchpoint_voice", "event_id touchpoint") == [("e1", "ticket"), ("e2", "")]
