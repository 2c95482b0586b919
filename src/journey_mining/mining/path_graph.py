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
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from journey_mining.mining.schemas import schema
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
    edges = _edges(warehouse)
    rows: list[dict[str, object]] = []
    drawn: list[dict[str, object]] = []
    for segment in [ALL_SEGMENTS, *sorted(set(edges["segment"]))]:
        part = edges if segment == ALL_SEGMENTS else edges[edges["segment"] == segment]
        flows = flows_of(part)
        if len(customers_of(flows.values())) < small:
            continue
        flows = without_small_nodes(flows, small=small)
        kept = kept_edges(flows, small=small)
        rows += _graph_rows(segment, folded(flows, kept))
        drawn.append(_drawn_share(segment, flows, kept))
    warehouse.write("path_graph", pa.Table.from_pylist(rows, schema=PATH_GRAPH))
    warehouse.write("path_graph_drawn", pa.Table.from_pylist(drawn, schema=PATH_GRAPH_DRAWN))
    return {"path_graph": len(rows), "path_graph_drawn": len(drawn)}


def flows_of(edges: pd.DataFrame) -> dict[Edge, Flow]:
    """Flows by edge; columns `activity, next_activity, journey_no, person_no, seconds_to_next`."""
    journeys, people = edges["journey_no"].to_numpy(), edges["person_no"].to_numpy()
    seconds = edges["seconds_to_next"].to_numpy(dtype="float64")
    flows: dict[Edge, Flow] = {}
    by_edge: dict[Any, Any] = edges.groupby(["activity", "next_activity"], observed=True).indices
    for (activity, follower), rows in by_edge.items():
        timed = seconds[rows]
        flows[(str(activity), str(follower))] = Flow(
            transitions=len(rows),
            journeys=set(journeys[rows].tolist()),
            customers=set(people[rows].tolist()),
            seconds=timed[~np.isnan(timed)].tolist(),
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


def _edges(warehouse: Warehouse) -> pd.DataFrame:
    """Every passage of closed journeys whose start was seen, with their starts and ends."""
    steps = warehouse.read("activity_step", order_by=["journey_id", "activity_no"])
    steps = steps[steps["is_closed"].astype(bool) & ~steps["is_left_uncertain"].astype(bool)]
    ends = JOURNEY_END + ":" + steps["ending"].astype(str)
    inner = steps.assign(
        next_activity=steps["next_activity"].where(steps["next_activity"].notna(), ends),
        seconds_to_next=steps["seconds_to_next"].astype("float64"),
    )
    first = steps[steps["activity_no"] == 1]
    starts = first.assign(next_activity=first["activity"], activity=JOURNEY_START, seconds_to_next=math.nan)
    both = pd.concat([inner, starts], ignore_index=True)
    # numbers are grouped and joined many times faster than names
    return both.assign(
        journey_no=pd.factorize(both["journey_id"])[0],
        person_no=pd.factorize(both["person_id"])[0],
        activity=both["activity"].astype("category"),
        next_activity=both["next_activity"].astype("category"),
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
    return float(pd.Series(seconds).median())


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
