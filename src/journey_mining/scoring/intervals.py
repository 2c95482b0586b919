"""Intervals of shares and means; pure functions over numbers.

Wilson 1927 and Brown, Cai, DasGupta 2001 for shares; Student's t for means; the complementary log-log interval for
cumulative incidences (Kalbfleisch, Prentice 2002, ch. 1). docs/methods.md says where each is used.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Interval = tuple[float, float]

_NO_SPREAD = 1e-12
"""what is left of the spread of equal numbers is rounding"""


def normal_quantile(confidence: float) -> float:
    """Two-sided quantile z of the standard normal distribution.

    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    return float(stats.norm.ppf((1 + confidence) / 2))


def wilson(successes: float, trials: float, z: float) -> Interval:
    """Wilson's score interval of a share; `trials` may be fractional (an effective number). (0, 1) for no trials.

    >>> low, high = wilson(2, 10, 1.959964)
    >>> round(low, 4), round(high, 4)
    (0.0567, 0.5098)
    """
    if trials <= 0:
        return 0.0, 1.0
    share = successes / trials
    shrink = 1 + z * z / trials
    centre = (share + z * z / (2 * trials)) / shrink
    half = z / shrink * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return max(0.0, centre - half), min(1.0, centre + half)


def clustered_wilson(successes: NDArray[np.bool_], cluster: NDArray[np.int64], z: float) -> Interval:
    """Wilson's interval of a share when trials come in clusters (journeys of one customer).

    The trials are replaced by as many independent ones as give the cluster-robust variance; never more than there are,
    never fewer than one; with no variance at all, the number of clusters counts.
    """
    if len(successes) == 0:
        return 0.0, 1.0
    effective = effective_trials(successes, cluster)
    return wilson(float(successes.mean()) * effective, effective, z)


def effective_trials(successes: NDArray[np.bool_], cluster: NDArray[np.int64]) -> float:
    """Number of independent trials that would give a share the same variance; 0 without trials."""
    count = len(successes)
    if count == 0:
        return 0.0
    share = float(successes.mean())
    sums = np.bincount(cluster, weights=successes - share)
    variance = float(sums @ sums) / count**2
    return min(count, max(1.0, share * (1 - share) / variance)) if variance > 0 else len(np.unique(cluster))


def log_log(share: float, standard_error: float, z: float) -> Interval | None:
    """Interval of a cumulative incidence on the scale log(-log F); None where F is 0 or 1 or has no spread."""
    if not 0 < share < 1 or not standard_error > 0:
        return None
    # beyond 50 standard errors both bounds are 0 and 1 to every digit; the bound keeps exp() finite
    spread = min(z * standard_error / (share * abs(math.log(share))), 50.0)
    return share ** math.exp(spread), share ** math.exp(-spread)


def student_t(values: NDArray[np.float64], confidence: float) -> Interval | None:
    """Student's interval of the mean of independent values; None for fewer than two, and where all are equal.

    Equal values say nothing of the spread of those not asked; an interval without width would claim certainty.

    >>> student_t(np.array([1.0]), 0.95) is None
    True
    """
    count = len(values)
    spread = float(values.std(ddof=1)) if count > 1 else 0.0
    if spread <= _NO_SPREAD:
        return None
    half = float(stats.t.ppf((1 + confidence) / 2, count - 1)) * spread / math.sqrt(count)
    mean = float(values.mean())
    return mean - half, mean + half
