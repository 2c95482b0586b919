"""Graphs of single clusters: where one falls apart, and how its ties join people without joining two of them.

Everything here is plain values: ties in, groups out. It is called for the few clusters that need a closer look; the
mass of identifiers never leaves SQL.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

Adjacency = dict[int, set[int]]
"""neighbours of each identifier number"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Evidence between two identifiers, over all sources."""

    low_no: int
    high_no: int
    trust: int
    """1 strong, 2 medium, 3 weak; less for what is told and not inferred"""
    event_count: int
    first_seen_at: datetime

    @property
    def ends(self) -> tuple[int, int]:
        """Both identifiers, the smaller number first."""
        return self.low_no, self.high_no


def strongest_first(ties: Iterable[Tie]) -> list[Tie]:
    """Ties in a total order: by trust, most events, earliest seen, then by the numbers (that is: names) of the ends."""
    return sorted(ties, key=lambda tie: (tie.trust, -tie.event_count, tie.first_seen_at, tie.ends))


def neighbours(nodes: Iterable[int], ties: Iterable[Tie]) -> Adjacency:
    """The graph of some ties; a node without any has no neighbours."""
    graph: Adjacency = {node: set() for node in nodes}
    for tie in ties:
        graph[tie.low_no].add(tie.high_no)
        graph[tie.high_no].add(tie.low_no)
    return graph


def pieces(graph: Adjacency) -> list[list[int]]:
    """Connected components, each sorted, by their smallest node. Linear."""
    found, seen = [], set[int]()
    for node in sorted(graph):
        if node not in seen:
            piece = reached(graph, node)
            seen.update(piece)
            found.append(sorted(piece))
    return found


def reached(graph: Adjacency, start: int) -> dict[int, int]:
    """Steps from `start` to every node that can be reached."""
    steps = {start: 0}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for neighbour in graph[node]:
            if neighbour not in steps:
                steps[neighbour] = steps[node] + 1
                waiting.append(neighbour)
    return steps


def diameter(graph: Adjacency, nodes: Iterable[int]) -> int:
    """Most steps between two of the nodes, which must hang together; n breadth-first searches."""
    return max((max(reached(graph, node).values()) for node in nodes), default=0)


def bridges(graph: Adjacency) -> set[tuple[int, int]]:
    """Edges without which their ends would not hang together, smaller end first. Linear, without recursion.

    Source: R. E. Tarjan, A note on finding the bridges of a graph, 1974 (here by low points of a depth-first search).
    """
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    found: set[tuple[int, int]] = set()
    for root in sorted(graph):
        if root in order:
            continue
        order[root] = low[root] = len(order)
        path = [(root, -1, iter(sorted(graph[root])))]
        while path:
            node, parent, ahead = path[-1]
            step = next(ahead, None)
            if step is None:
                path.pop()
                if parent >= 0:
                    low[parent] = min(low[parent], low[node])
                    if low[node] > order[parent]:
                        found.add((min(parent, node), max(parent, node)))
            elif step not in order:
                order[step] = low[step] = len(order)
                path.append((step, node, iter(sorted(graph[step]))))
            elif step != parent:
                low[node] = min(low[node], order[step])
    return found


def side_of_cut(graph: Adjacency, a: int, b: int) -> set[int]:
    """The smaller of the two pieces that hold `a` and `b` when no edge joins them any more.

    Both are walked in turns, an edge at a time, so that a cut costs what it cuts off: all cuts of a cluster together
    take n log n, also around a hub.
    """
    walks = [(seen := {start}, _walk(graph, start, seen)) for start in (a, b)]
    while True:
        for seen, walk in walks:
            if next(walk, None) is None:
                return seen


def _walk(graph: Adjacency, start: int, seen: set[int]) -> Iterator[int]:
    waiting = deque([start])
    while waiting:
        for neighbour in graph[waiting.popleft()]:
            if neighbour not in seen:
                seen.add(neighbour)
                waiting.append(neighbour)
            yield neighbour


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Beyond these a cluster is more often a crowd than a person."""

    identifiers: int
    addresses: int
    """of one kind of address"""
    steps: int
    """between the two identifiers that lie furthest apart"""


class Piece:
    """Part of a cluster, with what decides whether it is suspicious."""

    def __init__(self, members: set[int], addresses: Mapping[int, str]) -> None:
        self.members = members
        self.addresses = Counter(addresses[node] for node in members if node in addresses)

    def lose(self, other: Piece) -> None:
        """Take out the members of another piece."""
        self.members -= other.members
        self.addresses.subtract(other.addresses)

    def reasons(self, graph: Adjacency, limits: Limits) -> tuple[str, ...]:
        """Why it is suspicious; nothing where it is not. Long chains are looked for only where the rest is fine."""
        found = []
        if len(self.members) > limits.identifiers:
            found.append("many_identifiers")
        if max(self.addresses.values(), default=0) > limits.addresses:
            found.append("many_addresses")
        if not found and diameter(graph, self.members) > limits.steps:
            found.append("long_chain")
        return tuple(found)


def cut_apart(
    graph: Adjacency, ties: Iterable[Tie], addresses: Mapping[int, str], limits: Limits
) -> tuple[list[Tie], list[Piece]]:
    """Cut the weakest bridges of one cluster until no piece is suspicious, or no bridge is left.

    Weakest: least trusted, fewest events, seen latest, then by names. A bridge to a single identifier stays: to make a
    stranger of one address parts no two people. Cutting a bridge makes no bridge of another edge, so they are found
    once.

    Args:
        graph: the cluster; it loses the edges that are cut.
        ties: its ties.
        addresses: kind of those members that are addresses.
        limits: what is suspicious.

    Returns:
        The ties cut, in the order of cutting, and the pieces.
    """
    between = bridges(graph)
    found = [Piece({*piece}, addresses) for piece in pieces(graph)]
    piece_of = {node: piece for piece in found for node in piece.members}
    suspicious = {id(piece): bool(piece.reasons(graph, limits)) for piece in found}
    cut = []
    for tie in reversed(strongest_first(tie for tie in ties if tie.ends in between)):
        whole = piece_of[tie.low_no]
        if not suspicious[id(whole)] or min(len(graph[end]) for end in tie.ends) == 1:
            continue
        graph[tie.low_no].discard(tie.high_no)
        graph[tie.high_no].discard(tie.low_no)
        side = Piece(side_of_cut(graph, *tie.ends), addresses)
        whole.lose(side)
        piece_of |= dict.fromkeys(side.members, side)
        suspicious |= {id(piece): bool(piece.reasons(graph, limits)) for piece in (whole, side)}
        found.append(side)
        cut.append(tie)
    return cut, found


@dataclass(slots=True)
class _Groups:
    """Disjoint sets that remember which values each holds of which kind."""

    parent: dict[int, int]
    held: dict[int, dict[Hashable, set[int]]]
    """root to kind to the values of it"""
    apart: dict[int, set[int]] = field(default_factory=dict)
    """root to the numbers of the pairs that are kept apart and have one end here"""

    def root(self, node: int) -> int:
        while self.parent[node] != node:
            self.parent[node] = node = self.parent[self.parent[node]]
        return node

    def join(self, a: int, b: int) -> bool:
        """Join two groups unless that would bring together what may not be; whether they are one now."""
        first, second = self.root(a), self.root(b)
        if first == second:
            return True
        mine, theirs = self.held.get(first, {}), self.held.get(second, {})
        if any(mine[kind] != theirs[kind] for kind in mine.keys() & theirs.keys()):
            return False
        if self.apart.get(first, set()) & self.apart.get(second, set()):
            return False
        keep, lost = min(first, second), max(first, second)
        self.parent[lost] = keep
        self.held[keep] = mine | theirs
        self.apart[keep] = self.apart.get(first, set()) | self.apart.get(second, set())
        return True


def joined_carefully(
    nodes: Iterable[int],
    ties: Iterable[Tie],
    *,
    names: Mapping[int, tuple[Hashable, int]] | None = None,
    split: Sequence[tuple[int, int]] = (),
) -> dict[int, int]:
    """The smallest member of the group of each node, joined along ties from the strongest to the weakest.

    Args:
        nodes: all nodes of the cluster.
        ties: its ties.
        names: (kind, value) of nodes that name somebody; a group never holds two values of one kind.
        split: pairs that are never in one group.

    Returns:
        Node to the smallest node of its group.
    """
    whole = sorted(nodes)
    held: dict[int, dict[Hashable, set[int]]] = {
        node: {kind: {value}} for node, (kind, value) in sorted((names or {}).items())
    }
    groups = _Groups({node: node for node in whole}, held)
    for number, pair in enumerate(split):
        for node in pair:
            groups.apart.setdefault(node, set()).add(number)
    for tie in strongest_first(ties):
        groups.join(*tie.ends)
    return {node: groups.root(node) for node in whole}
