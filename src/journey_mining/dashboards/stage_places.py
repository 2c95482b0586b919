"""Places of the Sankey of stages: a column per stage, its exits in the next column, ways past a stage above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from journey_mining.dashboards.sankey import layer_values, scale_of
from journey_mining.maps.path_pictures import StageFlows, StageLink

HEIGHT = 500
TOP, BOTTOM, SIDE = 84, 8, 8
GAP, LINE = 14, 17
EXITS = ("won", "open", "lost", "silent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Places of everything, in pixels from the top."""

    scale: float
    layers: list[int]
    stages: dict[str, tuple[int, float]]
    """column and top by stage"""
    exits: dict[tuple[str, str], float]
    """top by stage and kind"""
    bottoms: list[float]
    """lowest pixel of every column"""


def exits_of(flows: StageFlows) -> dict[tuple[str, str], int]:
    """Journeys by stage and ending."""
    return {(link.stage, link.target): link.journeys for link in flows.links if link.target in EXITS}


def free_corner(flows: StageFlows) -> float:
    """Pixels free at the bottom of the right half of the drawing, for the ranking of losses."""
    plan = plan_of(flows)
    half = plan.bottoms[(len(plan.bottoms) + 1) // 2 :]
    return inner_height() - max(half, default=0.0)


def inner_height() -> float:
    """Height of the drawing without its head, in pixels."""
    return float(HEIGHT - TOP - BOTTOM)


def plan_of(flows: StageFlows) -> Plan:
    """Places of every stage and exit at the one scale at which all columns fit."""
    order = [stage for stage, _ in flows.entered]
    entered, exits = dict(flows.entered), exits_of(flows)
    skips = [
        (link, order.index(link.stage), order.index(link.target)) for link in flows.links if link.target in entered
    ]
    columns: list[tuple[int, float]] = []
    for place in range(len(order) + 1):
        over = sum(link.journeys for link, a, b in skips if a < place < b)
        kinds = _kinds(exits, order[place - 1]) if place else []
        own = entered[order[place]] if place < len(order) else 0
        gaps = (GAP if over else 0) + sum(max(GAP, _needed(kind)) for kind in kinds)
        columns.append((over + own + sum(exits[order[place - 1], kind] for kind in kinds), gaps))
    layers = _layers(flows, exits)
    scale = scale_of(columns, layers, inner_height())
    return _placed(order, entered, exits, skips, scale, layers)


def _placed(
    order: Sequence[str],
    entered: dict[str, int],
    exits: dict[tuple[str, str], int],
    skips: Sequence[tuple[StageLink, int, int]],
    scale: float,
    layers: list[int],
) -> Plan:
    stages: dict[str, tuple[int, float]] = {}
    tops: dict[tuple[str, str], float] = {}
    bottoms: list[float] = []
    for place in range(len(order) + 1):
        over = sum(link.journeys for link, a, b in skips if a < place < b)
        y = over * scale + (GAP if over else 0)
        if place < len(order):
            stages[order[place]] = (place, y)
            y += entered[order[place]] * scale
        for kind in _kinds(exits, order[place - 1]) if place else []:
            y += GAP
            tops[order[place - 1], kind] = y
            y += max(exits[order[place - 1], kind] * scale, _needed(kind) - GAP)
        bottoms.append(y)
    return Plan(scale=scale, layers=layers, stages=stages, exits=tops, bottoms=bottoms)


def _kinds(exits: dict[tuple[str, str], int], stage: str) -> list[str]:
    return [kind for kind in EXITS if exits.get((stage, kind))]


def _needed(kind: str) -> float:
    """Pixels a label needs; the loss carries its share in a second line."""
    return 2 * LINE + 4 if kind in ("lost", "silent") else LINE


def _layers(flows: StageFlows, exits: dict[tuple[str, str], int]) -> list[int]:
    entered = dict(flows.entered)
    values = dict(entered) | {f"{stage}:{kind}": n for (stage, kind), n in exits.items()}
    links = [(link.stage, link.target) for link in flows.links if link.target in entered]
    links += [(stage, f"{stage}:{kind}") for stage, kind in exits]
    return layer_values(values, links)
