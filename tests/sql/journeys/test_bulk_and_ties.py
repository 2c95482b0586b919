from __future__ import annotations

from journey_support import MINUTE, walk
from support import rows_of

SECOND = MINUTE / 60


def moves(count: int, start: float, **more) -> list[dict]:
    shared = {"act": "b", "channel": "crm", "source": "crm", "event_kind": "deal_stage_changed", "actor_type": "system"}
    return [
        {"id": f"m{n}", "who": f"w{n}", "deal": f"D{n}", "day": start + n * SECOND, **shared, **more}
        for n in range(count)
    ]


def test_more_than_fifty_deals_in_a_minute_are_moved_in_bulk(warehouse, build) -> None:
    assert build(moves(51, 1)).counts["moved in bulk"] == 51
    assert build(moves(50, 1)).counts["moved in bulk"] == 0


def test_bulk_moves_are_told_as_a_notice(build) -> None:
    assert [(problem.code, problem.is_notice) for problem in build(moves(51, 1)).problems] == [("BULK_MOVES", True)]


def test_deals_that_are_only_dated_are_not_moved_in_bulk(warehouse, build) -> None:
    assert build(moves(51, 1, ts_quality="date_only")).counts["moved in bulk"] == 0


def test_a_tidied_crm_wakes_nobody(warehouse, build) -> None:
    build([*walk("a@0", who="w7"), *moves(60, 20)], until=45)
    found = [row[1:] for row in rows_of(warehouse, "journey", "person_id ending event_count") if row[0] == "w7"]
    assert found == [("silent", 2)]


def test_a_journey_that_only_a_bulk_move_opened_counts_from_there(warehouse, build) -> None:
    build(moves(60, 1), until=20)
    assert {row[0] for row in rows_of(warehouse, "journey", "ending")} == {"open"}


def stages(warehouse) -> list[tuple]:
    return rows_of(warehouse, "stage_episode", "episode_no stage event_count")


def test_of_two_stages_in_one_second_the_last_is_kept(warehouse, build) -> None:
    build(walk(f"a@0 b@1 c@{1 + SECOND / 2} d@2"))
    assert stages(warehouse) == [(1, "a", 1), (2, "c", 2), (3, "d", 1)]


def test_a_journey_may_begin_with_two_stages_in_one_second(warehouse, build) -> None:
    report = build(walk("a@0 c@0 d@2"))
    assert stages(warehouse) == [(1, "c", 2), (2, "d", 1)]
    assert report.counts["outside: between_journeys"] == 0


def test_mere_dates_do_not_share_a_second(warehouse, build) -> None:
    build(walk("a@0 b@0 c@2", ts_quality="date_only"))
    assert [row[1] for row in stages(warehouse)] == ["a", "b", "c"]


def test_what_follows_an_outcome_in_its_second_is_another_matter(warehouse, build) -> None:
    build(walk("a@0 won@0 b@0 b@1"), until=20)
    assert rows_of(warehouse, "journey", "journey_no first_stage ending") == [(1, "a", "won"), (2, "b", "open")]


def test_the_share_of_tied_events_counts_mere_dates_by_the_day(warehouse, build) -> None:
    exact = walk("a@0 a@1 a@1 a@2")
    dated = walk("a@2", who="d", ts_quality="date_only")
    build([*exact, *({**row, "who": "p"} for row in dated), *walk("a@1", who="alone")])
    assert rows_of(warehouse, "order_tie", "segment tied_count event_count customer_count")[0] == ("all", 3, 6, 2)
