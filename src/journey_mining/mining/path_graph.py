"""The graph of real paths without its noise, and how much of them it still shows.

In: `activity_step`. Out: `path_graph`, whose flow is conserved because what is not drawn runs through the node "other",
and `path_graph_drawn`.

An edge (a, b) stays if at least 5 % of what leaves a goes to b, or if it lies on the most probable way from the start
to a or from b to an end, so that no activity hangs in the air. It goes, whatever its share, if fewer than k customers
took it; so does the smallest edge that stays, where the rest of its activity would be fewer than k customers.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journey_mining.mining.coded_steps import coded_steps
from journey_mining.mining.schemas import schema
from journey_mining.packed.keys import Ints
from journey_mining.vocabulary import ALL_SEGMENTS, JOURNEY_END, JOURNEY_START, OTHER
from journey_mining.warehouse import Warehouse

MIN_SHARE = 0.05
"""of what leaves an activity; below it an edge is noise"""

PATH_GRAPH = schema(
    text="segment activity next_activity",
    int="transition_count journey_count customer_count",
    real="share_of_activity median_seconds",
)
PATH_GRAPH_DRAWN = schema(
    text="segment",
    int="transition_count",
    real="transition_share",
    int_2="journey_count",
    real_2="journey_share",
    int_3="customer_count",
    real_3="customer_share",
    int_4="edge_count kept_edge_count",
)

_OTHER_END = f"{JOURNEY_END}:{OTHER}"

Edge = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """Passages from node to node as numbers; arrays of equal lengths."""

    nodes: tuple[str, ...]
    """activities, the start, the ends"""
    segments: tuple[str, ...]
    edge: Ints
    """number of the node left times the number of nodes, plus that of the node entered"""
    segment: Ints
    journey: Ints
    person: Ints
    seconds: NDArray[np.float64]
    """NaN where there is no time"""


@dataclass(slots=True)
class Flow:
    """What went along one edge."""

    transitions: int = 0
    journeys: set[int] = field(default_factory=set)
    """numbers of journeys, which stand for their ids"""
    customers: set[int] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)

    def add(self, other: Flow) -> None:
        """Let what went along another edge go along this one."""
        self.transitions += other.transitions
        self.journeys |= other.journeys
        self.customers |= other.customers
        self.seconds += other.seconds


def write_path_graph(warehouse: Warehouse, *, small: int) -> dict[str, int]:
    """Write `path_graph` and `path_graph_drawn`; their row counts. `small` is the k below which nothing is named."""
    passages = _passages(warehouse)
    rows: list[dict[str, object]] = []
    drawn: list[dict[str, object]] = []
    for segment in [ALL_SEGMENTS, *sorted(passages.segments)]:
        flows = flows_of(passages, segment)
        if len(customers_of(flows.values())) < small:
            continue
        flows = without_small_nodes(flows, small=small)
        kept = kept_edges(flows, small=small)
        rows += _graph_rows(segment, folded(flows, kept))
        drawn.append(_drawn_share(segment, flows, kept))
    warehouse.write("path_graph", pa.Table.from_pylist(rows, schema=PATH_GRAPH))
    warehouse.write("path_graph_drawn", pa.Table.from_pylist(drawn, schema=PATH_GRAPH_DRAWN))
    return {"path_graph": len(rows), "path_graph_drawn": len(drawn)}


def flows_of(passages: Passages, segment: str) -> dict[Edge, Flow]:
    """Flows by edge of a segment, or of everybody."""
    if segment == ALL_SEGMENTS:
        rows = np.arange(len(passages.edge))
    else:
        rows = np.flatnonzero(passages.segment == passages.segments.index(segment))
    rows = rows[np.argsort(passages.edge[rows], kind="stable")]
    edge, seconds = passages.edge[rows], passages.seconds[rows]
    is_timed = ~np.isnan(seconds)
    journeys, people = passages.journey[rows].tolist(), passages.person[rows].tolist()
    starts = np.flatnonzero(np.append(np.ones(min(len(edge), 1), dtype=bool), edge[1:] != edge[:-1]))
    flows: dict[Edge, Flow] = {}
    for first, last in pairwise([*starts.tolist(), len(edge)]):
        activity, follower = divmod(int(edge[first]), len(passages.nodes))
        flows[passages.nodes[activity], passages.nodes[follower]] = Flow(
            transitions=last - first,
            journeys=set(journeys[first:last]),
            customers=set(people[first:last]),
            seconds=seconds[first:last][is_timed[first:last]].tolist(),
        )
    return flows


def customers_of(flows: Iterable[Flow]) -> set[int]:
    """Customers of several flows."""
    return set().union(*(flow.customers for flow in flows))


def without_small_nodes(flows: Mapping[Edge, Flow], *, small: int) -> dict[Edge, Flow]:
    """Activities of fewer than `small` customers become "other"; such endings are joined, smallest first."""
    entering: dict[str, set[int]] = defaultdict(set)
    for (_, follower), flow in flows.items():
        entering[follower] |= flow.customers
    names = {name: OTHER for name, people in entering.items() if len(people) < small and not _is_end(name)}
    ends = sorted((len(people), name) for name, people in entering.items() if _is_end(name))
    joined: set[int] = set()
    while ends and (ends[0][0] < small or 0 < len(joined) < small):
        _, name = ends.pop(0)
        joined |= entering[name]
        names[name] = _OTHER_END
    result: dict[Edge, Flow] = {}
    for (activity, follower), flow in sorted(flows.items()):
        edge = (names.get(activity, activity), names.get(follower, follower))
        if edge != (OTHER, OTHER):
            result.setdefault(edge, Flow()).add(flow)
    return result


def kept_edges(flows: Mapping[Edge, Flow], *, small: int, min_share: float = MIN_SHARE) -> set[Edge]:
    """Edges that are drawn under their own names; those at "other" are, but are no subject of the rule."""
    weights = {edge: flow.transitions for edge, flow in flows.items()}
    leaving: dict[str, int] = defaultdict(int)
    for (activity, _), count in weights.items():
        leaving[activity] += count
    probable = {edge for edge, count in weights.items() if count >= min_share * leaving[edge[0]]}
    wanted = probable | most_probable_ways(weights)
    kept = {edge for edge in wanted if OTHER not in edge and len(flows[edge].customers) >= small}
    return _without_small_rests(flows, kept, small)


def most_probable_ways(weights: Mapping[Edge, int]) -> set[Edge]:
    """Edges on the most probable way from the start to any activity, or from any activity to an end."""
    leaving: dict[str, int] = defaultdict(int)
    for (activity, _), count in weights.items():
        leaving[activity] += count
    lengths = {edge: -math.log(count / leaving[edge[0]]) for edge, count in weights.items()}
    backward = {(follower, activity): length for (activity, follower), length in lengths.items()}
    ends = {follower for _, follower in weights if _is_end(follower)}
    onward = _shortest_ways(lengths, {JOURNEY_START})
    return onward | {(activity, follower) for follower, activity in _shortest_ways(backward, ends)}


def folded(flows: Mapping[Edge, Flow], kept: set[Edge]) -> dict[Edge, Flow]:
    """Flows with edges that are not kept led through "other", so that each activity keeps what enters and leaves."""
    result: dict[Edge, Flow] = {edge: flows[edge] for edge in kept}
    for (activity, follower), flow in sorted(flows.items()):
        if (activity, follower) in kept:
            continue
        for edge in ((activity, OTHER), (OTHER, follower)):
            if edge != (OTHER, OTHER):
                result.setdefault(edge, Flow()).add(flow)
    return result


def _is_end(name: str) -> bool:
    return name.startswith(f"{JOURNEY_END}:")


def _shortest_ways(lengths: Mapping[Edge, float], starts: Iterable[str]) -> set[Edge]:
    """Edges of the tree of shortest ways; among equally long ones the first by name."""
    following: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (activity, follower), length in lengths.items():
        following[activity].append((length, follower))
    queue: list[tuple[float, str, str]] = [(0.0, start, "") for start in sorted(starts)]
    reached: dict[str, str] = {}
    while queue:
        length, activity, before = heapq.heappop(queue)
        if activity in reached:
            continue
        reached[activity] = before
        for step, follower in following[activity]:
            # rounding keeps sums that differ in the last bit equal, so that names decide
            heapq.heappush(queue, (round(length + step, 9), follower, activity))
    return {(before, activity) for activity, before in reached.items() if before}


def _without_small_rests(flows: Mapping[Edge, Flow], kept: set[Edge], small: int) -> set[Edge]:
    """Edges to keep so that no edge to or from "other" stands for fewer than `small` customers, as far as possible."""
    kept = set(kept)
    while True:
        rests = {
            edge: flow for edge, flow in folded(flows, kept).items() if OTHER in edge and len(flow.customers) < small
        }
        victims = [
            min(near, key=lambda e: (flows[e].transitions, e)) for rest in rests if (near := _beside(rest, kept))
        ]
        if not victims:
            return kept
        kept.discard(min(victims, key=lambda e: (flows[e].transitions, e)))


def _beside(rest: Edge, kept: set[Edge]) -> list[Edge]:
    """Kept edges that leave (or enter) the same activity as a rest does."""
    side = 0 if rest[1] == OTHER else 1
    return [edge for edge in kept if edge[side] == rest[side]]


def _passages(warehouse: Warehouse) -> Passages:
    """Every passage of closed journeys whose start was seen, with their starts and ends."""
    steps = coded_steps(warehouse)
    count = len(steps.activities)
    nodes = (*steps.activities, JOURNEY_START, *(f"{JOURNEY_END}:{ending}" for ending in steps.endings))
    follower = np.where(steps.follower >= 0, steps.follower, count + 1 + steps.ending)
    first = steps.is_first
    return Passages(
        nodes=nodes,
        segments=steps.segments,
        edge=np.concatenate([steps.activity * len(nodes) + follower, count * len(nodes) + steps.activity[first]]),
        segment=np.concatenate([steps.segment, steps.segment[first]]),
        journey=np.concatenate([steps.journey, steps.journey[first]]),
        person=np.concatenate([steps.person, steps.person[first]]),
        seconds=np.concatenate([steps.seconds, np.full(int(first.sum()), math.nan)]),
    )


def _graph_rows(segment: str, flows: Mapping[Edge, Flow]) -> list[dict[str, object]]:
    leaving: dict[str, int] = defaultdict(int)
    for (activity, _), flow in flows.items():
        leaving[activity] += flow.transitions
    return [
        {
            "segment": segment,
            "activity": activity,
            "next_activity": follower,
            "transition_count": flow.transitions,
            "journey_count": len(flow.journeys),
            "customer_count": len(flow.customers),
            "share_of_activity": round(flow.transitions / leaving[activity], 6),
            "median_seconds": None if OTHER in (activity, follower) or not flow.seconds else _median(flow.seconds),
        }
        for (activity, follower), flow in sorted(flows.items())
    ]


def _median(seconds: list[float]) -> float:
    return float(np.median(seconds))


def _drawn_share(segment: str, flows: Mapping[Edge, Flow], kept: set[Edge]) -> dict[str, object]:
    """How much is drawn: passages along kept edges, and journeys and customers all of whose passages are."""
    everything, drawn, dropped = Flow(), Flow(), Flow()
    for edge, flow in flows.items():
        everything.add(flow)
        (drawn if edge in kept else dropped).add(flow)
    total = max(everything.transitions, 1)
    return {
        "segment": segment,
        "transition_count": everything.transitions,
        "transition_share": round(drawn.transitions / total, 6),
        "journey_count": len(everything.journeys),
        "journey_share": round(len(everything.journeys - dropped.journeys) / max(len(everything.journeys), 1), 6),
        "customer_count": len(everything.customers),
        "customer_share": round(len(everything.customers - dropped.customers) / max(len(everything.customers), 1), 6),
        "edge_count": len(flows),
        "kept_edge_count": len(kept),
    }
