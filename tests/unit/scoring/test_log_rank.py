from __future__ import annotations

import numpy as np
import pytest
from statsmodels.duration.survfunc import survdiff

from journey_mining.scoring.competing_risks import Durations
from journey_mining.scoring.log_rank import log_rank


def _group(time, cause=None, delay=None, cluster=None) -> Durations:
    times = np.asarray(time, float)
    return Durations(
        time=times,
        cause=np.ones(len(times), np.int64) if cause is None else np.asarray(cause),
        delay=np.zeros(len(times)) if delay is None else np.asarray(delay, float),
        cluster=np.arange(len(times)) if cluster is None else np.asarray(cluster),
    )


def test_four_exits_by_hand() -> None:
    found = log_rank(_group([1, 2]), _group([3, 4], cluster=[2, 3]))
    assert found.surplus**2 / found.variance == pytest.approx((7 / 6) ** 2 / (17 / 36))
    assert found.z > 0


def test_late_entry_equals_statsmodels() -> None:
    rng = np.random.Generator(np.random.PCG64(3))
    delay, group = rng.uniform(0, 3, 200), np.repeat([0, 1], 100)
    time, cause = delay + rng.exponential(5, 200), rng.integers(0, 2, 200)
    expected, _ = survdiff(time, cause, group, entry=delay)
    sides = [_group(time[group == g], cause[group == g], delay[group == g], np.flatnonzero(group == g)) for g in (0, 1)]
    found = log_rank(*sides)
    assert found.surplus**2 / found.variance == pytest.approx(expected)


def test_repeated_episodes_of_one_customer_count_once() -> None:
    rng = np.random.Generator(np.random.PCG64(4))
    one, two = rng.exponential(4, 80), rng.exponential(6, 80)
    single = log_rank(_group(one), _group(two, cluster=np.arange(80, 160)))
    tripled = log_rank(
        _group(np.repeat(one, 3), cluster=np.repeat(np.arange(80), 3)),
        _group(np.repeat(two, 3), cluster=np.repeat(np.arange(80, 160), 3)),
    )
    assert tripled.z == pytest.approx(single.z, rel=0.1)


def test_without_exits_there_is_no_score() -> None:
    assert log_rank(_group([1.0], cause=[0]), _group([2.0], cause=[0], cluster=[1])).z is None
