"""Levels corrected for the errors of an engine."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from journey_mining.voice.levels import calibration, corrected_shares

SHARES = st.lists(st.floats(0.01, 1), min_size=3, max_size=3).map(lambda values: np.array(values) / sum(values))
MEANS = np.array([[0.6, 0.3, 0.1], [0.2, 0.6, 0.2], [0.1, 0.3, 0.6]])


@given(SHARES)
def test_a_mix_that_is_possible_is_found_again(shares):
    assert corrected_shares(MEANS, shares @ MEANS) == pytest.approx(shares, abs=1e-9)


@given(SHARES, st.lists(SHARES, min_size=3, max_size=3).map(np.array))
def test_no_other_mix_explains_the_means_better(observed, means):
    found = corrected_shares(means, observed)
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1)
    other = minimize(
        lambda shares: ((shares @ means - observed) ** 2).sum() * 1e3,
        np.full(3, 1 / 3),
        bounds=[(0, 1)] * 3,
        constraints={"type": "eq", "fun": lambda shares: shares.sum() - 1},
        method="SLSQP",
    ).x
    assert ((found @ means - observed) ** 2).sum() <= ((other @ means - observed) ** 2).sum() + 1e-9


def told(label, times):
    return np.repeat(MEANS[label : label + 1], times, axis=0)


def test_levels_need_fifty_labels_of_each_kind_and_an_engine_that_tells_them_apart():
    labels = np.repeat([0, 1, 2], 50)
    good = calibration(labels, np.concatenate([told(0, 50), told(1, 50), told(2, 50)]))
    assert good.is_usable
    assert good.slope == pytest.approx(0.5)
    assert good.reason == ""
    few = calibration(labels[1:], np.concatenate([told(0, 49), told(1, 50), told(2, 50)]))
    assert not few.is_usable
    assert few.reason.startswith("49 negative, 50 neutral, 50 positive labels")
    blind = calibration(labels, told(1, 150))
    assert not blind.is_usable
    assert "slope 0.00" in blind.reason


def test_texts_without_a_score_are_no_part_of_the_calibration():
    probabilities = np.array([[0.6, 0.3, 0.1], [np.nan] * 3])
    assert calibration(np.array([0, 0]), probabilities).counts == (1, 0, 0)
