from __future__ import annotations

import pytest

from journey_mining.scoring.skips import skip_and_order_metrics
from support import given

STAGES = {"a": 1, "b": 2, "c": 3}


@pytest.fixture
def rows(warehouse, reader):
    """Forty customers got to c, ten of them without b; one whose start was not seen skipped it too."""
    journeys = [(f"j{n:02}", f"p{n:02}", "smb", 3, False) for n in range(40)]
    journeys += [("dark", "p99", "smb", 3, True), ("short", "p98", "smb", 2, False)]
    given(warehouse, "journey_time", "journey_id person_id segment furthest_no is_left_uncertain", journeys)
    given(warehouse, "journey_skip", "journey_id stage", [*((f"j{n:02}", "b") for n in range(10)), ("dark", "b")])
    columns = "segment tied_count event_count customer_count journey_count"
    given(warehouse, "order_tie", columns, [("all", 5, 200, 42, 42)])
    found = skip_and_order_metrics(warehouse, STAGES, ["all", "smb"], reader)
    return {(m.estimand, m.segment, m.stage): m for m in found}


def test_a_stage_is_skipped_by_those_who_got_beyond_it_without_it(rows) -> None:
    row = rows["stage_skipped", "smb", "b"]
    assert (row.estimate, row.customer_count, row.event_count) == (0.25, 40, 10)
    # Wilson's interval of 10 of 40
    assert (row.interval_low, row.interval_high) == pytest.approx((0.1419, 0.4019), abs=1e-4)


def test_a_stage_that_everybody_entered_is_skipped_by_none(rows) -> None:
    assert (rows["stage_skipped", "all", "a"].estimate, rows["stage_skipped", "all", "a"].customer_count) == (0, 41)


def test_nobody_gets_beyond_the_last_stage(rows) -> None:
    assert (rows["stage_skipped", "all", "c"].estimate, rows["stage_skipped", "all", "c"].interval_low) == (None, None)


def test_the_share_of_ties_is_of_events_and_a_segment_without_any_has_none(rows) -> None:
    assert rows["tied_share", "all", ""].estimate == 0.025
    assert rows["tied_share", "smb", ""].estimate is None
