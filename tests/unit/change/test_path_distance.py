from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.spatial.distance import jensenshannon

from journey_mining.change.path_distance import divergence, mover_distance, path_distances
from journey_mining.change.path_drift import Walk, chance, flow_rows, mixtures, permutation_p

SHARES = st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any).map(lambda n: np.array(n) / sum(n))
PATHS = [("a", "b"), ("a", "c"), ("a", "b", "c"), ("d",)]


def test_divergence_of_nothing_in_common_is_one_bit() -> None:
    assert divergence(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == 1


def test_moving_half_of_the_people_by_half_a_path_costs_a_quarter() -> None:
    distances = path_distances([("a", "b"), ("a", "c")])
    assert mover_distance(np.array([1.0, 0.0]), np.array([0.5, 0.5]), distances) == pytest.approx(0.25)


def test_permutation_p_is_never_zero() -> None:
    assert permutation_p(0, 999) == 0.001


@drawn(SHARES, SHARES)
def test_divergence_agrees_with_scipy(one: np.ndarray, other: np.ndarray) -> None:
    assert divergence(one, other) == pytest.approx(float(jensenshannon(one, other, base=2)) ** 2, abs=1e-9)


@drawn(SHARES, SHARES)
def test_distance_agrees_with_a_linear_program(one: np.ndarray, other: np.ndarray) -> None:
    distances = path_distances(PATHS)
    rows = [np.kron(np.eye(4)[i], np.ones(4)) for i in range(4)] + [np.kron(np.ones(4), np.eye(4)[j]) for j in range(4)]
    least = linprog(distances.ravel(), A_eq=np.array(rows), b_eq=np.concatenate([one, other])).fun
    assert mover_distance(one, other, distances) == pytest.approx(least, abs=1e-7)


def walks(recent: int, step: str, *, since: int = 0, many: int = 40) -> list[Walk]:
    return [
        Walk(person=f"p{since + i}", segment="s", is_recent=bool(recent), steps=(("a", step), (step, "open")))
        for i in range(many)
    ]


def test_other_ways_are_found_and_the_same_ways_are_not() -> None:
    same = [*walks(0, "b"), *walks(1, "b", since=100), *walks(0, "c", since=200), *walks(1, "c", since=300)]
    other = [*walks(0, "b"), *walks(1, "c", since=100)]
    assert chance(mixtures(other), deals=199).p_value == 1 / 200
    assert chance(mixtures(same), deals=199).p_value > 0.2


def test_journeys_of_one_customer_stay_together() -> None:
    found = mixtures([*walks(0, "b", many=1), *walks(1, "c", many=1)])
    assert (len(found.is_recent), bool(found.is_recent[0])) == (1, False)


def test_flows_of_few_customers_and_their_complements_are_not_told() -> None:
    before = [*walks(0, "b"), *walks(0, "c", since=50, many=5)]
    after = [*walks(1, "b", since=100), *walks(1, "c", since=200, many=30)]
    assert [row for row in flow_rows("s", before, after, small=10, least=30) if row["stage"] == "a"] == []
