from __future__ import annotations

import numpy as np
import pytest

from journey_mining.scoring.competing_risks import Durations, cumulative_incidence
from journey_mining.scoring.removal_effect_chain import (
    OPEN,
    Sojourns,
    customer_draws,
    detour_points,
    fit_chain,
    removal,
    solve_chain,
)

# start > g > won twice, start > m > won, start > g > m > won, start > g > lost
WORKED = np.array([[[0, 0.8, 0.2, 0, 0], [0, 0, 0.25, 0.5, 0.25], [0, 0, 0, 1, 0]]])


def sojourns(source, target, time, *, delay=None, states=1, customer=None) -> Sojourns:
    count = len(source)
    return Sojourns(
        source=np.asarray(source, dtype=np.int64),
        target=np.asarray(target, dtype=np.int64),
        time=np.asarray(time, dtype=np.float64),
        delay=np.zeros(count) if delay is None else np.asarray(delay, dtype=np.float64),
        customer=np.arange(count) if customer is None else np.asarray(customer, dtype=np.int64),
        states=states,
    )


def drawn(seed: int, count: int = 300) -> Sojourns:
    rng = np.random.Generator(np.random.PCG64(seed))
    time, cut = np.ceil(rng.gamma(2, 8, count)), rng.integers(5, 60, count)
    target = np.where(time <= cut, rng.integers(1, 3, count), OPEN)
    return sojourns(np.zeros(count), target, np.minimum(time, cut), delay=rng.integers(0, 4, count))


def test_worked_removal_effects_by_hand() -> None:
    chain = solve_chain(WORKED, np.zeros((1, 3)))
    assert chain.won[0, 0] == pytest.approx(0.8)
    google, mail = removal(chain, [1]), removal(chain, [2])
    assert google.won_points[0] / 0.8 == pytest.approx(0.75)
    assert mail.won_points[0] / 0.8 == pytest.approx(0.5)
    assert google.reach[0] == pytest.approx(0.8)


def test_removal_equals_sending_everybody_to_lost() -> None:
    rng = np.random.Generator(np.random.PCG64(2))
    transition = rng.dirichlet(np.ones(7), (1, 5))
    transition[:, :, 0] = 0
    transition /= transition.sum(axis=2, keepdims=True)
    chain = solve_chain(transition, np.zeros((1, 5)))
    cut = transition.copy()
    cut[:, :, 6] += cut[:, :, [2, 4]].sum(axis=2)
    cut[:, :, [2, 4]] = 0
    expected = chain.won[0, 0] - solve_chain(cut, np.zeros((1, 5))).won[0, 0]
    assert removal(chain, [2, 4]).won_points[0] == pytest.approx(expected)


def test_the_detour_equals_the_chain_rebuilt_without_the_touchpoint() -> None:
    chain = solve_chain(WORKED, np.zeros((1, 3)))
    # g is passed by: a third of its inflow goes on to m, the rest is lost
    onward = np.array([[[0, 0, 0.2 + 0.8 * 0.5, 0, 0.8 * 0.5], [0, 0, 0, 0, 1], [0, 0, 0, 1, 0]]])
    rebuilt = solve_chain(onward, np.zeros((1, 3))).won[0, 0]
    assert detour_points(chain, [1]) == pytest.approx(0.8 - rebuilt)


def test_a_touchpoint_that_never_wins_by_itself_can_be_passed_by_without_loss() -> None:
    transition = np.array([[[0, 1, 0, 0, 0], [0, 0, 0.6, 0, 0.4], [0, 0, 0, 0.5, 0.5]]])
    chain = solve_chain(transition, np.zeros((1, 3)))
    assert detour_points(chain, [1]) == pytest.approx(0, abs=1e-9)
    assert removal(chain, [1]).won_points[0] == pytest.approx(0.3)


def test_transitions_are_the_normalised_incidences() -> None:
    given = drawn(3)
    risks = Durations(time=given.time, cause=given.target.clip(0), delay=given.delay, cluster=given.customer)
    taken = cumulative_incidence(risks.at_risk_only(), 2).incidence[:, -1]
    # those never under observation weigh nothing in either
    seen = risks.is_observed
    kept = sojourns(given.source[seen], given.target[seen], given.time[seen], delay=given.delay[seen])
    fitted = fit_chain(kept, np.ones((1, int(seen.sum())))).transition[0, 0]
    assert fitted[1:] == pytest.approx(taken / taken.sum())


def test_an_open_stay_is_not_lost() -> None:
    chain = fit_chain(sojourns([0] * 4, [1, 2, OPEN, OPEN], [5, 5, 1, 1]), np.ones((1, 4)))
    assert chain.won[0, 0] == pytest.approx(0.5)


def test_a_drawn_customer_counts_as_often_as_drawn() -> None:
    given = drawn(4, 60)
    weights = customer_draws(60, seed=1, draws=3)
    chosen = np.repeat(np.arange(60), weights[2].astype(int))
    again = sojourns(given.source[chosen], given.target[chosen], given.time[chosen], delay=given.delay[chosen])
    expected = fit_chain(again, np.ones((1, len(chosen))))
    fitted = fit_chain(given, weights)
    assert fitted.transition[2] == pytest.approx(expected.transition[0])
    assert fitted.sojourn[2] == pytest.approx(expected.sojourn[0])


def test_expected_days_add_up_along_the_way() -> None:
    # A: to B .6, lost .4, 5 days; B: to A .2, won .5, lost .3, 10 days
    transition = np.array([[[0, 0.6, 0, 0.4], [0.2, 0, 0.5, 0.3]]])
    chain = solve_chain(transition, np.array([[5.0, 10.0]]))
    assert chain.won[0, 0] == pytest.approx(0.3409, abs=5e-5)
    assert chain.days[0] == pytest.approx(12.5)


def test_a_loop_without_exit_is_never_won() -> None:
    chain = solve_chain(np.array([[[0, 1.0, 0, 0], [1.0, 0, 0, 0]]]), np.zeros((1, 2)))
    assert chain.won[0, 0] == 0
