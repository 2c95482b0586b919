from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from journey_mining.mining.path_graph import Flow, folded, kept_edges, most_probable_ways, without_small_nodes

logs = st.lists(
    st.tuples(st.text("abcdef", min_size=1, max_size=8), st.sampled_from(["won", "lost", "silent"])),
    min_size=1,
    max_size=40,
)


def flows_of(*log: tuple[str, str]) -> dict[tuple[str, str], Flow]:
    flows: dict[tuple[str, str], Flow] = {}
    for number, (trace, ending) in enumerate(log):
        nodes = ["journey_start", *trace, f"journey_end:{ending}"]
        for edge in pairwise(nodes):
            flow = flows.setdefault(edge, Flow())
            flow.transitions += 1
            flow.journeys.add(f"j{number}")
            flow.customers.add(f"p{number}")
    return flows


def balance(flows: dict[tuple[str, str], Flow]) -> Counter[str]:
    total: Counter[str] = Counter()
    for (activity, follower), flow in flows.items():
        total[activity] += flow.transitions
        total[follower] -= flow.transitions
    return Counter({node: count for node, count in total.items() if count})


def test_a_rare_edge_runs_through_other() -> None:
    flows = flows_of(*[("abc", "won")] * 95, *[("aabc", "won")] * 4)
    drawn = folded(flows, kept_edges(flows, small=1))
    assert ("a", "a") not in drawn
    assert (drawn["a", "other"].transitions, drawn["other", "a"].transitions) == (4, 4)


def test_the_most_probable_way_stays_however_rare() -> None:
    flows = flows_of(*[("a", "won")] * 97, *[("xy", "won")] * 3)
    assert {("journey_start", "x"), ("x", "y"), ("y", "journey_end:won")} <= kept_edges(flows, small=1)
    assert ("journey_start", "x") in most_probable_ways({edge: flow.transitions for edge, flow in flows.items()})


def test_an_edge_of_few_customers_is_never_named() -> None:
    flows = flows_of(*[("ab", "won")] * 20, *[("ac", "won")] * 4, *[("abc", "won")] * 10)
    assert ("a", "c") not in kept_edges(flows, small=10)


def test_what_is_left_of_an_activity_is_never_a_few_customers_where_it_can_be_helped() -> None:
    flows = flows_of(*[("ab", "won")] * 40, *[("ac", "won")] * 12, *[("ad", "won")] * 3, *[("dc", "won")] * 30)
    drawn = folded(flows, kept_edges(flows, small=10))
    assert len(drawn["a", "other"].customers) == 15


def test_small_activities_and_endings_lose_their_names() -> None:
    flows = flows_of(*[("ab", "won")] * 20, *[("axb", "won")] * 2, *[("ab", "lost")] * 3, *[("ab", "silent")] * 9)
    named = without_small_nodes(flows, small=10)
    nodes = {node for edge in named for node in edge}
    assert nodes == {"journey_start", "a", "b", "other", "journey_end:won", "journey_end:other"}


@settings(max_examples=150, deadline=None)
@given(log=logs, small=st.integers(1, 6))
def test_nothing_appears_or_vanishes(log, small) -> None:
    flows = flows_of(*log)
    named = without_small_nodes(flows, small=small)
    drawn = folded(named, kept_edges(named, small=small))
    ends = Counter({"journey_start": len(log)})
    assert Counter({n: c for n, c in balance(drawn).items() if not n.startswith("journey_end")}) == ends
    assert -sum(c for n, c in balance(drawn).items() if n.startswith("journey_end")) == len(log)


@settings(max_examples=150, deadline=None)
@given(log=logs, small=st.integers(2, 6))
def test_no_edge_is_small_not_even_those_of_other(log, small) -> None:
    assume(len(log) >= small)
    named = without_small_nodes(flows_of(*log), small=small)
    drawn = folded(named, kept_edges(named, small=small))
    assert min(len(flow.customers) for flow in drawn.values()) >= small


def test_ways_are_found_by_an_independent_search() -> None:
    networkx = pytest.importorskip("networkx")
    flows = flows_of(("abcd", "won"), ("abd", "won"), ("acd", "lost"), ("abcd", "won"), ("ad", "won"), ("abcbd", "won"))
    weights = {edge: flow.transitions for edge, flow in flows.items()}
    leaving = Counter()
    for (activity, _), count in weights.items():
        leaving[activity] += count
    graph = networkx.DiGraph()
    for (a, b), count in weights.items():
        graph.add_edge(a, b, weight=-math.log(count / leaving[a]))
    lengths = networkx.single_source_dijkstra_path_length(graph, "journey_start")
    ways = graph.edge_subgraph(most_probable_ways(weights))
    ours = networkx.single_source_dijkstra_path_length(ways, "journey_start")
    assert {n: ours[n] for n in lengths} == pytest.approx(lengths)
