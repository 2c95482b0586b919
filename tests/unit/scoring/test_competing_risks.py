from __future__ import annotations

import numpy as np
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight

from journey_mining.scoring.competing_risks import (
    Durations,
    cause_quantile,
    cumulative_incidence,
    shares_at,
    survival_quantile,
)

WORKED = ([2, 3, 4, 5, 6, 8], [1, 2, 0, 1, 0, 2])
"""days, causes: progress after 2 and 5, lost after 3 and 8, still open after 4 and 6"""


def durations(time, cause, delay=None, cluster=None) -> Durations:
    count = len(time)
    return Durations(
        time=np.asarray(time, dtype=np.float64),
        cause=np.asarray(cause, dtype=np.int64),
        delay=np.zeros(count) if delay is None else np.asarray(delay, dtype=np.float64),
        cluster=np.arange(count) if cluster is None else np.asarray(cluster, dtype=np.int64),
    ).at_risk_only()


def drawn(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole days until one of two causes or, from day 20 on, censoring."""
    rng = np.random.Generator(np.random.PCG64(seed))
    time, cause = np.ceil(rng.gamma(2, 8, count)), rng.integers(1, 3, count)
    censored = rng.integers(5, 60, count)
    return np.minimum(time, censored).astype(float), np.where(time <= censored, cause, 0)


def oracle_of(time: np.ndarray, cause: np.ndarray) -> CumIncidenceRight:
    with np.errstate(divide="ignore", invalid="ignore"):  # its variance divides by zero once nobody is at risk
        return CumIncidenceRight(time, cause)


def test_worked_example_by_hand() -> None:
    curves = cumulative_incidence(durations(*WORKED), 2)
    assert shares_at(curves, 8).cause.tolist() == pytest.approx([7 / 18, 11 / 18])
    assert shares_at(curves, 5).cause[1] == pytest.approx(1 / 6)
    assert shares_at(curves, 5).at_risk == 3


def test_delayed_entry_leaves_the_early_risk_set() -> None:
    curves = cumulative_incidence(durations([2, 4], [1, 1], delay=[0, 3]), 1)
    assert curves.at_risk.tolist() == [1, 1]
    assert curves.survival.tolist() == [0, 0]


def test_incidence_equals_statsmodels() -> None:
    time, cause = drawn(3, 300)
    curves, oracle = cumulative_incidence(durations(time, cause), 2), oracle_of(time, cause)
    at_events = np.searchsorted(oracle.times, curves.time, "right") - 1
    assert curves.incidence[0] == pytest.approx(oracle.cinc[0][at_events], abs=1e-12)
    assert curves.incidence[1] == pytest.approx(oracle.cinc[1][at_events], abs=1e-12)


def test_standard_error_is_near_the_delta_method_for_single_episodes() -> None:
    time, cause = drawn(4, 400)
    oracle = oracle_of(time, cause)
    expected = oracle.cinc_se[1][np.searchsorted(oracle.times, 15, "right") - 1]
    assert shares_at(cumulative_incidence(durations(time, cause), 2), 15).cause_error[1] == pytest.approx(
        expected, rel=0.02
    )


def test_standard_error_is_binomial_without_censoring() -> None:
    curves = cumulative_incidence(durations([1] * 20 + [2] * 80, [2] * 20 + [1] * 80), 2)
    assert shares_at(curves, 1).cause_error[1] == pytest.approx(np.sqrt(0.2 * 0.8 / 100))


def test_doubled_episodes_of_one_customer_add_no_certainty() -> None:
    time, cause = drawn(5, 200)
    single = shares_at(cumulative_incidence(durations(time, cause), 2), 20)
    doubled = durations(np.tile(time, 2), np.tile(cause, 2), cluster=np.tile(np.arange(200), 2))
    assert shares_at(cumulative_incidence(doubled, 2), 20).cause_error == pytest.approx(single.cause_error)


def test_standard_error_equals_the_customer_bootstrap() -> None:
    rng = np.random.Generator(np.random.PCG64(6))
    time, cause = drawn(7, 300)
    delay, cluster = rng.integers(0, 4, 300).astype(float), np.arange(300) // 3
    time = np.repeat(time[::3], 3) + rng.integers(0, 3, 300)
    draws = [_resampled(rng, time, cause, delay, cluster) for _ in range(400)]
    error = shares_at(cumulative_incidence(durations(time, cause, delay, cluster), 2), 15).cause_error[1]
    assert error == pytest.approx(np.std(draws), rel=0.12)


def _resampled(rng, time, cause, delay, cluster) -> float:
    chosen = np.concatenate([np.flatnonzero(cluster == c) for c in rng.integers(0, 100, 100)])
    sample = durations(time[chosen], cause[chosen], delay[chosen])
    return float(shares_at(cumulative_incidence(sample, 2), 15).cause[1])


def test_an_exit_in_the_second_of_entry_counts() -> None:
    shares = shares_at(cumulative_incidence(durations([0, 5], [1, 0]), 2), 3)
    assert shares.cause.tolist() == [0.5, 0.0]
    assert shares.under_way == 0.5


def test_without_events_everybody_is_under_way() -> None:
    shares = shares_at(cumulative_incidence(durations([4, 5], [0, 0]), 3), 3)
    assert (shares.under_way, shares.cause.tolist(), shares.at_risk) == (1.0, [0.0, 0.0, 0.0], 2)


def test_quantiles_come_from_the_curves() -> None:
    curves = cumulative_incidence(durations([1, 2, 3, 5, 5], [1, 1, 1, 0, 0]), 3)
    assert survival_quantile(curves, 0.5) == 3
    assert survival_quantile(curves, 0.9) is None
    assert cause_quantile(curves, 1, 0.9) == 3
    assert cause_quantile(curves, 2, 0.9) is None
