from __future__ import annotations

from journey_support import MINUTE, day, walk
from support import rows_of

SPAN = "started_at last_event_at ending ended_at"
O_1_3 = "a@0 a@1 won@2 a@3 a@4 a@44"


def spans(warehouse) -> list[tuple]:
    return rows_of(warehouse, "journey", SPAN)


def test_a_journey_ends_with_an_outcome_or_with_silence(warehouse, build) -> None:
    build(walk(O_1_3), until=50)
    assert spans(warehouse) == [
        (day(0), day(2), "won", day(2)),
        (day(3), day(4), "silent", day(34)),
        (day(44), day(44), "open", None),
    ]


def test_an_earlier_cutoff_gives_the_same_beginning(warehouse, build) -> None:
    build(walk(O_1_3), until=40)
    assert spans(warehouse) == [(day(0), day(2), "won", day(2)), (day(3), day(4), "silent", day(34))]


def test_events_after_the_cutoff_are_counted_outside(warehouse, build) -> None:
    report = build(walk(O_1_3), until=40)
    assert report.counts["outside: after_cutoff"] == 1


def test_only_a_gap_longer_than_the_threshold_cuts(warehouse, build) -> None:
    build([*walk("a@0 a@30"), *walk(f"a@0 a@{30 + MINUTE}", who="q")])
    assert rows_of(warehouse, "journey", "person_id journey_no") == [("p", 1), ("q", 1), ("q", 2)]


def test_the_threshold_is_that_of_the_stage_the_customer_is_in(warehouse, build) -> None:
    build(walk("a@0 b@1 b@40 c@41 c@80"), until=90, silence={"b": "40d"})
    assert [(row[0], row[1]) for row in spans(warehouse)] == [(day(0), day(41)), (day(80), day(80))]


def test_a_neutral_event_keeps_the_customer_from_being_silent(warehouse, build) -> None:
    build(walk("a@0 n@20 a@40"))
    assert warehouse.count("journey") == 1


def robot(*days: float, **more) -> list[dict]:
    return [{"id": f"r{n}", "act": "n", "day": d, "actor_type": "system", **more} for n, d in enumerate(days)]


def test_a_robot_that_touches_the_card_wakes_nobody(warehouse, build) -> None:
    build([*walk("a@0"), *robot(20, 45, 70, 95)], until=100)
    assert rows_of(warehouse, "journey", "last_event_at ending ended_at") == [(day(20), "silent", day(30))]


def test_work_of_an_agent_does_not_tie_two_journeys_together(warehouse, build) -> None:
    build([*walk("a@0 a@40"), *robot(20, actor_type="agent")])
    assert rows_of(warehouse, "journey", "started_at event_count") == [(day(0), 2), (day(40), 1)]


def test_a_deal_that_moves_is_a_sign_of_its_customer(warehouse, build) -> None:
    build([*walk("a@0"), *robot(20, act="b")], until=45)
    assert rows_of(warehouse, "journey", "ending ended_at") == [("open", None)]


def test_silence_is_known_only_when_the_threshold_has_passed(warehouse, build) -> None:
    build(walk("a@0"), until=29.9)
    assert spans(warehouse) == [(day(0), day(0), "open", None)]


def test_neutral_events_open_no_journey(warehouse, build) -> None:
    report = build(walk("n@0 a@1 n@2 won@3 n@4 n@5"))
    assert spans(warehouse) == [(day(1), day(3), "won", day(3))]
    assert report.counts["outside: between_journeys"] == 3


def test_an_outcome_without_a_journey_opens_none(warehouse, build) -> None:
    build(walk("a@0 lost@40"))
    assert spans(warehouse) == [(day(0), day(0), "silent", day(30))]


def test_what_the_crm_books_within_an_hour_after_an_outcome_opens_no_journey(warehouse, build) -> None:
    late = [("p", "crm", 59), ("q", "crm", 61), ("r", "web", 1)]
    booked = [{"id": who, "who": who, "act": "b", "day": 1 + m * MINUTE, "channel": c} for who, c, m in late]
    build([*walk("a@0 won@1"), *walk("a@0 won@1", who="q"), *walk("a@0 won@1", who="r"), *booked])
    assert rows_of(warehouse, "journey", "person_id journey_no", order_by="person_id journey_no")[1:] == [
        ("q", 1),
        ("q", 2),
        ("r", 1),
        ("r", 2),
    ]


def test_a_journey_remembers_the_lost_or_silent_one_before_it(warehouse, build) -> None:
    build(walk("a@0 lost@1 a@2 won@3 a@4"))
    rows = rows_of(warehouse, "journey", "journey_no journey_id reactivated_from")
    assert [row[2] for row in rows] == [None, rows[0][1], None]


def test_the_furthest_stage_stays_when_the_customer_goes_back(warehouse, build) -> None:
    build(walk("a@0 c@1 b@2 b@3"))
    assert rows_of(warehouse, "journey", "first_stage furthest_stage last_stage") == [("a", "c", "b")]


def test_ties_are_ordered_by_order_key_and_then_by_event_id(warehouse, build) -> None:
    rows = walk("a@0 b@0 c@0")
    keys = ["2", "1", "1"]
    build([{**row, "order_key": key} for row, key in zip(rows, keys, strict=True)])
    assert [row[1] for row in rows_of(warehouse, "journey_step", "step_no event_id")] == ["e1", "e2", "e0"]


def test_a_journey_is_left_uncertain_when_its_beginning_may_lie_before_observation(warehouse, build) -> None:
    at_the_edge = walk("a@29", who="edge")
    later = walk("a@31", who="later")
    known_from_the_crm = walk("a@5", who="known", event_kind="deal_created")
    over_before = walk("a@-40", who="over", event_kind="deal_created")
    build([*at_the_edge, *later, *known_from_the_crm, *over_before], since=0)
    uncertain = rows_of(warehouse, "journey", "person_id is_left_uncertain")
    # the CRM dates a deal, but not what its customer did on the web before
    assert uncertain == [("edge", True), ("known", True), ("later", False), ("over", True)]


def test_nobody_comes_back_from_a_silence_that_nobody_could_hear(warehouse, build) -> None:
    build([{"id": "crm", "act": "a", "day": -40, "event_kind": "deal_created"}, *walk("a@5")], since=0)
    assert rows_of(warehouse, "journey", "journey_no reactivated_from") == [(1, None), (2, None)]


def test_each_step_knows_its_stage_and_touchpoint(warehouse, build) -> None:
    build(walk("a@0 n@1 b@2 zzz@3"))
    steps = rows_of(warehouse, "journey_step", "step_no stage touchpoint")
    assert steps == [(1, "a", "page_a"), (2, "a", None), (3, "b", "page_b"), (4, "b", None)]
