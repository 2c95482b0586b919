"""Step 5 of the line: build the path tables in SQL and one process model per segment.

In: `journey`, `journey_step`, `stage_episode`, `segment_member`. Out: the tables of layer 60.
"""

from __future__ import annotations

from dataclasses import asdict

import pyarrow as pa

from journey_mining.mining.conformance import Way, ways_of, write_conformance
from journey_mining.mining.event_log import trace_logs
from journey_mining.mining.loop_table import write_loops
from journey_mining.mining.path_graph import write_path_graph
from journey_mining.mining.path_types import write_path_types
from journey_mining.mining.process_model import MODEL_KIND, ProcessModel, discover_model
from journey_mining.mining.schemas import schema
from journey_mining.project import Project
from journey_mining.report import Problem, StepReport
from journey_mining.warehouse import DuckDBWarehouse, Warehouse, layer_models
from journey_mining.warehouse.packed_paths import build_packed_paths

_PROCESS_MODEL = schema(
    text="segment model_kind",
    real="fitness precision",
    int="journey_count variant_count held_out_count",
    text_2="notation note",
    bool="is_shown",
    text_3="reason",
)


def mine_paths(warehouse: Warehouse, project: Project) -> StepReport:
    """Build every table of layer `paths`; row counts by table, and a problem for each model that pm4py failed on.

    Raises:
        ModelError: a table of the journeys is missing or has other columns than docs/tables.md says.
    """
    small = project.settings.scores.small_cell
    counts = _build_tables(warehouse)
    models = [discover_model(log) for log in trace_logs(warehouse)]
    rows = [{**asdict(model), "model_kind": MODEL_KIND} for model in models]
    warehouse.write("process_model", pa.Table.from_pylist(rows, schema=_PROCESS_MODEL))
    counts |= {"process_model": len(models), **write_conformance(warehouse, _ways(project))}
    counts |= write_path_graph(warehouse, small=small)
    counts |= write_loops(warehouse, small=small)
    counts |= write_path_types(warehouse, small=small)
    problems = tuple(_problem(model) for model in models if model.note.startswith("pm4py failed"))
    return StepReport(counts=counts, problems=problems)


def _build_tables(warehouse: Warehouse) -> dict[str, int]:
    """The tables of the models; in DuckDB those of touchpoints come out of the packed layout, with equal rows."""
    models = layer_models("paths")
    if not isinstance(warehouse, DuckDBWarehouse):
        return warehouse.build_all(models)
    counts = build_packed_paths(warehouse)
    return {**counts, **warehouse.build_all(model for model in models if model.name not in counts)}


def _ways(project: Project) -> dict[str, Way]:
    optional = frozenset(stage.id for stage in project.stages.stage if stage.optional)
    return ways_of(project.knowledge.intended, optional)


def _problem(model: ProcessModel) -> Problem:
    return Problem(
        code="PROCESS_MODEL",
        where=f"process_model, segment {model.segment}",
        text=f"No process model: {model.note}. Expected: a net for every segment. "
        "To do: none is needed for the map; the directly-follows graph is shown instead.",
        is_notice=True,
    )
