"""Are those who met something lost more often than those who had come as far without meeting it?

Whoever stays longer meets more, and whoever stays longer may be lost more or less often for reasons of their own. To
compare them with everybody else would find a difference where there is none (immortal time: S. Suissa, Am J Epidemiol
167, 2008). So each is compared with those who had come to the same point by then and had not met it yet: as many steps,
or the same place. What is known only later decides on neither side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from journey_mining.scoring.competing_risks import IntArray
from journey_mining.scoring.differences import two_sided

Floats = NDArray[np.float64]
NEVER = 0
"""step of those who never met it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LossRatio:
    """Share lost of those who met it over that of the others, bounds of its logarithm clustered by customer."""

    ratio: float
    low: float
    high: float
    lost_with: float
    """share lost of those who met it and have somebody to be compared with"""
    lost_without: float
    """share lost of those who had come as far, as often at each step as the first"""
    p_value: float
    """two-sided, of a ratio of 1"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each journey or episode weighs on the two sides; one may stand on both, at different points."""

    with_it: Floats
    without: Floats


def loss_ratio(
    met_at: IntArray,
    step_count: IntArray,
    is_lost: Floats,
    cluster: IntArray,
    z: float,
    *,
    small: int,
    group: IntArray | None = None,
) -> LossRatio | None:
    """Ratio of loss shares of those who met something at a step and of those who had done as many steps.

    Args:
        met_at: step at which each met it, from 1; `NEVER`.
        step_count: steps each did in all.
        is_lost: 1.0 or 0.0.
        cluster: customer numbers from 0.
        z: quantile of the normal distribution for the bounds.
        small: customers that each side that is really compared must hold.
        group: numbers from 0; only those of one group are compared with each other. Without it all are.

    Returns:
        None where a side holds fewer, and where one loses nobody or everybody: nothing then says how sure it is.
    """
    return weighted_ratio(step_weights(met_at, step_count, group), is_lost, cluster, z, small=small)


def step_weights(met_at: IntArray, step_count: IntArray, group: IntArray | None = None) -> Weights:
    """Weights of Mantel and Haenszel (1959) with the steps as strata.

    At step k, n1 meet it and n0 have k steps or more and have not met it yet; both weigh n0 n1 / (n0 + n1) in all.
    """
    with_it, without = np.zeros(len(met_at)), np.zeros(len(met_at))
    for rows in _rows_of_groups(len(met_at), group):
        with_it[rows], without[rows] = _step_weights(met_at[rows], step_count[rows])
    return Weights(with_it=with_it, without=without)


def point_weights(count: int, met: tuple[IntArray, IntArray], came: tuple[IntArray, IntArray]) -> Weights:
    """Weights of Mantel and Haenszel (1959) with points as strata.

    Args:
        count: journeys in all.
        met: journeys that met it and the points they met it at; each journey at most once.
        came: journeys and points they came to without it so far; each pair at most once.
    """
    size = int(max(met[1].max(initial=0), came[1].max(initial=0))) + 1
    meeting = np.bincount(met[1], minlength=size).astype(np.float64)
    others = np.bincount(came[1], minlength=size).astype(np.float64)
    both = np.maximum(meeting + others, 1.0)
    return Weights(
        with_it=_summed(met[0], (others / both)[met[1]], count),
        without=_summed(came[0], (meeting / both)[came[1]], count),
    )


def weighted_ratio(weights: Weights, is_lost: Floats, cluster: IntArray, z: float, *, small: int) -> LossRatio | None:
    """The ratio p1 / p0 of weighted shares.

    The variance of its logarithm is the sum over customers of their squared influence w1 (y - p1) / (W p1) -
    w0 (y - p0) / (W p0), or what it would be if both sides lost alike, where that is more: few who are nearly all lost
    seem to be sure of it. Where everybody meets it at the same point it is the plain ratio of two shares.

    Returns:
        None where a side holds fewer than `small` customers, or loses nobody or everybody.
    """
    for side in (weights.with_it > 0, weights.without > 0):
        if len(np.unique(cluster[side])) < small or is_lost[side].min(initial=1) == is_lost[side].max(initial=0):
            return None
    weight = float(weights.with_it.sum())
    lost_with, lost_without = float(weights.with_it @ is_lost), float(weights.without @ is_lost)
    with_it, without = lost_with / weight, lost_without / weight
    influence = weights.with_it * (is_lost - with_it) / lost_with - weights.without * (is_lost - without) / lost_without
    sums = np.bincount(cluster, weights=influence)
    seen = float(sums @ sums)
    repeated = max(seen / float(influence @ influence), 1.0)
    error = math.sqrt(max(seen, repeated * _variance_if_alike(weights, with_it, without)))
    ratio = with_it / without
    return LossRatio(
        ratio=ratio,
        low=ratio * math.exp(-z * error),
        high=ratio * math.exp(z * error),
        lost_with=with_it,
        lost_without=without,
        p_value=two_sided(math.log(ratio) / error) or 0.0,
    )


def _summed(journey: IntArray, weight: Floats, count: int) -> Floats:
    return np.bincount(journey, weights=weight, minlength=count).astype(np.float64)


def _variance_if_alike(weights: Weights, with_it: float, without: float) -> float:
    """Variance of the logarithm of the ratio for independent losses of one probability, the pooled share.

    Sides are pooled by the numbers of equal weights that are as sure as they are (Kish 1965).
    """
    weight = float(weights.with_it.sum())
    size_with, size_without = (weight**2 / float(side @ side) for side in (weights.with_it, weights.without))
    pooled = (size_with * with_it + size_without * without) / (size_with + size_without)
    apart = (weights.with_it - weights.without) / weight
    return (1 - pooled) / pooled * float(apart @ apart)


def _rows_of_groups(count: int, group: IntArray | None) -> list[IntArray]:
    if group is None:
        return [np.arange(count)]
    return [np.flatnonzero(group == one) for one in np.unique(group)]


def _step_weights(met_at: IntArray, step_count: IntArray) -> tuple[Floats, Floats]:
    # what is met with the very last step, the one that ends all, is met too late to matter
    met = np.where(met_at <= step_count, met_at, NEVER)
    longest = int(step_count.max(initial=0))
    meeting = np.bincount(met, minlength=longest + 1)[1:].astype(np.float64)
    still_without = np.where(met == NEVER, step_count, met - 1)
    others = np.bincount(still_without, minlength=longest + 1)[::-1].cumsum()[::-1][1:].astype(np.float64)
    both = np.maximum(meeting + others, 1.0)
    with_it = np.concatenate([[0.0], others / both])[met]
    without = np.concatenate([[0.0], (meeting / both).cumsum()])[still_without]
    return with_it, without
