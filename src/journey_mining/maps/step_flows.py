"""Flows between the first steps of all journeys, at touchpoint level.

In: `step_flow` rows of every segment. Out: `StepFlows`: per step the top activities by name and one node for all
others; what is not drawn stays in the node's remainder, so every column adds up to the journeys that reached the step,
but for those whose others are held back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from journey_mining.maps.heads import Name
from journey_mining.maps.path_pictures import StepFlows, StepLink, StepNode
from journey_mining.maps.step_columns import HELD, Column, Node, columns_of, columns_together, total_of
from journey_mining.maps.step_hiding import MORE, links_together
from journey_mining.maps.suppression import Flow
from journey_mining.maps.tables import Row
from journey_mining.vocabulary import JOURNEY_END, OTHER

STEPS, FEWEST_STEPS = 5, 3
ENOUGH_NAMED = 0.55
"""share of moves drawn by name below which fewer steps are drawn"""
LINKS = 40
_TOLD_AS = {"silent": "lost"}
"""the picture tells these endings in one number, so they are hidden or shown as one"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A picture before links of other segments are looked at."""

    columns: list[Column]
    is_shortened: bool


def step_flows_together(
    rows: Mapping[str, Sequence[Row]], names: Mapping[str, tuple[Name, int]], small: int
) -> dict[str, StepFlows | None]:
    """The pictures of all segments; None where too few journeys reached two steps.

    Five steps; down to three where too few of the moves could be drawn by name, and fewer where later ones would reveal
    a small group of another segment.

    Args:
        rows: rows of each segment that may be told of; those of the others are part of everybody only.
        names: name and stage number of every activity.
        small: groups of fewer are hidden, and what would reveal them.
    """
    near = {segment: [row for row in own if row["journey_count"]] for segment, own in rows.items()}
    drafts = {segment: draft for segment, own in near.items() if (draft := _draft(own, small))}
    columns = columns_together({segment: draft.columns for segment, draft in drafts.items()}, small)
    # one column alone has no moves
    columns = {segment: own for segment, own in columns.items() if len(own) > 1}
    flows = {segment: _flows(near[segment], own) for segment, own in columns.items()}
    shown = links_together(flows, columns, small)
    return {
        segment: _picture(near[segment], columns[segment], flows[segment], shown[segment], names, drafts[segment])
        if segment in columns
        else None
        for segment in rows
    }


def _draft(near: Sequence[Row], small: int) -> _Draft | None:
    """As many columns as can be drawn by name well enough."""
    found: list[tuple[float, list[Column]]] = []
    for steps in range(STEPS, FEWEST_STEPS - 1, -1):
        columns = columns_of(_counts(near, steps, small), small)
        if not columns:
            return None
        flows = _flows(near, columns)
        shown = links_together({"": flows}, {"": columns}, small)[""]
        found.append((_named_share(_drawn(shown), flows), columns))
        if found[-1][0] >= ENOUGH_NAMED:
            break
    _, best = max(found, key=lambda item: item[0])
    return _Draft(columns=best, is_shortened=len(best) < len(found[0][1]))


def _counts(rows: Sequence[Row], steps: int, small: int) -> list[dict[str, int]]:
    """Journeys by activity at each step, up to the first step that too few reached."""
    counts: list[dict[str, int]] = [defaultdict(int) for _ in range(steps)]
    for row in rows:
        if row["step_no"] <= steps:
            counts[int(row["step_no"]) - 1][row["activity"]] += int(row["journey_count"])
    reached = next((step for step, count in enumerate(counts) if sum(count.values()) < small), steps)
    return counts[:reached]


def _flows(rows: Iterable[Row], columns: Sequence[Column]) -> list[Flow]:
    """All moves and ends between the nodes of the picture, summed."""
    merged: dict[tuple[Node, Node | str], Flow] = {}
    for row in rows:
        step = int(row["step_no"])
        if step > len(columns):
            continue
        source = _node_of(row["activity"], step, columns)
        target = _target(row["next_activity"], step, columns)
        flow = Flow(
            source=source, target=target, journeys=int(row["journey_count"]), customers=int(row["customer_count"])
        )
        merged[source, target] = _joined(merged.get((source, target)), flow)
    return [merged[key] for key in sorted(merged, key=str)]


def _target(following: str, step: int, columns: Sequence[Column]) -> Node | str:
    head, _, ending = following.partition(":")
    if head == JOURNEY_END:
        return _TOLD_AS.get(ending, ending)
    if step >= len(columns):
        return MORE
    return _node_of(following, step + 1, columns)


def _node_of(activity: str, step: int, columns: Sequence[Column]) -> Node:
    column = columns[step - 1]
    return (step, activity if activity in column else HELD if HELD in column else OTHER)


def _joined(one: Flow | None, other: Flow) -> Flow:
    if one is None:
        return other
    return replace(one, journeys=one.journeys + other.journeys, customers=one.customers + other.customers)


def _drawn(shown: Iterable[Flow]) -> list[Flow]:
    """The moves among the flows, the largest ones."""
    links = [flow for flow in shown if isinstance(flow.target, tuple)]
    return sorted(links, key=lambda flow: (-flow.journeys, str(flow.source), str(flow.target)))[:LINKS]


def _picture(
    near: Sequence[Row],
    columns: Sequence[Column],
    flows: Sequence[Flow],
    shown: Sequence[Flow],
    names: Mapping[str, tuple[Name, int]],
    draft: _Draft,
) -> StepFlows:
    drawn = _drawn(shown)
    ends = {(flow.source, flow.target): flow.journeys for flow in shown if not isinstance(flow.target, tuple)}
    return StepFlows(
        columns=tuple(
            tuple(
                _node((step, activity), total, names, drawn, ends)
                for activity, total in column.items()
                if activity != HELD
            )
            for step, column in enumerate(columns, start=1)
        ),
        totals=tuple(total_of(column) for column in columns),
        links=tuple(_link(flow) for flow in sorted(drawn, key=lambda flow: str(flow.source))),
        flow_count=sum(_is_move(row, len(columns)) for row in near),
        named_share=_named_share(drawn, flows),
        is_shortened=draft.is_shortened or len(columns) < len(draft.columns),
    )


def _is_move(row: Row, steps: int) -> bool:
    return row["step_no"] < steps and not row["next_activity"].startswith(JOURNEY_END)


def _node(
    node: Node,
    total: int,
    names: Mapping[str, tuple[Name, int]],
    drawn: Sequence[Flow],
    ends: Mapping[tuple[object, object], int],
) -> StepNode:
    lost, won, still_open = (ends.get((node, e), 0) for e in ("lost", "won", "open"))
    on = sum(flow.journeys for flow in drawn if flow.source == node)
    name, stage = names.get(node[1], (Name(ru=node[1], en=node[1]), 0))
    return StepNode(
        activity=node[1],
        name=name,
        stage_number=stage,
        journeys=total,
        lost=lost,
        won=won,
        still_open=still_open,
        rest=total - on - lost - won - still_open,
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
    named = sum(link.journeys for link in links if not {OTHER, HELD} & {link.source, link.target})
    return named / total if total else 1.0
