"""Lines over time with their 95 % bands: losses since entry, and drop-off from run to run.

In: points with an interval each. Out: plotly figures whose last trace is what keyboard and tests read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from journey_mining.dashboards.figures import Figure, band, label, layout, text
from journey_mining.dashboards.scene import Scene
from journey_mining.maps.stage_pictures import LossCurve, PastRun

HEIGHT = 264
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
_MOST_TICKS = 5
_DATES = 6
"""most dates under a line of runs"""
_DAY_STEPS = (1, 2, 5, 7, 10, 14, 20, 30, 60, 90, 120, 180, 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """One point of a line; without a share only its interval is drawn."""

    x: float
    share: float | None
    low: float
    high: float
    words: str


def loss_figure(scene: Scene, curve: LossCurve) -> Figure:
    """Losses by days since entry, with the horizon at which the map reads them."""
    marks = _curve_marks(scene, curve)
    last = curve.points[-1].day
    step = next((s for s in _DAY_STEPS if last / s <= _MOST_TICKS + 1), _DAY_STEPS[-1])
    days = list(range(0, last + 1, step))
    ticks = [(float(day), scene.formats.count(day)) for day in days]
    figure = _figure(scene, marks, ticks, title=scene.words.plain("stage.curve_axis"), span=(0.0, float(last)))
    figure["layout"]["shapes"].append(_upright(curve.horizon_days))
    figure["layout"]["annotations"].append(_horizon_label(scene, curve))
    return figure


def loss_readings(scene: Scene, curve: LossCurve) -> list[str]:
    """Each point in words, for the keyboard."""
    return [mark.words for mark in _curve_marks(scene, curve)]


def runs_figure(scene: Scene, past: Sequence[PastRun]) -> Figure:
    """Drop-off as each run told it; runs under other rules stand apart, since they compare with nothing."""
    marks = _run_marks(scene, past)
    every = math.ceil(len(past) / _DATES)
    ticks = [(float(place), scene.formats.short_date(run.as_of)) for place, run in enumerate(past)]
    # counted from this run backwards, so that its own date is always there
    kept = [tick for place, tick in enumerate(ticks) if (len(past) - 1 - place) % every == 0]
    breaks = {place for place, run in enumerate(past) if not run.is_comparable}
    return _figure(scene, marks, kept, title="", span=(-0.3, len(past) - 0.7), breaks=breaks)


def run_readings(scene: Scene, past: Sequence[PastRun]) -> list[str]:
    """Each run in words, for the keyboard."""
    return [mark.words for mark in _run_marks(scene, past)]


def _curve_marks(scene: Scene, curve: LossCurve) -> list[_Mark]:
    words, formats = scene.words, scene.formats
    return [
        _Mark(
            x=float(point.day),
            share=point.share,
            low=point.low,
            high=point.high,
            words=words.plain(
                "stage.curve_point" if point.share is not None else "stage.curve_point_thin",
                days=scene.horizon(point.day),
                share=formats.share(point.share or 0.0),
                range=formats.share_range(point.low, point.high),
            ),
        )
        for point in curve.points
    ]


def _run_marks(scene: Scene, past: Sequence[PastRun]) -> list[_Mark]:
    marks: list[_Mark] = []
    for place, run in enumerate(past):
        shown = scene.shown(run.number)
        key = "stage.run_point" if run.is_comparable else "stage.run_point_other"
        said = scene.words.plain(key, date=scene.formats.date(run.as_of), share=shown.text, range=shown.range)
        low, high = run.number.low, run.number.high
        centre = run.number.centre or 0.0
        marks.append(
            _Mark(
                x=float(place),
                share=run.number.estimate,
                low=centre if low is None else low,
                high=centre if high is None else high,
                words=said,
            )
        )
    return marks


def _figure(
    scene: Scene,
    marks: Sequence[_Mark],
    ticks: Sequence[tuple[float, str]],
    *,
    title: str,
    span: tuple[float, float],
    breaks: AbstractSet[int] = frozenset(),
) -> Figure:
    top, rises = _rises(max((mark.high for mark in marks), default=0.0))
    runs = _unbroken(marks, breaks)
    return {
        "data": [*(_band(run) for run in runs if len(run) > 1), *(_line(run) for run in runs), _points(marks, breaks)],
        "layout": layout(
            margin={"l": 50, "r": 16, "t": 16, "b": 40 if title else 26, "pad": 0},
            xaxis={
                "range": list(span),
                "tickvals": [x for x, _ in ticks],
                "ticktext": [words for _, words in ticks],
                "tickfont": {"size": 12, "color": "@ink-2"},
                "title": {"text": text(title), "font": {"size": 12, "color": "@ink-2"}, "standoff": 6},
                "showgrid": False,
                "zeroline": False,
                "linecolor": "@line-2",
                "fixedrange": True,
            },
            yaxis={
                "range": [0, top],
                "tickvals": rises,
                "ticktext": [scene.formats.share(rise, 0) for rise in rises],
                "tickfont": {"size": 12, "color": "@ink-2"},
                "ticklabelstandoff": 6,
                "gridcolor": "@line",
                "zeroline": False,
                "fixedrange": True,
            },
            shapes=[],
            annotations=[],
        ),
    }


def _rises(highest: float) -> tuple[float, list[float]]:
    """Top of the scale and its ticks; at most six of them, the highest value just inside."""
    room = min(max(highest * 1.06, 0.05), 1.0)
    step = next((one for one in _STEPS if room / one <= _MOST_TICKS), _STEPS[-1])
    count = math.floor(room / step + 1e-9)
    return room, [round(step * number, 4) for number in range(count + 1)]


def _unbroken(marks: Sequence[_Mark], breaks: AbstractSet[int]) -> list[list[_Mark]]:
    """Neighbours that may be joined by a line."""
    runs: list[list[_Mark]] = [[]]
    for place, mark in enumerate(marks):
        if place in breaks:
            runs.append([])
        else:
            runs[-1].append(mark)
    return [run for run in runs if run]


def _band(run: Sequence[_Mark]) -> dict[str, Any]:
    return band([*((mark.x, mark.high) for mark in run), *((mark.x, mark.low) for mark in reversed(run))], "@neg/0.14")


def _line(run: Sequence[_Mark]) -> dict[str, Any]:
    known = [mark for mark in run if mark.share is not None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [mark.x for mark in known],
        "y": [mark.share for mark in known],
        "line": {"color": "@neg", "width": 2.25},
        "hoverinfo": "skip",
    }


def _points(marks: Sequence[_Mark], breaks: AbstractSet[int]) -> dict[str, Any]:
    """Every point, the last trace; a small sample is hollow in the middle of its interval, other rules are grey."""
    hollow = [mark.share is None for mark in marks]
    colours = ["@none" if place in breaks else "@neg" for place in range(len(marks))]
    return {
        "type": "scatter",
        "name": "points",
        "cliponaxis": False,
        "mode": "markers",
        "x": [mark.x for mark in marks],
        "y": [mark.share if mark.share is not None else (mark.low + mark.high) / 2 for mark in marks],
        "marker": {
            "size": 6,
            "color": ["@surface" if thin else colour for thin, colour in zip(hollow, colours, strict=True)],
            "line": {"color": colours, "width": 1.5},
        },
        "text": [text(mark.words) for mark in marks],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _upright(day: int) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": day,
        "x1": day,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": "@ink-3", "width": 1, "dash": "dash"},
        "layer": "below",
    }


def _horizon_label(scene: Scene, curve: LossCurve) -> dict[str, Any]:
    words = scene.words.plain("stage.curve_horizon", horizon=scene.horizon(curve.horizon_days))
    return label(
        curve.horizon_days,
        0.04,
        text(words),
        yref="paper",
        xanchor="right",
        xshift=-5,
        bgcolor="@surface/0.82",
        font={"size": 12, "color": "@ink-2"},
    )
