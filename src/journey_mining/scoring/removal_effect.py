"""Removal effects with their errors: what hangs on each touchpoint, clustered by customer.

A removal effect is a smooth function of the incidences that are the transitions of the chain, so that the influence of
each visit on it is known in closed form (infinitesimal jackknife) and no sample has to be drawn. With K absorbing, a_j
the probability to be won from j without meeting K, h_j that of meeting K, N the expected visits:

    d won_points = sum over i of N[start, i] dP_i . v  -  N'[start, i] dP_i . a,    N' the visits without those to K,
    d reach      = sum over i of N'[start, i] dP_i . h.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from journey_mining.scoring.competing_risks import HALF_SECOND, FloatArray, IntArray
from journey_mining.scoring.removal_effect_chain import OPEN, START, Chain, Sojourns, first_met, fit_chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What hangs on each of K touchpoints, with the influence of each of M customers."""

    won: float
    """P(won) of the chain"""
    won_influence: FloatArray
    """shape (M,)"""
    reach: FloatArray
    """probability that a journey ever meets the touchpoint; shape (K,)"""
    reach_influence: FloatArray
    """shape (M, K)"""
    points: FloatArray
    """dP: probability that a journey meets it and is won; shape (K,)"""
    points_influence: FloatArray
    """shape (M, K)"""

    @property
    def won_error(self) -> float:
        """Standard error of P(won)."""
        return float(np.sqrt(self.won_influence @ self.won_influence))

    @property
    def points_error(self) -> FloatArray:
        """Standard errors of dP; shape (K,)."""
        result: FloatArray = np.sqrt((self.points_influence**2).sum(axis=0))
        return result

    @property
    def effect(self) -> FloatArray:
        """RE = dP / P(won); shape (K,)."""
        return self.points / self.won

    @property
    def effect_error(self) -> FloatArray:
        """Standard errors of RE; shape (K,)."""
        influence = (self.points_influence - self.effect * self.won_influence[:, None]) / self.won
        result: FloatArray = np.sqrt((influence**2).sum(axis=0))
        return result

    @property
    def log_ratio(self) -> FloatArray:
        """Logarithm of P(won | meets it) / P(won | does not); nan where either is 0 or nobody does; shape (K,)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.log(self.points / self.reach) - np.log((self.won - self.points) / (1 - self.reach))
        return np.where(np.isfinite(ratio), ratio, np.nan)

    @property
    def log_ratio_influence(self) -> FloatArray:
        """Influence of each customer on `log_ratio`; shape (M, K)."""
        rest = self.won_influence[:, None] - self.points_influence
        with np.errstate(divide="ignore", invalid="ignore"):
            influence = (
                self.points_influence / self.points
                - self.reach_influence / self.reach
                - rest / (self.won - self.points)
                - self.reach_influence / (1 - self.reach)
            )
        return np.where(np.isfinite(influence), influence, np.nan)

    @property
    def log_ratio_error(self) -> FloatArray:
        """Standard errors of `log_ratio`; shape (K,)."""
        result: FloatArray = np.sqrt((self.log_ratio_influence**2).sum(axis=0))
        return result


def rank_intervals(effects: Effects, *, confidence: float, seed: int, draws: int = 1000) -> list[tuple[int, int, int]]:
    """Rank of each touchpoint by dP (1 is most), and the lowest and highest rank that the data allow.

    Ranks are drawn from the normal distribution of all dP together: one normal number a customer, times influence.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    noise = rng.standard_normal((draws, len(effects.points_influence))) @ effects.points_influence
    drawn = _ranks(effects.points + noise)
    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0, method="nearest")
    own = _ranks(effects.points[None, :])[0]
    return [
        (int(rank), min(int(rank), int(first)), max(int(rank), int(last)))
        for rank, first, last in zip(own, low, high, strict=True)
    ]


def _ranks(points: FloatArray) -> IntArray:
    order = np.argsort(-points, axis=1, kind="stable")
    result: IntArray = np.argsort(order, axis=1, kind="stable") + 1
    return result


def removal_effects(sojourns: Sojourns, touchpoints: list[list[int]]) -> tuple[Chain, Effects]:
    """The fitted chain and what hangs on each touchpoint, given as the list of its states."""
    customers = int(sojourns.customer.max()) + 1
    chain = fit_chain(sojourns, np.ones((1, customers)))
    won, visits = chain.won[0], chain.visits[0]
    count, kinds = sojourns.states, len(touchpoints)
    met, points = np.zeros(kinds), np.zeros(kinds)
    # a reward for each destination, and the visits that earn it: won, then won without k, then meeting k
    rewards = np.zeros((count + 2, 1 + 2 * kinds))
    passing = np.zeros((count, 1 + 2 * kinds))
    rewards[:, 0], passing[:, 0] = np.concatenate([won, [1.0, 0.0]]), visits[START]
    for kind, states in enumerate(touchpoints):
        first = first_met(chain, states)[0]
        met[kind], points[kind] = first[START].sum(), first[START] @ won[states]
        rewards[:count, 1 + kind], rewards[count, 1 + kind] = won - first @ won[states], 1.0
        rewards[:count, 1 + kinds + kind] = first.sum(axis=1)
        without = visits[START] - first[START] @ visits[states]
        without[states] = 0.0
        passing[:, 1 + kind] = passing[:, 1 + kinds + kind] = without
    influence = _customer_influence(sojourns, rewards, passing, customers)
    return chain, Effects(
        won=float(won[START]),
        won_influence=influence[:, 0],
        reach=met,
        reach_influence=influence[:, 1 + kinds :],
        points=points,
        points_influence=influence[:, :1] - influence[:, 1 : 1 + kinds],
    )


def _customer_influence(sojourns: Sojourns, rewards: FloatArray, passing: FloatArray, customers: int) -> FloatArray:
    """Influence of each customer on each reward earned on the way; shape (customers, rewards)."""
    total = np.zeros((customers, rewards.shape[1]))
    for state in range(sojourns.states):
        rows = np.flatnonzero(sojourns.source == state)
        if (sojourns.target[rows] != OPEN).any():
            influence = _state_influence(sojourns, rows, rewards) * passing[state]
            np.add.at(total, sojourns.customer[rows], influence)
    return total


def _state_influence(sojourns: Sojourns, rows: IntArray, rewards: FloatArray) -> FloatArray:
    """Influence of each stay in a state on its expected reward, sum of F_j r_j / sum of F_j; delay must be 0.

    The formula is that of competing_risks.py with the events of each destination weighted by its reward; dividing by
    the sum takes (reward - expected reward) instead of the reward.
    """
    time = np.maximum(sojourns.time[rows], HALF_SECOND)
    target = sojourns.target[rows]
    ended = target != OPEN
    moments, place = np.unique(time[ended], return_inverse=True)
    at_risk = (len(time) - np.searchsorted(np.sort(time), moments, "left")).astype(np.float64)
    events = np.bincount(place, minlength=len(moments)).astype(np.float64)
    survival = np.cumprod(1 - events / at_risk)
    before = np.concatenate([[1.0], survival[:-1]]) / at_risk
    earned = np.zeros((len(moments), rewards.shape[1]))
    np.add.at(earned, place, rewards[target[ended]])
    mass = float((before * events).sum())
    expected = (before[:, None] * earned).sum(axis=0) / mass
    excess = earned - events[:, None] * expected
    so_far = np.cumsum(before[:, None] * excess, axis=0)
    rest = at_risk - events
    # once everybody at risk has left, nothing that follows can depend on these events
    later = np.where(rest[:, None] > 0, (so_far[-1] - so_far) / np.where(rest > 0, rest, 1.0)[:, None], 0.0)
    hazard = np.cumsum((before[:, None] * excess - later * events[:, None]) / at_risk[:, None], axis=0)
    hazard = np.concatenate([np.zeros((1, rewards.shape[1])), hazard])
    influence = -hazard[np.searchsorted(moments, time, "right")]
    influence[ended] += before[place, None] * (rewards[target[ended]] - expected) - later[place]
    result: FloatArray = influence / mass
    return result
