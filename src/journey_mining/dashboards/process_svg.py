"""The process map as inline SVG: a column per stage, nodes in fixed places, a slider that only hides edges."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from journey_mining.dashboards.scene import Scene
from journey_mining.maps.path_pictures import ProcessEdge, ProcessMap, ProcessNode

NODE_W, NODE_H = 158, 46
_COLUMN, _ROW, _TOP, _LEFT = 222, 98, 44, 36
_NAME = 19
_LABELLED = 0.08
"""edges of at least this share of the largest node carry a number"""


@dataclass(frozen=True, slots=True)
class Place:
    """Upper left corner of a node."""

    x: float
    y: float
    column: int


def process_drawing(scene: Scene, process: ProcessMap) -> dict[str, Any]:
    """Nodes, edges and column heads with their places, for the template."""
    columns = sorted({node.stage_number for node in process.nodes})
    places = _places(process, columns)
    tallest = max(sum(node.stage_number == number for node in process.nodes) for number in columns)
    edges = [_edge(scene, edge, places, process) for edge in process.edges]
    total = sum(edge.customers for edge in process.edges)
    return {
        "width": _LEFT + _COLUMN * (len(columns) - 1) + NODE_W + _LEFT,
        "height": _TOP + _ROW * (tallest - 1) + NODE_H + 16,
        "heads": [_head(scene, number, place) for place, number in enumerate(columns)],
        "nodes": [_node(scene, node, places[node.activity]) for node in process.nodes],
        "edges": edges,
        "labels": _labels(scene, process, edges, places),
        "alt": scene.words.plain("paths.process_alt", n=len(process.nodes)),
        "rows": [(a, b, scene.formats.count(n)) for a, b, n in process_rows(scene, process)],
        "readouts": [_readout(scene, process, level, total) for level in range(1, 6)],
    }


def process_rows(scene: Scene, process: ProcessMap) -> list[tuple[str, str, int]]:
    """From, to, customers; most customers first."""
    names = {node.activity: scene.name(node.name) for node in process.nodes}
    rows = [(names[edge.source], names[edge.target], edge.customers) for edge in process.edges]
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


def _readout(scene: Scene, process: ProcessMap, level: int, total: int) -> str:
    drawn = [edge for edge in process.edges if edge.level <= level]
    share = scene.formats.share(sum(edge.customers for edge in drawn) / total, 0)
    return scene.words.plain(
        "paths.process_readout",
        n=scene.formats.count(len(drawn)),
        all=scene.formats.count(len(process.edges)),
        share=share,
    )


def _places(process: ProcessMap, columns: list[int]) -> dict[str, Place]:
    rows: dict[int, int] = defaultdict(int)
    places: dict[str, Place] = {}
    for node in process.nodes:
        column = columns.index(node.stage_number)
        places[node.activity] = Place(_LEFT + _COLUMN * column, _TOP + _ROW * rows[column], column)
        rows[column] += 1
    return places


def _head(scene: Scene, number: int, place: int) -> dict[str, Any]:
    name = next(scene.name(head.name) for head in scene.pictures.stages if head.number == number)
    return {"x": _LEFT + _COLUMN * place, "number": number, "name": _cut(name, 19)}


def _node(scene: Scene, node: ProcessNode, place: Place) -> dict[str, Any]:
    name = scene.name(node.name)
    return {
        "key": node.activity,
        "x": place.x,
        "y": place.y,
        "stage": node.stage_number,
        "name": _cut(name, _NAME),
        "full": name,
        "customers": scene.formats.count(node.customers),
        "bar": round(56 * (node.end_share or 0.0), 1),
        "share": "" if node.end_share is None else scene.formats.share(node.end_share, 0),
    }


def _cut(name: str, length: int) -> str:
    return name if len(name) <= length else f"{name[: length - 1]}…"


def _edge(scene: Scene, edge: ProcessEdge, places: Mapping[str, Place], process: ProcessMap) -> dict[str, Any]:
    one, two = places[edge.source], places[edge.target]
    largest = max(e.customers for e in process.edges)
    names = {node.activity: scene.name(node.name) for node in process.nodes}
    is_back = two.column < one.column
    thick = 1.2 + 7.0 * math.sqrt(edge.customers / largest)
    curve = _curve(one, two, edge)
    return {
        "d": "M{:.0f},{:.0f}C{:.0f},{:.0f} {:.0f},{:.0f} {:.0f},{:.0f}".format(*(c for point in curve for c in point)),
        "curve": curve,
        "width": round(min(thick, 4.0) if is_back or one.column == two.column else thick, 1),
        "is_back": is_back,
        "level": edge.level,
        "source": edge.source,
        "target": edge.target,
        "title": f"{names[edge.source]} → {names[edge.target]}: {scene.formats.count(edge.customers)}",
        "customers": edge.customers,
    }


def _curve(one: Place, two: Place, edge: ProcessEdge) -> list[tuple[float, float]]:
    """Four points of a Bézier curve; ports are spread along the side so that edges do not pile up."""
    out, into = _port(edge.target), _port(edge.source)
    if two.column > one.column:
        x, y, to_x, to_y = one.x + NODE_W, one.y + out, two.x - 4, two.y + into
        bend = (to_x - x) / 2
        return [(x, y), (x + bend, y), (to_x - bend, to_y), (to_x, to_y)]
    if two.column == one.column:
        return _within(one, two)
    x, y, to_x, to_y = one.x + NODE_W * 0.3, one.y + NODE_H, two.x + NODE_W * 0.7, two.y + NODE_H + 4
    return [(x, y), (x - 10, y + 40), (to_x + 10, to_y + 40), (to_x, to_y)]


def _within(one: Place, two: Place) -> list[tuple[float, float]]:
    """Between nodes of one column: downwards on the right, upwards on the left, further apart further out."""
    steps = abs(two.y - one.y) / _ROW
    if two.y > one.y:
        side, out = NODE_W, 14 + 10 * steps
        return [
            (one.x + side, one.y + NODE_H * 0.8),
            (one.x + side + out, one.y + NODE_H),
            (two.x + side + out, two.y),
            (two.x + side + 3, two.y + NODE_H * 0.2),
        ]
    out = 14 + 8 * steps
    return [
        (one.x, one.y + NODE_H * 0.2),
        (one.x - out, one.y),
        (two.x - out, two.y + NODE_H),
        (two.x - 3, two.y + NODE_H * 0.8),
    ]


def _port(other: str) -> float:
    """A place along a node's side that depends on the neighbour only, so that it does not jump between runs."""
    return NODE_H * (0.25 + 0.5 * (sum(other.encode()) % 7) / 6)


def _labels(
    scene: Scene, process: ProcessMap, edges: list[dict[str, Any]], places: Mapping[str, Place]
) -> list[dict[str, Any]]:
    """Numbers on the strongest edges, each where it covers neither a node nor another number."""
    limit = _LABELLED * max(node.customers for node in process.nodes)
    taken = [(p.x, p.y, p.x + NODE_W, p.y + NODE_H) for p in places.values()]
    labels: list[dict[str, Any]] = []
    for edge in sorted(edges, key=lambda edge: -edge["customers"]):
        words = scene.formats.count(edge["customers"])
        box = _free(edge["curve"], 7.4 * len(words) + 6, taken)
        if edge["customers"] < limit or box is None:
            continue
        taken.append(box)
        labels.append(
            {
                "x": box[0],
                "y": box[1],
                "width": box[2] - box[0],
                "words": words,
                "level": edge["level"],
                "is_back": edge["is_back"],
            }
        )
    return labels


def _free(
    curve: list[tuple[float, float]], width: float, taken: list[tuple[float, float, float, float]]
) -> tuple[float, float, float, float] | None:
    for part in (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78):
        x, y = _point(curve, part)
        box = (x - width / 2, y - 8, x + width / 2, y + 8)
        if all(box[2] <= t[0] or box[0] >= t[2] or box[3] <= t[1] or box[1] >= t[3] for t in taken):
            return box
    return None


def _point(curve: list[tuple[float, float]], part: float) -> tuple[float, float]:
    rest = 1 - part
    weights = (rest**3, 3 * rest**2 * part, 3 * rest * part**2, part**3)
    x = sum(weight * point[0] for weight, point in zip(weights, curve, strict=True))
    return x, sum(weight * point[1] for weight, point in zip(weights, curve, strict=True))
