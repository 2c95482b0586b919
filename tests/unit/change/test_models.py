from __future__ import annotations

import pytest

from journey_mining.warehouse import DuckDBWarehouse
from support import at, built, given


def test_recency_one_to_five_scores_one_to_five(warehouse: DuckDBWarehouse) -> None:
    given(warehouse, "quarter_start", "started_at", [(at("2026-04-01"),)])
    bought = [(f"p{n}", at(f"2026-03-{n + 1:02d}"), 10.0 * n) for n in range(1, 6)]
    late = ("late", at("2026-05-01"), 1.0)
    given(warehouse, "purchase", "person_id purchased_at amount", [*bought, late])
    # the last day is the most recent one: its recency of 1 day scores 5
    assert built(warehouse, "rfm_score", "person_id recency money") == [(f"p{n}", n, n) for n in range(1, 6)]


def test_last_nights_people_are_linked_by_events_of_both(warehouse: DuckDBWarehouse) -> None:
    given(warehouse, "last_event_person", "event_id person_id", [("e1", "a"), ("e2", "a"), ("e3", "b"), ("gone", "b")])
    given(
        warehouse,
        "event_person",
        "event_id person_id",
        [("e1", "x"), ("e2", "y"), ("e3", "y"), ("e4", "y"), ("e5", "x")],
    )
    given(warehouse, "event", "event_id occurred_at", [(f"e{n}", at(f"2026-05-0{n}")) for n in range(1, 6)])
    given(warehouse, "last_setting", "as_of", [(at("2026-05-04"),)])
    assert built(warehouse, "person_link", "old_person_id person_id event_count") == [
        ("a", "x", 1),
        ("a", "y", 1),
        ("b", "y", 1),
    ]
    assert built(warehouse, "person_arrival", "person_id late_count new_count") == [("x", 0, 1), ("y", 1, 0)]
    assert built(warehouse, "person_departure", "person_id gone_count") == [("b", 1)]


@pytest.mark.parametrize(("exit_day", "goal"), [("2026-02-10", "b"), ("2026-04-20", "open")])
def test_a_way_is_told_as_far_as_28_days(warehouse: DuckDBWarehouse, exit_day: str, goal: str) -> None:
    given(warehouse, "run_setting", "as_of", [(at("2026-05-01"),)])
    journey = ("j", "p", at("2026-02-01"), "open", None, False)
    young = ("k", "q", at("2026-04-20"), "open", None, False)
    given(warehouse, "journey", "journey_id person_id started_at ending ended_at is_left_uncertain", [journey, young])
    given(warehouse, "segment_member", "journey_id segment", [("j", "s"), ("k", "s")])
    columns = "journey_id episode_no stage entered_at exited_at cause next_stage"
    given(warehouse, "stage_episode", columns, [("j", 1, "a", at("2026-02-01"), at(exit_day), "progress", "b")])
    assert built(warehouse, "early_stage", "journey_id weeks_ago stage next_stage") == [("j", 8, "a", goal)]
