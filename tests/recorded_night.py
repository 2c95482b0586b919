"""One night of the embedded engine, with what each model read and what came out of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from conftest import made_project
from journey_mining.warehouse import DuckDBWarehouse, Model, model_named


@dataclass
class Recorded:
    """A night of the embedded engine: the project, and of each model what it read and what came out."""

    root: Path
    inputs: dict[str, dict[str, pa.Table]] = field(default_factory=dict)
    result: dict[str, pa.Table] = field(default_factory=dict)


def project_on(root: Path, world: Path) -> Path:
    made_project(root, inbox=Path("inbox"))
    for system in ("bitrix24", "metrica", "zendesk", "survey"):
        shutil.copytree(world / system, root / "inbox" / system)
    return root


def watched(told: Recorded, build: Callable[[DuckDBWarehouse, Model], int]) -> Callable[[DuckDBWarehouse, Model], int]:
    """Building as before, with what was read and what came out kept; a build that gave rows is told rather."""

    def watched_build(warehouse: DuckDBWarehouse, model: Model) -> int:
        read = {table: warehouse.read_arrow(table) for table in model.reads}
        rows = build(warehouse, model)
        if rows or model.name not in told.result:
            told.inputs[model.name], told.result[model.name] = read, warehouse.read_arrow(model.name)
        return rows

    return watched_build


def build_unmet(told: Recorded) -> None:
    """Models that a first night without doubtful people never needs, over tables that a later one would have."""
    stand_ins = {
        "earlier_parent": "select member_no + 1000000 as member_no, member_no as parent_no from component_parent",
        "questioned_group": "select distinct group_no from identity_group where group_no % 3 = 0",
        "regrouped_node": "select node_no, node_no as group_no from identity_group where node_no % 5 = 0",
        "last_event_person": "select event_id, person_id from event_person where event_id > '2'",
        "last_setting": "select as_of - interval 30 day as as_of from run_setting",
    }
    with DuckDBWarehouse() as warehouse:
        for name in ("identity_group", "identifier_node", "naming_record", "open_tie", "component_parent"):
            warehouse.write(name, told.result[name])
        with DuckDBWarehouse(told.root / "warehouse" / "journeys.duckdb", read_only=True) as published:
            for name in ("event", "event_person", "run_setting", "journey", "journey_step", "segment_member"):
                warehouse.write(name, published.read_arrow(name))
        for name, sql in stand_ins.items():
            warehouse.write(name, warehouse.arrow(sql))
        for name in ("questioned_member", "questioned_tie", "regrouped", "composed_parent"):
            warehouse.build(model_named(name))
        for name in ("person_arrival", "person_departure", "person_link"):
            warehouse.build(model_named(name))
        # the embedded engine makes these out of the packed layout; a cluster builds their models
        for name in ("activity_step", "directly_follows", "step_flow"):
            warehouse.build(model_named(name))
