from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from journey_mining.journeys.silence import MOST_FALSE_LOST, Gaps, calibrated, false_lost, false_lost_interval, survival


def gaps(days: list[float], is_return: list[int], customer: list[int] | None = None) -> Gaps:
    return Gaps(
        days=np.array(days, dtype=np.float64),
        is_return=np.array(is_return, dtype=np.bool_),
        customer=np.array(customer or range(len(days)), dtype=np.int64),
    )


SIX = gaps([1, 2, 3, 4, 5, 5], [1, 1, 1, 1, 0, 0])
PAUSES = st.lists(st.tuples(st.integers(1, 80), st.booleans()), min_size=1, max_size=60)


def test_pauses_of_which_two_are_still_open() -> None:
    times, lasting = survival(SIX)
    assert times.tolist() == [1, 2, 3, 4]
    assert lasting.tolist() == pytest.approx([5 / 6, 4 / 6, 3 / 6, 2 / 6])


def test_false_losses_after_one_to_four_days_of_silence() -> None:
    assert false_lost(SIX, [1, 2, 3, 4], within=100).tolist() == pytest.approx([0.6, 0.5, 1 / 3, 0])


@settings(max_examples=30, deadline=None, derandomize=True)
@given(PAUSES)
def test_survival_is_that_of_another_library(pauses) -> None:
    days, returned = [float(d) for d, _ in pauses], [int(r) for _, r in pauses]
    other = SurvfuncRight(np.array(days), np.array(returned))
    times, lasting = survival(gaps(days, returned))
    theirs = dict(zip(other.surv_times, other.surv_prob, strict=True))
    assert lasting.tolist() == pytest.approx([theirs[t] for t in times])


@settings(max_examples=30, deadline=None, derandomize=True)
@given(PAUSES, st.integers(1, 60))
def test_the_share_with_an_interval_is_that_of_the_curve(pauses, days) -> None:
    told = gaps([float(d) for d, _ in pauses], [int(r) for _, r in pauses])
    found = false_lost_interval(told, days, confidence=0.95)
    if found is not None:
        assert found.false_lost == pytest.approx(false_lost(told, [days]).item())
        assert 0 <= found.low <= found.false_lost + 1e-12
        assert found.false_lost - 1e-12 <= found.high <= 1


def test_without_censoring_the_error_is_the_binomial_one() -> None:
    # of 100 silent for 10 days, 20 return within 90 and the others later
    found = false_lost_interval(gaps([20.0] * 20 + [150.0] * 80, [1] * 100), 10, confidence=0.95)
    spread = 1.959964 * math.sqrt(0.2 * 0.8 / 100) / (0.2 * abs(math.log(0.2)))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.2 ** math.exp(spread), 0.2 ** math.exp(-spread)), abs=1e-6)


def test_pauses_of_one_customer_do_not_count_as_several() -> None:
    alone = false_lost_interval(gaps([20.0] * 20 + [150.0] * 80, [1] * 100), 10, confidence=0.95)
    in_pairs = false_lost_interval(
        gaps([20.0] * 20 + [150.0] * 80, [1] * 100, [n // 2 for n in range(100)]), 10, confidence=0.95
    )
    assert alone is not None
    assert in_pairs is not None
    assert in_pairs.high - in_pairs.low > 1.3 * (alone.high - alone.low)


def test_where_nobody_returns_only_the_upper_bound_says_something() -> None:
    found = false_lost_interval(gaps([100.0] * 10, [0] * 10), 30, confidence=0.95)
    assert found is not None
    assert (found.false_lost, found.low) == (0, 0)
    assert found.high == pytest.approx(0.2775, abs=1e-4)


def test_the_threshold_is_the_first_day_on_which_returns_are_rare() -> None:
    pauses = gaps([7.0] * 60 + [12.0] * 38 + [100.0] * 100, [1] * 98 + [0] * 100)
    found = calibrated(pauses, fewest_customers=10, confidence=0.95)
    assert found is not None
    assert found.days == 12
    assert false_lost(pauses, [11]).item() > MOST_FALSE_LOST


def test_pauses_not_followed_twice_as_long_yield_no_threshold() -> None:
    returns, silent = [25.0] * 50, 100
    assert (
        calibrated(gaps(returns + [45.0] * silent, [1] * 50 + [0] * silent), fewest_customers=1, confidence=0.95)
        is None
    )
    assert calibrated(gaps(returns + [50.0] * silent, [1] * 50 + [0] * silent), fewest_customers=1, confidence=0.95)


def test_too_few_silent_customers_yield_no_threshold() -> None:
    few = gaps([7.0] * 60 + [100.0] * 9, [1] * 60 + [0] * 9)
    assert calibrated(few, fewest_customers=10, confidence=0.95) is None


def test_no_pause_is_no_threshold() -> None:
    assert calibrated(gaps([], []), fewest_customers=1, confidence=0.95) is None
