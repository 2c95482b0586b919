"""How long a silence must last until it means a loss: calibrated on those who were silent and came back.

Among the pauses of a stage (from one sign of life to the next; the last one open at the end of calibration, and so
censored) S(g) is the share that lasts longer than g days, by Kaplan and Meier 1958. Of those silent for G days

    false_lost(G) = 1 - S(G + H) / S(G)

come back within H days all the same, and would have been called lost falsely. G is the smallest number of whole days
with at most 2 % of them. The interval sums the influence of each pause on ln S per customer, as for drop-off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

RETURN_DAYS = 90.0
"""H: how long a return is waited for"""
MOST_FALSE_LOST = 0.02
"""share of the silent that may come back"""
FEWEST_GAPS = 200
"""fewer pauses of a day or more say too little for a threshold of their own"""
LONGEST_SILENCE = 180
"""days; a threshold beyond would leave hardly anything of a year to look at"""

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """Pauses between signs of life, as arrays of one length."""

    days: FloatArray
    is_return: NDArray[np.bool_]
    """the pause ended with a sign of life; else it was open when it was last seen"""
    customer: NDArray[np.int64]
    """number of the customer"""

    @property
    def customer_count(self) -> int:
        """How many customers paused."""
        return len(np.unique(self.customer))

    def where(self, chosen: NDArray[np.bool_]) -> Gaps:
        """Some of the pauses."""
        return Gaps(days=self.days[chosen], is_return=self.is_return[chosen], customer=self.customer[chosen])

    def longer_than(self, days: float) -> Gaps:
        """Those of which more than `days` were seen."""
        return self.where(self.days > days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A threshold and what it costs."""

    days: int
    false_lost: float
    low: float
    high: float


def survival(gaps: Gaps) -> tuple[FloatArray, FloatArray]:
    """Distinct times of returns in days and the share of pauses that last longer than each; returns before censoring.

    >>> gaps = Gaps(days=np.array([1.0, 2, 2]), is_return=np.array([True, True, False]), customer=np.arange(3))
    >>> [values.round(3).tolist() for values in survival(gaps)]
    [[1.0, 2.0], [0.667, 0.333]]
    """
    times, returns = np.unique(gaps.days[gaps.is_return], return_counts=True)
    at_risk = len(gaps.days) - np.searchsorted(np.sort(gaps.days), times, "left")
    lasting: FloatArray = np.cumprod(1 - returns / at_risk, dtype=np.float64)
    return times, lasting


def false_lost(gaps: Gaps, days: Sequence[float] | FloatArray, *, within: float = RETURN_DAYS) -> FloatArray:
    """For each number of days, the share of those silent so long that return within `within` more.

    Where the pauses were not followed so far, as far as they were. 0 where nobody is silent so long.
    """
    times, lasting = survival(gaps)
    steps = np.concatenate([[1.0], lasting])
    asked = np.asarray(days, dtype=np.float64)
    before = steps[np.searchsorted(times, asked, "right")]
    after = steps[np.searchsorted(times, asked + within, "right")]
    return np.where(before > 0, 1 - after / np.where(before > 0, before, 1.0), 0.0)


def false_lost_interval(gaps: Gaps, days: float, *, confidence: float, within: float = RETURN_DAYS) -> Silence | None:
    """Share of false losses after `days` of silence with its interval; None where nobody was silent so long.

    Bounds are F^exp(±z se / (F |ln F|)); where nobody came back, the upper one is Wilson's among customers.
    """
    late = gaps.longer_than(days)
    if not len(late.days):
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    times, lasting = survival(late)
    seen = int(np.searchsorted(times, days + within, "right"))
    share = 1 - float(lasting[seen - 1]) if seen else 0.0
    error = (1 - share) * _log_survival_error(late, times[:seen])
    spread = z * error / (share * abs(math.log(share))) if 0 < share < 1 else 0.0
    if spread <= 0:
        edge = z * z / (late.customer_count + z * z)
        return Silence(days=int(days), false_lost=share, low=min(share, 1 - edge), high=max(share, edge))
    low, high = share ** math.exp(min(spread, 50.0)), share ** math.exp(-min(spread, 50.0))
    return Silence(days=int(days), false_lost=share, low=low, high=high)


def calibrated(gaps: Gaps, *, fewest_customers: int, confidence: float) -> Silence | None:
    """The shortest silence that is rarely broken; None where the pauses were not followed long enough to tell.

    At least `fewest_customers` must have been silent for longer than the threshold, and some followed twice as long:
    else returns would be missing only because nobody waited for them.
    """
    if not len(gaps.days):
        return None
    days = np.arange(1, LONGEST_SILENCE + 1, dtype=np.float64)
    rare = days[(false_lost(gaps, days) <= MOST_FALSE_LOST) & (2 * days <= gaps.days.max())]
    if not len(rare) or gaps.longer_than(float(rare[0])).customer_count < fewest_customers:
        return None
    return false_lost_interval(gaps, float(rare[0]), confidence=confidence)


def _log_survival_error(gaps: Gaps, times: FloatArray) -> float:
    """Standard error of ln S at the last of `times`, clustered by customer.

    The influence of pause i is minus the sum of (dN_i(t) - Y_i(t) d(t)/n(t)) / (n(t) - d(t)).
    """
    if not len(times):
        return 0.0
    at_risk = len(gaps.days) - np.searchsorted(np.sort(gaps.days), times, "left")
    returned = gaps.days[gaps.is_return]
    returns = np.searchsorted(np.sort(returned), times, "right") - np.searchsorted(np.sort(returned), times, "left")
    rest = np.maximum(at_risk - returns, 1)
    expected = np.concatenate([[0.0], np.cumsum(returns / (at_risk * rest))])[
        np.searchsorted(times, gaps.days, "right")
    ]
    place = np.minimum(np.searchsorted(times, gaps.days, "left"), len(times) - 1)
    happened = gaps.is_return & (gaps.days <= times[-1])
    influence = np.where(happened, 1 / rest[place], 0.0) - expected
    sums = np.bincount(gaps.customer, weights=influence)
    return float(np.sqrt(sums @ sums))
