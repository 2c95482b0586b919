from __future__ import annotations

from dataclasses import replace

from journey_mining.warehouse import model_named
from support import built, rows_of

WORKED = [("abc", "won"), ("abc", "lost"), ("ac", "open"), ("abab", "won")]


def _all(rows: list[tuple]) -> list[tuple]:
    return [row[1:] for row in rows if row[0] == "all"]


def test_stage_flow_goes_forward_from_the_start_to_the_ending(warehouse, journeys) -> None:
    journeys(*WORKED)
    built(warehouse, "stage_advance", "journey_id")
    assert _all(built(warehouse, "stage_flow", "segment stage next_stage journey_count")) == [
        ("a", "b", 3),
        ("a", "c", 1),
        ("b", "c", 2),
        ("b", "won", 1),
        ("c", "lost", 1),
        ("c", "open", 1),
        ("c", "won", 1),
        ("journey_start", "a", 4),
    ]


def test_a_return_is_no_advance(warehouse, journeys) -> None:
    journeys(("bacab", "lost"), ("c", "won"))
    built(warehouse, "stage_advance", "journey_id")
    assert _all(built(warehouse, "stage_path", "segment path ending journey_count customer_count")) == [
        ("b>c", "lost", 1, 1),
        ("c", "won", 1, 1),
    ]


def test_a_journey_without_any_stage_goes_from_its_start_to_its_ending(warehouse, journeys) -> None:
    journeys(("a", "won"), ("", "silent"))
    rows = built(warehouse, "stage_advance", "journey_id advance_no stage next_stage")
    assert rows[-1] == ("j001", 0, "journey_start", "silent")
    assert _all(built(warehouse, "stage_path", "segment path ending journey_count"))[0] == ("", "silent", 1)


def test_step_flow_ends_or_goes_on_unseen_after_eight_steps(warehouse, journeys) -> None:
    journeys(("abababab", "won"), ("ababababa", "won"))
    built(warehouse, "activity_step", "journey_id")
    flow = _all(built(warehouse, "step_flow", "segment step_no activity next_activity journey_count"))
    assert flow[0] == (1, "a", "b", 2)
    assert flow[-2:] == [(8, "b", "journey_end:won", 1), (8, "b", "more", 1)]


def test_at_a_depth_of_three_one_journey_goes_on_unseen_and_none_is_lost(warehouse, journeys) -> None:
    journeys(*WORKED)
    built(warehouse, "activity_step", "journey_id")
    model = model_named("step_flow")
    warehouse.build(replace(model, sql=model.sql.replace("<= 8", "<= 3").replace("= 8", "= 3")))
    flow = _all(rows_of(warehouse, "step_flow", "segment step_no activity next_activity journey_count"))
    assert flow[0] == (1, "a", "b", 3)
    assert sum(row[3] for row in flow if row[0] == 1) == 4
    assert sum(row[3] for row in flow if row[2] == "more" or row[2].startswith("journey_end")) == 4
    assert [row for row in flow if row[2] == "more"] == [(3, "a", "more", 1)]


def test_open_journeys_have_their_own_ending(warehouse, journeys) -> None:
    journeys(*WORKED)
    built(warehouse, "activity_step", "journey_id")
    flow = _all(built(warehouse, "step_flow", "segment step_no next_activity customer_count"))
    assert (2, "journey_end:open", 1) in flow


def test_flows_of_a_segment_stand_beside_those_of_all(warehouse, journeys) -> None:
    journeys(*WORKED)
    built(warehouse, "stage_advance", "journey_id")
    rows = built(warehouse, "stage_flow", "segment stage next_stage journey_count")
    assert [row[1:] for row in rows if row[0] == "smb"] == _all(rows)
