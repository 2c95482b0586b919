from __future__ import annotations

from journey_support import walk
from support import rows_of


def skips(warehouse) -> list[tuple]:
    return rows_of(warehouse, "journey_skip", "stage is_before_first")


def test_a_stage_between_others_that_was_never_entered_is_skipped(warehouse, build) -> None:
    build(walk("a@0 d@1"))
    assert skips(warehouse) == [("b", False), ("c", False)]


def test_a_stage_before_the_first_is_skipped_at_the_beginning(warehouse, build) -> None:
    build(walk("b@0 c@1"))
    assert skips(warehouse) == [("a", True)]


def test_a_stage_entered_later_is_not_skipped(warehouse, build) -> None:
    build([{**row, "channel": "crm"} for row in walk("a@0 c@1 b@2 c@3")])
    assert skips(warehouse) == []


def test_stages_a_c_c_d_c_d_are_five_stays_one_return_and_the_furthest_is_d(warehouse, build) -> None:
    build([{**row, "channel": "crm"} for row in walk("a@0 c@1 c@2 d@3 c@4 d@5")])
    stays = rows_of(warehouse, "stage_episode", "episode_no stage cause")
    assert [row[1] for row in stays] == ["a", "c", "d", "c", "d"]
    assert [row[2] for row in stays].count("back") == 1
    assert rows_of(warehouse, "journey", "last_stage furthest_stage") == [("d", "d")]
    assert skips(warehouse) == [("b", False)]
