"""Does one group leave sooner than another: the log-rank test with late entry, clustered by customer.

It compares tempo, not shares: hazards may differ where shares do not, and the reverse. Mantel 1966; the clustered
variance sums the score of each episode per customer (Lin, Wei 1989).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from journey_mining.scoring.competing_risks import Durations, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRank:
    """Observed minus expected exits of the first group."""

    surplus: float
    variance: float
    """hypergeometric: as if all episodes were independent"""
    clustered_variance: float

    @property
    def z(self) -> float | None:
        """Standard score by the larger variance; positive if the first group leaves sooner. None without exits."""
        variance = max(self.variance, self.clustered_variance)
        return self.surplus / float(np.sqrt(variance)) if variance > 0 else None


def log_rank(first: Durations, second: Durations) -> LogRank:
    """Compare the times to an exit of any cause; both must be `at_risk_only`."""
    time = np.concatenate([first.time, second.time])
    delay = np.concatenate([first.delay, second.delay])
    is_first = np.repeat([1.0, 0.0], [len(first.time), len(second.time)])
    left = np.concatenate([first.cause, second.cause]) > 0
    exits = np.unique(time[left])
    if not len(exits):
        return LogRank(surplus=0.0, variance=0.0, clustered_variance=0.0)
    at_risk = _at_risk(time, delay, exits)
    share = _at_risk(first.time, first.delay, exits) / at_risk
    place = np.minimum(np.searchsorted(exits, time, "left"), len(exits) - 1)
    events = np.bincount(place[left], minlength=len(exits)).astype(np.float64)
    spare = np.where(at_risk > 1, (at_risk - events) / np.maximum(at_risk - 1, 1), 0.0)
    hazard = events / at_risk
    # score of an episode: what it did at its exit, less what was expected of it while at risk
    own = np.concatenate([[0.0], np.cumsum(hazard)])
    shared = np.concatenate([[0.0], np.cumsum(hazard * share)])
    until, since = np.searchsorted(exits, time, "right"), np.searchsorted(exits, delay, "right")
    expected = is_first * (own[until] - own[since]) - (shared[until] - shared[since])
    score = np.where(left, is_first - share[place], 0.0) - expected
    sums = np.bincount(np.concatenate([first.cluster, second.cluster]), weights=score)
    return LogRank(
        surplus=float((is_first[left]).sum() - (events * share).sum()),
        variance=float((events * share * (1 - share) * spare).sum()),
        clustered_variance=float(sums @ sums),
    )


def _at_risk(time: FloatArray, delay: FloatArray, exits: FloatArray) -> FloatArray:
    not_left = len(time) - np.searchsorted(np.sort(time), exits, "left")
    not_yet = len(time) - np.searchsorted(np.sort(delay), exits, "left")
    return (not_left - not_yet).astype(np.float64)
