"""What the numbers say together: differences of segments, stages they share, and what a stage could bring.

In: the frames that the numbers came from. Out: the tables `comparison`, `common_step` and `opportunity`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from journey_mining.project import Project
from journey_mining.scoring.common_steps import COMMON_STEP_SCHEMA, common_steps
from journey_mining.scoring.comparison import comparison_table, journey_comparisons, stage_comparisons
from journey_mining.scoring.episodes import with_person_no
from journey_mining.scoring.metric import Metric
from journey_mining.scoring.mood_comparison import mood_comparisons
from journey_mining.scoring.occupancy import Reader
from journey_mining.scoring.opportunity import Known, opportunity_table, stage_opportunities
from journey_mining.scoring.progress_worth import progress_worths
from journey_mining.scoring.stages import StageHorizon
from journey_mining.vocabulary import Estimand
from journey_mining.warehouse import Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What was scored, and how."""

    episodes: pd.DataFrame
    """columns of `episode_time` and `person_no`"""
    horizons: Sequence[StageHorizon]
    stages: dict[str, int]
    """number of each stage"""
    segments: list[str]
    metrics: Sequence[Metric]
    reader: Reader
    has_ticket_source: bool


def write_relations(warehouse: Warehouse, project: Project, scored: Scored) -> dict[str, int]:
    """Write the three tables; their row counts."""
    compared = _comparisons(warehouse, scored)
    small = scored.reader.thresholds.small
    shared = common_steps(scored.metrics, compared.to_pylist(), list(scored.stages), small)
    tables = {
        "comparison": compared,
        "common_step": pa.Table.from_pylist(shared, schema=COMMON_STEP_SCHEMA),
        "opportunity": _opportunities(warehouse, project, scored),
    }
    for name, table in tables.items():
        warehouse.write(name, table)
    return {name: table.num_rows for name, table in tables.items()}


def _comparisons(warehouse: Warehouse, scored: Scored) -> pa.Table:
    journeys = with_person_no(warehouse.read("journey_time", order_by=["journey_id"]))
    rows = [
        row
        for horizon in scored.horizons
        for row in stage_comparisons(
            scored.episodes, horizon.stage, scored.segments, scored.reader, wanted_days=horizon.wanted_days
        )
    ]
    rows += journey_comparisons(
        journeys,
        scored.stages,
        scored.segments,
        scored.reader,
        wanted_days=_journey_days(scored.metrics),
        has_ticket_source=scored.has_ticket_source,
    )
    answers = with_person_no(warehouse.read("voice_answer", order_by=["person_id", "event_id", "kind"]))
    rows += mood_comparisons(answers, list(scored.stages), scored.segments, scored.reader)
    return comparison_table(rows)


def _journey_days(metrics: Sequence[Metric]) -> int:
    """Longest horizon at which reaching the goal was read."""
    return max((m.horizon_days or 0 for m in metrics if m.estimand == Estimand.GOAL_REACHED), default=0)


def _opportunities(warehouse: Warehouse, project: Project, scored: Scored) -> pa.Table:
    progressed = with_person_no(warehouse.read("progress_value", order_by=["journey_id", "episode_no"]))
    purchases = with_person_no(warehouse.read("purchase", order_by=["event_id"]))
    currency = project.settings.project.currency
    paid = purchases[purchases["amount"].notna() & purchases["currency"].isin(["", currency])]
    [(seconds,)] = warehouse.execute("select date_diff('second', observed_from, as_of) from run_setting")
    known = Known(
        targets=project.knowledge.target,
        actions=project.knowledge.action,
        worth=progress_worths(
            progressed,
            paid,
            scored.segments,
            list(scored.stages),
            scored.reader.thresholds,
            wanted_days=_journey_days(scored.metrics),
        ),
        currency=currency,
        observed_days=max(float(seconds) / 86400, 1.0),
    )
    return opportunity_table(
        [
            row
            for horizon in scored.horizons
            for row in stage_opportunities(
                scored.episodes,
                horizon.stage,
                scored.segments,
                scored.reader,
                known,
                wanted_days=horizon.wanted_days,
            )
        ]
    )
