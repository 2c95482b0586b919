from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pytest

from support import NOON, built, given

EPISODE = (
    "journey_id episode_no person_id stage entered_at exited_at cause event_count delay_days "
    "is_entry_observed is_first_entry lost_how"
)


def _later(days: float):
    return NOON + timedelta(days=days)


@pytest.fixture
def episodes(warehouse):
    def write(*rows: tuple) -> None:
        given(warehouse, "run_setting", "as_of observed_from", [(_later(10), NOON)])
        given(warehouse, "segment_member", "journey_id segment", [("j1", "smb")])
        full = [("j1", n, "p1", "support", *row, 1, 0.0, True) for n, row in enumerate(rows, 1)]
        full = [(*row[:6], row[6], row[8], row[9], row[7], row[10], None) for row in full]
        given(warehouse, "stage_episode", EPISODE, full, lost_how=pa.string(), exited_at=pa.timestamp("us"))

    return write


COLUMNS = "episode_no time_days followed_days cause segment"


def test_days_run_from_entry_to_exit(warehouse, episodes) -> None:
    episodes((NOON, _later(2.5), "lost", True))
    assert built(warehouse, "episode_time", COLUMNS) == [(1, 2.5, 10.0, "lost", "smb")]


def test_an_open_episode_runs_to_the_cutoff(warehouse, episodes) -> None:
    episodes((_later(4), None, "open", True))
    assert built(warehouse, "episode_time", COLUMNS) == [(1, 6.0, 6.0, "open", "smb")]


def test_an_episode_over_before_observation_was_never_at_risk(warehouse, episodes) -> None:
    episodes((NOON, _later(2), "lost", True), (NOON, _later(3), "lost", True))
    warehouse.execute("update stage_episode set delay_days = 2.5")
    assert [row[0] for row in built(warehouse, "episode_time", COLUMNS)] == [2]


def test_an_episode_whose_entry_was_not_seen_is_left_out(warehouse, episodes) -> None:
    episodes((NOON, _later(1), "progress", False), (_later(1), None, "open", True))
    assert [row[0] for row in built(warehouse, "episode_time", COLUMNS)] == [2]
