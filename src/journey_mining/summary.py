"""Three lines for the terminal and for the run's artifact: how much, where it is worst, how people feel.

Reads only published tables and keeps the rule of small cells: what a page would not show, these lines do not say.
"""

from __future__ import annotations

import pandas as pd

from journey_mining.project import Project
from journey_mining.vocabulary import ALL_SEGMENTS, UNKNOWN_SEGMENT, Estimand
from journey_mining.warehouse import DuckDBWarehouse

_KEY = ("estimand", "segment", "stage")


def findings(project: Project) -> list[str]:
    """At most three sentences about the published state."""
    with DuckDBWarehouse(project.warehouse_file, read_only=True) as warehouse:
        metrics = warehouse.read("metric_value", order_by=_KEY)
        setting = warehouse.read("run_setting", order_by=("as_of",)).iloc[0]
    shown = metrics[metrics["customer_count"] >= project.settings.scores.thin_cell]
    lines = [_size(metrics, setting), _worst_drop_off(shown, project), _worst_voice(shown, project)]
    return [line for line in lines if line]


def gate_table(project: Project) -> list[dict[str, object]]:
    """The quality gates of the published state as rows for an artifact; empty before the first run."""
    if not project.warehouse_file.is_file():
        return []
    with DuckDBWarehouse(project.warehouse_file, read_only=True) as warehouse:
        if "gate_result" not in warehouse.tables():
            return []
        rows: list[dict[str, object]] = warehouse.read_arrow("gate_result", order_by=("source", "gate")).to_pylist()
    return rows


def worst_cell(metrics: pd.DataFrame, estimand: Estimand, *, largest: bool) -> pd.Series | None:
    """The row of a named segment and stage with the largest (or smallest) estimate; none where nothing may be shown."""
    rows = metrics[
        (metrics["estimand"] == estimand)
        & ~metrics["segment"].isin([ALL_SEGMENTS, UNKNOWN_SEGMENT])
        & (metrics["stage"] != "")
        & metrics["estimate"].notna()
        & ~metrics["flags"].str.contains("thin|small|no_events", regex=True)
    ]
    if rows.empty:
        return None
    return rows.sort_values("estimate", ascending=not largest, kind="stable").iloc[0]


def _size(metrics: pd.DataFrame, setting: pd.Series) -> str:
    rows = metrics[(metrics["segment"] == ALL_SEGMENTS) & (metrics["stage"] == "")]
    everyone = {row.estimand: row for row in rows.itertuples()}
    if Estimand.JOURNEYS not in everyone:
        return ""
    journeys, still_open = everyone[Estimand.JOURNEYS], everyone[Estimand.OPEN_JOURNEYS]
    return (
        f"{journeys.customer_count:,} customers made {journeys.estimate:,.0f} journeys between "
        f"{setting['observed_from']:%Y-%m-%d} and {setting['as_of']:%Y-%m-%d}; "
        f"{still_open.estimate:,.0f} are under way."
    ).replace(",", " ")


def _worst_drop_off(metrics: pd.DataFrame, project: Project) -> str:
    row = worst_cell(metrics, Estimand.DROP_OFF, largest=True)
    if row is None:
        return ""
    return (
        f"Most are lost at {_place(row, project)}: {row['estimate']:.1%} within {row['horizon_days']:.0f} days "
        f"(95 % interval {row['interval_low']:.1%} to {row['interval_high']:.1%}, n = {row['customer_count']})."
    )


def _worst_voice(metrics: pd.DataFrame, project: Project) -> str:
    row, what = worst_cell(metrics, Estimand.VOICE, largest=False), "The mood is"
    if row is None:
        row, what = worst_cell(metrics, Estimand.RATING, largest=False), "Ratings are"
    if row is None:
        return ""
    return (
        f"{what} lowest at {_place(row, project)}: {row['estimate']:+.2f} on a scale from -1 to 1 "
        f"({row['interval_low']:+.2f} to {row['interval_high']:+.2f}, n = {row['customer_count']})."
    )


def _place(row: pd.Series, project: Project) -> str:
    stages = {stage.id: stage.en for stage in project.stages.stage}
    segments = {segment.id: segment.en for segment in project.segments.segment}
    return f"«{stages[row['stage']]}» of «{segments[row['segment']]}»"
