"""Does what comes after a touchpoint depend on what came before it? If so, a chain without memory is not enough.

For each state, the table of previous v. next states over one visit per customer (visits of one customer are not
independent; the first one is chosen without looking ahead) is tested by the likelihood ratio; q by Benjamini and
Hochberg 1995 over the states of a segment. Whether a difference also matters is Cramer's V.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from journey_mining.scoring.competing_risks import FloatArray, IntArray
from journey_mining.scoring.differences import false_discovery
from journey_mining.scoring.removal_effect_chain import OPEN

MIN_EXPECTED = 5.0
"""rows and columns of a table are merged until every cell expects so many"""
MAX_Q = 0.05
MIN_EFFECT = 0.1
"""Cramer's V below which a dependence is real but too weak to change any number"""
MIN_FLOW = 0.05
"""share of all visits that a state needs for its dependence to matter"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTest:
    """Whether the way on from one state depends on the way to it."""

    p_value: float
    effect: float
    """Cramer's V, from 0 to 1"""


def order_test(previous: IntArray, following: IntArray) -> OrderTest:
    """Likelihood ratio test of independence; rare rows and columns are merged first.

    A table that merges to a single row or column says nothing: p = 1.
    """
    table = _merged(_merged(_table(previous, following)).T).T
    if 1 in table.shape or not table.size:
        return OrderTest(p_value=1.0, effect=0.0)
    result = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    effect = math.sqrt(float(result.statistic) / (float(table.sum()) * (min(table.shape) - 1)))
    return OrderTest(p_value=float(result.pvalue), effect=min(1.0, effect))


def dependent_states(
    source: IntArray, previous: IntArray, target: IntArray, customer: IntArray, states: int
) -> list[int]:
    """States with at least `MIN_FLOW` of the visits whose way on depends on the way to them; sorted.

    Args:
        source: state of each visit.
        previous: state before it; `OPEN` where there is none.
        target: state after it; `OPEN` while it is not known.
        customer: number of the customer of each visit.
        states: number of states.
    """
    flow = np.bincount(source, minlength=states) / max(1, len(source))
    known = (previous != OPEN) & (target != OPEN)
    tests = [_state_test(state, source, previous, target, customer, known) for state in range(states)]
    q_values = [value or 0.0 for value in false_discovery([test.p_value for test in tests])]
    return [
        state
        for state, (test, q_value) in enumerate(zip(tests, q_values, strict=True))
        if flow[state] >= MIN_FLOW and q_value < MAX_Q and test.effect >= MIN_EFFECT
    ]


def _state_test(
    state: int,
    source: IntArray,
    previous: IntArray,
    target: IntArray,
    customer: IntArray,
    known: np.ndarray,
) -> OrderTest:
    rows = np.flatnonzero((source == state) & known)
    first = rows[np.unique(customer[rows], return_index=True)[1]]
    return order_test(previous[first], target[first])


def _table(previous: IntArray, following: IntArray) -> FloatArray:
    if not len(previous):
        return np.zeros((0, 0))
    rows, columns = np.unique(previous, return_inverse=True)[1], np.unique(following, return_inverse=True)[1]
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1)
    return table


def _merged(table: FloatArray) -> FloatArray:
    """The table with its rarest rows added up until each row expects enough in the most and least usual columns."""
    if not table.size:
        return table
    usual = np.sort(table.sum(axis=0))[::-1] / table.sum()
    # with a second column this usual, each remaining row can tell something
    share = float(usual[min(1, len(usual) - 1)])
    needed = MIN_EXPECTED / max(share, 1e-9)
    rows = table[np.argsort(-table.sum(axis=1), kind="stable")]
    enough = rows.sum(axis=1) >= needed
    rest: FloatArray = rows[~enough].sum(axis=0, keepdims=True)
    kept: FloatArray = rows[enough]
    if rest.sum() >= needed or not len(kept):
        return np.concatenate([kept, rest]) if rest.sum() else kept
    kept[-1] = kept[-1] + rest[0]
    return kept
