from __future__ import annotations

from support import built

COUNTS = "activity next_activity transition_count journey_count customer_count"


def _graph(warehouse, columns: str) -> list[tuple]:
    built(warehouse, "activity_step", "journey_id")
    return [row[1:] for row in built(warehouse, "directly_follows", f"segment {columns}") if row[0] == "all"]


def test_worked_example(warehouse, journeys) -> None:
    journeys(("abc", "won"), ("abc", "won"), ("abc", "lost"), ("ac", "won"))
    assert _graph(warehouse, "activity next_activity transition_count") == [
        ("a", "b", 3),
        ("a", "c", 1),
        ("b", "c", 3),
        ("c", "journey_end:lost", 1),
        ("c", "journey_end:won", 3),
        ("journey_start", "a", 4),
    ]


def test_loops_raise_transitions_but_not_journeys(warehouse, journeys) -> None:
    journeys(("abab", "won"), ("ab", "won"), people="xx")
    assert _graph(warehouse, COUNTS)[0] == ("a", "b", 3, 2, 1)


def test_open_journeys_and_unseen_starts_are_left_out(warehouse, journeys) -> None:
    journeys(("ab", "open"), ("ac", "silent"), ("bc", "won"), uncertain=(2,))
    assert _graph(warehouse, "activity next_activity") == [
        ("a", "c"),
        ("c", "journey_end:silent"),
        ("journey_start", "a"),
    ]


def test_median_is_the_time_between_the_two(warehouse, journeys) -> None:
    journeys(("ab", "won"), ("aab", "won"))
    assert _graph(warehouse, "activity next_activity median_seconds")[0] == ("a", "b", 90.0)
