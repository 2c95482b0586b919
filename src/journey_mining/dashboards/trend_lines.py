"""Small charts of a number over time: inline SVG without text, stretched to its box, and marks as places in percent.

A line is broken where a number is hidden, and between runs of different rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from journey_mining.maps.numbers import ABSENT
from journey_mining.maps.trend_pictures import TrendPoint

_AIR = 0.12
"""of the scale, above and below"""
_SMALLEST = 1e-9
SPARK_RUNS, FEWEST_SPARKS = 12, 3
"""runs in the line beside a number, and how many it must know to be drawn"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What the box of a chart spans."""

    start: datetime
    end: datetime
    low: float
    high: float

    def x(self, moment: datetime) -> float:
        """Percent from the left; a single moment stands in the middle."""
        span = (self.end - self.start).total_seconds()
        return round(100 * (moment - self.start).total_seconds() / span, 2) if span else 50.0

    def y(self, value: float) -> float:
        """Percent from the top."""
        return round(100 * (self.high - value) / (self.high - self.low), 2)

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies inside the box."""
        return self.start <= moment <= self.end


def scale_of(points: Sequence[TrendPoint], also: Sequence[float] = ()) -> Scale | None:
    """The scale of a chart, or None where nothing may be drawn; `also` are values that must fit in."""
    drawn = [point for point in points if point.number.centre is not None]
    if not drawn:
        return None
    ends = [end for p in drawn for end in (p.number.low, p.number.high, p.number.centre) if end is not None]
    low, high = min(*ends, *also, ends[0]), max(*ends, *also, ends[0])
    air = _AIR * max(high - low, abs(high) * 0.1, _SMALLEST)
    return Scale(start=points[0].at, end=points[-1].at, low=low - air, high=high + air)


def line_svg(points: Sequence[TrendPoint], scale: Scale, *, baseline: float | None = None) -> Markup:
    """Band, line and points; points of small samples are apart, as are those of other rules."""
    parts = []
    if baseline is not None:
        parts.append(f'<path class="base" d="M0,{scale.y(baseline)}H100"/>')
    for run in _runs(points):
        css = "" if run[0].is_comparable else " old"
        if len(run) > 1:
            parts.append(f'<path class="band{css}" d="{_band(run, scale)}"/>')
            parts.append(f'<path class="line{css}" d="{_line(run, scale)}"/>')
        else:
            parts.append(f'<path class="span{css}" d="{_span(run[0], scale)}"/>')
    for css, kept in (
        ("dots", [p for p in points if p.number.is_full and p.is_comparable]),
        ("dots old", [p for p in points if p.number.is_full and not p.is_comparable]),
        ("dots thin", [p for p in points if p.number.is_thin]),
    ):
        if kept:
            parts.append(f'<path class="{css}" d="{_dots(kept, scale)}"/>')
    drawing = "".join(parts)
    return Markup(  # noqa: S704 - numbers and our own class names
        f'<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">{drawing}</svg>'
    )


def spark_svg(points: Sequence[TrendPoint]) -> Markup:
    """The line beside a number: values of the last runs under tonight's rules, on a scale of their own, without axes.

    Small samples and hidden numbers leave a gap. Empty where fewer than three runs know the number.
    """
    last = [point for point in points if point.is_comparable][-SPARK_RUNS:]
    known = [point for point in last if point.number.is_full and point.number.estimate is not None]
    if len(known) < FEWEST_SPARKS:
        return Markup("")
    values = [point.number.estimate or 0.0 for point in known]
    air = _AIR * max(max(values) - min(values), abs(max(values)) * 0.1, _SMALLEST)
    scale = Scale(start=last[0].at, end=last[-1].at, low=min(values) - air, high=max(values) + air)
    full = [point if point in known else replace(point, number=ABSENT) for point in last]
    lines = "".join(f'<path class="line" d="{_line(run, scale)}"/>' for run in _runs(full) if len(run) > 1)
    return Markup(  # noqa: S704 - numbers and our own class names
        f'<svg class="spark" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">{lines}'
        f'<path class="end" d="{_dots(known[-1:], scale)}"/></svg>'
    )


def _runs(points: Sequence[TrendPoint]) -> list[list[TrendPoint]]:
    """Stretches of points that a line may join."""
    found: list[list[TrendPoint]] = []
    is_open = False
    for point in points:
        if point.number.centre is None:
            is_open = False
            continue
        if is_open and found[-1][-1].is_comparable == point.is_comparable:
            found[-1].append(point)
        else:
            found.append([point])
        is_open = True
    return found


def _line(points: Sequence[TrendPoint], scale: Scale) -> str:
    return "M" + "L".join(f"{scale.x(p.at)},{scale.y(p.number.centre or 0.0)}" for p in points)


def _band(points: Sequence[TrendPoint], scale: Scale) -> str:
    centre = [p.number.centre or 0.0 for p in points]
    high = [c if p.number.high is None else p.number.high for p, c in zip(points, centre, strict=True)]
    low = [c if p.number.low is None else p.number.low for p, c in zip(points, centre, strict=True)]
    there = [f"{scale.x(p.at)},{scale.y(value)}" for p, value in zip(points, high, strict=True)]
    back = [f"{scale.x(p.at)},{scale.y(value)}" for p, value in zip(points, low, strict=True)]
    return "M" + "L".join([*there, *reversed(back)]) + "Z"


def _span(point: TrendPoint, scale: Scale) -> str:
    number, x = point.number, scale.x(point.at)
    if number.low is None or number.high is None:
        return ""
    return f"M{x},{scale.y(number.high)}V{scale.y(number.low)}"


def _dots(points: Sequence[TrendPoint], scale: Scale) -> str:
    """Lines of no length, whose round ends are dots at any width."""
    return "".join(f"M{scale.x(p.at)},{scale.y(p.number.centre or 0.0)}h0" for p in points)
