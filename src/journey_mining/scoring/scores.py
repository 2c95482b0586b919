"""Step 6 of the line, after the texts were scored: all numbers of the map.

In: the tables of layers 50 and `sentiment`. Out: the tables of layer 70.
"""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pyarrow as pa

from journey_mining.project import Project
from journey_mining.report import StepReport
from journey_mining.scoring.answer_waits import answer_wait_metrics
from journey_mining.scoring.answers import write_answer_directions
from journey_mining.scoring.customer_numbers import customer_metrics
from journey_mining.scoring.episodes import with_person_no
from journey_mining.scoring.explanations import write_explanations
from journey_mining.scoring.friction import FRICTION_SCHEMA, friction_rows
from journey_mining.scoring.journeys import goal_metrics, journey_metrics, mapped_metrics
from journey_mining.scoring.metric import Metric, Thresholds, metric_table
from journey_mining.scoring.moods import write_moods
from journey_mining.scoring.occupancy import Reader, days
from journey_mining.scoring.path_scores.conformance import conforming_metrics
from journey_mining.scoring.relations import Scored, write_relations
from journey_mining.scoring.skips import skip_and_order_metrics
from journey_mining.scoring.stage_details import write_stage_details
from journey_mining.scoring.stage_feelings import write_stage_feelings
from journey_mining.scoring.stages import StageHorizon, stage_horizon, stage_metrics
from journey_mining.warehouse import Warehouse, layer_models


def score(warehouse: Warehouse, project: Project) -> StepReport:
    """Build every table of layer `scores` and write `metric_value` and `friction_point`; row counts by table.

    Every segment and stage gets a row for every estimand, also where there is no customer: an empty cell is a fact.

    Raises:
        ModelError: a table of an earlier step is missing or has other columns than docs/tables.md says.
    """
    settings = project.settings.scores
    thresholds = Thresholds(small=settings.small_cell, thin=settings.thin_cell)
    reader = Reader(thresholds=thresholds, confidence=settings.confidence)
    limits = {"small_cell": [thresholds.small], "thin_cell": [thresholds.thin]}
    warehouse.write("score_setting", pa.table(limits))
    write_answer_directions(warehouse, settings.low_is_good)
    counts = warehouse.build_all(layer_models("scores"))
    episodes = with_person_no(warehouse.read("episode_time", order_by=["journey_id", "episode_no"]))
    horizons = _horizons(warehouse, episodes, min_days=days(settings.min_horizon.total_seconds()))
    segments = _segments(warehouse)
    metrics = [m for horizon in horizons for m in stage_metrics(episodes, horizon, segments, reader)]
    metrics += _whole_journeys(warehouse, project, segments, reader)
    waits = with_person_no(warehouse.read("answer_wait", order_by=["event_id"]))
    told = _has_answers(warehouse)
    metrics += answer_wait_metrics(waits, list(_stage_numbers(warehouse)), segments, reader, is_told=told)
    warehouse.write("metric_value", metric_table(metrics, as_of=_as_of(warehouse)))
    marks = warehouse.read("episode_friction", order_by=["journey_id", "episode_no", "friction"])
    by_stage = {horizon.stage: horizon.common.days for horizon in horizons}
    lengths = warehouse.read(
        "episode_pattern",
        order_by=["journey_id", "episode_no"],
        columns=("journey_id", "episode_no", "step_count", "outwaited_step_count"),
    )
    walked = episodes.merge(lengths, on=["journey_id", "episode_no"], how="left", validate="one_to_one")
    points = friction_rows(walked, marks, by_stage, segments, reader)
    warehouse.write("friction_point", pa.Table.from_pylist(points, schema=FRICTION_SCHEMA))
    details = write_stage_details(warehouse, episodes, waits, horizons, segments, reader)
    related = write_relations(
        warehouse,
        project,
        Scored(
            episodes=episodes,
            horizons=horizons,
            stages=_stage_numbers(warehouse),
            segments=segments,
            metrics=metrics,
            reader=reader,
            has_ticket_source=_has_tickets(warehouse),
        ),
    )
    explained = write_explanations(warehouse, reader, timezone=project.settings.project.timezone)
    return StepReport(
        counts={
            **counts,
            "metric_value": len(metrics),
            "friction_point": len(points),
            **details,
            **related,
            **explained,
        }
    )


def _whole_journeys(warehouse: Warehouse, project: Project, segments: list[str], reader: Reader) -> list[Metric]:
    journeys = with_person_no(warehouse.read("journey_time", order_by=["journey_id"]))
    stages = _stages(warehouse)
    numbers = _stage_numbers(warehouse)
    mapped = warehouse.read("mapped_event", order_by=["segment"])
    answers = warehouse.read("voice_answer", order_by=["person_id", "event_id", "kind"])
    write_stage_feelings(warehouse, answers, list(numbers), segments, reader)
    return [
        *journey_metrics(journeys, numbers, segments, reader, has_ticket_source=_has_tickets(warehouse)),
        *goal_metrics(
            journeys,
            segments,
            reader,
            # a journey may fall silent in any stage; the longest patience covers all of them
            silence_days=float(stages["silence_days"].max()),
            min_days=days(project.settings.scores.min_horizon.total_seconds()),
        ),
        *mapped_metrics(mapped, segments, reader),
        *skip_and_order_metrics(warehouse, numbers, segments, reader),
        *conforming_metrics(warehouse, segments, reader),
        *write_moods(warehouse, answers, list(numbers), segments, reader),
        *customer_metrics(warehouse, project, answers, list(numbers), segments, reader),
    ]


def _has_tickets(warehouse: Warehouse) -> bool:
    return bool(warehouse.execute("select count(*) from event where event_kind = 'ticket_created'")[0][0])


def _has_answers(warehouse: Warehouse) -> bool:
    """Whether any source tells what we answered; `stage_wait` holds stages with answers only."""
    return bool(warehouse.execute("select count(*) from stage_wait")[0][0])


def _horizons(warehouse: Warehouse, episodes: pd.DataFrame, *, min_days: int) -> list[StageHorizon]:
    return [
        stage_horizon(episodes, str(row["stage"]), silence_days=float(row["silence_days"]), min_days=min_days)
        for row in _stages(warehouse).to_dict("records")
    ]


def _stages(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.read("stage", order_by=["stage_no"])


def _stage_numbers(warehouse: Warehouse) -> dict[str, int]:
    return {str(row["stage"]): int(row["stage_no"]) for row in _stages(warehouse).to_dict("records")}


def _segments(warehouse: Warehouse) -> list[str]:
    return [str(segment) for segment in warehouse.read("segment", order_by=["segment_no"])["segment"]]


def _as_of(warehouse: Warehouse) -> datetime:
    value: datetime = warehouse.read_arrow("run_setting", columns=["as_of"]).to_pylist()[0]["as_of"]
    return value
