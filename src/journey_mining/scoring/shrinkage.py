"""Shrinking many noisy estimates towards their common mean, so that the extreme ones do not win by luck.

Normal-normal empirical Bayes: m_i ~ N(theta_i, v_i), theta_i ~ N(mu, tau2). tau2 by Paule, Mandel 1982 (DerSimonian,
Kacker 2007); intervals by Morris 1983. Any scale on which the estimates are about normal: means as they are, incidences
as log(-log F).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from journey_mining.scoring.competing_risks import FloatArray

_FEWEST = 4
"""three or fewer tell too little of their spread to be drawn anywhere: the correction (k - 3) / (k - 1) is 0"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunk:
    """Estimates after shrinking; arrays have one value per cell, in the order given."""

    estimate: FloatArray
    error: FloatArray
    """standard deviation of what the true value may be"""
    weight: FloatArray
    """share of the common mean in the estimate, from 0 (own data only) to 1"""
    centre: float
    """mu: the common mean"""
    variance: float
    """tau2: how much the true values differ"""

    def interval(self, z: float) -> tuple[FloatArray, FloatArray]:
        """Lower and upper bounds of all cells."""
        return self.estimate - z * self.error, self.estimate + z * self.error


def between_variance(estimates: FloatArray, variances: FloatArray) -> float:
    """tau2 at which the weighted squares about the mean equal their expectation; 0 where they stay below it.

    Raises:
        ValueError: a variance is not positive.
    """
    if not (variances > 0).all():
        message = "every estimate needs a variance above 0"
        raise ValueError(message)

    def surplus(spread: float) -> float:
        weights = 1 / (variances + spread)
        centre = (weights @ estimates) / weights.sum()
        return float(weights @ (estimates - centre) ** 2) - (len(estimates) - 1)

    if len(estimates) < 2 or surplus(0.0) <= 0:  # noqa: PLR2004 - one value has no spread
        return 0.0
    # the squares cannot exceed their expectation once tau2 alone explains all of them
    most = float(((estimates - estimates.mean()) ** 2).sum())
    return float(optimize.brentq(surplus, 0.0, most, xtol=1e-14))


def shrink(estimates: FloatArray, variances: FloatArray) -> Shrunk:
    """Estimates drawn towards their common mean, each as far as its own noise demands; fewer than four stay put.

    Args:
        estimates: one per cell, shape (k,).
        variances: sampling variances of these, above 0, shape (k,).

    Raises:
        ValueError: a variance is not positive.
    """
    spread = between_variance(estimates, variances)
    total = variances + spread
    precision = 1 / total
    count = len(estimates)
    centre = float((precision @ estimates) / precision.sum()) if count else 0.0
    correction = (count - 3) / (count - 1) if count >= _FEWEST else 0.0
    weight = correction * variances / total
    distance = (estimates - centre) ** 2
    # Morris: what is left of the own noise, and what is unknown about the weight itself
    left = variances * (1 - (count - 1) / max(count, 1) * weight)
    unsure = 2 / max(count - 3, 1) * weight**2 * (total.mean() / total) * distance if count else distance
    return Shrunk(
        estimate=(1 - weight) * estimates + weight * centre,
        error=np.sqrt(left + unsure),
        weight=weight,
        centre=centre,
        variance=spread,
    )
