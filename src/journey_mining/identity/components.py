"""Connected components by contraction: the rounds are SQL models, this file only repeats them until nothing is left.

Each round hooks every node to its smallest neighbour, shortens the chains to their roots, and replaces the ends of
edges by roots. The graph shrinks geometrically, so the work is linear in the number of edges; a path of a million
nodes takes nine rounds, where spreading labels along it would take a million. Roots are carried back from the last
round to the first, so that the many nodes of the first are labelled once and not in every round.
"""

from __future__ import annotations

from journey_mining.warehouse import Warehouse, model_named

WORK_TABLES = (
    "bridge_edge",
    "component_edge",
    "component_label",
    "component_parent",
    "jumped_parent",
    "contracted_edge",
    "earlier_parent",
    "composed_parent",
)
_ROUND = "round_parent"


def label_components(warehouse: Warehouse) -> int:
    """Make `component_label` (member_no, label_no) from `bridge_edge`; the number of rounds taken.

    A label is the smallest member of its component.
    """
    warehouse.rename("bridge_edge", "component_edge")
    rounds = 0
    while warehouse.count("component_edge"):
        rounds += 1
        warehouse.build(model_named("component_parent"))
        _find_roots(warehouse)
        warehouse.build(model_named("contracted_edge"))
        warehouse.rename("component_parent", f"{_ROUND}_{rounds}")
        warehouse.rename("contracted_edge", "component_edge")
    if rounds:
        _carry_back(warehouse, rounds)
    else:
        warehouse.build(model_named("component_parent"))
    warehouse.build(model_named("component_label"))
    return rounds


def _carry_back(warehouse: Warehouse, rounds: int) -> None:
    """Make `component_parent` lead every node that was ever hooked to its root."""
    warehouse.rename(f"{_ROUND}_{rounds}", "component_parent")
    for number in range(rounds - 1, 0, -1):
        warehouse.rename(f"{_ROUND}_{number}", "earlier_parent")
        warehouse.build(model_named("composed_parent"))
        warehouse.rename("composed_parent", "component_parent")


def _find_roots(warehouse: Warehouse) -> None:
    moved = True
    while moved:
        warehouse.build(model_named("jumped_parent"))
        moved = bool(warehouse.execute("select max(has_moved) from jumped_parent")[0][0])
        warehouse.rename("jumped_parent", "component_parent")
