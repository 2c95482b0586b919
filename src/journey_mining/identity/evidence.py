"""Reading stored evidence back: the edges of some identifiers, and the shortest chain between two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from journey_mining.warehouse import Warehouse
from journey_mining.warehouse.duckdb_warehouse import quoted

Node = tuple[str, str]
"""an identifier as published: (kind, value), the value of a personal kind being a keyed hash"""
_EDGE_COLUMNS = (
    "kind_a",
    "value_a",
    "kind_b",
    "value_b",
    "rule",
    "strength",
    "event_count",
    "first_seen_at",
    "last_seen_at",
    "blocked_reason",
)
_BATCH = 1000
_MOST_NODES = 20_000
"""a search that met more identifiers than this goes through a hub, and would explain nothing"""
_STRENGTHS = ("strong", "medium", "weak")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One stored edge, as it is read from one end to the other."""

    start: Node
    end: Node
    rule: str
    """how the two came together, such as same_event:zendesk"""
    strength: str
    """strong, medium or weak"""
    event_count: int
    first_seen_at: datetime
    last_seen_at: datetime
    blocked_reason: str | None
    """why the edge joins nobody, or None where it does"""

    def reversed(self) -> Link:
        """The same edge, read from its other end."""
        return replace(self, start=self.end, end=self.start)


def links_of(warehouse: Warehouse, nodes: Iterable[Node]) -> list[Link]:
    """Every edge that ends in one of the nodes, best evidence first, then by its ends."""
    wanted = sorted(set(nodes))
    found: dict[tuple[Node, Node, str], Link] = {}
    for start in range(0, len(wanted), _BATCH):
        values = [value for _, value in wanted[start : start + _BATCH]]
        for row in _rows_with(warehouse, "identifier_edge", _EDGE_COLUMNS, ("value_a", "value_b"), values):
            link = _link(row)
            found[link.start, link.end, link.rule] = link
    chosen = set(wanted)
    return sorted((link for link in found.values() if {link.start, link.end} & chosen), key=_best_first)


def persons_of(warehouse: Warehouse, nodes: Iterable[Node]) -> dict[Node, str]:
    """Person id of each node that is somebody."""
    wanted = sorted(set(nodes))
    values = [value for _, value in wanted]
    rows = _rows_with(warehouse, "person_identifier", ("kind", "value", "person_id"), ("value",), values)
    return {(kind, value): person for kind, value, person in rows if (kind, value) in set(wanted)}


def numbers_of(warehouse: Warehouse, nodes: Iterable[Node]) -> dict[Node, tuple[int, str | None]]:
    """Number and reason to block of each node that was seen; while identities are being built only."""
    wanted = set(nodes)
    values = sorted(value for _, value in wanted)
    found: dict[Node, tuple[int, str | None]] = {}
    for start in range(0, len(values), _BATCH):
        columns = ("kind", "value", "node_no", "blocked_reason")
        for kind, value, number, reason in _rows_with(
            warehouse, "identifier_node", columns, ("value",), values[start : start + _BATCH]
        ):
            if (kind, value) in wanted:
                found[kind, value] = number, reason
    return found


def identifiers_of(warehouse: Warehouse, person_id: str) -> list[tuple[str, str, int, datetime, datetime]]:
    """(kind, value, event_count, first_seen_at, last_seen_at) of a person's identifiers, ordered."""
    columns = ("kind", "value", "event_count", "first_seen_at", "last_seen_at")
    return sorted(_rows_with(warehouse, "person_identifier", columns, ("person_id",), [person_id]))


def shortest_chain(
    start: Node, goal: Node, links_from: Callable[[Iterable[Node]], Sequence[Link]], *, with_blocked: bool
) -> tuple[Link, ...] | None:
    """The fewest links from `start` to `goal`; None where there are none, or only through a crowd of identifiers."""
    came_by: dict[Node, Link | None] = {start: None}
    frontier = [start]
    while frontier and goal not in came_by and len(came_by) <= _MOST_NODES:
        here = set(frontier)
        frontier = []
        for link in links_from(here):
            for way in (link, link.reversed()):
                is_open = with_blocked or way.blocked_reason is None
                if is_open and way.start in here and way.end not in came_by:
                    came_by[way.end] = way
                    frontier.append(way.end)
    return _walked_back(came_by, goal) if goal in came_by else None


def _walked_back(came_by: dict[Node, Link | None], goal: Node) -> tuple[Link, ...]:
    chain: list[Link] = []
    link = came_by[goal]
    while link is not None:
        chain.append(link)
        link = came_by[link.start]
    return tuple(reversed(chain))


def _rows_with(
    warehouse: Warehouse, table: str, columns: Sequence[str], where: Sequence[str], values: Sequence[str]
) -> list[tuple[Any, ...]]:
    if not values:
        return []
    marks = ", ".join("?" for _ in values)
    condition = " or ".join(f"{quoted(column)} in ({marks})" for column in where)
    listed = ", ".join(quoted(column) for column in columns)
    return warehouse.execute(f"select {listed} from {quoted(table)} where {condition}", [*values] * len(where))


def _link(row: Sequence[Any]) -> Link:
    kind_a, value_a, kind_b, value_b, rule, strength, event_count, first_seen_at, last_seen_at, reason = row
    return Link(
        start=(kind_a, value_a),
        end=(kind_b, value_b),
        rule=rule,
        strength=strength,
        event_count=event_count,
        first_seen_at=first_seen_at,
        last_seen_at=last_seen_at,
        blocked_reason=reason,
    )


def weakest_first(links: Iterable[Link]) -> list[Link]:
    """Links in the order in which they would be cut: least trusted, fewest events, seen latest, then by their ends."""
    return sorted(
        links,
        key=lambda link: (
            -_STRENGTHS.index(link.strength),
            link.event_count,
            -link.first_seen_at.timestamp(),
            link.start,
            link.end,
            link.rule,
        ),
    )


def _best_first(link: Link) -> tuple[bool, int, int, Node, Node, str]:
    strength = _STRENGTHS.index(link.strength)
    return (link.blocked_reason is not None, strength, -link.event_count, link.start, link.end, link.rule)
