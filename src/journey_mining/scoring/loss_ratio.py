"""Are those who met something lost more often than those who had come as far without meeting it?

Whoever stays longer meets more, and whoever stays longer may be lost more or less often for reasons of their own. To
compare them with everybody else would find a difference where there is none (immortal time: S. Suissa, Am J Epidemiol
167, 2008). So each is compared with those who had done as many steps by then and had not met it yet.
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


def loss_ratio(
    met_at: IntArray, step_count: IntArray, is_lost: Floats, cluster: IntArray, z: float, *, small: int
) -> LossRatio | None:
    """Ratio of loss shares, step by step, summed with the weights of Mantel and Haenszel (1959).

    At step k, n1 meet it and n0 have k steps or more and have not met it; both are weighed by n0 n1 / (n0 + n1) in all.
    The variance of the logarithm is the sum over customers of their squared influence w1 (y - p1) / (W p1) -
    w0 (y - p0) / (W p0). Where everybody meets it at the same step it is the plain ratio of two shares.

    Args:
        met_at: step at which each met it, from 1; `NEVER`.
        step_count: steps each did in all.
        is_lost: 1.0 or 0.0.
        cluster: customer numbers from 0.
        z: quantile of the normal distribution for the bounds.
        small: customers that each side that is really compared must hold.

    Returns:
        None where a side holds fewer, and where one loses nobody or everybody: nothing then says how sure it is.
    """
    # what is met with the very last step, the one that ends all, is met too late to matter
    met = np.where(met_at <= step_count, met_at, NEVER)
    longest = int(step_count.max(initial=0))
    meeting = np.bincount(met, minlength=longest + 1)[1:].astype(np.float64)
    still_without = np.where(met == NEVER, step_count, met - 1)
    others = np.bincount(still_without, minlength=longest + 1)[::-1].cumsum()[::-1][1:].astype(np.float64)
    both = np.maximum(meeting + others, 1.0)
    weight_with = np.concatenate([[0.0], others / both])[met]
    weight_without = np.concatenate([[0.0], (meeting / both).cumsum()])[still_without]
    for side in (weight_with > 0, weight_without > 0):
        if len(np.unique(cluster[side])) < small or is_lost[side].min(initial=1) == is_lost[side].max(initial=0):
            return None
    weight = float(weight_with.sum())
    lost_with, lost_without = float(weight_with @ is_lost), float(weight_without @ is_lost)
    with_it, without = lost_with / weight, lost_without / weight
    influence = weight_with * (is_lost - with_it) / lost_with - weight_without * (is_lost - without) / lost_without
    sums = np.bincount(cluster, weights=influence)
    error = math.sqrt(float(sums @ sums))
    ratio = with_it / without
    return LossRatio(
        ratio=ratio,
        low=ratio * math.exp(-z * error),
        high=ratio * math.exp(z * error),
        lost_with=with_it,
        lost_without=without,
        p_value=two_sided(math.log(ratio) / error) or 0.0,
    )
