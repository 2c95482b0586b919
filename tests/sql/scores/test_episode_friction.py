from __future__ import annotations

from datetime import timedelta

import pytest

from support import NOON, built, given


def _at(hours: float):
    return NOON + timedelta(hours=hours)


@pytest.fixture
def frictions(warehouse):
    """Frictions of a journey whose stages and whose events (hour, channel, kind) are given."""

    def find(stages: str, events: list[tuple[float, str, str]], *, hours_per_stage: float = 1000) -> list[tuple]:
        episodes = [
            ("j1", n, stage, _at((n - 1) * hours_per_stage), stage not in stages[: n - 1])
            for n, stage in enumerate(stages, 1)
        ]
        given(warehouse, "stage_episode", "journey_id episode_no stage entered_at is_first_entry", episodes)
        given(warehouse, "stage", "stage stage_no", [("a", 1), ("b", 2), ("c", 3)])
        steps = [("j1", n, _at(hour), channel, kind) for n, (hour, channel, kind) in enumerate(events, 1)]
        given(warehouse, "journey_step", "journey_id step_no occurred_at channel event_kind", steps)
        built(warehouse, "episode_step", "journey_id")
        return built(warehouse, "episode_friction", "episode_no friction")

    return find


def test_a_stage_entered_again_from_a_later_one_is_a_return(frictions) -> None:
    assert frictions("aba", [(0, "web", "view")]) == [(3, "return")]


def test_a_first_entry_that_goes_back_is_no_return(frictions) -> None:
    assert frictions("ba", [(0, "web", "view")]) == []


def test_two_tickets_within_a_week_are_a_repeat_contact(frictions) -> None:
    week = 7 * 24
    assert frictions("a", [(0, "web", "ticket_created"), (week, "web", "ticket_created")]) == [(1, "repeat_contact")]
    assert frictions("a", [(0, "web", "ticket_created"), (week + 1, "web", "ticket_created")]) == []


def test_three_changes_of_channel_count(frictions) -> None:
    channels = ["web", "web", "phone", "email", "phone"]
    assert frictions("a", [(n, channel, "view") for n, channel in enumerate(channels)]) == [(1, "channel_switch")]
    assert frictions("a", [(n, channel, "view") for n, channel in enumerate(channels[:4])]) == []


def test_a_wait_longer_than_nine_in_ten_of_its_stage_counts(frictions) -> None:
    hours = [*range(10), 100]
    assert frictions("a", [(hour, "web", "view") for hour in hours]) == [(1, "long_wait")]


def test_events_of_another_stage_are_not_mixed_in(frictions) -> None:
    events = [(0, "web", "view"), (1, "phone", "view"), (50, "web", "view"), (51, "phone", "view")]
    assert frictions("ab", events, hours_per_stage=50) == []
