"""The one step between published tables and pages: freeze every picture into values."""

from __future__ import annotations

from journey_mining.errors import ModelError
from journey_mining.maps.comparisons import segment_comparisons
from journey_mining.maps.notes import data_notes
from journey_mining.maps.paths import segment_paths
from journey_mining.maps.pictures import Pictures
from journey_mining.maps.segment_maps import ground_of, segment_map
from journey_mining.maps.segments import limits_of, segment_heads, stage_heads
from journey_mining.maps.stage_pages import stage_pages
from journey_mining.maps.tables import Row, Tables, read_tables
from journey_mining.maps.trends import trends_of
from journey_mining.maps.what_ifs import what_ifs
from journey_mining.project import Project
from journey_mining.vocabulary import ALL_SEGMENTS
from journey_mining.warehouse import Warehouse


def freeze_pictures(warehouse: Warehouse, project: Project) -> Pictures:
    """Everything the site draws, as values that hold only what may be shown. A pure function of tables and project.

    Raises:
        ModelError: the warehouse has no `run_setting` or no segments, so that nothing was built yet.
    """
    tables = read_tables(warehouse)
    setting = _setting(tables)
    limits = limits_of(project)
    stages = stage_heads(project)
    segments = segment_heads(tables, limits)
    ground = ground_of(tables, project, limits, stages)
    everybody = next((head.customers.value or 0 for head in segments if head.id == ALL_SEGMENTS), 0)
    drawn = [segment for segment in segments if segment.has_pages]
    maps = tuple(segment_map(ground, segment, everybody) for segment in drawn)
    paths = segment_paths(ground, drawn)
    return Pictures(
        title=project.settings.project.name,
        as_of=setting["as_of"],
        observed_from=setting["observed_from"],
        limits=limits,
        stages=stages,
        segments=segments,
        maps=maps,
        paths=paths,
        stage_pages=stage_pages(ground, maps, paths),
        what_ifs=what_ifs(ground, drawn),
        comparisons=segment_comparisons(ground, drawn, paths, setting["as_of"]),
        trends=trends_of(ground, segments, maps),
        notes=data_notes(ground, segments),
    )


def _setting(tables: Tables) -> Row:
    rows = tables.rows["run_setting"]
    if not rows or not tables.rows["segment"]:
        raise ModelError(
            "The warehouse holds no journeys: run_setting or segment is empty.",
            expected="a warehouse that a run has published.",
            todo="Run `journey run` first.",
        )
    return rows[0]
