"""Answers of all customers, corrected for who answers: hollow squares on the row of emotions, joined by fine dashes.

Nothing is drawn where no source tells who was asked.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from journey_mining.dashboards.figures import text
from journey_mining.dashboards.scene import Scene
from journey_mining.maps.map_pictures import SegmentMap, StageColumn

_ASIDE = -0.1
"""columns by which squares stand aside, so that they never cover the curve"""


def everybody_marks(scene: Scene, picture: SegmentMap) -> list[dict[str, Any]]:
    """Traces of the curve of all customers; none where it may be shown nowhere."""
    places = [(place + 0.5 + _ASIDE, column) for place, column in enumerate(picture.columns)]
    known = [(x, column) for x, column in places if column.all_customers.centre is not None]
    if not known:
        return []
    lines = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [x, next_x],
            "y": [one.all_customers.centre, two.all_customers.centre],
            "line": {"color": "@ink-2", "width": 1.25, "dash": "dash"},
            "hoverinfo": "skip",
        }
        for (x, one), (next_x, two) in pairwise(places)
        if one.all_customers.centre is not None and two.all_customers.centre is not None
    ]
    marks = {
        "type": "scatter",
        "name": "all_customers",
        "mode": "markers",
        "x": [x for x, _ in known],
        "y": [column.all_customers.centre for _, column in known],
        "marker": {
            "size": 9,
            "symbol": "square",
            "color": ["@surface" if column.all_customers.is_thin else "@ink-2" for _, column in known],
            "line": {"color": "@ink-2", "width": 1.5},
        },
        "text": [everybody_words(scene, column) for _, column in known],
        "hovertemplate": "%{text}<extra></extra>",
    }
    return [*lines, marks]


def everybody_words(scene: Scene, column: StageColumn) -> str:
    """One stage's mood of all customers in a sentence."""
    shown = scene.shown(column.all_customers, "mood")
    name = text(scene.name(column.stage.name))
    key = "emotion.everybody_thin" if shown.is_thin else "emotion.everybody"
    return scene.words.plain(key, stage=name, mood=shown.text, range=shown.range, base=shown.base)
