from __future__ import annotations

import pytest

from journey_mining.mining.conformance import Way, explain, milestones, ways_of
from journey_mining.mining.deviations import DeviationKind
from journey_mining.project import IntendedPath


def way_of(steps: str) -> Way:
    return ways_of((IntendedPath(steps=tuple(steps)),), frozenset())["all"]


def told(trace: str, way: str = "abcd", *, is_whole: bool = True) -> list[tuple[str, str, str, int]]:
    found = explain(way_of(way), tuple(trace), is_whole=is_whole).moves
    return [(d.kind.value, d.step, d.after_step, d.times) for d in found if d.kind is not DeviationKind.DONE]


@pytest.mark.parametrize(
    ("trace", "expected"),
    [
        ("abcd", []),
        ("acdx", [("skipped", "b", "", 1), ("extra", "x", "d", 1)]),
        ("acbd", [("order", "c", "b", 1)]),
        ("bacd", [("order", "b", "a", 1)]),
        ("abccd", [("extra", "c", "c", 1)]),
        ("abbbbcd", [("extra", "b", "b", 3)]),
        ("abcbcbcd", [("extra", "b", "c", 2), ("extra", "c", "b", 2)]),
    ],
)
def test_deviations_in_words(trace: str, expected: list[tuple[str, str, str, int]]) -> None:
    assert told(trace) == expected


def test_a_journey_lost_half_way_skipped_nothing_after_that() -> None:
    assert told("ac", is_whole=False) == [("skipped", "b", "", 1)]


@pytest.mark.parametrize("trace", ["ac", "ab", "ad", "acb", "abx", "adbc"])
def test_the_same_steps_have_the_same_deviations_whatever_became_of_the_journey(trace: str) -> None:
    assert told(trace, is_whole=True) == told(trace, is_whole=False)


def test_fitness_alone_asks_of_a_journey_that_reached_the_goal_for_the_whole_way() -> None:
    found = {end: explain(way_of("abcd"), tuple("ab"), is_whole=end) for end in (True, False)}
    assert [(one.misfit_count, one.deviation_count) for one in found.values()] == [(2, 0), (0, 0)]


def shown(trace: str, way: str = "abcde") -> list[tuple[str, str, str, int, str]]:
    found = explain(way_of(way), tuple(trace), is_whole=False).onsets
    return [(o.kind, o.step, o.after_step, o.at_step, o.place) for o in found if o.kind != "came"]


@pytest.mark.parametrize(
    ("trace", "expected"),
    [
        ("abc", []),
        ("ac", [("skipped", "b", "", 2, "c")]),
        # left out at first sight; then one too many; out of order once c is due and was done before
        (
            "acbd",
            [("skipped", "b", "", 2, "c"), ("extra", "c", "a", 3, "b"), ("order", "c", "b", 4, "d")],
        ),
        # whether it turns back or has leapt shows later
        ("ad", []),
        ("adb", [("extra", "d", "a", 3, "b")]),
        ("ade", [("skipped", "b", "", 3, "e"), ("skipped", "c", "", 3, "e")]),
        # outside of the way there is nobody to be compared with
        ("abx", []),
        ("abxc", [("extra", "x", "b", 4, "c")]),
        # a return to what the journey is past
        ("abcb", [("extra", "b", "c", 4, "b")]),
    ],
)
def test_a_deviation_is_dated_by_what_was_known_then(
    trace: str, expected: list[tuple[str, str, str, int, str]]
) -> None:
    assert shown(trace) == expected


def test_each_step_is_come_to_once() -> None:
    found = explain(way_of("abc"), tuple("abxb"), is_whole=False).onsets
    assert [(o.step, o.at_step, o.place) for o in found if o.kind == "came"] == [("a", 1, "a"), ("b", 2, "b")]


def test_a_very_long_journey_is_explained_up_to_a_point() -> None:
    found = explain(way_of("abcd"), tuple("abcdefghijklmnopqrstuvwxyz" + "abdcfehgjilknmporqtsvuxwzy"), is_whole=True)
    assert (found.is_cut, found.step_count) == (True, 52)


def test_milestones_leave_out_what_the_way_does_not_name() -> None:
    import pandas as pd

    steps = pd.DataFrame(
        [
            ("j", "s1", "ad"),
            ("j", "s1", "blog"),
            ("j", "s1", "ad"),
            ("j", "s2", "blog"),
            ("j", "s2", "call"),
            ("j", "s2", "call"),
        ],
        columns=["journey_id", "stage", "touchpoint"],
    )
    assert milestones(steps, frozenset({"s2", "ad", "call"}), {"s1", "s2"}) == {"j": ("ad", "s2", "call")}
