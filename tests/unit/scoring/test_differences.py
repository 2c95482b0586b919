from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from journey_mining.scoring.differences import (
    difference_interval,
    e_value,
    false_discovery,
    incidence_z,
    newcombe,
    score_z,
    two_sided,
)
from journey_mining.scoring.intervals import normal_quantile

Z = normal_quantile(0.95)
PROBABILITIES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def test_newcombe_by_its_own_example() -> None:
    assert newcombe(56, 70, 48, 80, Z) == pytest.approx((0.0524, 0.3339), abs=1e-4)


def test_newcombe_equals_statsmodels() -> None:
    expected = confint_proportions_2indep(9, 40, 31, 55, method="newcomb")
    assert newcombe(9, 40, 31, 55, Z) == pytest.approx(expected)


def test_an_empty_side_says_nothing() -> None:
    assert newcombe(0, 0, 5, 10, Z) == (-1.0, 1.0)
    assert score_z(0, 0, 5, 10) is None
    assert score_z(0, 10, 0, 10) is None


def test_two_equal_intervals_make_one_wider_by_the_root_of_two() -> None:
    low, high = difference_interval(0.5, (0.4, 0.6), 0.3, (0.2, 0.4))
    assert (low, high) == pytest.approx((0.2 - 0.1 * math.sqrt(2), 0.2 + 0.1 * math.sqrt(2)))


def test_score_of_incidences_is_positive_where_the_first_is_more() -> None:
    assert incidence_z(0.4, 0.03, 0.2, 0.03) > 3
    assert incidence_z(0.2, 0.03, 0.4, 0.03) == pytest.approx(-incidence_z(0.4, 0.03, 0.2, 0.03))
    assert incidence_z(0.0, 0.0, 0.4, 0.03) is None


def test_score_of_incidences_by_hand() -> None:
    spread = math.sqrt((0.05 / (0.5 * math.log(0.5))) ** 2 + (0.04 / (0.3 * math.log(0.3))) ** 2)
    by_hand = (math.log(-math.log(0.3)) - math.log(-math.log(0.5))) / spread
    assert incidence_z(0.5, 0.05, 0.3, 0.04) == pytest.approx(by_hand)


def test_false_discovery_by_hand() -> None:
    assert false_discovery([0.01, 0.02, 0.03, 0.5]) == pytest.approx([0.04, 0.04, 0.04, 0.5])
    assert false_discovery([None, 0.2]) == [None, 0.2]
    assert false_discovery([]) == []


@drawn(PROBABILITIES)
def test_false_discovery_equals_statsmodels(values: list[float]) -> None:
    assert false_discovery(values) == pytest.approx(multipletests(values, method="fdr_bh")[1])


@drawn(PROBABILITIES)
def test_a_q_value_is_never_below_its_p_value(values: list[float]) -> None:
    assert all(q >= p - 1e-12 for p, q in zip(values, false_discovery(values), strict=True))


def test_two_sided_probability() -> None:
    assert two_sided(-Z) == pytest.approx(0.05)
    assert two_sided(None) is None


def test_a_doubled_risk_needs_a_hidden_reason_of_three_and_a_half() -> None:
    assert e_value(2.0) == pytest.approx(3.4142, abs=1e-4)
    assert e_value(0.5) == pytest.approx(e_value(2.0))
    assert e_value(1.0) == 1.0


def test_null_differences_are_called_significant_one_time_in_twenty() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    successes = rng.binomial(400, 0.2, size=(2000, 2))
    found = [abs(score_z(a, 400, b, 400)) > Z for a, b in successes]
    assert np.mean(found) == pytest.approx(0.05, abs=0.015)
