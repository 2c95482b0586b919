"""The step after the scores: what changed since earlier nights, what drifts, what segments are like.

In: tables of layers 30 to 70, last night's published warehouse, the memory of earlier runs, `knowledge/actions.toml`.
Out: the tables of layer 80 of docs/tables.md.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from journey_mining.change.actions import Field, effect_table
from journey_mining.change.alarms import BASELINE_DAYS, MOST_HORIZON, alarm_tables
from journey_mining.change.clusters import cluster_table
from journey_mining.change.cohorts import Cohorts, progress_horizon, read_cohorts
from journey_mining.change.history import write_history
from journey_mining.change.path_drift import DEALS, drift_tables
from journey_mining.change.personas import fact_table
from journey_mining.change.split import write_split
from journey_mining.change.traits import trait_table
from journey_mining.project import Project
from journey_mining.report import Problem, StepReport
from journey_mining.scoring.metric import Thresholds
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import ALL_SEGMENTS, Estimand
from journey_mining.warehouse import Warehouse, model_named

_FACT_MODELS = ("segment_customer", "first_touch", "customer_word", "customer_number", "rfm_score")
_MODELS = ("early_stage", "customer_trait", *_FACT_MODELS, "run_total")
_RESTLESS = 0.5
"""a chart beyond this part of its limit is no calm comparison"""


def measure_change(warehouse: Warehouse, project: Project, *, deals: int = DEALS) -> StepReport:
    """Write every table of layer 80; row counts by table, and a notice for each alarm that stands.

    Args:
        warehouse: the one under construction, with the tables of layers 30 to 70.
        project: its folder holds last night's warehouse and the memory of runs.
        deals: most permutations for the drift of paths.

    Raises:
        ModelError: a table of an earlier step is missing or has other columns than docs/tables.md says.
    """
    settings = project.settings.scores
    reader = Reader(
        thresholds=Thresholds(small=settings.small_cell, thin=settings.thin_cell), confidence=settings.confidence
    )
    _write_clock(warehouse, project)
    warehouse.build_all([model_named(name) for name in _MODELS])
    counts = write_history(warehouse, project)
    counts |= write_split(warehouse, project, reader.thresholds)
    cohorts = read_cohorts(warehouse)
    horizons = _drop_off_horizons(warehouse)
    tables = alarm_tables(cohorts, horizons, reader)
    tables |= drift_tables(warehouse, reader.thresholds, deals=deals)
    tables["action_effect"] = effect_table(project, _field(cohorts, horizons, tables, reader))
    tables["segment_trait"] = trait_table(warehouse, reader)
    tables["persona_fact"] = fact_table(warehouse, reader)
    tables["cluster_check"] = cluster_table(warehouse, small=settings.small_cell)
    for name, table in tables.items():
        warehouse.write(name, table)
    counts |= {name: len(table) for name, table in tables.items()}
    return StepReport(counts=counts, problems=tuple(_problems(tables["alarm"])))


def _write_clock(warehouse: Warehouse, project: Project) -> None:
    """`local_clock` and `quarter_start`: what the models need to know of time and money besides the data."""
    as_of: datetime = warehouse.read_arrow("run_setting", columns=("as_of",))["as_of"][0].as_py()
    offset = ZoneInfo(project.settings.project.timezone).utcoffset(as_of.replace(tzinfo=UTC))
    minutes = int(offset.total_seconds() // 60) if offset else 0
    clock = {"offset_minutes": [minutes], "currency": [project.settings.project.currency]}
    warehouse.write("local_clock", pa.table(clock))
    quarter = as_of.replace(month=3 * ((as_of.month - 1) // 3) + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    warehouse.write("quarter_start", pa.table({"started_at": pa.array([quarter], pa.timestamp("us"))}))


def _drop_off_horizons(warehouse: Warehouse) -> dict[str, int]:
    """Days at which the drop-off of each stage is read, as the numbers on the map are."""
    rows = warehouse.execute(
        "select stage, horizon_days from metric_value where estimand = ? and segment = ? and stage <> '' "
        "and horizon_days is not null order by stage",
        [str(Estimand.DROP_OFF), ALL_SEGMENTS],
    )
    return {str(stage): int(days) for stage, days in rows}


def _field(cohorts: Cohorts, horizons: dict[str, int], tables: dict[str, pa.Table], reader: Reader) -> Field:
    charts = tables["alarm_chart"].to_pylist()
    restless = {
        (row["segment"], row["stage"])
        for row in charts
        if row["score"] is not None and row["score"] > _RESTLESS * row["limit"]
    }
    restless |= {(row["segment"], row["stage"]) for row in tables["alarm"].to_pylist()}
    read_at: dict[tuple[Estimand, str], int] = {}
    for stage in cohorts.stages:
        quick = progress_horizon(cohorts.stage(stage), until_day=BASELINE_DAYS, most=MOST_HORIZON)
        long = horizons.get(stage)
        for estimand, days in ((Estimand.MOVED_ON, quick), (Estimand.MOVED_BACK, quick), (Estimand.DROP_OFF, long)):
            if days is not None:
                read_at[(estimand, stage)] = days
    return Field(cohorts=cohorts, horizons=read_at, restless=frozenset(restless), reader=reader)


def _problems(alarms: pa.Table) -> list[Problem]:
    standing = [row for row in alarms.to_pylist() if row["ended_on"] is None]
    return [
        Problem(
            code="ALARM",
            where=f"{row['segment']}/{row['stage']}",
            text=f"{row['direction']} since about {row['started_on']:%Y-%m-%d}: the share within {row['horizon_days']} "
            f"days was {row['baseline']:.0%} and is now between {row['low']:.0%} and {row['high']:.0%}. "
            "Look at what changed for this segment in this stage.",
            is_notice=True,
        )
        for row in standing
    ]
