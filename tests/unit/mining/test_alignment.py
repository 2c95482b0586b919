from __future__ import annotations

import pytest

from journey_mining.mining.alignment import Aligner, Kind
from journey_mining.mining.intended import intended_tree
from journey_mining.project import IntendedPath


def aligner(*steps: object) -> Aligner:
    return Aligner(intended_tree(IntendedPath.model_validate({"steps": list(steps)})))


def misfits(trace: str, *steps: object, is_whole: bool = True) -> list[tuple[str, str]]:
    found = aligner(*steps).align(tuple(trace), is_whole=is_whole)
    return [(move.kind.name.lower(), move.step) for move in found.moves if move.kind is not Kind.DONE]


def test_a_skipped_and_an_extra_step_are_told_apart() -> None:
    found = aligner(*"abcd").align(tuple("acdx"), is_whole=True)
    assert found.fitness == 0.75
    assert misfits("acdx", *"abcd") == [("skipped", "b"), ("extra", "x")]


def test_fitness_of_a_log_weighs_journeys() -> None:
    net = aligner(*"abcd")
    found = [net.align(tuple("abcd"), is_whole=True)] * 9 + [net.align(tuple("acdx"), is_whole=True)]
    assert 1 - sum(a.misfit_count for a in found) / sum(a.worst_count for a in found) == pytest.approx(0.975)


def test_an_open_journey_is_not_blamed_for_what_it_has_not_done_yet() -> None:
    net = aligner(*"abcd")
    assert net.align(("a", "b"), is_whole=False).fitness == 1.0
    assert net.align(("a", "b"), is_whole=True).fitness < 0.7


def test_an_open_journey_is_blamed_for_what_it_passed_by() -> None:
    assert misfits("ac", *"abcd", is_whole=False) == [("skipped", "b")]


def test_skipping_explains_more_than_an_extra_step() -> None:
    assert misfits("ac", *"abc") == [("skipped", "b")]


@pytest.mark.parametrize(
    ("trace", "expected"),
    [("ab", []), ("b", []), ("aab", [("extra", "a")]), ("bb", [("extra", "b")])],
)
def test_optional_steps_may_be_left_out(trace: str, expected: list[tuple[str, str]]) -> None:
    assert misfits(trace, {"optional": "a"}, "b") == expected


def test_one_of_a_choice_is_enough() -> None:
    assert misfits("ac", {"any_of": ["a", "b"]}, "c") == []
    assert misfits("abc", {"any_of": ["a", "b"]}, "c") == [("extra", "b")]


def test_steps_in_any_order_are_all_needed() -> None:
    group = {"in_any_order": ["a", "b", "c"]}
    assert misfits("cabd", group, "d") == []
    assert misfits("cad", group, "d") == [("skipped", "b")]


def test_a_repeated_part_may_come_again_as_a_whole() -> None:
    assert misfits("ababc", {"repeat": ["a", "b"]}, "c") == []
    assert misfits("abac", {"repeat": ["a", "b"]}, "c") == [("skipped", "b")]


def test_the_later_of_two_equal_steps_is_the_extra_one() -> None:
    found = aligner(*"abc").align(tuple("abbc"), is_whole=True)
    assert [move.kind for move in found.moves] == [Kind.DONE, Kind.DONE, Kind.EXTRA, Kind.DONE]
