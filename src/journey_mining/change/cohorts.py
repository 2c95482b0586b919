"""First entries into stages with their day and what became of them: the one input of alarms and of effects.

In: `episode_time` and `run_setting`. Out: `Entries`. Left out are episodes that began before observation (those who
left early are missing there) and returns, so that each journey counts once a stage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from journey_mining.change.cusum import FloatArray, IntArray
from journey_mining.scoring.competing_risks import Durations, cause_quantile, cumulative_incidence
from journey_mining.scoring.episodes import CAUSES, EPISODE_CAUSES, EPISODE_COLUMNS, PROGRESS
from journey_mining.warehouse import Warehouse

PROGRESS_SHARE = 0.9
"""the horizon covers the time in which this share of those who progress does so"""
WEEK = 7
_COLUMNS = (*EPISODE_COLUMNS, "is_first_entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The time observed."""

    start: datetime
    end: datetime

    @property
    def days(self) -> float:
        """Length in days."""
        return (self.end - self.start).total_seconds() / 86400

    def date(self, day: int) -> datetime:
        """Midnight at which day number `day` of the observation begins; day 0 is the first one, seen in part."""
        return datetime(self.start.year, self.start.month, self.start.day) + timedelta(days=day)  # noqa: DTZ001 - naive UTC

    def day_of(self, when: datetime) -> int:
        """Number of the day on which something happened."""
        return (when - self.date(0)).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """First entries of one stage as arrays of one length."""

    day: IntArray
    """number of the day of entry"""
    time: FloatArray
    """days to the exit, or to the cutoff"""
    cause: IntArray
    """0 while open, else as `EPISODE_CAUSES`"""
    followed: FloatArray
    """days from entry to the cutoff"""
    person: IntArray

    def where(self, kept: Any) -> Entries:
        """The entries for which the mask is true."""
        return Entries(
            day=self.day[kept],
            time=self.time[kept],
            cause=self.cause[kept],
            followed=self.followed[kept],
            person=self.person[kept],
        )

    def within(self, cause: int, horizon: float) -> Any:
        """Mask: left by this cause within so many days."""
        return (self.cause == cause) & (self.time <= horizon)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohorts:
    """First entries by segment and stage."""

    window: Window
    cells: dict[tuple[str, str], Entries]
    segments: tuple[str, ...]
    stages: tuple[str, ...]

    def stage(self, stage: str) -> Entries:
        """Entries of all segments, those of one segment after the other."""
        parts = [self.cells[cell] for cell in sorted(self.cells) if cell[1] == stage]
        names = ("day", "time", "cause", "followed", "person")
        return Entries(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def read_window(warehouse: Warehouse) -> Window:
    """Start and end of the time observed."""
    row = warehouse.read_arrow("run_setting", columns=("observed_from", "as_of")).to_pylist()[0]
    return Window(start=row["observed_from"], end=row["as_of"])


def read_cohorts(warehouse: Warehouse) -> Cohorts:
    """First entries that were seen from entry on, by segment and stage."""
    window = read_window(warehouse)
    frame = warehouse.read("episode_time", order_by=("journey_id", "episode_no"), columns=_COLUMNS)
    frame = frame[frame["is_first_entry"].astype(bool) & (frame["delay_days"] <= 0)]
    frame = frame.assign(person_no=pd.factorize(frame["person_id"], sort=True)[0])
    cells = {(str(key[0]), str(key[1])): _entries(rows, window) for key, rows in frame.groupby(["segment", "stage"])}
    stages = warehouse.read("stage", order_by=("stage_no",))["stage"]
    return Cohorts(
        window=window,
        cells=cells,
        segments=tuple(sorted({segment for segment, _ in cells})),
        stages=tuple(str(stage) for stage in stages if any(stage == cell[1] for cell in cells)),
    )


def _entries(frame: pd.DataFrame, window: Window) -> Entries:
    followed = frame["followed_days"].to_numpy(np.float64)
    to_midnight = (window.end - window.date(0)).total_seconds() / 86400
    # whole seconds went into `followed_days`; a second's margin keeps midnight on its own day
    day = np.floor(to_midnight - followed + 1 / 86400).astype(np.int64)
    return Entries(
        day=day,
        time=frame["time_days"].to_numpy(np.float64),
        cause=np.array([EPISODE_CAUSES[word] for word in frame["cause"]], dtype=np.int64),
        followed=followed,
        person=frame["person_no"].to_numpy(np.int64),
    )


def progress_horizon(entries: Entries, *, until_day: int, most: int) -> int | None:
    """Whole weeks within which nine of ten who progress do so, told from what was known on `until_day`.

    Later knowledge would move the horizon from night to night and rewrite history. None where nobody progressed.
    """
    early = entries.where(entries.day < until_day)
    room = until_day - early.day.astype(np.float64)
    known = replace(early, time=np.minimum(early.time, room), cause=np.where(early.time <= room, early.cause, 0))
    durations = Durations(
        time=known.time, cause=known.cause, delay=np.zeros(len(known.time)), cluster=known.person
    ).at_risk_only()
    curves = cumulative_incidence(durations, CAUSES)
    days = cause_quantile(curves, PROGRESS, PROGRESS_SHARE)
    return None if days is None else min(most, WEEK * max(1, int(np.ceil(days / WEEK))))
