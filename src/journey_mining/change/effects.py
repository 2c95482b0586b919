"""How much an action changed a share: difference in differences, and an interrupted series where nothing compares.

Pure functions over arrays. Everything is clustered by customer: the influence of each entry on the estimate is summed
per customer first. Newey, West 1987 for series; Bertrand, Duflo, Mullainathan 2004 on why the pre-trend matters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

DETECTABLE = 2.8
"""standard errors that an effect must have to be found in four of five studies (1.96 + 0.84)"""
LAGS = 4
"""weeks over which neighbouring weeks may be alike"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Entries of one side as arrays of one length."""

    day: IntArray
    happened: BoolArray
    person: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A difference with its standard error."""

    estimate: float
    error: float

    @property
    def detectable(self) -> float:
        """The smallest effect that data like these would show in four of five studies."""
        return DETECTABLE * self.error

    @property
    def p_value(self) -> float:
        """Two-sided, normal; 1 where there is no spread."""
        return float(2 * stats.norm.sf(abs(self.estimate) / self.error)) if self.error > 0 else 1.0

    def interval(self, z: float) -> tuple[float, float]:
        """Bounds, z standard errors away."""
        return self.estimate - z * self.error, self.estimate + z * self.error


def before_after(sample: Sample, start: int) -> Effect | None:
    """Share of entries from day `start` on less that of earlier ones; none where one side is empty."""
    return _contrast([(sample, start, 1.0)])


def difference_in_differences(treated: Sample, control: Sample, start: int) -> Effect | None:
    """(T1 - T0) - (C1 - C0): what changed more where the action was. None where one of the four is empty."""
    return _contrast([(treated, start, 1.0), (control, start, -1.0)])


def _contrast(parts: list[tuple[Sample, int, float]]) -> Effect | None:
    estimate = 0.0
    influence: list[FloatArray] = []
    people: list[IntArray] = []
    for sample, start, sign in parts:
        late = sample.day >= start
        for side, weight in ((late, sign), (~late, -sign)):
            count = int(side.sum())
            if not count:
                return None
            share = float(sample.happened[side].mean())
            estimate += weight * share
            influence.append(weight * (sample.happened[side] - share) / count)
            people.append(sample.person[side])
    _, owner = np.unique(np.concatenate(people), return_inverse=True)
    sums = np.bincount(owner, weights=np.concatenate(influence))
    return Effect(estimate=estimate, error=math.sqrt(float(sums @ sums)))


def pre_trend(treated: Sample, control: Sample, start: int, *, period: int, periods: int) -> float | None:
    """P value of two sides that ran in parallel before: a slope of their difference over periods of `period` days.

    Weighted least squares with the known error of each period's difference. None where a period has no entry.
    """
    places, values, errors = [], [], []
    for place in range(periods):
        low, high = start - (place + 1) * period, start - place * period
        sides = [_share(sample, low, high) for sample in (treated, control)]
        if sides[0] is None or sides[1] is None:
            return None
        places.append(-place)
        values.append(sides[0][0] - sides[1][0])
        errors.append(sides[0][1] + sides[1][1])
    weight = 1 / np.array(errors)
    centred = np.array(places) - np.average(places, weights=weight)
    spread = float(weight @ centred**2)
    slope = float(weight @ (centred * np.array(values))) / spread
    return float(2 * stats.norm.sf(abs(slope) * math.sqrt(spread)))


def _share(sample: Sample, low: int, high: int) -> tuple[float, float] | None:
    """Share and variance of the entries of some days; one more of either kind keeps the variance above 0."""
    inside = (sample.day >= low) & (sample.day < high)
    count = int(inside.sum())
    if not count:
        return None
    events = int(sample.happened[inside].sum())
    smooth = (events + 1) / (count + 2)
    return events / count, smooth * (1 - smooth) / count


def placebo_effects(treated: Sample, control: Sample, start: int, *, period: int, periods: int) -> list[Effect]:
    """Effects of dates at which nothing began, told from earlier entries alone; two periods stay on either side."""
    first = start - periods * period
    kept = [
        Sample(day=s.day[inside], happened=s.happened[inside], person=s.person[inside])
        for s in (treated, control)
        for inside in [(s.day >= first) & (s.day < start)]
    ]
    dates = range(first + 2 * period, start - 2 * period + 1, period)
    found = [difference_in_differences(kept[0], kept[1], day) for day in dates]
    return [effect for effect in found if effect is not None]


def interrupted_series(values: FloatArray, start: int, *, lags: int = LAGS) -> Effect:
    """Jump of a weekly series at position `start`: value = a + b week + effect (week >= start) + noise.

    Ordinary least squares; the error allows neighbouring weeks to be alike (Bartlett weights, no small-sample factor).
    """
    week = np.arange(len(values), dtype=np.float64)
    design = np.column_stack([np.ones(len(values)), week, (week >= start).astype(np.float64)])
    bread = np.linalg.inv(design.T @ design)
    fitted = bread @ design.T @ values
    scores = design * (values - design @ fitted)[:, None]
    meat = scores.T @ scores
    for lag in range(1, min(lags, len(values) - 1) + 1):
        part = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (lags + 1)) * (part + part.T)
    variance = bread @ meat @ bread
    return Effect(estimate=float(fitted[2]), error=math.sqrt(max(float(variance[2, 2]), 0.0)))


def control_limit(share: float, count: int) -> float:
    """Upper limit of a p-chart: the share plus three standard errors.

    >>> round(control_limit(0.2, 400), 6)
    0.26
    """
    return share + 3 * math.sqrt(share * (1 - share) / count)
