from __future__ import annotations

import pytest

from support import built


def _variants(warehouse, columns: str) -> list[tuple]:
    built(warehouse, "stage_trace", "journey_id")
    rows = built(warehouse, "trace_variant", f"segment variant_no {columns}")
    return [row[2:] for row in rows if row[0] == "all"]


def test_worked_example(warehouse, journeys) -> None:
    journeys(("abc", "won"), ("abc", "won"), ("abc", "won"), ("ac", "won"))
    assert _variants(warehouse, "stages journey_count journey_share cumulative_share") == [
        ("a>b>c", 3, 0.75, 0.75),
        ("a>c", 1, 0.25, 1.0),
    ]


def test_open_journeys_are_variants_of_their_own(warehouse, journeys) -> None:
    journeys(("ab", "won"), ("ab", "open"))
    assert _variants(warehouse, "stages ending journey_count") == [("a>b", "open", 1), ("a>b", "won", 1)]


def test_a_stage_that_repeats_in_a_row_stands_once(warehouse, journeys) -> None:
    journeys(("aab", "won"))
    assert _variants(warehouse, "stages median_days") == [("a>b", pytest.approx(2 / 1440))]


def test_journeys_with_an_unseen_start_are_counted_apart(warehouse, journeys) -> None:
    journeys(("ab", "won"), ("ab", "won"), uncertain=(1,))
    assert _variants(warehouse, "journey_count uncertain_count") == [(2, 1)]
