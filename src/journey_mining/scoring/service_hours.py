"""How long customers waited while somebody was there to answer: time counted in hours of service only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_SECONDS_A_DAY = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceHours:
    """When somebody answers; local times of one zone."""

    opens: time
    closes: time
    """after `opens`, of the same day"""
    weekdays: tuple[int, ...]
    """1 is Monday"""
    holidays: tuple[date, ...]
    timezone: str

    def seconds_between(self, begin: pd.Series, end: pd.Series) -> NDArray[np.float64]:
        """Seconds of service from `begin` to `end`, both naive UTC; NaN where either is missing."""
        seconds: NDArray[np.float64] = self._seconds_until(end) - self._seconds_until(begin)
        return seconds

    def _seconds_until(self, moments: pd.Series) -> NDArray[np.float64]:
        """Seconds of service from a fixed day up to each moment."""
        local = moments.dt.tz_localize("UTC").dt.tz_convert(self.timezone).dt.tz_localize(None)
        missing = local.isna().to_numpy()
        filled = local.fillna(pd.Timestamp(2000, 1, 1))
        days = filled.to_numpy().astype("datetime64[D]")
        week = [number in self.weekdays for number in range(1, 8)]
        free = np.array(self.holidays, dtype="datetime64[D]")
        whole = np.busday_count(np.datetime64("2000-01-01", "D"), days, weekmask=week, holidays=free)
        opens, closes = _seconds_of(self.opens), _seconds_of(self.closes)
        of_day = (filled - filled.dt.normalize()).dt.total_seconds().to_numpy()
        today = np.where(
            np.is_busday(days, weekmask=week, holidays=free), np.clip(of_day - opens, 0, closes - opens), 0.0
        )
        seconds: NDArray[np.float64] = np.where(missing, np.nan, whole * (closes - opens) + today)
        return seconds


def _seconds_of(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def days_between(begin: pd.Series, end: pd.Series, hours: ServiceHours | None) -> NDArray[np.float64]:
    """Days of 24 hours from `begin` to `end`, of service hours only where these are known; NaN where one is missing."""
    if hours is not None:
        return hours.seconds_between(begin, end) / _SECONDS_A_DAY
    seconds = np.asarray((end - begin).dt.total_seconds(), dtype=np.float64)
    return seconds / _SECONDS_A_DAY
