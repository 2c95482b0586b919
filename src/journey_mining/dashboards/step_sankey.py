"""The Sankey of the first steps: named touchpoints and "Other" per step, ends as stubs at the nodes."""

from __future__ import annotations

from typing import Any

from journey_mining.dashboards.figures import Figure, layout, paper_label, text
from journey_mining.dashboards.sankey import Box, Fill, Ribbon, fills_of, layer_values, scale_of, trace
from journey_mining.dashboards.scene import Scene
from journey_mining.maps.path_pictures import StepFlows, StepLink, StepNode
from journey_mining.vocabulary import OTHER

HEIGHT = 620
LAST_COLUMN = 0.7
"""width of the last column, to which no flow leads on, relative to the others"""
TOP, BOTTOM, SIDE = 22, 6, 8
_GAP = 32
_STUB = 12
_LABEL = 15
_KINDS = (("rest", "none/0.22"), ("won", "pos/0.7"), ("still_open", "other/0.7"), ("lost", "neg/0.7"))
_WORDS = {
    "rest": "paths.ended_rest",
    "won": "paths.ended_won",
    "still_open": "paths.ended_open",
    "lost": "paths.ended_lost",
}


def step_sankey(scene: Scene, flows: StepFlows) -> Figure:
    """The figure; every column adds up to the journeys that reached the step."""
    fills = _fills(flows)
    layers = _layers(flows, fills)
    boxes, scale = _boxes(scene, flows, layers)
    tops = {box.key: box.top for box in boxes}
    shapes: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    for step, column in enumerate(flows.columns, start=1):
        for node in column:
            top = tops[_key(step, node.activity)]
            labels.append(_name_label(scene, flows, step, node, top))
            stubs, words = _stubs(scene, flows, step, node, top, scale)
            shapes += stubs
            labels += words
    return {
        "data": [trace(boxes, _ribbons(scene, flows), scale=scale, height=_inner(), layers=layers, fills=fills)],
        "layout": layout(margin={"l": SIDE, "r": SIDE, "t": TOP, "b": BOTTOM}, annotations=labels, shapes=shapes),
    }


def activity_name(scene: Scene, node: StepNode) -> str:
    """Name of a node."""
    return scene.words.plain("paths.other") if node.activity == OTHER else scene.name(node.name)


def node_of(flows: StepFlows, step: int, activity: str) -> StepNode:
    """The node of an activity at a step."""
    return next(node for node in flows.columns[step - 1] if node.activity == activity)


def _inner() -> float:
    return float(HEIGHT - TOP - BOTTOM)


def _key(step: int, activity: str) -> str:
    return f"{step}:{activity}"


def _x(flows: StepFlows, step: int) -> float:
    return 0.005 + (step - 1) / (len(flows.columns) - 1 + LAST_COLUMN)


def _boxes(scene: Scene, flows: StepFlows, layers: list[int]) -> tuple[list[Box], float]:
    columns = [(sum(n.journeys for n in column), (len(column) - 1) * _GAP) for column in flows.columns]
    scale = scale_of(columns, layers, _inner())
    boxes: list[Box] = []
    for step, column in enumerate(flows.columns, start=1):
        top = 0.0
        for node in _ordered(column):
            boxes.append(
                Box(
                    key=_key(step, node.activity),
                    x=_x(flows, step),
                    top=top,
                    value=node.journeys,
                    colour=_colour(node),
                    words=(text(activity_name(scene, node)), _journeys(scene, node.journeys)),
                )
            )
            top += node.journeys * scale + _GAP
    return boxes, scale


def _ordered(column: tuple[StepNode, ...]) -> list[StepNode]:
    """By stage, then size; all others last."""
    return sorted(column, key=lambda node: (node.activity == OTHER, node.stage_number, -node.journeys))


def _colour(node: StepNode) -> str:
    return "@other" if node.activity == OTHER or not node.stage_number else f"@s{node.stage_number}"


def _values(flows: StepFlows) -> list[dict[str, int]]:
    return [
        {_key(step, node.activity): node.journeys for node in column}
        for step, column in enumerate(flows.columns, start=1)
    ]


def _fills(flows: StepFlows) -> list[Fill]:
    links = [(_key(link.step, link.source), _key(link.step + 1, link.target), link.journeys) for link in flows.links]
    return fills_of(_values(flows), links)


def _layers(flows: StepFlows, fills: list[Fill]) -> list[int]:
    values = {key: value for column in _values(flows) for key, value in column.items()}
    links = [(_key(link.step, link.source), _key(link.step + 1, link.target)) for link in flows.links]
    return layer_values(values, links, fills)


def _ribbons(scene: Scene, flows: StepFlows) -> list[Ribbon]:
    order = {
        (step, node.activity): place
        for step, column in enumerate(flows.columns, start=1)
        for place, node in enumerate(_ordered(column))
    }
    links = sorted(
        flows.links, key=lambda link: (link.step, order[link.step, link.source], order[link.step + 1, link.target])
    )
    return [_ribbon(scene, flows, link) for link in links]


def _ribbon(scene: Scene, flows: StepFlows, link: StepLink) -> Ribbon:
    source, target = node_of(flows, link.step, link.source), node_of(flows, link.step + 1, link.target)
    is_other = OTHER in (link.source, link.target)
    token = "@other" if is_other else _colour(source)
    share = scene.words.plain("paths.of_step", share=scene.formats.share(link.journeys / source.journeys))
    return Ribbon(
        source=_key(link.step, link.source),
        target=_key(link.step + 1, link.target),
        value=link.journeys,
        colour=f"{token}/{0.22 if is_other else 0.36}",
        hover=f"{token}/{0.45 if is_other else 0.6}",
        words=(
            text(activity_name(scene, source)),
            text(activity_name(scene, target)),
            _journeys(scene, link.journeys),
            share,
        ),
    )


def _journeys(scene: Scene, journeys: int) -> str:
    return scene.formats.plural(journeys, scene.words.forms("journeys"))


def _name_label(scene: Scene, flows: StepFlows, step: int, node: StepNode, top: float) -> dict[str, Any]:
    name = activity_name(scene, node)
    name = name if len(name) <= 24 else f"{name[:23]}…"  # noqa: PLR2004 - as wide as a column of the drawing
    return paper_label(
        _x(flows, step),
        1 - top / _inner(),
        f"<b>{text(name)}</b> {scene.formats.count(node.journeys)}",
        yanchor="bottom",
        xshift=-1,
        bgcolor="@surface/0.72",
        font={"size": 12.5, "color": "@ink-2" if node.activity == OTHER else "@ink"},
    )


def _stubs(
    scene: Scene, flows: StepFlows, step: int, node: StepNode, top: float, scale: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Coloured stubs from the node's lower edge upwards; a label where it fits between its neighbours."""
    shapes: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    x, low, last = _x(flows, step), top + node.journeys * scale, float("inf")
    for kind, colour in reversed(_KINDS):
        journeys = getattr(node, kind)
        high = low - journeys * scale
        if journeys:
            shapes.append(_stub(x, high, low, colour))
        middle = (low + high) / 2
        if journeys and low - high >= 6 and last - middle >= _LABEL and kind != "rest":  # noqa: PLR2004 - too thin to point at
            words = scene.words.plain(_WORDS[kind], n=scene.formats.count(journeys))
            labels.append(_stub_label(x, middle, words, "@neg" if kind == "lost" else "@ink-2"))
            last = middle
        low = high
    return shapes, labels


def _stub(x: float, high: float, low: float, colour: str) -> dict[str, Any]:
    return {
        "type": "rect",
        "xref": "paper",
        "yref": "paper",
        "xsizemode": "pixel",
        "xanchor": x,
        "x0": 14,
        "x1": 14 + _STUB,
        "y0": 1 - low / _inner(),
        "y1": 1 - high / _inner(),
        "fillcolor": f"@{colour}",
        "line": {"width": 0},
    }


def _stub_label(x: float, middle: float, words: str, colour: str) -> dict[str, Any]:
    return paper_label(
        x,
        1 - middle / _inner(),
        words,
        xshift=14 + _STUB + 4,
        bgcolor="@surface/0.72",
        borderpad=1,
        font={"size": 12, "color": colour},
    )
