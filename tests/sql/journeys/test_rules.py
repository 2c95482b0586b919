from __future__ import annotations

import pytest

from journey_mining.errors import SettingsError
from journey_support import walk
from support import rows_of


def rule(when: dict, *, priority: int = 1, stage: str = "d", **more: str) -> dict:
    return {"id": f"own{priority}", "priority": priority, "stage": stage, "when": when, **more}


def seen(warehouse) -> list[tuple]:
    return [row[1] for row in rows_of(warehouse, "person_event", "event_no stage_seen")]


def test_the_smallest_priority_wins(warehouse, build) -> None:
    build(walk("a@0"), rules=[rule({"channel": ["web"]}, priority=2), rule({}, priority=3, stage="c")])
    assert rows_of(warehouse, "person_event", "rule_id stage_seen") == [("own2", "d")]


def test_all_keys_must_hold_and_any_value_of_a_list(warehouse, build) -> None:
    build(
        [*walk("a@0"), {"id": "x", "act": "a", "day": 1, "channel": "email"}],
        rules=[rule({"channel": ["email", "chat"], "activity_re": "A"})],
    )
    assert seen(warehouse) == ["a", "d"]


def test_one_field_can_be_named_and_matched_at_once(warehouse, build) -> None:
    build(walk("a@0"), rules=[rule({"event_kind": ["visit"], "event_kind_re": "^deal"})])
    assert seen(warehouse) == ["a"]


def test_a_condition_on_a_missing_value_does_not_hold(warehouse, build) -> None:
    build(walk("a@0"), rules=[rule({"url_re": ".*"}), rule({"score_max": 1.0}, priority=2)])
    assert seen(warehouse) == ["a"]


def test_a_score_is_compared_inclusively(warehouse, build) -> None:
    rows = [{**row, "score_norm": score} for row, score in zip(walk("a@0 a@1"), (0.8, 0.79), strict=True)]
    build(rows, rules=[rule({"score_min": 0.8})])
    assert seen(warehouse) == ["d", "a"]


def test_after_kind_asks_for_a_strictly_earlier_event_of_the_same_person(warehouse, build) -> None:
    sale = {"id": "sale", "act": "n", "day": 1, "event_kind": "deal_won"}
    stranger = {"id": "other", "act": "a", "day": 3, "who": "q"}
    build([*walk("a@0 a@2"), sale, stranger], rules=[rule({"activity_re": "a", "after_kind": ["deal_won", "x"]})])
    assert rows_of(warehouse, "person_event", "event_id stage_seen") == [
        ("e0", "a"),
        ("e1", "d"),
        ("other", "a"),
        ("sale", None),
    ]


def test_an_event_does_not_follow_itself(warehouse, build) -> None:
    build(walk("a@0 a@1", event_kind="deal_won"), rules=[rule({"after_kind": ["deal_won"]})])
    assert seen(warehouse) == ["a", "d"]


def test_not_after_kind_bars_what_follows(warehouse, build) -> None:
    sale = {"id": "sale", "act": "n", "day": 1, "event_kind": "deal_won"}
    build([*walk("a@0 a@2"), sale], rules=[rule({"activity_re": "a", "not_after_kind": ["deal_won"]})])
    assert seen(warehouse) == ["d", None, "a"]


def test_an_excluding_rule_keeps_the_event_out_of_journeys(warehouse, build) -> None:
    report = build(walk("a@0 b@1"), rules=[rule({"activity_re": "b"}, stage="", exclude="internal")])
    assert rows_of(warehouse, "excluded_event", "event_id exclude reason") == [("e1", "internal", "rule own1")]
    assert report.counts["events of persons"] == report.counts["excluded: internal"] == 1


def test_a_malformed_pattern_is_refused_in_words(build) -> None:
    with pytest.raises(SettingsError, match=r"not a regular expression.*missing \)"):
        build(walk("a@0"), rules=[rule({"activity_re": "(oops"})])


def test_an_unknown_activity_is_counted_with_its_customers(warehouse, build) -> None:
    build([*walk("a@0 x@1 x@2"), {"id": "q", "act": "x", "day": 0, "who": "q"}])
    assert rows_of(warehouse, "unmapped_activity", "activity_raw event_count customer_count") == [("x", 3, 2)]


def test_six_tenths_against_four_is_lead_enough_for_a_suggestion(warehouse, build) -> None:
    # neighbours of x: c 8 times before, d twice before, d 6 times after, c 4 times after
    pairs = ["c@0 x@1 d@2"] * 6 + ["c@0 x@1 c@2"] * 2 + ["d@0 x@1 c@2"] * 2
    build([row for number, text in enumerate(pairs) for row in walk(text, who=f"person {number} ")])
    assert rows_of(warehouse, "unmapped_activity", "suggested_stage suggestion_share") == [("c", 0.6)]


def test_without_a_clear_lead_nothing_is_suggested(warehouse, build) -> None:
    build(walk("c@0 x@1 d@2"))
    assert rows_of(warehouse, "unmapped_activity", "activity_raw suggested_stage") == [("x", None)]


def test_low_coverage_is_reported(build) -> None:
    report = build(walk("a@0 x@1"))
    assert [problem.code for problem in report.problems] == ["COVERAGE"]
