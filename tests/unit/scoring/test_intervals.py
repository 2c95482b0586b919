from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from journey_mining.scoring.intervals import clustered_wilson, log_log, normal_quantile, student_t, wilson

Z = normal_quantile(0.95)


def test_wilson_by_hand() -> None:
    assert wilson(2, 10, Z) == pytest.approx((0.0567, 0.5098), abs=1e-4)
    assert wilson(0, 10, Z)[1] == pytest.approx(0.2775, abs=1e-4)
    assert wilson(0, 0, Z) == (0.0, 1.0)


def test_wilson_equals_statsmodels() -> None:
    assert wilson(37, 120, Z) == pytest.approx(proportion_confint(37, 120, method="wilson"))


def test_independent_trials_give_the_plain_wilson_interval() -> None:
    holds = np.arange(50) < 12
    assert clustered_wilson(holds, np.arange(50), Z) == pytest.approx(wilson(12, 50, Z))


def test_repeated_trials_of_one_customer_count_once() -> None:
    holds = np.repeat(np.arange(50) < 12, 3)
    assert clustered_wilson(holds, np.repeat(np.arange(50), 3), Z) == pytest.approx(wilson(12, 50, Z))


def test_without_variance_customers_count() -> None:
    assert clustered_wilson(np.zeros(30, bool), np.repeat(np.arange(10), 3), Z) == pytest.approx(wilson(0, 10, Z))


def test_log_log_needs_a_share_inside_and_a_spread() -> None:
    low, high = log_log(0.2, 0.04, Z) or (0, 0)
    assert 0 < low < 0.2 < high < 1
    assert log_log(0.0, 0.1, Z) is None
    assert log_log(0.2, 0.0, Z) is None


def test_equal_values_give_no_interval() -> None:
    assert student_t(np.full(12, 0.1), 0.95) is None


def test_mean_of_two_values_has_a_wide_interval() -> None:
    assert student_t(np.array([0.0, 1.0]), 0.95) == pytest.approx((0.5 - 6.3531, 0.5 + 6.3531), abs=1e-3)
