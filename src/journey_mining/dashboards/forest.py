"""Marks of two sides over one axis: a circle and a square with their intervals, placed in percent.

Out: values for templates; no text but the ticks of the axis.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from journey_mining.dashboards.scene import Scene
from journey_mining.maps.compare_pictures import Contrast
from journey_mining.maps.numbers import Number

_SHARE_STEP, _MOOD_STEP = 0.1, 0.25
_RISES = (0.1, 0.2, 0.25, 0.5)
_MOST_TICKS = 4
"""steps between ticks that fit under a narrow column without touching each other"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The scale that all rows of a column share."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    """percent of the width, and words"""

    def place(self, value: float) -> float:
        """Percent of the width, kept inside."""
        return round(100 * (min(max(value, self.low), self.high) - self.low) / (self.high - self.low), 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One side of a row."""

    side: str
    """a (circle) or b (square)"""
    left: float
    """of the interval, percent"""
    width: float
    centre: float
    is_thin: bool


def share_axis(scene: Scene, contrasts: Iterable[Contrast]) -> Axis:
    """From 0 to the next tenth above all intervals."""
    top = max((number.high for number in _numbers(contrasts) if number.high is not None), default=_SHARE_STEP)
    high = min(1.0, max(2, math.ceil(round(top / _SHARE_STEP, 6))) * _SHARE_STEP)
    step = next(rise for rise in _RISES if high / rise <= _MOST_TICKS + 1e-9)
    values = [step * place for place in range(int(high / step + 0.5) + 1) if step * place <= high + _SHARE_STEP / 10]
    return Axis(low=0.0, high=high, ticks=tuple((round(100 * v / high, 2), scene.formats.share(v, 0)) for v in values))


def mood_axis(scene: Scene, contrasts: Iterable[Contrast]) -> Axis:
    """Zero in the middle, as wide as the furthest interval."""
    ends = [abs(end) for number in _numbers(contrasts) for end in (number.low, number.high) if end is not None]
    reach = min(1.0, max(1, math.ceil(round(max(ends, default=0.0) / _MOOD_STEP, 6))) * _MOOD_STEP)
    ticks = tuple((50.0 + 50.0 * sign, scene.formats.mood(sign * reach) if sign else "0") for sign in (-1, 0, 1))
    return Axis(low=-reach, high=reach, ticks=ticks)


def marks_of(axis: Axis, contrast: Contrast) -> tuple[Mark, ...]:
    """The marks of a row; a side without an interval has none."""
    sides = (("a", contrast.first), ("b", contrast.second))
    return tuple(_mark(axis, side, number) for side, number in sides if number.centre is not None)


def _mark(axis: Axis, side: str, number: Number) -> Mark:
    centre = number.centre or 0.0
    low = axis.place(centre if number.low is None else number.low)
    high = axis.place(centre if number.high is None else number.high)
    return Mark(side=side, left=low, width=round(high - low, 2), centre=axis.place(centre), is_thin=not number.is_full)


def _numbers(contrasts: Iterable[Contrast]) -> list[Number]:
    return [number for contrast in contrasts for number in (contrast.first, contrast.second)]
