"""Answers to surveys on the row of emotions: diamonds with a thin dotted line beside the curve of texts, never mixed.

A label stands where it meets neither the value of the texts nor a callout; all of them hang on the middle of one
column, so pixels from that middle decide, whatever the width of the table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from journey_mining.dashboards.figures import label, text
from journey_mining.dashboards.scene import Scene
from journey_mining.maps.map_pictures import StageColumn
from journey_mining.maps.numbers import Number
from journey_mining.vocabulary import Estimand

PIXELS = 102.0
"""pixels per unit of mood at a height of 224 with margins of 10"""
_CLOSE = 14.0
"""pixels between two marks below which they would cover each other"""
_ASIDE = 0.1
"""columns by which a diamond steps aside then"""
_TAGS = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class _Box:
    """A label in pixels from the middle of its column."""

    left: float
    low: float
    right: float
    high: float

    def meets(self, other: _Box) -> bool:
        return self.left < other.right and other.left < self.right and self.low < other.high and other.low < self.high


def mood_words(scene: Scene, column: StageColumn, mood: Number, *, is_rating: bool) -> str:
    """One stage's mood in a sentence, for tooltips."""
    shown = scene.shown(mood, "mood")
    name = text(scene.name(column.stage.name))
    key = ("rating" if is_rating else "point") + ("_thin" if shown.is_thin else "")
    words = scene.words.plain(f"emotion.{key}", stage=name, mood=shown.text, range=shown.range, base=shown.base)
    who = spoken_words(scene, column, Estimand.RATING if is_rating else Estimand.VOICE)
    how = "" if is_rating else satisfied_words(scene, column)
    return ", ".join(filter(None, (words, who, how)))


def satisfied_words(scene: Scene, column: StageColumn) -> str:
    """What share of those who wrote sound satisfied, with its interval; empty where that may not be told."""
    shown = scene.shown(column.satisfied)
    if not shown.is_known:
        return ""
    key = "emotion.satisfied_thin" if shown.is_thin else "emotion.satisfied"
    return scene.words.plain(key, share=shown.text, range=shown.range)


def spoken_words(scene: Scene, column: StageColumn, estimand: Estimand) -> str:
    """What share of the customers of a stage spoke of it; empty where that may not be told."""
    share = column.spreads[estimand].spoken_share
    if share is None:
        return ""
    key = "emotion.wrote" if estimand == Estimand.VOICE else "emotion.answered"
    return scene.words.plain(key, share=scene.formats.share(share, 0))


def rating_lines(moods: Sequence[Number], rated: Sequence[Number]) -> list[dict[str, Any]]:
    """One dotted line per pair of neighbours that both may be shown."""
    middles = [_middle(place, moods[place], rating) for place, rating in enumerate(rated)]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": middles[place : place + 2],
            "y": [one.centre, two.centre],
            "line": {"color": "@rating", "width": 1.25, "dash": "dot"},
            "hoverinfo": "skip",
        }
        for place, (one, two) in enumerate(pairwise(rated))
        if one.centre is not None and two.centre is not None
    ]


def rating_points(
    scene: Scene, columns: Sequence[StageColumn], moods: Sequence[Number], rated: Sequence[Number]
) -> dict[str, Any]:
    """Diamonds: hollow for a small sample, absent where too few answered, aside where the mark of the texts is."""
    known = [place for place, rating in enumerate(rated) if rating.centre is not None]
    hollow = [rated[place].is_thin for place in known]
    return {
        "type": "scatter",
        "name": "ratings",
        "mode": "markers",
        "x": [_middle(place, moods[place], rated[place]) for place in known],
        "y": [rated[place].centre for place in known],
        "marker": {
            "size": 10,
            "symbol": "diamond",
            "color": ["@surface" if thin else "@rating" for thin in hollow],
            "line": {"color": ["@rating" if thin else "@surface" for thin in hollow], "width": 1.5},
        },
        "text": [mood_words(scene, columns[place], rated[place], is_rating=True) for place in known],
        "hovertemplate": "%{text}<extra></extra>",
    }


def rating_labels(
    scene: Scene, moods: Sequence[Number], rated: Sequence[Number], others: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Values beside the diamonds; a small sample has its interval in the tooltip and the table only."""
    labels: list[dict[str, Any]] = []
    for place, rating in enumerate(rated):
        if not rating.is_full or rating.estimate is None:
            continue
        words = scene.shown(rating, "mood").text
        taken = [_box_of(other) for other in others if other["x"] == place + 0.5]
        taken.append(_mark(moods[place].centre))
        x, y = _free_place(len(words), rating.estimate, is_aside=_is_close(moods[place], rating), taken=taken)
        labels.append(
            label(
                place + 0.5,
                rating.estimate,
                words,
                xshift=x,
                yshift=y,
                bgcolor="@surface/0.82",
                borderpad=1,
                font={"size": 12, "color": "@rating"},
            )
        )
    return labels


def _middle(place: int, mood: Number, rating: Number) -> float:
    return place + 0.5 + (_ASIDE if _is_close(mood, rating) else 0.0)


def _is_close(mood: Number, rating: Number) -> bool:
    if mood.centre is None or rating.centre is None:
        return False
    return abs(mood.centre - rating.centre) * PIXELS < _CLOSE


def _free_place(signs: int, mood: float, *, is_aside: bool, taken: Sequence[_Box]) -> tuple[float, float]:
    """Shift in pixels from the diamond's value at the middle of the column."""
    half, level = signs * 3.6 + 2, mood * PIXELS
    # the table may be wider than its columns' least width, and a diamond that steps aside goes further then
    beside = half + (36 if is_aside else 9)
    places = [(beside, 0.0), (-half - 9, 0.0), (0.0, 16.0), (0.0, -16.0), (beside, 16.0), (beside, -16.0)]
    places += [(-half - 9, 16.0), (-half - 9, -16.0), (beside, 32.0), (beside, -32.0)]
    for x, y in places:
        box = _Box(x - half, level + y - 10, x + half, level + y + 10)
        is_inside = box.low > -PIXELS and box.high < PIXELS
        if is_inside and not any(box.meets(other) for other in taken):
            return x, y
    return places[0]


def _mark(centre: float | None) -> _Box:
    """The point of the texts, or the reason that stands in the middle where there are none."""
    if centre is None:
        return _Box(-60, -14, 60, 14)
    return _Box(-8, centre * PIXELS - 8, 8, centre * PIXELS + 8)


def _box_of(annotation: dict[str, Any]) -> _Box:
    """The room of a centred label: its widest line, and its lines."""
    lines = [_TAGS.sub("", line) for line in str(annotation["text"]).split("<br>")]
    size = float(annotation["font"]["size"])
    half, tall = max(map(len, lines)) * size * 0.31 + 4, len(lines) * size * 0.65 + 3
    middle = float(annotation["y"]) * PIXELS + float(annotation.get("yshift", 0.0))
    return _Box(-half, middle - tall, half, middle + tall)
