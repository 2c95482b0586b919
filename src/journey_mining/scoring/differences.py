"""Is a difference more than chance, how large may it be, and how strong would a hidden reason have to be.

Pure functions over numbers. Newcombe 1998 (method 10) and its general form (Zou, Donner 2008) for intervals; Klein,
Logan, Harhoff, Andersen 2007 for incidences at a fixed time; Benjamini, Hochberg 1995 for many comparisons;
VanderWeele, Ding 2017 for the E-value. docs/methods.md says where each is used.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import stats

from journey_mining.scoring.intervals import Interval, wilson


def difference_interval(first: float, of_first: Interval, second: float, of_second: Interval) -> Interval:
    """Interval of `first - second` from the intervals of two independent estimates, however lopsided these are."""
    down = math.hypot(first - of_first[0], of_second[1] - second)
    up = math.hypot(of_first[1] - first, second - of_second[0])
    return first - second - down, first - second + up


def newcombe(successes: float, trials: float, other_successes: float, other_trials: float, z: float) -> Interval:
    """Interval of the difference of two independent shares; trials may be fractional (effective numbers).

    >>> low, high = newcombe(56, 70, 48, 80, 1.959964)
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    if not trials or not other_trials:
        return -1.0, 1.0
    return difference_interval(
        successes / trials,
        wilson(successes, trials, z),
        other_successes / other_trials,
        wilson(other_successes, other_trials, z),
    )


def score_z(successes: float, trials: float, other_successes: float, other_trials: float) -> float | None:
    """Standard score of the difference of two shares under a common share; None where both are 0, 1 or empty."""
    if not trials or not other_trials:
        return None
    common = (successes + other_successes) / (trials + other_trials)
    variance = common * (1 - common) * (1 / trials + 1 / other_trials)
    if variance <= 0:
        return None
    return (successes / trials - other_successes / other_trials) / math.sqrt(variance)


def incidence_z(first: float, first_error: float, second: float, second_error: float) -> float | None:
    """Standard score of two cumulative incidences at one time, on the scale log(-log F); positive if the first is more.

    None where an incidence is 0 or 1 or both are without error.
    """
    if not (0 < first < 1 and 0 < second < 1):
        return None
    variance = _log_log_variance(first, first_error) + _log_log_variance(second, second_error)
    if variance <= 0:
        return None
    # log(-log F) falls as F grows
    return (math.log(-math.log(second)) - math.log(-math.log(first))) / math.sqrt(variance)


def two_sided(z: float | None) -> float | None:
    """Probability of a standard score at least as far from 0; None for None.

    >>> round(two_sided(1.959964), 4)
    0.05
    """
    return None if z is None else float(2 * stats.norm.sf(abs(z)))


def false_discovery(probabilities: Sequence[float | None]) -> list[float | None]:
    """The q value of each p value among all that are not None (Benjamini, Hochberg).

    >>> false_discovery([0.01, 0.02, None, 0.03, 0.5])
    [0.04, 0.04, None, 0.04, 0.5]
    """
    places = [place for place, value in enumerate(probabilities) if value is not None]
    values = np.array([probabilities[place] for place in places], dtype=np.float64)
    order = np.argsort(-values, kind="stable")
    ranks = len(values) - np.arange(len(values))
    adjusted = np.minimum(np.minimum.accumulate(values[order] * len(values) / ranks), 1.0)
    found: list[float | None] = [None] * len(probabilities)
    for position, value in zip(order, adjusted, strict=True):
        found[places[int(position)]] = float(value)
    return found


def e_value(ratio: float) -> float:
    """How strongly something unseen would have to go with both sides to explain a ratio of risks away.

    >>> round(e_value(2.0), 3)
    3.414
    """
    away = max(ratio, 1 / ratio)
    return away + math.sqrt(away * (away - 1))


def _log_log_variance(share: float, error: float) -> float:
    return (error / (share * math.log(share))) ** 2
