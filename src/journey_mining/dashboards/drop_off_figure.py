"""Drop-off of every stage with its interval, for notebooks: pages draw the same numbers as the ribbon of the map."""

from __future__ import annotations

from typing import Any

from journey_mining.dashboards.figures import Figure, layout, text
from journey_mining.dashboards.scene import Scene
from journey_mining.maps.map_pictures import SegmentMap, StageColumn


def drop_off_figure(scene: Scene, picture: SegmentMap) -> Figure:
    """A point a stage; a small sample is an interval around a hollow point, and a hidden number is a gap."""
    known = [column for column in picture.columns if column.drop_off.centre is not None]
    middles = [column.drop_off.centre or 0.0 for column in known]
    return {
        "data": [
            {
                "type": "scatter",
                "name": "drop_off",
                "mode": "markers",
                "x": [text(scene.name(column.stage.name)) for column in known],
                "y": middles,
                "error_y": _intervals(known, middles),
                "marker": {
                    "size": 9,
                    "color": ["@neg" if column.drop_off.is_full else "@surface" for column in known],
                    "line": {"color": "@neg", "width": 1.5},
                },
                "text": [text(_said(scene, column)) for column in known],
                "hovertemplate": "%{text}<extra></extra>",
            }
        ],
        "layout": layout(
            margin={"l": 52, "r": 16, "t": 16, "b": 48, "pad": 0},
            xaxis={
                "type": "category",
                "categoryorder": "array",
                "categoryarray": [text(scene.name(column.stage.name)) for column in picture.columns],
                "range": [-0.5, len(picture.columns) - 0.5],
                "fixedrange": True,
            },
            yaxis={"rangemode": "tozero", "tickformat": ".0%", "gridcolor": "@line", "fixedrange": True},
        ),
    }


def _intervals(known: list[StageColumn], middles: list[float]) -> dict[str, Any]:
    pairs = [(column.drop_off, middle) for column, middle in zip(known, middles, strict=True)]
    return {
        "type": "data",
        "symmetric": False,
        "array": [0.0 if number.high is None else max(number.high - middle, 0.0) for number, middle in pairs],
        "arrayminus": [0.0 if number.low is None else max(middle - number.low, 0.0) for number, middle in pairs],
        "color": "@neg",
        "thickness": 1.5,
    }


def _said(scene: Scene, column: StageColumn) -> str:
    shown = scene.shown(column.drop_off)
    parts = (scene.name(column.stage.name), shown.text, shown.range, shown.base, shown.horizon)
    return ", ".join(part for part in parts if part)
