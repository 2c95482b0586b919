"""Competing risks: what became of those who entered, when some are still under way and some were seen only later.

Aalen, Johansen 1978; Putter, Fiocco, Geskus 2007. With causes k, at the distinct event times t:

    n(t)   = number of episodes with delay < t <= time            (delayed entry, or left truncation)
    S(t)   = product over s <= t of (1 - d(s) / n(s))
    F_k(t) = sum over s <= t of S(s-) d_k(s) / n(s)               so that sum of F_k + S = 1

The variance sums the influence of each episode per customer (infinitesimal jackknife), so that several episodes of one
customer are not counted as independent. The influence of episode i on F_k(h) is, over event times t <= h,

    sum of a(t) (dN_ki(t) - Y_i(t) d_k(t)/n(t)) - b(t) (dN_i(t) - Y_i(t) d(t)/n(t)),
    a(t) = S(t-) / n(t),   b(t) = (F_k(h) - F_k(t)) / (n(t) - d(t)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

HALF_SECOND = 0.5 / 86400
"""days; an exit in the second of the entry happened after it, not never"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """Episodes as arrays of one length."""

    time: FloatArray
    """days from entry to exit, or to the cutoff while open"""
    cause: IntArray
    """0 while open, else the number of the cause from 1"""
    delay: FloatArray
    """days after entry from which the episode was under observation"""
    cluster: IntArray
    """number of the customer"""

    @property
    def is_observed(self) -> NDArray[np.bool_]:
        """Which episodes were ever under observation; those seen from entry on always were."""
        return (self.time > self.delay) | (self.delay <= 0)

    def at_risk_only(self) -> Durations:
        """Episodes that were ever under observation; exits in the second of entry count as half a second."""
        kept = self.is_observed
        time = np.where(self.delay <= 0, np.maximum(self.time, HALF_SECOND), self.time)
        return Durations(time=time[kept], cause=self.cause[kept], delay=self.delay[kept], cluster=self.cluster[kept])


@dataclass(frozen=True, slots=True, kw_only=True)
class Incidence:
    """Curves on the distinct event times; K causes, m times."""

    durations: Durations
    time: FloatArray
    at_risk: FloatArray
    """n(t), shape (m,)"""
    events: FloatArray
    """d_k(t), shape (K, m)"""
    survival: FloatArray
    """S(t), shape (m,)"""
    incidence: FloatArray
    """F_k(t), shape (K, m)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Where those who entered are `horizon` days later."""

    cause: FloatArray
    """F_k(h), shape (K,)"""
    cause_error: FloatArray
    """standard errors of F_k(h), clustered by customer"""
    under_way: float
    """S(h)"""
    under_way_error: float
    events: IntArray
    """events of each cause up to h, shape (K,)"""
    at_risk: int
    """episodes still under observation and under way at h"""


def cumulative_incidence(durations: Durations, causes: int) -> Incidence:
    """Curves of all causes. Events come before censorings of the same time; `durations` must be `at_risk_only`."""
    time, cause = durations.time, durations.cause
    event_times, position = np.unique(time[cause > 0], return_inverse=True)
    events = np.zeros((causes, len(event_times)))
    np.add.at(events, (cause[cause > 0] - 1, position), 1)
    left = np.searchsorted(np.sort(time), event_times, "left")
    not_yet = len(time) - np.searchsorted(np.sort(durations.delay), event_times, "left")
    at_risk = (len(time) - left - not_yet).astype(np.float64)
    hazard = events.sum(axis=0) / at_risk
    survival = np.cumprod(1 - hazard)
    before = np.concatenate([[1.0], survival[:-1]]) if len(event_times) else survival
    incidence = np.cumsum(before * events / at_risk, axis=1)
    return Incidence(
        durations=durations,
        time=event_times,
        at_risk=at_risk,
        events=events,
        survival=survival,
        incidence=incidence,
    )


def shares_at(curves: Incidence, horizon: float) -> Shares:
    """Shares and clustered standard errors `horizon` days after entry."""
    causes = len(curves.events)
    seen = int(np.searchsorted(curves.time, horizon, "right"))
    shares = curves.incidence[:, seen - 1] if seen else np.zeros(causes)
    influence = np.array([_influence(curves, cause, seen) for cause in range(causes)]).reshape(causes, -1)
    durations = curves.durations
    return Shares(
        cause=shares,
        cause_error=np.array([clustered_error(row, durations.cluster) for row in influence]),
        under_way=float(curves.survival[seen - 1]) if seen else 1.0,
        under_way_error=clustered_error(influence.sum(axis=0), durations.cluster),
        events=curves.events[:, :seen].sum(axis=1).astype(np.int64),
        at_risk=int(((durations.delay < horizon) & (durations.time >= horizon)).sum()),
    )


def influence_at(curves: Incidence, cause: int, horizon: float) -> FloatArray:
    """Influence of each episode on the share that cause number `cause` has taken by `horizon` days, shape (n,)."""
    return _influence(curves, cause - 1, int(np.searchsorted(curves.time, horizon, "right")))


def share_at(curves: Incidence, cause: int, horizon: float) -> tuple[float, float]:
    """Share that cause number `cause` has taken by `horizon` days, and its standard error, as in `shares_at`."""
    seen = int(np.searchsorted(curves.time, horizon, "right"))
    share = float(curves.incidence[cause - 1, seen - 1]) if seen else 0.0
    return share, clustered_error(_influence(curves, cause - 1, seen), curves.durations.cluster)


def survival_quantile(curves: Incidence, share: float) -> float | None:
    """First time by which at least `share` of those who entered have left; None while too few have."""
    return _first_time(curves, curves.survival <= 1 - share + 1e-12)


def cause_quantile(curves: Incidence, cause: int, share: float) -> float | None:
    """First time by which `share` of those whom cause number `cause` ever takes (as far as seen) are taken."""
    taken = curves.incidence[cause - 1]
    if not len(taken) or taken[-1] <= 0:
        return None
    return _first_time(curves, taken >= share * taken[-1] - 1e-12)


def _first_time(curves: Incidence, reached: NDArray[np.bool_]) -> float | None:
    return float(curves.time[int(reached.argmax())]) if reached.any() else None


def _influence(curves: Incidence, cause: int, seen: int) -> FloatArray:
    """Influence of each episode on F_cause at the last of the first `seen` event times."""
    durations = curves.durations
    if seen == 0:
        return np.zeros(len(durations.time))
    time, at_risk = curves.time[:seen], curves.at_risk[:seen]
    own, total = curves.events[cause, :seen], curves.events[:, :seen].sum(axis=0)
    taken = curves.incidence[cause, :seen]
    before = np.concatenate([[1.0], curves.survival[: seen - 1]])
    own_weight = before / at_risk
    rest = at_risk - total
    # once everybody at risk has left, nothing that follows can depend on these events
    any_weight = np.where(rest > 0, (taken[-1] - taken) / np.where(rest > 0, rest, 1), 0.0)
    expected = np.concatenate([[0.0], np.cumsum((own_weight * own - any_weight * total) / at_risk)])
    exposed = (
        expected[np.searchsorted(time, durations.time, "right")]
        - expected[np.searchsorted(time, durations.delay, "right")]
    )
    place = np.minimum(np.searchsorted(time, durations.time, "left"), seen - 1)
    happened = (durations.cause > 0) & (durations.time <= time[-1])
    gained = np.where(happened & (durations.cause == cause + 1), own_weight[place], 0.0)
    spent = np.where(happened, any_weight[place], 0.0)
    result: FloatArray = gained - spent - exposed
    return result


def clustered_error(influence: FloatArray, cluster: IntArray) -> float:
    """Standard error from influence values, summed per customer first."""
    if not len(influence):
        return 0.0
    sums = np.bincount(cluster, weights=influence)
    return float(np.sqrt(sums @ sums))
