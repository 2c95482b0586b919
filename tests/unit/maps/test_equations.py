"""Sums that follow from published totals: part by part it is the same as all in one system."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from journey_mining.maps.equations import Equations
from reader import Reader

PARTS = ("one", "other", "third")
CELLS = st.frozensets(st.sampled_from("abcdef"), min_size=1)
TOTALS = st.lists(st.tuples(st.sets(st.sampled_from(PARTS), min_size=1), CELLS), max_size=12)


def told(totals: list, parts: set[str], cells: frozenset[str]) -> bool:
    equations = Equations(6)
    for names, summed in totals:
        equations.knows(dict.fromkeys(sorted(names), which(summed)))
    return equations.asked(which(cells)[None], PARTS).tells(0, sorted(parts))


def which(cells: frozenset[str]) -> np.ndarray:
    return np.array([cell in cells for cell in "abcdef"])


def test_a_total_less_its_other_cell_tells_a_cell() -> None:
    assert told([({"one"}, frozenset("ab")), ({"one"}, frozenset("b"))], {"one"}, frozenset("a"))


def test_everybody_less_one_segment_tells_the_other() -> None:
    totals = [({"one", "other"}, frozenset("a")), ({"one"}, frozenset("a"))]
    assert told(totals, {"other"}, frozenset("a"))


def test_three_pictures_tell_what_no_two_of_them_do() -> None:
    totals = [({"one"}, frozenset("abc")), ({"one"}, frozenset("ab")), ({"one"}, frozenset("bc"))]
    assert told(totals, {"one"}, frozenset("b"))
    assert not any(told([t for t in totals if t is not one], {"one"}, frozenset("b")) for one in totals)


def test_what_nobody_tells_anything_of_does_not_follow() -> None:
    assert not told([({"one"}, frozenset("a"))], {"one"}, frozenset("b"))
    assert not told([({"one"}, frozenset("a"))], {"other"}, frozenset("a"))


@settings(max_examples=200, deadline=None)
@given(TOTALS, st.sets(st.sampled_from(PARTS), min_size=1), CELLS)
def test_part_by_part_follows_what_follows_from_one_large_system(
    totals: list, parts: set[str], cells: frozenset[str]
) -> None:
    reader = Reader()
    for names, summed in totals:
        reader.knows([(name, cell) for name in sorted(names) for cell in summed])
    wanted = [(name, cell) for name in sorted(parts) for cell in sorted(cells)]
    follows = all(cell in reader.places for cell in wanted) and bool(reader.found({"it": wanted}))
    assert told(totals, parts, cells) == follows
