"""Flows between the first steps of all journeys, at touchpoint level.

In: `step_flow` rows of one segment. Out: `StepFlows`: per step the top activities by name and one node for all others;
what is not drawn stays in the node's remainder, so every column adds up to the journeys that reached the step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from journey_mining.maps.heads import Name
from journey_mining.maps.path_pictures import StepFlows, StepLink, StepNode
from journey_mining.maps.suppression import Flow, visible_flows
from journey_mining.maps.tables import Row
from journey_mining.vocabulary import JOURNEY_END, OTHER

STEPS, FEWEST_STEPS = 5, 3
ENOUGH_NAMED = 0.55
"""share of moves drawn by name below which fewer steps are drawn"""
NAMED = 4
LINKS = 40

Node = tuple[int, str]


def step_flows(
    rows: Sequence[Row],
    names: Mapping[str, tuple[Name, int]],
    small: int,
    hidden: set[tuple[str, object]],
) -> StepFlows | None:
    """The picture, or None where fewer than `small` journeys reached the first step.

    Five steps; down to three where too few of the moves could be drawn by name.

    Args:
        rows: rows of one segment.
        names: name and stage number of every activity.
        small: flows of fewer customers are hidden, and what would reveal them.
        hidden: (segment, (step, activity, next activity)) that must be hidden as complements.
    """
    drawings: list[StepFlows] = []
    for steps in range(STEPS, FEWEST_STEPS - 1, -1):
        near = [row for row in rows if row["step_no"] <= steps and row["journey_count"]]
        drawing = _drawing(near, names, small, hidden)
        if drawing is None:
            return None
        drawings.append(drawing)
        if drawing.named_share >= ENOUGH_NAMED:
            break
    best = max(drawings, key=lambda drawing: drawing.named_share)
    return replace(best, is_shortened=len(best.columns) < len(drawings[0].columns))


def _drawing(
    near: Sequence[Row],
    names: Mapping[str, tuple[Name, int]],
    small: int,
    hidden: set[tuple[str, object]],
) -> StepFlows | None:
    totals = _totals(near, small)
    if not totals:
        return None
    columns = _named(near, len(totals), small)
    moves = _moves(near, columns, len(totals), hidden)
    kept = visible_flows(moves, small)
    links = [flow for flow in kept if isinstance(flow.target, tuple)]
    drawn = sorted(links, key=lambda flow: (-flow.journeys, str(flow.source), str(flow.target)))[:LINKS]
    ends = {(flow.source, flow.target): flow.journeys for flow in kept if not isinstance(flow.target, tuple)}
    return StepFlows(
        columns=tuple(
            tuple(_node((step, activity), total, names, drawn, ends) for activity, total in column)
            for step, column in enumerate(columns, start=1)
        ),
        totals=tuple(totals),
        links=tuple(_link(flow) for flow in sorted(drawn, key=lambda flow: str(flow.source))),
        flow_count=sum(_is_move(row, len(totals)) for row in near),
        named_share=_named_share(drawn, moves),
        is_shortened=False,
    )


def _totals(rows: Sequence[Row], small: int) -> list[int]:
    """Journeys that reached each step, up to the first step that too few reached."""
    reached: dict[int, int] = defaultdict(int)
    for row in rows:
        reached[int(row["step_no"])] += int(row["journey_count"])
    totals: list[int] = []
    for step in range(1, STEPS + 1):
        if reached[step] < small:
            break
        totals.append(reached[step])
    return totals


def _named(rows: Sequence[Row], steps: int, small: int) -> list[list[tuple[str, int]]]:
    """Per step: the most used activities, then all others together; a remainder too small to show takes the least."""
    counts: list[dict[str, int]] = [defaultdict(int) for _ in range(steps)]
    for row in rows:
        if row["step_no"] <= steps:
            counts[int(row["step_no"]) - 1][row["activity"]] += int(row["journey_count"])
    columns: list[list[tuple[str, int]]] = []
    for column in counts:
        ranked = sorted(((n, a) for a, n in column.items() if a != OTHER), key=lambda item: (-item[0], item[1]))
        top = [(activity, count) for count, activity in ranked[:NAMED] if count >= small]
        rest = sum(column.values()) - sum(count for _, count in top)
        while top and 0 < rest < small:
            rest += top.pop()[1]
        columns.append([*top, *([(OTHER, rest)] if rest else [])])
    return columns


def _moves(
    rows: Sequence[Row], columns: Sequence[Sequence[tuple[str, int]]], steps: int, hidden: set[tuple[str, object]]
) -> list[Flow]:
    """All moves and ends between the nodes of the picture, summed; an ending is a node of its own for every source."""
    named = [{activity for activity, _ in column} for column in columns]
    merged: dict[tuple[Node, object], Flow] = {}
    for row in rows:
        step = int(row["step_no"])
        if step > steps:
            continue
        source = (step, row["activity"] if row["activity"] in named[step - 1] else OTHER)
        target = _target(row["next_activity"], step, named)
        flow = Flow(
            source=source,
            target=target if isinstance(target, tuple) else f"{target}:{source}",
            journeys=int(row["journey_count"]),
            customers=int(row["customer_count"]),
            is_forced=(row["segment"], (step, row["activity"], row["next_activity"])) in hidden,
        )
        merged[source, target] = _joined(merged.get((source, target)), flow)
    return [merged[key] for key in sorted(merged, key=str)]


def _target(following: str, step: int, named: Sequence[set[str]]) -> Node | str:
    head, _, ending = following.partition(":")
    if head == JOURNEY_END:
        return ending
    if step >= len(named):
        return "more"
    return (step + 1, following if following in named[step] else OTHER)


def _is_move(row: Row, steps: int) -> bool:
    return row["step_no"] < steps and not row["next_activity"].startswith(JOURNEY_END)


def _joined(one: Flow | None, other: Flow) -> Flow:
    if one is None:
        return other
    return replace(
        one,
        journeys=one.journeys + other.journeys,
        customers=one.customers + other.customers,
        # a sum of several cells reveals none of them as long as one of them may be shown
        is_forced=one.is_forced and other.is_forced,
    )


def _node(
    node: Node,
    total: int,
    names: Mapping[str, tuple[Name, int]],
    drawn: Sequence[Flow],
    ends: Mapping[tuple[object, object], int],
) -> StepNode:
    lost, silent, won, still_open = (ends.get((node, f"{e}:{node}"), 0) for e in ("lost", "silent", "won", "open"))
    on = sum(flow.journeys for flow in drawn if flow.source == node)
    name, stage = names.get(node[1], (Name(ru=node[1], en=node[1]), 0))
    return StepNode(
        activity=node[1],
        name=name,
        stage_number=stage,
        journeys=total,
        lost=lost + silent,
        won=won,
        still_open=still_open,
        rest=total - on - lost - silent - won - still_open,
    )


def _link(flow: Flow) -> StepLink:
    source, target = flow.source, flow.target
    if not (isinstance(source, tuple) and isinstance(target, tuple)):
        message = f"not a move between steps: {flow}"
        raise TypeError(message)
    return StepLink(step=source[0], source=source[1], target=target[1], journeys=flow.journeys)


def _named_share(drawn: Sequence[Flow], moves: Sequence[Flow]) -> float:
    total = sum(flow.journeys for flow in moves if isinstance(flow.target, tuple))
    links = [_link(flow) for flow in drawn]
    named = sum(link.journeys for link in links if OTHER not in (link.source, link.target))
    return named / total if total else 1.0
