from __future__ import annotations

import numpy as np

from journey_mining.scoring.competing_risks import Durations, cumulative_incidence
from journey_mining.scoring.horizon import followed_horizon, wanted_horizon


def _curves(time: list[float], cause: list[int]):
    count = len(time)
    durations = Durations(
        time=np.array(time, float), cause=np.array(cause), delay=np.zeros(count), cluster=np.arange(count)
    )
    return cumulative_incidence(durations, 3)


def test_a_stage_needs_most_progress_plus_the_silence() -> None:
    curves = _curves([*range(1, 11), 40], [1] * 10 + [2])
    assert wanted_horizon(curves, silence_days=45, min_days=30) == 54


def test_a_stage_without_progress_needs_the_silence_only() -> None:
    assert wanted_horizon(_curves([3, 4], [2, 0]), silence_days=45, min_days=30) == 45
    assert wanted_horizon(_curves([3, 4], [2, 0]), silence_days=7, min_days=30) == 30


def test_ten_episodes_must_have_been_followed_so_long() -> None:
    followed = np.array([100.0] * 9 + [20.7] + [5.0] * 50)
    horizon = followed_horizon(54, followed)
    assert (horizon.days, horizon.is_short) == (20, True)


def test_fewer_than_ten_episodes_are_read_as_far_as_the_longest_was_followed() -> None:
    horizon = followed_horizon(54, np.array([3.0, 40.5, 20.0]))
    assert (horizon.days, horizon.is_short) == (40, True)


def test_enough_follow_up_keeps_the_wanted_days() -> None:
    horizon = followed_horizon(54, np.full(10, 54.0))
    assert (horizon.days, horizon.is_short) == (54, False)


def test_an_empty_cell_keeps_the_wanted_days() -> None:
    assert followed_horizon(54, np.array([])).days == 54
