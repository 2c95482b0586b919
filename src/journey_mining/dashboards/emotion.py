"""The emotion curve: straight lines between neighbouring stages that may be shown, gaps elsewhere.

Texts carry the curve, and answers to surveys stand beside it (`ratings`); where nobody wrote, answers carry it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from journey_mining.dashboards.everybody import everybody_marks
from journey_mining.dashboards.figures import CLEAR, Figure, band, label, layout, text
from journey_mining.dashboards.ratings import PIXELS, mood_words, rating_labels, rating_lines, rating_points
from journey_mining.dashboards.scene import Scene
from journey_mining.maps.map_pictures import Chip, SegmentMap, StageColumn
from journey_mining.maps.numbers import Number

_UP, _DOWN = 0.05, -0.05
"""moods beyond these have a direction"""
_CALLOUT_LENGTH = 32


def emotion_figure(scene: Scene, picture: SegmentMap) -> Figure:
    """The figure; stage i stands at x = i + 0.5, so that points meet the columns of the table."""
    columns, moods = picture.columns, picture.moods
    rated = [] if picture.is_rated else [column.rating for column in columns]
    values = _values(scene, moods, rated)
    callouts = _callouts(scene, picture)
    return {
        "data": [
            *(_hatch(place) for place, mood in enumerate(moods) if mood.centre is None),
            *(_band(run) for run in _runs(_banded(picture))),
            *_lines(moods),
            *rating_lines(moods, rated),
            *everybody_marks(scene, picture),
            _marks(scene, picture),
            rating_points(scene, columns, moods, rated),
            _points(scene, picture),
        ],
        "layout": layout(
            margin={"l": 0, "r": 0, "t": 10, "b": 10, "pad": 0},
            xaxis={"range": [0, len(columns)], "visible": False, "fixedrange": True},
            yaxis={"range": [-1, 1], "visible": False, "fixedrange": True},
            shapes=_rules(len(columns)),
            annotations=[
                *rating_labels(scene, moods, rated, [*values, *callouts]),
                *values,
                *_reasons(scene, moods),
                *callouts,
            ],
        ),
    }


def _banded(picture: SegmentMap) -> list[Number]:
    """Moods whose bounds are those of the band that holds the whole curve, where there is one."""
    spreads = [column.spreads[picture.mood_of] for column in picture.columns]
    return [
        mood
        if mood.low is None or spread.band_low is None
        else replace(mood, low=spread.band_low, high=spread.band_high)
        for mood, spread in zip(picture.moods, spreads, strict=True)
    ]


def _runs(moods: Sequence[Number]) -> list[list[tuple[float, Number]]]:
    """Neighbouring stages whose interval may be drawn."""
    runs: list[list[tuple[float, Number]]] = [[]]
    for place, mood in enumerate(moods):
        if mood.centre is None or mood.low is None:
            runs.append([])
        else:
            runs[-1].append((place + 0.5, mood))
    return [run for run in runs if run]


def _band(run: list[tuple[float, Number]]) -> dict[str, Any]:
    if len(run) == 1:  # a lone stage has a narrow band of its own
        run = [(run[0][0] - 0.03, run[0][1]), (run[0][0] + 0.03, run[0][1])]
    high = [(x, min(number.high or 0.0, 1.0)) for x, number in run]
    low = [(x, max(number.low or 0.0, -1.0)) for x, number in reversed(run)]
    return band([*high, *low], "@accent/0.13")


def _lines(moods: Sequence[Number]) -> list[dict[str, Any]]:
    """One line per pair of neighbours: solid, or dashed where either is a small sample."""
    lines: list[dict[str, Any]] = []
    for place, (one, two) in enumerate(pairwise(moods)):
        ends = (one.centre, two.centre)
        if None in ends:
            continue
        is_thin = one.is_thin or two.is_thin
        lines.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [place + 0.5, place + 1.5],
                "y": list(ends),
                "line": {"color": "@accent", "width": 2 if is_thin else 2.5, "dash": "dash" if is_thin else "solid"},
                "hoverinfo": "skip",
            }
        )
    return lines


def _hatch(place: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [place, place + 1, place + 1, place, place],
        "y": [-1, -1, 1, 1, -1],
        "fill": "toself",
        "fillcolor": CLEAR,
        "fillpattern": {"shape": "/", "fgcolor": "@line-2", "bgcolor": CLEAR, "size": 9, "solidity": 0.12},
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _marks(scene: Scene, picture: SegmentMap) -> dict[str, Any]:
    """Touchpoints with a mood, in the outer thirds of their column so that they never meet the value."""
    places = (0.12, 0.88, 0.24, 0.76)
    marks = [
        (column_place + places[place], chip)
        for column_place, column in enumerate(picture.columns)
        if picture.mood_at(column).centre is not None
        for place, chip in enumerate([chip for chip in column.chips if chip.mood.is_full][: len(places)])
    ]
    moods = [chip.mood.estimate or 0.0 for _, chip in marks]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for x, _ in marks],
        "y": [max(-0.97, min(0.97, mood)) for mood in moods],
        "marker": {
            "size": [max(8.0, min(14.0, 5 + (chip.mood.customers or 0) ** 0.5 * 0.28)) for _, chip in marks],
            "symbol": ["triangle-up" if m > _UP else "triangle-down" if m < _DOWN else "circle" for m in moods],
            "color": ["@pos/0.75" if m > _UP else "@neg/0.75" if m < _DOWN else "@none/0.8" for m in moods],
            "line": {"color": "@surface", "width": 1},
        },
        "customdata": [_mark_words(scene, chip) for _, chip in marks],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]} · %{customdata[2]}<extra></extra>",
    }


def _mark_words(scene: Scene, chip: Chip) -> list[str]:
    shown = scene.shown(chip.mood, "mood")
    return [text(scene.name(chip.name)), shown.text, shown.base]


def _points(scene: Scene, picture: SegmentMap) -> dict[str, Any]:
    """The stages themselves; the last trace, so that tests and keyboard find it."""
    known = [
        (place + 0.5, column, mood)
        for place, (column, mood) in enumerate(zip(picture.columns, picture.moods, strict=True))
        if mood.centre is not None
    ]
    hollow = [mood.is_thin for _, _, mood in known]
    return {
        "type": "scatter",
        "name": "stages",
        "mode": "markers",
        "x": [x for x, _, _ in known],
        "y": [mood.centre for _, _, mood in known],
        "marker": {
            "size": 13,
            "symbol": "diamond" if picture.is_rated else "circle",
            "color": ["@surface" if thin else "@accent" for thin in hollow],
            "line": {"color": ["@accent" if thin else "@surface" for thin in hollow], "width": 2.5},
        },
        "text": [mood_words(scene, column, mood, is_rating=picture.is_rated) for _, column, mood in known],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _values(scene: Scene, moods: Sequence[Number], rated: Sequence[Number]) -> list[dict[str, Any]]:
    labels: list[dict[str, Any]] = []
    for place, mood in enumerate(moods):
        centre = mood.centre
        if centre is None:
            continue
        shown = scene.shown(mood, "mood")
        words = f"<b>{shown.text}</b>" if shown.is_full else f"{shown.range}<br>{shown.base}"
        side = _side(centre, _centre(moods, place - 1), _centre(moods, place + 1))
        half = (min(mood.high or centre, 1.0) - max(mood.low or centre, -1.0)) / 2 * PIXELS
        # beyond ±0.6 the label would leave the drawing
        side = -1 if centre > 0.6 else 1 if centre < -0.6 else side  # noqa: PLR2004
        lift = min(max(22.0, half + 12), 62.0) + (0 if shown.is_full else 6)
        side = _clear_side(side, centre, _centre(rated, place), lift=lift, tall=12.0 if shown.is_full else 20.0)
        labels.append(
            label(
                place + 0.5,
                centre,
                words,
                yshift=side * lift,
                bgcolor="@surface/0.82",
                borderpad=1,
                font={"size": 14 if shown.is_full else 12, "color": "@neg" if _is_low(mood) else "@ink"},
            )
        )
    return labels


def _side(mood: float, before: float | None, after: float | None) -> int:
    """1 = above the point, -1 = below: above a maximum, below a minimum, above on a slope that falls."""
    around = [other for other in (before, after) if other is not None]
    if not around:
        return 1
    return 1 if mood >= sum(around) / len(around) else -1


def _clear_side(side: int, mood: float, rating: float | None, *, lift: float, tall: float) -> int:
    """The other side where the label would cover the diamond of the answers, if it is free and inside the drawing."""
    if rating is None:
        return side

    def covers(where: int) -> bool:
        return abs((rating - mood) * PIXELS - where * lift) < tall + 6

    is_inside = abs(mood * PIXELS - side * lift) + tall < PIXELS
    return -side if covers(side) and is_inside and not covers(-side) else side


def _centre(moods: Sequence[Number], place: int) -> float | None:
    return moods[place].centre if 0 <= place < len(moods) else None


def _is_low(mood: Number) -> bool:
    return mood.is_full and (mood.estimate or 0.0) < -0.3  # noqa: PLR2004 - the darkest step of the scale


def _reasons(scene: Scene, moods: Sequence[Number]) -> list[dict[str, Any]]:
    return [
        label(
            place + 0.5,
            0,
            scene.shown(mood, "mood").text,
            bgcolor="@surface/0.9",
            borderpad=4,
            font={"size": 12, "color": "@ink-2"},
        )
        for place, mood in enumerate(moods)
        if mood.centre is None
    ]


def _callouts(scene: Scene, picture: SegmentMap) -> list[dict[str, Any]]:
    """At the lowest stage its worst touchpoint, at the highest its best, where there is room."""
    full = [column for column in picture.columns if picture.mood_at(column).is_full]
    if len(full) < 2:  # noqa: PLR2004 - one stage is neither lowest nor highest
        return []
    lowest = min(full, key=lambda column: picture.mood_at(column).estimate or 0.0)
    highest = max(full, key=lambda column: picture.mood_at(column).estimate or 0.0)
    return [*_callout(scene, picture, lowest, -1), *_callout(scene, picture, highest, 1)]


def _callout(scene: Scene, picture: SegmentMap, column: StageColumn, side: int) -> list[dict[str, Any]]:
    chips = [chip for chip in column.chips if chip.mood.is_full and (chip.mood.estimate or 0.0) * side > abs(_UP)]
    if not chips or abs(picture.mood_at(column).estimate or 0.0) > 0.45:  # noqa: PLR2004 - the value label stands there
        return []
    chip = max(chips, key=lambda chip: (chip.mood.estimate or 0.0) * side)
    words = f"{scene.name(chip.name)} {scene.formats.mood(chip.mood.estimate or 0.0)}"
    if len(words) > _CALLOUT_LENGTH:
        return []
    place = picture.columns.index(column) + 0.5
    return [label(place, 0.88 * side, text(words), font={"size": 12, "color": "@ink-2"})]


def _rules(count: int) -> list[dict[str, Any]]:
    columns = [
        {
            "type": "line",
            "x0": x,
            "x1": x,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "line": {"color": "@line", "width": 1},
            "layer": "below",
        }
        for x in range(1, count)
    ]
    zero = {
        "type": "line",
        "x0": 0,
        "x1": count,
        "y0": 0,
        "y1": 0,
        "line": {"color": "@line-2", "width": 1},
        "layer": "below",
    }
    return [*columns, zero]
