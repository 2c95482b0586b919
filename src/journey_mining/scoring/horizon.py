"""How many days after entry the shares of a stage are read.

A stage has one horizon for all its segments, so that they compare; a segment that was not followed that long gets a
shorter one and says so. Nothing is ever extrapolated to "eventually".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from journey_mining.scoring.competing_risks import FloatArray, Incidence, cause_quantile

MIN_FOLLOWED = 10
"""a horizon must have been lived through by at least so many episodes since their entry"""
MOST_PROGRESS = 0.9
"""the horizon covers the time in which this share of those who ever progress has done so"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """Days after entry at which shares are read."""

    days: int
    is_short: bool
    """whether the data forced fewer days than the stage needs"""


def wanted_horizon(curves: Incidence, *, silence_days: float, min_days: float) -> int:
    """Days that a stage needs: most progress, plus the silence after which a loss is known; at least `min_days`.

    Cause number 1 is progress.
    """
    progress = cause_quantile(curves, 1, MOST_PROGRESS) or 0.0
    return max(math.ceil(progress + silence_days), math.ceil(min_days))


def followed_horizon(wanted: int, followed_days: FloatArray) -> Horizon:
    """The wanted days, or as many whole days as the tenth longest-followed episode (or the longest, if fewer) allows.

    Follow-up runs from entry to the cutoff whether or not the customer left in between: an early exit is knowledge,
    not a lack of it.
    """
    longest = np.sort(followed_days)[::-1]
    if not len(longest):
        return Horizon(days=wanted, is_short=False)
    limit = longest[MIN_FOLLOWED - 1] if len(longest) >= MIN_FOLLOWED else longest[0]
    days = min(wanted, math.floor(limit))
    return Horizon(days=days, is_short=days < wanted)
