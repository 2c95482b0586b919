from __future__ import annotations

from typing import Any

from journey_mining.maps.numbers import Limits, Standing
from journey_mining.maps.run_notes import identity_qualities, run_totals
from journey_mining.maps.tables import Tables

LIMITS = Limits(small=10, thin=30)


def tables(table: str, columns: str, rows: list[tuple[Any, ...]]) -> Tables:
    found = tuple(dict(zip(columns.split(), row, strict=True)) for row in rows)
    return Tables(rows={table: found}, metrics={}, exclusions=(), run_count=0)


def totals(*rows: tuple[str, str, str, int]) -> Tables:
    return tables("run_total", "total part side amount", list(rows))


def answers(*rows: tuple[str, str, int, int]) -> Tables:
    return tables("identity_quality", "measure part amount base", list(rows))


def test_a_total_agrees_when_its_parts_add_up_and_every_place_says_the_same() -> None:
    found = run_totals(totals(("rows", "a", "whole", 10), ("rows", "b", "part", 7), ("rows", "c", "part", 3)))
    assert [total.is_equal for total in found] == [True]


def test_a_row_that_was_lost_shows() -> None:
    found = run_totals(totals(("rows", "a", "whole", 10), ("rows", "b", "part", 7), ("rows", "c", "part", 2)))
    assert [total.is_equal for total in found] == [False]


def test_one_place_that_differs_shows() -> None:
    places = [("journeys", "a", "whole", 10), ("journeys", "b", "same", 10), ("journeys", "c", "same", 9)]
    assert [total.is_equal for total in run_totals(totals(*places))] == [False]


def test_a_small_answer_hides_the_next_smallest_with_it() -> None:
    found = identity_qualities(
        answers(("edge", "joined", 500, 540), ("edge", "x", 33, 540), ("edge", "y", 7, 540)), LIMITS
    )
    assert [item.amount.standing for item in found] == [Standing.FULL, Standing.WITHHELD, Standing.HIDDEN]
    assert [item.share is None for item in found] == [False, True, True]


def test_nearly_all_persons_are_as_telling_as_nearly_none() -> None:
    [found] = identity_qualities(answers(("person_in_sources", "2", 995, 1000)), LIMITS)
    assert (found.amount.value, found.share) == (None, None)


def test_nearly_all_events_of_a_source_are_told() -> None:
    [found] = identity_qualities(answers(("event_tied", "crm", 9995, 10000)), LIMITS)
    assert (found.amount.value, found.share) == (9995, 0.9995)
