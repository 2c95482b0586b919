from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from journey_mining.change.cusum import Excursion, cusum, excursions, shifted, weights
from journey_mining.change.limits import CHARTS, LIMITS, limit_for

COUNTS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=60)


@drawn(COUNTS, st.floats(0.05, 0.95), st.sampled_from([1.6, 1 / 1.6]))
def test_the_score_is_the_recursion_of_page(pairs: list[tuple[int, int]], usual: float, ratio: float) -> None:
    events = np.array([min(a, b) for a, b in pairs])
    entries = np.array([max(a, b) for a, b in pairs])
    worse = shifted(usual, ratio)
    event, other = weights(usual, worse)
    score, expected = 0.0, []
    for happened, came in zip(events, entries, strict=True):
        score = max(0.0, score + happened * event + (came - happened) * other)
        expected.append(score)
    assert cusum(events, entries, usual=usual, worse=worse) == pytest.approx(expected, abs=1e-9)


def test_an_excursion_starts_where_the_score_left_zero_and_ends_at_half_the_limit() -> None:
    scores = np.array([0.0, 1.0, 0.0, 2.0, 5.0, 6.0, 3.0, 0.0, 9.0])
    assert excursions(scores, 4.0) == [
        Excursion(started=3, raised=4, ended=7),
        Excursion(started=8, raised=8, ended=None),
    ]


@drawn(st.floats(0.01, 500), st.integers(1, 1000))
def test_more_charts_never_get_a_lower_limit(rate: float, charts: int) -> None:
    assert 0 < limit_for(rate, charts) <= limit_for(rate, charts + 1)


@pytest.mark.parametrize("rate", sorted(LIMITS))
def test_the_table_is_met_at_its_own_points(rate: float) -> None:
    assert [limit_for(rate, charts) for charts in CHARTS] == pytest.approx(list(LIMITS[rate]))


def test_a_year_without_change_raises_few_alarms_and_a_change_is_found() -> None:
    generator = np.random.Generator(np.random.PCG64(7))
    limit = limit_for(8, 18)
    worse = shifted(0.7, 1 / 1.6)
    entries = generator.poisson(8, (300, 120))
    false = [cusum(generator.binomial(row, 0.7), row, usual=0.7, worse=worse).max() > limit for row in entries]
    found = [cusum(generator.binomial(row, 0.55), row, usual=0.7, worse=worse)[:45].max() > limit for row in entries]
    assert (np.mean(false) < 0.03, np.mean(found) > 0.8) == (True, True)
