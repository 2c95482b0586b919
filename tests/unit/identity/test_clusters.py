from __future__ import annotations

from collections.abc import Iterable

import networkx as nx
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from journey_mining.identity.clusters import (
    Limits,
    Tie,
    bridges,
    cut_apart,
    diameter,
    joined_carefully,
    neighbours,
    pieces,
    side_of_cut,
)
from support import NOON

PAIRS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=24)
LIMITS = Limits(identifiers=5, addresses=3, steps=4)


def tie(a: int, b: int, *, trust: int = 1, events: int = 1) -> Tie:
    return Tie(low_no=min(a, b), high_no=max(a, b), trust=trust, event_count=events, first_seen_at=NOON)


def ties_of(pairs: Iterable[tuple[int, int]]) -> list[Tie]:
    distinct = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
    return [tie(a, b, events=1 + (a * b) % 3) for a, b in distinct]


def graph_of(ties: Iterable[Tie]) -> dict[int, set[int]]:
    return neighbours(range(12), ties)


@settings(max_examples=40, deadline=None)
@for_all(PAIRS)
def test_bridges_pieces_and_diameters_equal_a_library(pairs: list[tuple[int, int]]) -> None:
    ties = ties_of(pairs)
    other = nx.Graph([t.ends for t in ties])
    other.add_nodes_from(range(12))
    assert bridges(graph_of(ties)) == {(min(edge), max(edge)) for edge in nx.bridges(other)}
    assert pieces(graph_of(ties)) == sorted(sorted(piece) for piece in nx.connected_components(other))
    for piece in nx.connected_components(other):
        assert diameter(graph_of(ties), piece) == nx.diameter(other.subgraph(piece))


@settings(max_examples=40, deadline=None)
@for_all(PAIRS, st.randoms(use_true_random=False))
def test_cutting_depends_on_no_order_and_never_joins(pairs: list[tuple[int, int]], random: object) -> None:
    ties = ties_of(pairs)
    shuffled = ties.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    cut, found = cut_apart(graph_of(ties), ties, {}, LIMITS)
    again, _ = cut_apart(graph_of(shuffled), shuffled, {}, LIMITS)
    assert cut == again
    wholes = [set(piece) for piece in pieces(graph_of(ties))]
    assert all(any(part.members <= whole for whole in wholes) for part in found)
    assert sorted(node for part in found for node in part.members) == list(range(12))


@settings(max_examples=40, deadline=None)
@for_all(PAIRS)
def test_what_stays_suspicious_has_no_bridge_between_two_parts(pairs: list[tuple[int, int]]) -> None:
    ties = ties_of(pairs)
    graph = graph_of(ties)
    _, found = cut_apart(graph, ties, {}, LIMITS)
    for part in found:
        if part.reasons(graph, LIMITS):
            for a, b in bridges({node: graph[node] for node in part.members}):
                open_graph = {node: set(around) for node, around in graph.items()}
                open_graph[a].discard(b)
                open_graph[b].discard(a)
                assert len(side_of_cut(open_graph, a, b)) == 1


@settings(max_examples=40, deadline=None)
@for_all(PAIRS)
def test_careful_joining_keeps_records_and_splits_apart(pairs: list[tuple[int, int]]) -> None:
    names = {0: ("crm", 0), 1: ("crm", 1), 2: ("crm", 1), 3: ("shop", 3)}
    ties = ties_of(pairs)
    joined = joined_carefully(range(12), ties, names=names, split=[(4, 5)])
    assert joined[0] not in {joined[1], joined[2]}
    assert joined[4] != joined[5]
    other = nx.Graph([t.ends for t in ties])
    other.add_nodes_from(range(12))
    assert all(joined[node] in nx.node_connected_component(other, node) for node in range(12))


def test_the_weakest_of_two_bridges_is_cut_first() -> None:
    triangles = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (6, 7), (7, 8), (6, 8)]
    ties = [*(tie(a, b) for a, b in triangles), tie(2, 3, trust=2, events=5), tie(5, 6, trust=2, events=1)]
    limits = Limits(identifiers=6, addresses=9, steps=9)
    cut, found = cut_apart(graph_of(ties), ties, {}, limits)
    assert [one.ends for one in cut] == [(5, 6)]
    assert sorted(len(part.members) for part in found if len(part.members) > 1) == [3, 6]


def test_a_hub_with_many_leaves_is_left_whole() -> None:
    ties = [tie(0, leaf) for leaf in range(1, 12)]
    assert cut_apart(graph_of(ties), ties, {}, LIMITS)[0] == []


def test_four_emails_are_suspicious_and_two_of_each_kind_are_not() -> None:
    ties = [tie(0, 1), tie(1, 2), tie(2, 3)]
    graph = neighbours(range(4), ties)
    limits = Limits(identifiers=25, addresses=3, steps=4)
    _, (part,) = cut_apart(graph, [], dict.fromkeys(range(4), "email"), limits)
    assert part.reasons(graph, limits) == ("many_addresses",)
    _, (part,) = cut_apart(graph, [], {0: "email", 1: "email", 2: "phone", 3: "phone"}, limits)
    assert part.reasons(graph, limits) == ()
