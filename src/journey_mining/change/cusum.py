"""Charts that notice a change of a share soon and cry wolf seldom: Bernoulli CUSUM (Page 1954).

Pure functions over numbers. Each entry adds the logarithm of its likelihood ratio under the worse share against the
usual one; the score never falls below 0:

    c(t) = max(0, c(t-1) + events * ln(p1/p0) + others * ln((1-p1)/(1-p0)))

Reynolds, Stoumbos 1999; docs/methods.md says how the limit is found.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ODDS_RATIO = 1.6
"""how much worse the odds must become for the chart to be at its quickest"""
CALM = 0.5
"""part of the limit under which an alarm is over; at the limit itself it would end and begin from day to day"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excursion:
    """A time above the limit, as positions in the series."""

    started: int
    """first position after the score was last 0: the best guess of when the change began"""
    raised: int
    """first position above the limit"""
    ended: int | None
    """first position at or under half the limit after it; none until then"""


def shifted(share: float, odds_ratio: float) -> float:
    """The share whose odds are so many times those of `share`.

    >>> round(shifted(0.5, 1.5), 3)
    0.6
    """
    odds = share / (1 - share) * odds_ratio
    return odds / (1 + odds)


def weights(usual: float, worse: float) -> tuple[float, float]:
    """What one event and one entry without it add to the score; shares strictly between 0 and 1."""
    return math.log(worse / usual), math.log((1 - worse) / (1 - usual))


def cusum(events: IntArray, entries: IntArray, *, usual: float, worse: float) -> FloatArray:
    """The score after each position of a series of counts, from 0."""
    event_weight, other_weight = weights(usual, worse)
    steps = events * event_weight + (entries - events) * other_weight
    total = np.concatenate([[0.0], np.cumsum(steps)])
    # a walk that is lifted whenever it would fall below 0 stands at its distance from its lowest point so far
    result: FloatArray = (total - np.minimum.accumulate(total))[1:]
    return result


def excursions(scores: FloatArray, limit: float) -> list[Excursion]:
    """Times from passing the limit until the score is back at half of it, in order: one change is one alarm."""
    above = scores > limit
    found: list[Excursion] = []
    place = 0
    while place < len(scores):
        if not above[place]:
            place += 1
            continue
        zeros = np.flatnonzero(scores[:place] <= 0)
        later = np.flatnonzero(scores[place:] <= limit * CALM)
        ended = place + int(later[0]) if len(later) else None
        found.append(Excursion(started=int(zeros[-1]) + 1 if len(zeros) else 0, raised=place, ended=ended))
        place = len(scores) if ended is None else ended
    return found
