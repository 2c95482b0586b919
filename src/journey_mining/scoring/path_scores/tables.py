"""Reads what the numbers about paths need, and writes their tables."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from journey_mining.mining.conformance import ways_of
from journey_mining.project import Project
from journey_mining.report import StepReport
from journey_mining.scoring.episodes import with_person_no
from journey_mining.scoring.metric import Thresholds
from journey_mining.scoring.occupancy import Reader
from journey_mining.scoring.path_scores.blind_spots import BLIND_SPOT, Seen, blind_spot_rows
from journey_mining.scoring.path_scores.conformance import CONFORMANCE, conformance_rows
from journey_mining.scoring.path_scores.deviations import PATH_DEVIATION, deviation_rows
from journey_mining.scoring.path_scores.variants import VARIANT_OUTCOME, VARIANT_SUMMARY, variant_rows
from journey_mining.vocabulary import ALL_SEGMENTS
from journey_mining.warehouse import Warehouse


def score_paths(warehouse: Warehouse, project: Project) -> StepReport:
    """Write every table of numbers about paths; row counts by table. Needs the tables of layer 60 and `journey_time`.

    Raises:
        ModelError: a table of an earlier step is missing or has other columns than docs/tables.md says.
    """
    settings = project.settings.scores
    thresholds = Thresholds(small=settings.small_cell, thin=settings.thin_cell)
    reader = Reader(thresholds=thresholds, confidence=settings.confidence)
    segments = [str(name) for name in warehouse.read("segment", order_by=["segment_no"])["segment"]]
    traces = with_person_no(warehouse.read("stage_trace", order_by=["journey_id"]))
    fits, moves, onsets = _judged(warehouse)
    summaries, outcomes = variant_rows(traces, segments, reader)
    seen = Seen(kinds=_kinds(warehouse), touchpoints=_touchpoints(warehouse), traces=traces)
    tables = {
        "conformance": (CONFORMANCE, conformance_rows(fits, segments, reader)),
        "path_deviation": (PATH_DEVIATION, deviation_rows(fits, moves, onsets, segments, reader)),
        "variant_summary": (VARIANT_SUMMARY, summaries),
        "variant_outcome": (VARIANT_OUTCOME, outcomes),
        "blind_spot": (BLIND_SPOT, blind_spot_rows(project, seen, starts_of(project, segments), segments, reader)),
    }
    for name, (schema, rows) in tables.items():
        warehouse.write(name, pa.Table.from_pylist(rows, schema=schema))
    return StepReport(counts={name: len(rows) for name, (_, rows) in tables.items()})


def starts_of(project: Project, segments: list[str]) -> dict[str, frozenset[str]]:
    """Stages with which the way of each segment may begin; the first stage where no way of stages is intended."""
    stages = frozenset(stage.id for stage in project.stages.stage)
    optional = frozenset(stage.id for stage in project.stages.stage if stage.optional)
    ways = ways_of(project.knowledge.intended, optional)
    first = frozenset([project.stages.stage[0].id])
    found = {}
    for segment in segments:
        way = ways.get(segment) or ways.get(ALL_SEGMENTS)
        found[segment] = way.aligner.starts() if way and way.names <= stages else first
    return found


def _judged(warehouse: Warehouse) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Journeys held against a way with their durations, their moves, and what they showed at which step."""
    fits = with_person_no(warehouse.read("path_fit", order_by=["journey_id"]))
    columns = ["journey_id", "time_days", "followed_days"]
    times = warehouse.read("journey_time", order_by=["journey_id"], columns=columns)
    moves = warehouse.read("path_move", order_by=["journey_id", "move_no"])
    onsets = warehouse.read("path_onset", order_by=["journey_id", "at_step", "kind", "step", "after_step"])
    return fits.merge(times, on="journey_id", how="left", validate="one_to_one"), moves, onsets


def _kinds(warehouse: Warehouse) -> pd.DataFrame:
    columns = ["source", "channel", "event_kind"]
    events: pd.DataFrame = warehouse.read_arrow("event", columns=columns).group_by(columns).aggregate([]).to_pandas()
    return events.sort_values(columns, ignore_index=True)


def _touchpoints(warehouse: Warehouse) -> pd.DataFrame:
    columns = ["segment", "activity"]
    steps = warehouse.read_arrow("activity_step", columns=columns).group_by(columns).aggregate([]).to_pandas()
    named: pd.DataFrame = steps.sort_values(columns, ignore_index=True).set_axis(["segment", "touchpoint"], axis=1)
    return named
