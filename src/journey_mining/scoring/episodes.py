"""Episodes and journeys as arrays: what the estimators need, cut by segment.

In: the tables `episode_time` and `journey_time`. Out: `Cell` values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from journey_mining.scoring.competing_risks import Durations, FloatArray, Incidence, cumulative_incidence
from journey_mining.vocabulary import ALL_SEGMENTS

PROGRESS, LOST, BACK = 1, 2, 3
CAUSES = 3
EPISODE_CAUSES = {"open": 0, "progress": PROGRESS, "lost": LOST, "back": BACK}
JOURNEY_CAUSES = {"open": 0, "won": PROGRESS, "lost": LOST, "silent": LOST}
EPISODE_COLUMNS = (
    "journey_id",
    "episode_no",
    "person_id",
    "segment",
    "stage",
    "time_days",
    "delay_days",
    "followed_days",
    "cause",
)
"""columns of `episode_time` that every share and median of a stage is estimated from"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Episodes (or journeys) of one segment and stage."""

    curves: Incidence
    """what became of those ever under observation"""
    followed_days: FloatArray
    """days from entry to the cutoff, of the same episodes"""
    customer_count: int
    journey_count: int

    def mature_customers(self, horizon: float) -> int:
        """Customers observed from entry on, whose entry lies at least `horizon` days before the cutoff."""
        mature = (self.followed_days >= horizon) & (self.curves.durations.delay <= 0)
        return len(np.unique(self.curves.durations.cluster[mature]))


def with_person_no(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with `person_no`, the number of a customer in sorted order of ids."""
    return frame.assign(person_no=pd.factorize(frame["person_id"], sort=True)[0])


def in_segment(frame: pd.DataFrame, segment: str) -> pd.DataFrame:
    """Rows of a segment; all rows for the segment of everybody."""
    return frame if segment == ALL_SEGMENTS else frame[frame["segment"] == segment]


def cell_of(frame: pd.DataFrame, causes: dict[str, int], *, cause: str) -> Cell:
    """Arrays of some rows; `cause` names the column that `causes` numbers."""
    durations = Durations(
        time=frame["time_days"].to_numpy(np.float64),
        cause=np.asarray(frame[cause].map(causes), dtype=np.int64),
        delay=frame["delay_days"].to_numpy(np.float64),
        cluster=frame["person_no"].to_numpy(np.int64),
    )
    seen = frame[durations.is_observed]
    return Cell(
        curves=cumulative_incidence(durations.at_risk_only(), max(CAUSES, *causes.values())),
        followed_days=seen["followed_days"].to_numpy(np.float64),
        customer_count=int(seen["person_no"].nunique()),
        journey_count=int(seen["journey_id"].nunique()),
    )
