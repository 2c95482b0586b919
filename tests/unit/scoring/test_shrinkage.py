from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from journey_mining.scoring.shrinkage import between_variance, shrink

MEANS, VARIANCES = np.array([0.4, -0.4, 0.2, -0.2, 0.3, -0.3]), np.full(6, 0.04)
CELLS = st.lists(st.tuples(st.floats(-1, 1), st.floats(0.001, 1)), min_size=1, max_size=12)


def test_six_means_by_hand() -> None:
    found = shrink(MEANS, VARIANCES)
    assert found.variance == pytest.approx(MEANS.var(ddof=1) - 0.04, abs=1e-6)
    assert found.centre == pytest.approx(0, abs=1e-9)
    assert found.estimate[0] == pytest.approx(0.4 * (1 - 3 / 5 * 0.04 / (found.variance + 0.04)))


def test_spread_equals_statsmodels() -> None:
    assert combine_effects(MEANS, VARIANCES, method_re="iterated").tau2 == pytest.approx(
        between_variance(MEANS, VARIANCES), abs=1e-4
    )


def test_equal_means_are_left_alone() -> None:
    found = shrink(np.full(5, 0.3), np.full(5, 0.01))
    assert found.variance == 0
    assert found.estimate == pytest.approx(np.full(5, 0.3))


def test_three_cells_tell_too_little_to_be_drawn_anywhere() -> None:
    found = shrink(np.array([0.1, 0.2, 0.9]), np.full(3, 0.04))
    assert (found.estimate.tolist(), found.error.tolist()) == ([0.1, 0.2, 0.9], [0.2] * 3)


def test_a_single_cell_has_nothing_to_shrink_to() -> None:
    found = shrink(np.array([0.7]), np.array([0.04]))
    assert (found.estimate[0], found.error[0]) == pytest.approx((0.7, 0.2))


def test_no_cells_at_all() -> None:
    assert len(shrink(np.zeros(0), np.zeros(0)).estimate) == 0


def test_a_variance_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        shrink(np.array([0.1, 0.2]), np.array([0.1, 0.0]))


@drawn(CELLS)
def test_shrunk_values_lie_between_their_own_and_the_common_mean(cells: list[tuple[float, float]]) -> None:
    means, variances = np.array([c[0] for c in cells]), np.array([c[1] for c in cells])
    found = shrink(means, variances)
    assert (np.minimum(means, found.centre) - 1e-9 <= found.estimate).all()
    assert (found.estimate <= np.maximum(means, found.centre) + 1e-9).all()
    low, high = found.interval(1.96)
    assert (low <= found.estimate).all()
    assert (found.estimate <= high).all()


def test_shrinking_halves_the_overstatement_of_the_worst_cell() -> None:
    rng = np.random.Generator(np.random.PCG64(5))
    raw, shrunk, covered = [], [], []
    for _ in range(200):
        truth = rng.normal(0, 0.1, 48)
        variance = 0.6 / rng.integers(6, 26, 48)
        seen = rng.normal(truth, np.sqrt(variance))
        found = shrink(seen, variance)
        low, high = found.interval(1.96)
        covered.append(((low <= truth) & (truth <= high)).mean())
        raw.append((seen - truth)[seen.argmin()])
        shrunk.append((found.estimate - truth)[found.estimate.argmin()])
    assert abs(np.mean(shrunk)) < abs(np.mean(raw)) / 2
    assert np.mean(covered) > 0.92
