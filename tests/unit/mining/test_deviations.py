from __future__ import annotations

import pytest

from journey_mining.mining.alignment import Aligner
from journey_mining.mining.conformance import explain, milestones
from journey_mining.mining.deviations import DeviationKind
from journey_mining.mining.intended import intended_tree
from journey_mining.project import IntendedPath


def told(trace: str, way: str = "abcd", *, is_whole: bool = True) -> list[tuple[str, str, str, int]]:
    aligner = Aligner(intended_tree(IntendedPath(steps=tuple(way))))
    found = explain(aligner, tuple(trace), is_whole=is_whole).moves
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


def test_a_very_long_journey_is_explained_up_to_a_point() -> None:
    aligner = Aligner(intended_tree(IntendedPath(steps=tuple("abcd"))))
    found = explain(aligner, tuple("abcdefghijklmnopqrstuvwxyz" + "abdcfehgjilknmporqtsvuxwzy"), is_whole=True)
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
