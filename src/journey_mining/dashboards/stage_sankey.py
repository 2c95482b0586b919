"""The Sankey of stages: a column per stage, its exits in the next column, ways past a stage above it."""

from __future__ import annotations

import textwrap
from typing import Any

from journey_mining.dashboards.figures import Figure, layout, paper_label, text
from journey_mining.dashboards.sankey import NODE_WIDTH, Box, Ribbon, trace
from journey_mining.dashboards.scene import Scene
from journey_mining.dashboards.stage_places import BOTTOM, EXITS, LINE, SIDE, TOP, Plan, exits_of, inner_height, plan_of
from journey_mining.maps.map_pictures import SegmentMap
from journey_mining.maps.numbers import Number
from journey_mining.maps.path_pictures import StageFlows, StageLink

_COLOURS = {"won": "pos", "open": "other", "lost": "neg", "silent": "neg"}
_WEIGHTS = {"won": "0.38", "open": "0.2", "lost": "0.34", "silent": "0.24"}
_HEAD = 15
"""signs of a name that fit over a column"""
_STUB = 9
"""pixels by which journeys that begin in a stage stand out on its left"""


def stage_sankey(scene: Scene, flows: StageFlows, picture: SegmentMap, *, by_stage: bool = False) -> Figure:
    """The figure; `by_stage` colours links by the stage they come from instead of by what became of them."""
    plan = plan_of(flows)
    columns = len(flows.entered)
    return {
        "data": [
            trace(
                _boxes(scene, flows, plan, by_stage=by_stage),
                _ribbons(scene, flows, plan, by_stage=by_stage),
                scale=plan.scale,
                height=inner_height(),
                layers=plan.layers,
            )
        ],
        "layout": layout(
            margin={"l": SIDE, "r": SIDE, "t": TOP, "b": BOTTOM},
            annotations=[*_heads(scene, flows, plan, columns), *_exit_labels(scene, flows, picture, plan, columns)],
            shapes=_starts(flows, plan, columns),
        ),
    }


def _x(column: int, columns: int) -> float:
    # room at the right for the labels of the last exits
    return 0.006 + 0.864 * column / columns


def _boxes(scene: Scene, flows: StageFlows, plan: Plan, *, by_stage: bool) -> list[Box]:
    columns, exits = len(flows.entered), exits_of(flows)
    boxes: list[Box] = []
    for stage, journeys in flows.entered:
        column, top = plan.stages[stage]
        number = (scene.stage(stage) or scene.pictures.stages[0]).number
        boxes.append(
            Box(
                key=stage,
                x=_x(column, columns),
                top=top,
                value=journeys,
                colour=f"@s{number}" if by_stage else "@flow-2",
                words=(text(scene.stage_name(stage)), _journeys(scene, journeys)),
            )
        )
    for (stage, kind), top in plan.exits.items():
        boxes.append(
            Box(
                key=f"{stage}:{kind}",
                x=_x(plan.stages[stage][0] + 1, columns),
                top=top,
                value=exits[stage, kind],
                colour=f"@{_COLOURS[kind]}",
                words=(scene.words.plain(f"paths.{kind}"), _journeys(scene, exits[stage, kind])),
            )
        )
    return boxes


def _ribbons(scene: Scene, flows: StageFlows, plan: Plan, *, by_stage: bool) -> list[Ribbon]:
    """Links by source and height: ways past a stage first, then onward, then exits."""
    entered, exits = dict(flows.entered), exits_of(flows)
    onward = sorted(
        (link for link in flows.links if link.target in entered),
        key=lambda link: (plan.stages[link.stage][0], -plan.stages[link.target][0]),
    )
    ribbons = [
        _ribbon(scene, link.stage, link.target, link.journeys, entered, _onward_colour(scene, link, by_stage))
        for link in onward
    ]
    for stage, kind in plan.exits:
        colour = (f"@s{_number(scene, stage)}", "0.3") if by_stage else (f"@{_COLOURS[kind]}", _WEIGHTS[kind])
        ribbons.append(_ribbon(scene, stage, f"{stage}:{kind}", exits[stage, kind], entered, colour))
    return ribbons


def _onward_colour(scene: Scene, link: StageLink, by_stage: bool) -> tuple[str, str]:
    if by_stage:
        return f"@s{_number(scene, link.stage)}", "0.42"
    return ("@back", "0.30") if is_past_stage(scene, link) else ("@flow", "0.55")


def is_past_stage(scene: Scene, link: StageLink) -> bool:
    """Whether a link passes a stage by; passing an optional stage is no deviation."""
    if link.target in EXITS:
        return False
    passed = range(_number(scene, link.stage) + 1, _number(scene, link.target))
    return any(not head.is_optional for head in scene.pictures.stages if head.number in passed)


def _number(scene: Scene, stage: str) -> int:
    head = scene.stage(stage)
    return head.number if head else 1


def _ribbon(
    scene: Scene, source: str, target: str, journeys: int, entered: dict[str, int], colour: tuple[str, str]
) -> Ribbon:
    kind = target.partition(":")[2]
    to = scene.words.plain(f"paths.{kind}") if kind in EXITS else text(scene.stage_name(target))
    share = scene.words.plain("paths.of_stage", share=scene.formats.share(journeys / entered[source]))
    token, weight = colour
    return Ribbon(
        source=source,
        target=target,
        value=journeys,
        colour=f"{token}/{weight}",
        hover=f"{token}/{min(float(weight) * 1.6, 0.9):.2f}",
        words=(text(scene.stage_name(source)), to, _journeys(scene, journeys), share),
    )


def _journeys(scene: Scene, journeys: int) -> str:
    return scene.formats.plural(journeys, scene.words.forms("journeys"))


def _heads(scene: Scene, flows: StageFlows, plan: Plan, columns: int) -> list[dict[str, Any]]:
    starts = dict(flows.starts)
    labels: list[dict[str, Any]] = []
    for stage, journeys in flows.entered:
        column, _ = plan.stages[stage]
        name = "<br>".join(text(line) for line in head_lines(scene.stage_name(stage)))
        lines = [f"<b>{_number(scene, stage)}. {name}</b>", scene.formats.count(journeys)]
        if column and starts.get(stage):
            lines.append(scene.words.plain("paths.start", n=scene.formats.count(starts[stage])))
        labels.append(
            paper_label(
                _x(column, columns),
                1,
                "<br>".join(lines),
                yanchor="top",
                yshift=TOP - 6,
                xshift=-1,
                font={"size": 12.5},
            )
        )
    return labels


def head_lines(name: str) -> list[str]:
    """A name in one or two lines as wide as a column; what does not fit is cut.

    >>> head_lines("Исследование и выбор")
    ['Исследование и', 'выбор']
    """
    first, *rest = textwrap.wrap(name, _HEAD, break_long_words=False, break_on_hyphens=False) or [""]
    lines = [first, " ".join(rest)] if rest else [first]
    return [line if len(line) <= _HEAD + 1 else f"{line[: _HEAD - 1]}…" for line in lines]


def _starts(flows: StageFlows, plan: Plan, columns: int) -> list[dict[str, Any]]:
    """Stubs at the lower left of a stage, below the links that enter it, as high as the journeys that begin there."""
    entered = dict(flows.entered)
    shapes: list[dict[str, Any]] = []
    for stage, journeys in flows.starts:
        column, top = plan.stages[stage]
        low = top + entered[stage] * plan.scale
        if column:
            shapes.append(_stub(_x(column, columns), low - journeys * plan.scale, low))
    return shapes


def _stub(x: float, high: float, low: float) -> dict[str, Any]:
    return {
        "type": "rect",
        "xref": "paper",
        "yref": "paper",
        "xsizemode": "pixel",
        "xanchor": x,
        # a node stands with its middle at its place
        "x0": -NODE_WIDTH / 2 - _STUB,
        "x1": -NODE_WIDTH / 2,
        "y0": 1 - low / inner_height(),
        "y1": 1 - high / inner_height(),
        "fillcolor": "@flow/0.55",
        "line": {"width": 0},
    }


def _exit_labels(
    scene: Scene, flows: StageFlows, picture: SegmentMap, plan: Plan, columns: int
) -> list[dict[str, Any]]:
    exits = exits_of(flows)
    losses = {column.stage.id: column.drop_off for column in picture.columns}
    labels: list[dict[str, Any]] = []
    for (stage, kind), top in plan.exits.items():
        lines = [f"<b>{scene.formats.count(exits[stage, kind])}</b> {scene.words.plain(f'paths.{kind}')}"]
        is_last_loss = kind == "silent" or (kind == "lost" and (stage, "silent") not in exits)
        if is_last_loss and losses[stage].is_full:
            lines.append(_loss_words(scene, losses[stage]))
        middle = top + exits[stage, kind] * plan.scale / 2
        # a label taller than its node hangs from the node's top, where room was kept for it
        middle = max(middle, top + len(lines) * LINE / 2 - LINE / 2)
        labels.append(
            paper_label(
                _x(plan.stages[stage][0] + 1, columns),
                1 - middle / inner_height(),
                "<br>".join(lines),
                xshift=17,
                bgcolor="@surface/0.72",
                font={"size": 12.5, "color": "@neg" if kind in ("lost", "silent") else "@ink-2"},
            )
        )
    return labels


def _loss_words(scene: Scene, number: Number) -> str:
    """The stage's drop-off with its horizon, short enough for a column of the drawing."""
    horizon = scene.formats.days(float(number.horizon_days or 0))
    return scene.words.plain("paths.loss_of", share=scene.shown(number).text, horizon=horizon)
