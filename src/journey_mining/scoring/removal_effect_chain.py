"""Absorbing chains whose transitions are cumulative incidences, so that what is still under way is not taken for lost.

Transitions of a state are the Aalen-Johansen incidences of its destinations at the end of follow-up, divided by their
sum (competing_risks.py says why). Everything is computed for many weightings of the customers at once: one row of
weights is one draw of a customer bootstrap. Kemeny, Snell 1960 for the algebra; Anderl, Becker, von Wangenheim,
Schumann 2016 for the removal effect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from journey_mining.scoring.competing_risks import HALF_SECOND, FloatArray, IntArray

START = 0
"""number of the state in which every journey begins"""
OPEN = -1
"""destination of a stay that has not ended"""
DRAWS = 200
"""draws of customers behind every interval"""
_LEAK = 1e-10
"""share that leaves a loop without exit, so that a draw that knows no exit can be computed too"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sojourns:
    """Stays in states 0..S-1 as arrays of one length; S is the number of won, S + 1 that of lost."""

    source: IntArray
    target: IntArray
    """destination, or `OPEN`"""
    time: FloatArray
    """days in the state, up to the cutoff while open"""
    delay: FloatArray
    """days after entry from which the stay was under observation"""
    customer: IntArray
    """number of the customer, a column of the weights"""
    states: int
    """S"""

    @property
    def won(self) -> int:
        """Number of the absorbing state won."""
        return self.states

    @property
    def lost(self) -> int:
        """Number of the absorbing state lost."""
        return self.states + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Fitted chains, one for each of D weightings."""

    transition: FloatArray
    """shape (D, S, S + 2); rows sum to 1"""
    sojourn: FloatArray
    """mean days in each state, restricted to the time anybody was followed in it; shape (D, S)"""
    visits: FloatArray
    """N = (I - Q)^-1: expected visits to each state from each state; shape (D, S, S)"""
    won: FloatArray
    """probability to be won in the end from each state; shape (D, S)"""

    @property
    def days(self) -> FloatArray:
        """Expected days from the start to the end; shape (D,)."""
        result: FloatArray = (self.visits[:, START, :] * self.sojourn).sum(axis=1)
        return result


def customer_draws(customers: int, *, seed: int, draws: int = DRAWS) -> FloatArray:
    """Weights of the customers: ones in the first row, then `draws` rows of how often each was drawn.

    Returns:
        Shape (draws + 1, customers).
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    weights = np.ones((draws + 1, customers))
    for row in range(1, draws + 1):
        weights[row] = np.bincount(rng.integers(0, customers, customers), minlength=customers)
    return weights


def fit_chain(sojourns: Sojourns, weights: FloatArray) -> Chain:
    """Chain of each weighting; a state that nobody was seen to leave counts as lost."""
    count = sojourns.states
    transition = np.zeros((len(weights), count, count + 2))
    sojourn = np.zeros((len(weights), count))
    for state in range(count):
        rows = np.flatnonzero(sojourns.source == state)
        transition[:, state, :], sojourn[:, state] = _left_by(sojourns, rows, weights)
    return solve_chain(transition, sojourn)


def solve_chain(transition: FloatArray, sojourn: FloatArray) -> Chain:
    """Visits and probabilities that follow from transitions; shapes as in `Chain`."""
    count = transition.shape[1]
    inner = np.eye(count) - (1 - _LEAK) * transition[:, :, :count]
    visits = np.linalg.inv(inner).astype(np.float64)
    won = (visits @ transition[:, :, count : count + 1])[:, :, 0]
    return Chain(transition=transition, sojourn=sojourn, visits=visits, won=won)


def _left_by(sojourns: Sojourns, rows: IntArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Shares of the destinations of one state, shape (D, S + 2), and its restricted mean days, shape (D,)."""
    nowhere = np.zeros((len(weights), sojourns.states + 2))
    nowhere[:, sojourns.lost] = 1.0
    time = np.maximum(sojourns.time[rows], HALF_SECOND)
    order = np.argsort(time, kind="stable")
    rows, time = rows[order], time[order]
    ended = sojourns.target[rows] != OPEN
    if not ended.any():
        return nowhere, np.full(len(weights), float(time.mean()) if len(time) else 0.0)
    moments, place = np.unique(time[ended], return_inverse=True)
    starts = np.searchsorted(time[ended], moments, "left")
    weight = weights[:, sojourns.customer[rows]]
    events = np.add.reduceat(weight[:, ended], starts, axis=1)
    at_risk = _at_risk(weight, time, sojourns.delay[rows], moments)
    known = at_risk > 0
    risk = np.where(known, at_risk, 1.0)
    stay: FloatArray = np.where(known, np.clip(1 - events / risk, 0.0, 1.0), 1.0)
    survival: FloatArray = np.cumprod(stay, axis=1).astype(np.float64)
    before = np.concatenate([np.ones((len(weights), 1)), survival[:, :-1]], axis=1)
    taken = weight[:, ended] * np.where(known, before / risk, 0.0)[:, place]
    shares = taken @ np.eye(sojourns.states + 2)[sojourns.target[rows][ended]]
    total = shares.sum(axis=1, keepdims=True)
    shares = np.where(total > 0, shares / np.where(total > 0, total, 1.0), nowhere)
    return shares, _restricted_mean(moments, survival, float(time[-1]))


def _at_risk(weight: FloatArray, time: FloatArray, delay: FloatArray, moments: FloatArray) -> FloatArray:
    """Weight of those with delay < t <= time at each moment; `time` is sorted; shape (D, m)."""
    gone = np.concatenate([np.zeros((len(weight), 1)), np.cumsum(weight, axis=1)], axis=1)
    at_risk = gone[:, -1:] - gone[:, np.searchsorted(time, moments, "left")]
    if (delay > 0).any():
        order = np.argsort(delay, kind="stable")
        come = np.concatenate([np.zeros((len(weight), 1)), np.cumsum(weight[:, order], axis=1)], axis=1)
        at_risk = at_risk - (come[:, -1:] - come[:, np.searchsorted(delay[order], moments, "left")])
    result: FloatArray = np.where(at_risk > _LEAK, at_risk, 0.0)
    return result


def _restricted_mean(moments: FloatArray, survival: FloatArray, last: float) -> FloatArray:
    """Area under the survival curves up to the longest stay that was followed; days, shape (D,)."""
    steps = np.diff(np.concatenate([moments, [max(last, float(moments[-1]))]]))
    area: FloatArray = float(moments[0]) + survival @ steps
    return area


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What hangs on one touchpoint, for each weighting."""

    reach: FloatArray
    """probability that a journey ever meets it"""
    won_points: FloatArray
    """dP: probability that a journey meets it and is won, which is lost if everybody who meets it were"""
    win_ratio: FloatArray
    """P(won | meets it) / P(won | does not); nan where one of them is empty or nobody wins without"""


def removal(chain: Chain, states: list[int]) -> Removal:
    """Removal effect of a touchpoint that stands for `states` (several, where it was split by what came before).

    Sending all who come to k to lost changes P(won) by P(ever at k) P(won | at k): the first row of
    N[:, K] N[K, K]^-1 holds the probabilities that the first of the states of k to be met is this one.
    """
    first = first_met(chain, states)[:, START, :]
    reach = first.sum(axis=1)
    points = (first * chain.won[:, states]).sum(axis=1)
    total = chain.won[:, START]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (points / reach) / ((total - points) / (1 - reach))
    return Removal(reach=reach, won_points=points, win_ratio=np.where(np.isfinite(ratio), ratio, np.nan))


def detour_points(chain: Chain, states: list[int]) -> float:
    """Fall of P(won) if those who come to k go on as its visitors do who do not win right there; first weighting only.

    The winning step itself is left out of the successors: with it, going round k would change nothing by construction.
    """
    first = first_met(chain, states)[0]
    count = chain.won.shape[1]
    avoiding = chain.won[0] - first @ chain.won[0, states]
    onward = chain.transition[0, states, :].copy()
    onward[:, states] = 0.0
    onward[:, count] = 0.0
    total = onward.sum(axis=1, keepdims=True)
    onward = np.divide(onward, total, out=np.zeros_like(onward), where=total > 0)[:, :count]
    inside = np.linalg.solve(np.eye(len(states)) - (1 - _LEAK) * onward @ first, onward @ avoiding)
    return float(chain.won[0, START] - avoiding[START] - first[START] @ inside)


def first_met(chain: Chain, states: list[int]) -> FloatArray:
    """Probability that, from each state, the first of `states` to be met is this one; shape (D, S, |states|)."""
    block = np.linalg.inv(chain.visits[:, states, :][:, :, states])
    result: FloatArray = chain.visits[:, :, states] @ block
    return result
