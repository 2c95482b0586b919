from __future__ import annotations

from datetime import UTC, datetime

import pytest

from journey_mining.errors import JourneyMiningError
from journey_mining.journeys.parameters import observed_window, setting_row
from journey_support import day, project, write_status


def test_a_late_source_moves_the_cutoff_back_and_a_young_one_the_beginning_forward(warehouse) -> None:
    write_status(warehouse, ("crm", True, -60, 90), ("web", True, 10, 100), ("survey", False, 40, 50))
    window = observed_window(warehouse, project())
    assert (window.observed_from, window.as_of) == (day(10), day(90))


def test_settings_win_and_are_turned_into_utc(warehouse) -> None:
    write_status(warehouse, ("web", True, 10, 100))
    window = observed_window(warehouse, project(as_of="2026-02-01T03:00:00+03:00"))
    assert window.as_of == datetime(2026, 2, 1, tzinfo=UTC).replace(tzinfo=None)


def test_without_decisive_sources_all_of_them_decide(warehouse) -> None:
    write_status(warehouse, ("a", False, 0, 50), ("b", False, 1, 40))
    window = observed_window(warehouse, project())
    assert (window.observed_from, window.as_of) == (day(1), day(40))


def test_a_decisive_source_without_events_is_named_and_bounds_nothing(warehouse) -> None:
    write_status(warehouse, ("crm", True, None, None), ("web", True, 0, 50))
    window = observed_window(warehouse, project())
    assert (window.silent_sources, window.as_of) == (("crm",), day(50))


def test_no_event_at_all_is_an_error_in_three_parts(warehouse) -> None:
    write_status(warehouse, ("web", True, None, None))
    with pytest.raises(JourneyMiningError, match="No source has delivered an event") as caught:
        observed_window(warehouse, project())
    assert caught.value.code == "NO_EVENTS"


def test_sources_whose_times_do_not_overlap_are_refused(warehouse) -> None:
    write_status(warehouse, ("crm", True, 0, 10), ("web", True, 20, 50))
    with pytest.raises(JourneyMiningError, match="window observed is empty"):
        observed_window(warehouse, project())


def test_durations_carry_their_unit_in_the_name(warehouse) -> None:
    write_status(warehouse, ("web", True, 0, 50))
    asked = project(session_timeout="30m", deal_lead="2w", deal_tail="36h", unit="deal")
    row = setting_row(asked, observed_window(warehouse, asked)).to_pylist()[0]
    assert (row["deal_tail_days"], row["session_seconds"], row["deal_lead_days"]) == (1.5, 1800, 14)
    assert (row["unit"], row["segment_facts"]) == ("deal", "first_event")
