from __future__ import annotations

import pytest

from journey_mining.identity import measure_quality

TRUTH = {"e1": "ann", "e2": "ann", "e3": "bob", "e4": "bob"}


def test_equal_persons_are_perfect_whatever_they_are_called() -> None:
    quality = measure_quality(TRUTH, {"e1": 7, "e2": 7, "e3": 8, "e4": 8})
    assert (quality.pair_precision, quality.pair_recall, quality.b3_precision, quality.b3_recall) == (1, 1, 1, 1)


def test_one_person_of_all_loses_precision_only() -> None:
    quality = measure_quality(TRUTH, dict.fromkeys(TRUTH, 1))
    # 2 of the 6 pairs belong together; half of everybody's person is theirs
    assert (quality.pair_precision, quality.pair_recall) == (pytest.approx(1 / 3), 1)
    assert (quality.b3_precision, quality.b3_recall) == (0.5, 1)


def test_what_was_not_found_stands_alone() -> None:
    quality = measure_quality(TRUTH, {"e1": 1, "e2": 1})
    assert (quality.pair_precision, quality.pair_recall, quality.b3_recall) == (1, 0.5, 0.75)


def test_nothing_is_perfect() -> None:
    assert measure_quality({}, {}).pair_precision == 1
