"""Connected components by contraction: the rounds are SQL models, this file only repeats them until nothing is left.

Each round hooks every node to its smallest neighbour, shortens the chains to their roots, and replaces the ends of
edges by roots. The graph shrinks geometrically, so the work is linear in the number of edges; a path of a million
nodes takes nine rounds, where spreading labels along it would take a million.
"""

from __future__ import annotations

from journey_mining.warehouse import Warehouse, model_named
from journey_mining.warehouse.duckdb_warehouse import quoted

WORK_TABLES = (
    "bridge_edge",
    "component_start",
    "component_edge",
    "component_label",
    "component_parent",
    "jumped_parent",
    "contracted_edge",
    "relabelled_member",
)


def label_components(warehouse: Warehouse) -> int:
    """Make `component_label` (member_no, label_no) from `bridge_edge`; the number of rounds taken.

    A label is the smallest member of its component.
    """
    warehouse.build(model_named("component_start"))
    rename(warehouse, "component_start", "component_label")
    rename(warehouse, "bridge_edge", "component_edge")
    rounds = 0
    while warehouse.count("component_edge"):
        rounds += 1
        warehouse.build(model_named("component_parent"))
        _find_roots(warehouse)
        warehouse.build(model_named("relabelled_member"))
        warehouse.build(model_named("contracted_edge"))
        rename(warehouse, "relabelled_member", "component_label")
        rename(warehouse, "contracted_edge", "component_edge")
    return rounds


def rename(warehouse: Warehouse, table: str, name: str) -> None:
    """Give a freshly built table the fixed name under which the next model reads it."""
    warehouse.drop(name)
    warehouse.execute(f"alter table {quoted(table)} rename to {quoted(name)}")


def _find_roots(warehouse: Warehouse) -> None:
    moved = True
    while moved:
        warehouse.build(model_named("jumped_parent"))
        moved = bool(warehouse.execute("select max(has_moved) from jumped_parent")[0][0])
        rename(warehouse, "jumped_parent", "component_parent")
