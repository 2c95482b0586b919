"""Properties of the shares of a stage: they add up to one for any episodes, and the order of episodes says nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey_mining.scoring.competing_risks import Durations, Shares, cumulative_incidence, shares_at

episode = st.tuples(st.integers(0, 60), st.integers(0, 3), st.integers(0, 20), st.integers(0, 5))
episodes = st.lists(episode, min_size=1, max_size=60)


def shares_of(rows: list[tuple[int, int, int, int]], horizon: int) -> Shares:
    time, cause, delay, cluster = (np.array(column) for column in zip(*rows, strict=True))
    durations = Durations(time=time.astype(float), cause=cause, delay=delay.astype(float), cluster=cluster)
    return shares_at(cumulative_incidence(durations.at_risk_only(), 3), horizon)


@given(rows=episodes, horizon=st.integers(1, 80))
def test_shares_add_up_to_one(rows, horizon) -> None:
    shares = shares_of(rows, horizon)
    assert shares.cause.sum() + shares.under_way == pytest.approx(1.0, abs=1e-12)
    assert (shares.cause >= 0).all()
    assert shares.under_way >= -1e-12


@given(rows=episodes, seed=st.randoms(use_true_random=False))
def test_order_of_episodes_says_nothing(rows, seed) -> None:
    shuffled = seed.sample(rows, len(rows))
    first, second = shares_of(rows, 30), shares_of(shuffled, 30)
    assert second.cause == pytest.approx(first.cause)
    assert second.cause_error == pytest.approx(first.cause_error, abs=1e-12)


@given(rows=episodes)
def test_without_censoring_shares_are_counts(rows) -> None:
    complete = [(time, cause or 1, 0, cluster) for time, cause, _, cluster in rows]
    lost = sum(time <= 30 and cause == 2 for time, cause, _, _ in complete)
    assert shares_of(complete, 30).cause[1] == pytest.approx(lost / len(complete))
