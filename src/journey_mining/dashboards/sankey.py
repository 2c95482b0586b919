"""Sankeys with places of our own: the one scale of the drawing, and the trace that keeps it.

Plotly computes the scale from its own columns and would move our labels away from its nodes. An invisible pair of nodes
beside the drawing uses up the difference, so that plotly's scale is exactly the one computed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from journey_mining.dashboards.figures import CLEAR

NODE_WIDTH = 14
_OUTSIDE = 2.0
"""a height below the drawing, for nodes that nobody should see"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A node of the drawing."""

    key: str
    x: float
    """left edge in fractions of the width"""
    top: float
    """pixels from the top"""
    value: int
    colour: str
    words: tuple[str, str]
    """name and count, for the tooltip; escaped"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """A link of the drawing."""

    source: str
    target: str
    value: int
    colour: str
    hover: str
    words: tuple[str, str, str, str]
    """from, to, count, share with its denominator; escaped"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """An invisible link that keeps a node as high as its value, where the drawn links add up to less."""

    source: str
    sink: str
    value: int


def fills_of(columns: Sequence[Mapping[str, int]], links: Sequence[tuple[str, str, int]]) -> list[Fill]:
    """What every node needs to keep its height; each column leads to a sink of its own.

    Args:
        columns: value by node key, column by column.
        links: source, target and value of the drawn links.
    """
    out: dict[str, int] = defaultdict(int)
    into: dict[str, int] = defaultdict(int)
    for source, target, value in links:
        out[source] += value
        into[target] += value
    return [
        Fill(source=key, sink=f"~sink{place}", value=value - out[key])
        for place, column in enumerate(columns)
        for key, value in column.items()
        # plotly draws a node as high as the larger of its sums
        if max(out[key], into[key]) < value
    ]


def layer_values(values: Mapping[str, int], links: Sequence[tuple[str, str]], fills: Sequence[Fill] = ()) -> list[int]:
    """Sum of node values per layer, where a node's layer is the longest way to it, as in d3-sankey."""
    sinks: dict[str, int] = defaultdict(int)
    for fill in fills:
        sinks[fill.sink] += fill.value
    every = {**values, **sinks}
    pairs = [*links, *((fill.source, fill.sink) for fill in fills)]
    depth = dict.fromkeys(every, 0)
    for _ in every:
        moved = [(target, depth[source] + 1) for source, target in pairs if depth[target] <= depth[source]]
        if not moved:
            break
        for target, level in moved:
            depth[target] = max(depth[target], level)
    layers: dict[int, int] = defaultdict(int)
    for key, level in depth.items():
        layers[level] += every[key]
    return [layers[level] for level in sorted(layers)]


def scale_of(columns: Sequence[tuple[int, float]], layers: Sequence[int], height: float) -> float:
    """Pixels per journey at which every column fits: (value, pixels of gaps) per column, and plotly's own layers."""
    own = [(height - gaps) / value for value, gaps in columns if value]
    return min([*own, *(height / value for value in layers if value)], default=1.0)


def trace(
    boxes: Sequence[Box],
    ribbons: Sequence[Ribbon],
    *,
    scale: float,
    height: float,
    layers: Sequence[int],
    fills: Sequence[Fill] = (),
) -> dict[str, Any]:
    """The plotly trace: boxes at their places, ribbons in the order given, and what nobody sees."""
    # the pair stands in the first two of plotly's layers; the fuller of them must come out exactly full
    spare = height / scale - max(layers[:2], default=0)
    unseen = list(dict.fromkeys(fill.sink for fill in fills))
    ends = [(fill.source, fill.sink, float(fill.value)) for fill in fills]
    if spare > 1e-6:  # noqa: PLR2004 - otherwise there is nothing to use up
        unseen += ["~scale_a", "~scale_b"]
        ends.append(("~scale_a", "~scale_b", spare))
    places = {key: place for place, key in enumerate([*(box.key for box in boxes), *unseen])}
    return {
        "type": "sankey",
        "arrangement": "fixed",
        "node": _nodes(boxes, len(unseen), scale, height),
        "link": {
            "sort": "input",
            "source": [places[key] for key in (*(r.source for r in ribbons), *(end[0] for end in ends))],
            "target": [places[key] for key in (*(r.target for r in ribbons), *(end[1] for end in ends))],
            "value": [r.value for r in ribbons] + [end[2] for end in ends],
            "color": [r.colour for r in ribbons] + [CLEAR] * len(ends),
            "hovercolor": [r.hover for r in ribbons] + [CLEAR] * len(ends),
            "customdata": [list(r.words) for r in ribbons] + [["", "", "", ""]] * len(ends),
            "hovertemplate": "%{customdata[0]} → %{customdata[1]}<br><b>%{customdata[2]}</b><br>%{customdata[3]}"
            "<extra></extra>",
        },
    }


def _nodes(boxes: Sequence[Box], unseen: int, scale: float, height: float) -> dict[str, Any]:
    return {
        "pad": 0,
        "thickness": NODE_WIDTH,
        "align": "left",
        "sort": "input",
        "label": [""] * (len(boxes) + unseen),
        "color": [box.colour for box in boxes] + [CLEAR] * unseen,
        "line": {"width": 0},
        "x": [box.x for box in boxes] + [0.5] * unseen,
        "y": [(box.top + box.value * scale / 2) / height for box in boxes] + [_OUTSIDE] * unseen,
        "customdata": [list(box.words) for box in boxes] + [["", ""]] * unseen,
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
    }
